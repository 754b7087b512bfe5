"""Which of a subject's facts are told at all: the mapping's stores, and its rule for guests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from commerce.cart import Cart
from commerce.customer import Customer
from commerce.order import Order
from sync.mapping.rules import Guests, SyncMapping
from sync.plan.result import Withheld, WithheldKind
from sync.plan.subject import SubjectFacts

OTHER_STORE: Final = "belongs to a store that the mapping leaves out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What the mapping leaves of the facts; nothing of them is told if not `is_open`."""

    is_open: bool
    customer: Customer | None = None
    orders: tuple[Order, ...] = ()
    cart: Cart | None = None
    withheld: tuple[Withheld, ...] = ()


def scope_of(facts: SubjectFacts, mapping: SyncMapping) -> Scope:
    """A customer without stores is one of all stores; an order or cart without a store is one of none."""
    stores = frozenset(mapping.options.stores)
    customer = facts.customer
    if customer is None and mapping.options.guests is Guests.IGNORE:
        return Scope(is_open=False, withheld=(Withheld(WithheldKind.CUSTOMER, facts.key, "guests are ignored"),))
    if customer and stores and customer.stores and stores.isdisjoint(customer.stores):
        return Scope(is_open=False, withheld=(Withheld(WithheldKind.CUSTOMER, customer.id, OTHER_STORE),))
    outside = [order for order in facts.orders if stores and order.store not in stores]
    return Scope(
        is_open=True,
        customer=customer,
        orders=tuple(order for order in facts.orders if order not in outside),
        cart=facts.cart if facts.cart and (not stores or facts.cart.store in stores) else None,
        withheld=tuple(Withheld(WithheldKind.ORDER, order.number or order.id, OTHER_STORE) for order in outside),
    )
