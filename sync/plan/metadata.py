"""What an event says: its keys in their order, each with its value, those without one left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final, TypeAlias

from commerce.cart import Cart
from commerce.customer import Customer
from commerce.milestones import Milestone, order_kind
from commerce.order import Order
from commerce.shipments import shipment_summary
from sync.mapping.expressions import NotComputable
from sync.mapping.rules import EventRule, KeyPath
from sync.plan.document import Document, payment_word, pieces, seconds, shipment_word
from sync.plan.result import EventValue, Withheld, WithheldKind
from sync.plan.values import WrongType, event_money, event_value, masked, text

Subject: TypeAlias = Order | Customer | Cart
Said: TypeAlias = EventValue | None


def metadata(
    rule: EventRule, milestone: Milestone, about: Subject, document: Document, *, hash_key: bytes
) -> tuple[dict[str, EventValue], tuple[Withheld, ...]]:
    """The event's metadata, and what of it could not be said."""
    said: dict[str, EventValue] = {}
    withheld: list[Withheld] = []
    for key in rule.keys:
        try:
            path = rule.paths.get(key)
            value = _at(path, key, document, hash_key) if path else _value(key, milestone, about)
        except (NotComputable, WrongType) as error:
            withheld.append(Withheld(WithheldKind.EVENT, f"{rule.name}.{key}", str(error)))
            continue
        if value is not None:
            said[key] = value
    return said, tuple(withheld)


def _at(path: KeyPath, key: str, document: Document, hash_key: bytes) -> Said:
    return event_value(key, masked(path.expression.value(document), path.mask, hash_key=hash_key))


def _value(key: str, milestone: Milestone, about: Subject) -> Said:
    """A key that the product fills: by the milestone itself, else by what it is about."""
    found = dict(_of_milestone(milestone)).get(key)
    if found is None:
        match about:
            case Order():
                found = _ORDER[key](about) if key in _ORDER else None
            case Customer():
                found = _CUSTOMER[key](about) if key in _CUSTOMER else None
            case Cart():
                found = _CART[key](about) if key in _CART else None
    return text(found) if isinstance(found, str) else found


def _of_milestone(milestone: Milestone) -> Iterator[tuple[str, Said]]:
    facts = milestone.facts
    yield "amount", event_money(facts.amount) if facts.amount else None
    yield "carrier", facts.carrier
    yield "tracking_id", facts.tracking_id
    yield "item", facts.item
    yield "quantity", facts.quantity
    yield "state", facts.state
    yield "group", facts.state
    yield "expected_date", seconds(facts.expected_at)


def _expected(order: Order) -> int | None:
    summary = shipment_summary(order)
    return seconds(summary.estimated_until) if summary else None


_ORDER: Final[Mapping[str, Callable[[Order], Said]]] = {
    "order_number": lambda order: order.number,
    "status": lambda order: order.order_state,
    "total": lambda order: event_money(order.gross),
    "currency": lambda order: order.gross.iso_currency,
    "store": lambda order: order.store,
    "channel": lambda order: order.channel,
    "country": lambda order: order.country,
    "locale": lambda order: order.locale,
    "kind": lambda order: order_kind(order).value,
    "items": lambda order: pieces(order.items),
    "payment_status": payment_word,
    "shipment_status": shipment_word,
    "placed_date": lambda order: seconds(order.placed_at),
    "expected_date": _expected,
}
_CUSTOMER: Final[Mapping[str, Callable[[Customer], Said]]] = {
    "store": lambda customer: customer.stores[0] if len(customer.stores) == 1 else None,
    "created_date": lambda customer: seconds(customer.created_at),
}
_CART: Final[Mapping[str, Callable[[Cart], Said]]] = {
    "total": lambda cart: event_money(cart.gross),
    "currency": lambda cart: cart.gross.iso_currency,
    "store": lambda cart: cart.store,
    "channel": lambda cart: cart.channel,
    "country": lambda cart: cart.country,
    "locale": lambda cart: cart.locale,
    "items": lambda cart: cart.quantity,
    "changed_date": lambda cart: seconds(cart.last_modified_at),
}
