"""Line items and custom line items, of orders and carts alike."""

from __future__ import annotations

from clients.commercetools.decode.fields import Node
from clients.commercetools.decode.money import money_at, optional_money_at
from commerce.money import Money
from commerce.order import LineItem

GIFT = "GiftLineItem"


def items(parent: Node) -> tuple[LineItem, ...] | None:
    """Both kinds, line items first; None when neither was asked for."""
    if not parent.has("lineItems") and not parent.has("customLineItems"):
        return None
    return (
        *(_line_item(node) for node in parent.children("lineItems")),
        *(_custom_line_item(node) for node in parent.children("customLineItems")),
    )


def distribution_channels(parent: Node) -> tuple[str, ...]:
    """The keys of the different channels that the line items were sold in, as far as they could be read."""
    keys = (item.part("distributionChannel").optional_text("key") for item in parent.children("lineItems"))
    return tuple(dict.fromkeys(key for key in keys if key is not None))


def _line_item(node: Node) -> LineItem:
    return LineItem(
        id=node.text("id"),
        quantity=node.integer("quantity"),
        unit_price=_unit_price(node.child("price")),
        total=optional_money_at(node, "totalPrice"),
        name=node.optional_text("name"),
        sku=node.part("variant").optional_text("sku"),
        is_gift=node.optional_text("lineItemMode") == GIFT,
        state=_main_state(node),
    )


def _custom_line_item(node: Node) -> LineItem:
    return LineItem(
        id=node.text("id"),
        quantity=node.integer("quantity"),
        unit_price=money_at(node, "money"),
        total=optional_money_at(node, "totalPrice"),
        name=node.optional_text("name"),
        is_custom=True,
        state=_main_state(node),
    )


def _unit_price(price: Node) -> Money:
    """The price with a product discount, but before cart discounts."""
    discounted = price.optional_child("discounted")
    return money_at(price if discounted is None else discounted, "value")


def _main_state(item: Node) -> str | None:
    """The name of the workflow state that most of the quantity is in."""
    parts = item.children("state")
    if not parts:
        return None
    return state_name(max(parts, key=lambda part: part.optional_integer("quantity") or 0))


def state_name(parent: Node) -> str | None:
    """The name, else the key, of `parent`'s workflow state; None without one or when it could not be read."""
    state = parent.part("state")
    return state.optional_text("name") or state.optional_text("key")
