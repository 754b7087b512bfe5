"""One order in two lines, wherever orders are listed; and the pieces of it that other screens use as well."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from canvas_app.canvas.components import Component, ListItem, Submit, Text, TextStyle, Url, plain
from canvas_app.canvas.found import Relation
from canvas_app.canvas.screens.look import Look
from canvas_app.words.labels import ALERTS, MILESTONES, ORDER_STATES, PAYMENT_LABELS, RELATIONS, SHIPMENT_LABELS, label
from commerce.alerts import most_serious
from commerce.masks import HIDDEN
from commerce.milestones import MilestoneName
from commerce.order import Order
from commerce.payments import PaymentLabel, payment_summary
from commerce.returns import returns_summary
from commerce.shipments import DeliveredParcel, ShipmentLabel, ShipmentSummary, shipment_summary

NUMBER_LIMIT: Final = 30
NAME_LIMIT: Final = 40
_TRACKING_LIMIT: Final = 22
_CARRIER_LIMIT: Final = 14
_SHORT_ID: Final = 8
# A word that says no more than the order's being cancelled already does.
_IDLE: Final = frozenset({ShipmentLabel.NOT_SHIPPED, ShipmentLabel.CANCELLED, ShipmentLabel.UNKNOWN})


def dotted(parts: Iterable[str | None]) -> str:
    """What there is, in one line: `Paid · Shipped`."""
    return " · ".join(part for part in parts if part)


def once(items: Iterable[ListItem]) -> list[ListItem]:
    """Every row once: whatever the shop sends, an id stands in a canvas only once."""
    return list({item.id: item for item in reversed([*items])}.values())[::-1]


def short_id(id: str) -> str:
    """Enough of an id to recognise it by."""
    return id[:_SHORT_ID]


def order_name(order: Order, look: Look) -> str:
    """`#DE-10482`; an order without a number is called by the beginning of its id."""
    if order.number:
        return f"#{plain(order.number.lstrip('#'), NUMBER_LIMIT)}"
    return look.words.t("Order {id}", id=short_id(order.id))


def order_item(order: Order, look: Look, relation: Relation = Relation.OWN) -> ListItem:
    """An order as a row that opens it; whose it is, when it is not the customer's own."""
    return ListItem(
        id=f"order:{order.id}",
        title=dotted((order_name(order, look), look.formats.money(order.gross))),
        subtitle=_whose_and_how(order, look, relation),
        tertiary_text=look.formats.date(order.placed_at),
        action=Submit(),
    )


def order_states(order: Order, look: Look) -> str:
    """How an order stands: `Paid · Shipped`; its own state when it is cancelled or nothing else is known."""
    cancelled = label(ORDER_STATES, order.order_state, look.words) if order.is_cancelled else None
    payment, shipment = payment_word(order, look), _shipment_word_of(order, look)
    states = dotted((cancelled, _workflow_word(order), payment, shipment, _return_word(order, look)))
    return states or plain(label(ORDER_STATES, order.order_state, look.words), NAME_LIMIT)


def payment_word(order: Order, look: Look) -> str | None:
    """`Paid`; a state of the merchant's own as it is; None when nothing is known."""
    payments = payment_summary(order)
    if payments.unknown_state:
        return plain(payments.unknown_state, NAME_LIMIT)
    return None if payments.label is PaymentLabel.UNKNOWN else label(PAYMENT_LABELS, payments.label, look.words)


def shipment_word(shipment: ShipmentSummary | None, look: Look) -> str | None:
    """`Shipped`; a state of the merchant's own as it is; None when nothing is known."""
    if shipment is None:
        return None
    if shipment.unknown_state:
        return plain(shipment.unknown_state, NAME_LIMIT)
    return None if shipment.label is ShipmentLabel.UNKNOWN else label(SHIPMENT_LABELS, shipment.label, look.words)


def parcel_item(order: Order, look: Look) -> ListItem | None:
    """Where an order's parcels are, in one line, None when none has left: `DHL 00340434161094 · 2 of 3 items`."""
    shipment = shipment_summary(order)
    if shipment is None or not shipment.parcels:
        return None
    if len(shipment.parcels) == 1:
        (parcel,) = shipment.parcels
        name, link = parcel_name(parcel, look), carrier_link(parcel, look)
    else:
        count = len(shipment.parcels)
        name, link = look.words.n("{count} parcel", "{count} parcels", count, count=look.formats.count(count)), None
    return ListItem(id=f"parcels:{order.id}", title=dotted((name, quantity_shipped(shipment, look))), action=link)


def parcel_name(parcel: DeliveredParcel, look: Look) -> str:
    """`DHL 00340434161094042557`, or that it has no tracking."""
    carrier, number = plain(parcel.carrier or "", _CARRIER_LIMIT), plain(parcel.tracking_id or "", _TRACKING_LIMIT)
    named = f"{carrier} {number}".strip()
    if number:
        return named
    if carrier:
        return dotted((carrier, look.words.t("without tracking number")))
    return look.words.t("Parcel without tracking number")


def carrier_link(parcel: DeliveredParcel, look: Look) -> Url | None:
    """Where the carrier shows the parcel, when the merchant told us its address."""
    if parcel.tracking_id == HIDDEN:
        return None
    url = look.options.tracking_url(parcel.carrier, parcel.tracking_id)
    return Url(url) if url else None


def quantity_shipped(shipment: ShipmentSummary, look: Look) -> str | None:
    """`2 of 3 items`, None when all or an unknown number of them were shipped."""
    shipped, ordered = shipment.shipped, shipment.ordered
    if shipped is None or ordered is None or shipped >= ordered:
        return None
    return look.words.n(
        "{shipped} of {ordered} item",
        "{shipped} of {ordered} items",
        ordered,
        shipped=look.formats.count(shipped),
        ordered=look.formats.count(ordered),
    )


def alert_line(orders: Iterable[Order], look: Look) -> tuple[Component, ...]:
    """The one most serious thing about these orders, in words; nothing when all is well."""
    alert = most_serious(orders)
    if alert is None:
        return ()
    return (Text(text=look.words.t(ALERTS[alert.kind], order=order_name(alert.order, look)), style=TextStyle.ERROR),)


def _workflow_word(order: Order) -> str | None:
    """The merchant's own state, where it says what the platform's states do not."""
    if order.payment_state or order.shipment_state:
        return None
    return plain(order.workflow_state or "", NAME_LIMIT)


def _return_word(order: Order, look: Look) -> str | None:
    """That something comes back, or came back and is not settled."""
    returns = returns_summary(order)
    if returns is None or not returns.is_open:
        return None
    step = MilestoneName.RETURN_RECEIVED if returns.awaits_refund else MilestoneName.RETURN_REQUESTED
    return label(MILESTONES, step, look.words)


def _shipment_word_of(order: Order, look: Look) -> str | None:
    shipment = shipment_summary(order)
    if order.is_cancelled and shipment and shipment.label in _IDLE:
        return None
    return shipment_word(shipment, look)


def _whose_and_how(order: Order, look: Look, relation: Relation) -> str:
    """How the order stands; of someone else's order only that it is theirs."""
    whose = None if relation is Relation.OWN else label(RELATIONS, relation, look.words)
    return dotted((whose, None if relation is Relation.OTHER else order_states(order, look)))
