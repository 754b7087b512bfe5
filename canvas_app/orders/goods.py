"""What was ordered, where it is, and what comes back, with room for everything. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from canvas_app.canvas.screens.goods import estimate_line, item_price, item_state, refund_word, return_word
from canvas_app.canvas.screens.look import Look
from canvas_app.canvas.screens.personal import Sight
from canvas_app.canvas.screens.summary import carrier_link, quantity_shipped
from canvas_app.orders.texts import bare, shown
from commerce.order import DeliveryItem, LineItem, Order
from commerce.returns import returns_summary
from commerce.shipments import DeliveredParcel, ShipmentSummary, has_left, shipment_summary


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A position. `each` is None where there is one piece only."""

    name: str
    sku: str | None
    quantity: str
    each: str | None
    total: str
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelShown:
    """A parcel, a return label, or a delivery of which the shop keeps no parcels."""

    carrier: str
    number: str
    url: str | None
    on: str
    content: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcels:
    """`progress`: `2 of 3 items`, while that is not all."""

    progress: str | None = None
    estimate: str | None = None
    sent: tuple[ParcelShown, ...] = ()
    labels: tuple[ParcelShown, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.sent or self.labels or self.estimate)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedLine:
    """Something that comes back. `comment`: what the customer wrote, where that may be seen."""

    name: str
    quantity: str
    words: tuple[str, ...]
    on: str
    comment: str | None


def items(order: Order, look: Look) -> tuple[Item, ...]:
    return tuple(_item(each, look) for each in order.items or ())


def parcels(order: Order, look: Look) -> Parcels:
    """Where everything is that has left."""
    shipment = shipment_summary(order)
    if shipment is None:
        return Parcels()
    names = {item.id: _name(item, look) for item in order.items or ()}
    return Parcels(
        progress=quantity_shipped(shipment, look),
        estimate=estimate_line(shipment, look),
        sent=(*(_parcel(each, names, look) for each in shipment.parcels), *_without_parcels(shipment, names, look)),
        labels=tuple(_parcel(each, names, look) for each in shipment.return_labels),
    )


def returned(order: Order, sight: Sight, look: Look) -> tuple[ReturnedLine, ...]:
    return tuple(_returned(order, sight, look))


def _item(item: LineItem, look: Look) -> Item:
    state = item_state(item)
    return Item(
        name=_name(item, look),
        sku=shown(item.sku) if item.sku and item.name else None,
        quantity=look.formats.count(item.quantity),
        each=look.words.t("{price} each", price=look.formats.money(item.unit_price)) if item.quantity != 1 else None,
        total=look.formats.money(item_price(item)),
        marks=tuple(bare(mark) for mark in (look.words.t("gift") if item.is_gift else None, state) if mark),
    )


def _name(item: LineItem, look: Look) -> str:
    return shown(item.name or item.sku or "") or look.words.t("Item without a name")


def _parcel(parcel: DeliveredParcel, names: dict[str, str], look: Look) -> ParcelShown:
    t, link = look.words.t, carrier_link(parcel, look)
    carrier, number = shown(parcel.carrier or ""), shown(parcel.tracking_id or "")
    return ParcelShown(
        carrier=carrier if carrier or number else t("Parcel without tracking number"),
        number=number or (t("without tracking number") if carrier else ""),
        url=link.url if link else None,
        on=look.formats.date(parcel.parcel.created_at),
        content=tuple(_content(parcel.content, names, look)),
    )


def _without_parcels(shipment: ShipmentSummary, names: dict[str, str], look: Look) -> Iterator[ParcelShown]:
    for delivery in filter(has_left, shipment.without_parcels):
        yield ParcelShown(
            carrier=look.words.t("Shipped, without parcel details"),
            number="",
            url=None,
            on=look.formats.date(delivery.created_at),
            content=tuple(_content(delivery.items, names, look)),
        )


def _content(content: Iterable[DeliveryItem], names: dict[str, str], look: Look) -> Iterator[str]:
    unnamed = look.words.t("Item no longer known")
    for each in content:
        yield f"{look.formats.count(each.quantity)} × {names.get(each.line_item_id, unnamed)}"


def _returned(order: Order, sight: Sight, look: Look) -> Iterator[ReturnedLine]:
    summary = returns_summary(order)
    for each in summary.items if summary else ():
        comment = look.personal("order.return_comment", each.item.comment) if sight.personal else None
        yield ReturnedLine(
            name=shown(each.name or "") or look.words.t("Item no longer known"),
            quantity=look.formats.count(each.item.quantity),
            words=tuple(bare(word) for word in (return_word(each, look), refund_word(each, look)) if word),
            on=look.formats.date(each.item.last_modified_at),
            comment=shown(comment, 1_000) if comment else None,
        )
