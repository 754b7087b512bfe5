"""What one call to commercetools brings back, as values.

`missing` names the sections that the shop did not let us read (a missing scope, a section
that failed), and a history that the merchant does not want read: the panel shows everything else.

`size` says what it costs to keep a reading: how many customers, orders and items it holds, each
of about 2 kB.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from commerce.cart import Cart
from commerce.customer import Customer
from commerce.order import Order


class Section(StrEnum):
    """A part of an answer that can be missing without taking the rest along."""

    CUSTOMER = "customer"
    ORDERS = "orders"
    HISTORY = "history"
    CART = "cart"
    PAYMENTS = "payments"
    WORKFLOW_STATES = "workflow_states"
    CUSTOMER_GROUP = "customer_group"
    DISCOUNT_CODES = "discount_codes"
    CHANNELS = "channels"
    NAMED_ORDERS = "named_orders"
    GUEST_ORDERS = "guest_orders"


@dataclass(frozen=True, slots=True)
class CustomerReading:
    """A customer with their newest orders and cart, read in one request. `read_at` is UTC."""

    customer: Customer | None  # None = no such customer (or outside the configured stores)
    read_at: datetime
    orders: tuple[Order, ...] = ()  # newest first, summaries
    history: tuple[Order, ...] = ()  # newest first, light: states, totals and transactions only
    history_complete: bool = True  # False = there are more orders than `history` holds
    named: tuple[Order, ...] = ()  # the orders whose numbers were asked for, of whomever
    guest_orders: tuple[Order, ...] = ()  # without an account, ordered with the contact's e-mail
    cart: Cart | None = None
    missing: frozenset[Section] = field(default_factory=frozenset)

    @property
    def size(self) -> int:
        items = len(self.cart.items or ()) if self.cart else 0
        return 1 + items + len(self.history) + _size_of((*self.orders, *self.named, *self.guest_orders))


@dataclass(frozen=True, slots=True)
class EmailReading:
    """Who and what an e-mail address leads to, read in one request. `read_at` is UTC."""

    customers: tuple[Customer, ...]  # one e-mail can belong to a global and to several store customers
    read_at: datetime
    guest_orders: tuple[Order, ...] = ()
    named: tuple[Order, ...] = ()
    missing: frozenset[Section] = field(default_factory=frozenset)

    @property
    def size(self) -> int:
        return 1 + len(self.customers) + _size_of((*self.guest_orders, *self.named))


@dataclass(frozen=True, slots=True)
class OrderReading:
    """One order in full. `read_at` is UTC."""

    order: Order | None
    read_at: datetime
    ordered_with_email: bool = False  # its e-mail is one of those asked about (compared in the shop)
    missing: frozenset[Section] = field(default_factory=frozenset)

    @property
    def size(self) -> int:
        return 1 + (_size_of((self.order,)) if self.order else 0)


@dataclass(frozen=True, slots=True)
class OrdersPage:
    """A page of order summaries, newest first. `read_at` is UTC."""

    orders: tuple[Order, ...]
    offset: int
    has_more: bool
    read_at: datetime
    missing: frozenset[Section] = field(default_factory=frozenset)

    @property
    def size(self) -> int:
        return 1 + _size_of(self.orders)


@dataclass(frozen=True, slots=True)
class CartReading:
    """A customer's active cart in full, None when there is none. `read_at` is UTC."""

    cart: Cart | None
    read_at: datetime
    missing: frozenset[Section] = field(default_factory=frozenset)

    @property
    def size(self) -> int:
        return 1 + (len(self.cart.items or ()) if self.cart else 0)


def _size_of(orders: Iterable[Order]) -> int:
    return sum(1 + len(order.items or ()) for order in orders)
