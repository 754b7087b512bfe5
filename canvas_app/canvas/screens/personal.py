"""The personal part of an order, and who may see how much of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from canvas_app.canvas.components import Component, Row, Text
from canvas_app.canvas.found import MatchedBy, Relation
from canvas_app.canvas.screens.customer import address_line, custom_rows
from canvas_app.canvas.screens.look import Look, Options
from canvas_app.canvas.screens.section import heading, tabled
from commerce.customer import Address
from commerce.masks import HIDDEN
from commerce.order import Delivery, Order


@dataclass(frozen=True, slots=True)
class Sight:
    """What of an order's personal fields may be shown, before the question which of them are allowed by name."""

    personal: bool
    addresses: bool
    hides_addresses_of_email_match: bool

    @classmethod
    def of(cls, relation: Relation, matched_by: MatchedBy | None, options: Options) -> Sight:
        """Nothing of someone else's order; addresses only when more than an e-mail address joins the contact to it."""
        personal = relation is not Relation.OTHER
        proven = relation is Relation.OWN and matched_by is MatchedBy.ID
        return cls(
            personal=personal,
            addresses=personal and (proven or options.addresses_on_email_match),
            hides_addresses_of_email_match=personal
            and not proven
            and not options.addresses_on_email_match
            and (options.allows("order.shipping_address") or options.allows("order.billing_address")),
        )


def impersonal(order: Order) -> Order:
    """The order with its tracking numbers hidden: they tell where somebody lives."""
    if order.shippings is None:
        return order
    return replace(
        order,
        shippings=tuple(
            replace(shipping, deliveries=tuple(_untracked(delivery) for delivery in shipping.deliveries))
            for shipping in order.shippings
        ),
    )


def _untracked(delivery: Delivery) -> Delivery:
    parcels = tuple(
        replace(parcel, tracking=replace(parcel.tracking, tracking_id=HIDDEN))
        if parcel.tracking and parcel.tracking.tracking_id
        else parcel
        for parcel in delivery.parcels
    )
    return replace(delivery, parcels=parcels)


def addresses_section(order: Order, sight: Sight, look: Look) -> Iterator[Component]:
    """Where it went and who was billed, each on a line of its own."""
    for title, address in addresses_shown(order, sight, look):
        yield from heading(title)
        yield Text(text=address_line(address, look))


def addresses_shown(order: Order, sight: Sight, look: Look) -> list[tuple[str, Address]]:
    """The addresses that may be seen, with their titles; one when both are the same."""
    if not sight.addresses:
        return []
    addresses = (
        ("order.shipping_address", look.words.t("Shipping address"), order.shipping_address),
        ("order.billing_address", look.words.t("Billing address"), order.billing_address),
    )
    shown = [(title, address) for allowed, title, address in addresses if address and look.options.allows(allowed)]
    if len(shown) == 2 and shown[0][1] == shown[1][1]:
        return [(look.words.t("Shipping and billing address"), shown[0][1])]
    return shown


def details_section(order: Order, sight: Sight, look: Look) -> Iterator[Component]:
    """Discount codes, and what identifies the order elsewhere."""
    yield from tabled(look.words.t("Details"), detail_rows(order, sight, look), look)


def detail_rows(order: Order, sight: Sight, look: Look) -> list[Row]:
    """The same, without the section."""
    codes = ", ".join(order.discount_codes)
    rows = [Row(field=look.words.t("Discount codes"), value=codes)] if codes else []
    return [*rows, *_personal_rows(order, look)] if sight.personal else rows


def _personal_rows(order: Order, look: Look) -> Iterator[Row]:
    t = look.words.t
    facts = (
        ("order.purchase_order_number", t("Purchase order number"), order.purchase_order_number),
        ("order.business_unit", t("Business unit"), order.business_unit),
        ("order.email", t("E-mail"), order.email),
        ("order.external_ids", t("Other numbers"), ", ".join(order.external_ids)),
    )
    seen = ((name, look.personal(field, value)) for field, name, value in facts)
    yield from (Row(field=name, value=value) for name, value in seen if value)
    yield from custom_rows(order.custom, "order.custom.", look)
