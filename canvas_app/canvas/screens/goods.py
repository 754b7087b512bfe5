"""What was ordered, where it is, and what comes back: the sections of an order about things."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from canvas_app.canvas.components import Component, ListItem, Text, plain
from canvas_app.canvas.screens.look import Look
from canvas_app.canvas.screens.personal import Sight
from canvas_app.canvas.screens.section import listed
from canvas_app.canvas.screens.summary import NAME_LIMIT, carrier_link, dotted, parcel_name, quantity_shipped
from canvas_app.words.labels import REFUND_LABELS, RETURN_LABELS, label
from commerce.money import Money
from commerce.order import Delivery, DeliveryItem, LineItem, Order
from commerce.returns import RefundLabel, ReturnedItem, ReturnLabel, returns_summary
from commerce.shipments import DeliveredParcel, ShipmentSummary, has_left, shipment_summary

# https://docs.commercetools.com/api/projects/states: the built-in state in which every item begins
_FIRST_STATE: Final = "Initial"


def parcels_section(order: Order, look: Look) -> Iterator[Component]:
    """Parcels with carrier, number, link and content; return labels apart; when the rest is expected."""
    t = look.words.t
    shipment = shipment_summary(order)
    if shipment is None:
        return
    parcels = [
        *(_parcel_item(parcel, look, id=f"parcel:{at}") for at, parcel in enumerate(shipment.parcels)),
        *(
            _delivery_item(delivery, look, id=f"delivery:{at}")
            for at, delivery in enumerate(shipment.without_parcels)
            if has_left(delivery)
        ),
    ]
    labels = [_parcel_item(parcel, look, id=f"label:{at}") for at, parcel in enumerate(shipment.return_labels)]
    yield from listed(dotted((t("Parcels"), quantity_shipped(shipment, look))), parcels, look)
    yield from listed(t("Return labels"), labels, look)
    if estimate := estimate_line(shipment, look):
        yield Text(text=estimate)


def items_section(order: Order, look: Look) -> Iterator[Component]:
    """Every position: how many, what, at what price, in which state."""
    items = [item_row(item, look, id=f"item:{at}") for at, item in enumerate(order.items or ())]
    yield from listed(look.words.t("Items"), items, look)


def item_row(item: LineItem, look: Look, *, id: str) -> ListItem:
    """A position of an order or cart."""
    t = look.words.t
    name = plain(item.name or item.sku or t("Item without a name"), 80)
    each = t("{price} each", price=look.formats.money(item.unit_price)) if item.quantity != 1 else None
    sku = plain(item.sku or "", NAME_LIMIT) if item.name else None
    return ListItem(
        id=id,
        title=f"{look.formats.count(item.quantity)} × {name}",
        subtitle=dotted((look.formats.money(item_price(item)), each, sku)),
        tertiary_text=dotted((t("gift") if item.is_gift else None, item_state(item))),
    )


def returns_section(order: Order, sight: Sight, look: Look) -> Iterator[Component]:
    """What comes back or came back, and how its refund stands."""
    returns = returns_summary(order)
    if returns is None:
        return
    items = [_return_item(each, sight, look, id=f"return:{at}") for at, each in enumerate(returns.items)]
    yield from listed(look.words.t("Returns"), items, look)


def item_state(item: LineItem) -> str | None:
    """The merchant's own state of the item; that it is in the platform's first one says nothing."""
    return plain(item.state, NAME_LIMIT) if item.state and item.state != _FIRST_STATE else None


def item_price(item: LineItem) -> Money:
    """What the position costs in all."""
    return item.unit_price * item.quantity if item.total is None else item.total


def _parcel_item(parcel: DeliveredParcel, look: Look, *, id: str) -> ListItem:
    return ListItem(
        id=id,
        title=parcel_name(parcel, look),
        subtitle=dotted((_pieces(parcel.content, look), _on(parcel, look))),
        action=carrier_link(parcel, look),
    )


def _delivery_item(delivery: Delivery, look: Look, *, id: str) -> ListItem:
    """A delivery of which the shop keeps no parcels."""
    return ListItem(
        id=id,
        title=look.words.t("Shipped, without parcel details"),
        subtitle=dotted((_pieces(delivery.items, look), look.formats.date(delivery.created_at))),
    )


def _on(parcel: DeliveredParcel, look: Look) -> str:
    return look.formats.date(parcel.parcel.created_at)


def _pieces(content: Iterable[DeliveryItem], look: Look) -> str | None:
    count = sum(item.quantity for item in content)
    return look.words.n("{count} item", "{count} items", count, count=look.formats.count(count)) if count else None


def estimate_line(shipment: ShipmentSummary, look: Look) -> str | None:
    """When the rest is expected."""
    t, formats = look.words.t, look.formats
    match shipment.estimated_from, shipment.estimated_until:
        case None, until if until:
            return t("Delivery estimated by {date}", date=formats.date(until))
        case start, None if start:
            return t("Delivery estimated from {date}", date=formats.date(start))
        case start, until if start and until and formats.date(start) == formats.date(until):
            return t("Delivery estimated for {date}", date=formats.date(until))
        case start, until if start and until:
            return t("Delivery estimated {start} to {end}", start=formats.date(start), end=formats.date(until))
    return None


def _return_item(returned: ReturnedItem, sight: Sight, look: Look, *, id: str) -> ListItem:
    item = returned.item
    name = plain(returned.name or look.words.t("Item no longer known"), 80)
    comment = look.personal("order.return_comment", item.comment) if sight.personal else None
    return ListItem(
        id=id,
        title=f"{look.formats.count(item.quantity)} × {name}",
        subtitle=dotted((return_word(returned, look), refund_word(returned, look), _quoted(comment))),
        tertiary_text=look.formats.date(item.last_modified_at),
    )


def _quoted(comment: str | None) -> str | None:
    return f"“{plain(comment, 80)}”" if comment else None


def return_word(returned: ReturnedItem, look: Look) -> str:
    """Where a returned item is."""
    if returned.label is ReturnLabel.UNKNOWN:
        return plain(returned.item.shipment_state, NAME_LIMIT)
    return label(RETURN_LABELS, returned.label, look.words)


def refund_word(returned: ReturnedItem, look: Look) -> str | None:
    """How the refund stands; that an announced item has none yet goes without saying."""
    if returned.refund is RefundLabel.UNKNOWN:
        return plain(returned.item.payment_state, NAME_LIMIT)
    if returned.refund is RefundLabel.NONE_YET and returned.label is ReturnLabel.ADVISED:
        return None
    return label(REFUND_LABELS, returned.refund, look.words)
