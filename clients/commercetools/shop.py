"""The shop: everything that the panel reads from one commercetools project.

A customer by id is one request, with orders, cart, guest orders and named orders; an e-mail
address is one request. More are made only when something failed and the rest can be saved.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal

from clients.commercetools import decode
from clients.commercetools.auth import TokenMint, TokenSource
from clients.commercetools.decode import Node
from clients.commercetools.documents import Operation
from clients.commercetools.graphql import Endpoint
from clients.commercetools.inquiry import Inquirer, LowercaseEmailUnknown, Outcome, Question
from clients.commercetools.questions import HISTORY, Questions
from clients.commercetools.readings import (
    CartReading,
    CustomerReading,
    EmailReading,
    OrderReading,
    OrdersPage,
    Section,
)
from clients.commercetools.sections import NAMED_ALIASES
from clients.commercetools.settings import ShopSettings
from clients.deadline import Call
from clients.errors import Rejected
from clients.wire.http import Http
from clients.wire.retry import OneRetry
from commerce.cart import Cart
from commerce.customer import Customer
from commerce.order import Order

CUSTOMER_FIELDS: Final = frozenset({"customerNumber", "externalId"})
MOST_ORDERS_OF_A_PAGE: Final = 100
LARGEST_OFFSET: Final = 10_000  # https://docs.commercetools.com/api/general-concepts#offset


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class CustomerKey:
    """What a contact is linked to a customer by: commercetools' own id, or the merchant's key."""

    kind: Literal["id", "key"]
    value: str


class Shop:
    """One commercetools project, read only. Thread-safe; every method raises only `PlatformError`.

    `allowed` are the personal fields (`commerce.personal_fields`) that may be read: no other is
    asked for. `stores` (keys) restricts everything to these stores, global customers included;
    `languages` are for names, best first. `without` names parts of a customer that the merchant does
    not want (cart, history): they are not asked for either, and `missing` names the history.
    `now` is UTC, `clock` monotonic, `random` gives 0 to 1.
    """

    def __init__(
        self,
        settings: ShopSettings,
        *,
        allowed: frozenset[str] = frozenset(),
        stores: tuple[str, ...] = (),
        languages: tuple[str, ...] = ("en",),
        without: frozenset[Section] = frozenset(),
        http: Http | None = None,
        now: Callable[[], datetime] = _utc_now,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        random: Callable[[], float] = random.random,
    ) -> None:
        http = http or Http()
        retry = OneRetry(sleep=sleep, random=random)
        tokens = TokenSource(TokenMint(settings, http, retry=retry, clock=clock, random=random), clock=clock)
        self._inquirer = Inquirer(Endpoint(settings.graphql_url, http, tokens, retry=retry), settings.project_key)
        self._questions = Questions(allowed=allowed, stores=stores, languages=languages, without=without)
        self._stores = frozenset(stores)
        self._left_out = without & {Section.HISTORY}  # none of it is not an empty one
        self._now = now
        self._knows_lowercase_email = True  # until it says otherwise

    def customer(
        self, key: CustomerKey, *, emails: tuple[str, ...], numbers: tuple[str, ...], call: Call
    ) -> CustomerReading:
        """The customer, their newest orders, history and cart, guest orders made with `emails`, orders of `numbers`.

        One request by id, two by key. `customer` is None only when there is none: raises when
        the platform did not let us see.
        """
        customer_id = key.value if key.kind == "id" else self._id_of(key.value, call)
        question = self._questions.customer(customer_id, emails, numbers)
        if question is None:
            return CustomerReading(customer=None, read_at=self._now())
        outcome = self._inquirer.ask(question, call)
        if "id" in question.variables:
            outcome.require("customer")
        return self._customer_reading(outcome)

    def by_email(self, email: str, *, numbers: tuple[str, ...], call: Call) -> EmailReading:
        """Customers of any spelling of `email`, guest orders made with it, and orders of `numbers`: one request."""
        question = self._questions.customers_by_email(email, numbers, lowercase_email=self._knows_lowercase_email)
        if question is None:
            return EmailReading(customers=(), read_at=self._now())
        try:
            outcome = self._inquirer.ask(question, call)
        except LowercaseEmailUnknown:
            self._knows_lowercase_email = False
            question = self._questions.customers_by_email(email, numbers, lowercase_email=False)
            assert question is not None
            outcome = self._inquirer.ask(question, call)
        return self._email_reading(outcome)

    def by_customer_field(self, field: str, value: str, *, call: Call) -> EmailReading:
        """Customers whose `field` (`customerNumber` or `externalId`) is `value`."""
        if field not in CUSTOMER_FIELDS:
            raise Rejected(f"not a field to look customers up by: {field}")
        question = self._questions.customers_by_field(field, value)
        if question is None:
            return EmailReading(customers=(), read_at=self._now())
        return self._email_reading(self._inquirer.ask(question, call))

    def order(self, order_id: str, *, emails: tuple[str, ...], call: Call) -> OrderReading:
        """One order in full; `ordered_with_email` says whether it was made with one of `emails`."""
        return self._order_reading(self._questions.order_by_id(order_id, emails), call)

    def order_by_number(self, number: str, *, emails: tuple[str, ...], call: Call) -> OrderReading:
        """As `order`, by the exact order number."""
        return self._order_reading(self._questions.order_by_number(number, emails), call)

    def orders_of_customer(self, customer_id: str, *, offset: int, limit: int, call: Call) -> OrdersPage:
        """Up to `limit` (1 to 100) order summaries from `offset` (0 to 10,000) on, newest first."""
        offset, limit = _within_limits(offset, limit)
        return self._page(self._questions.orders_of_customer(customer_id, offset, limit), offset, limit, call)

    def orders_of_guest(self, email: str, *, offset: int, limit: int, call: Call) -> OrdersPage:
        """As `orders_of_customer`, of orders without an account that were made with `email`."""
        offset, limit = _within_limits(offset, limit)
        return self._page(self._questions.orders_of_guest(email, offset, limit), offset, limit, call)

    def cart(self, customer_id: str, *, call: Call) -> CartReading:
        """The customer's active cart in full."""
        question = self._questions.cart(customer_id)
        if question is None:
            return CartReading(cart=None, read_at=self._now())
        outcome = self._inquirer.ask(question, call)
        outcome.require("customerActiveCart")
        return CartReading(cart=self._cart(outcome.data), read_at=self._now(), missing=outcome.missing)

    def ping(self, *, call: Call) -> None:
        """Token, project and the scope for orders work, or `PlatformError` says what does not."""
        self._inquirer.ask(Question(operation=Operation.PING, flags=frozenset(), variables={}), call)

    def _id_of(self, key: str, call: Call) -> str | None:
        if not key:
            return None
        question = Question(operation=Operation.CUSTOMER_BY_KEY, flags=frozenset(), variables={"key": key})
        outcome = self._inquirer.ask(question, call)
        outcome.require("customer")
        found = Node(outcome.data, "data").optional_child("customer")
        return None if found is None else found.text("id")

    def _customer_reading(self, outcome: Outcome) -> CustomerReading:
        data = outcome.data
        customer = self._customer(data)
        is_found = customer is not None  # else nothing of this customer is shown, of other stores as well
        history = _orders(data, "history") if is_found else ()
        return CustomerReading(
            customer=customer,
            read_at=self._now(),
            orders=_orders(data, "orders") if is_found else (),
            history=history[:HISTORY],
            history_complete=len(history) <= HISTORY,
            named=self._named(data),
            guest_orders=_orders(data, "guestOrders"),
            cart=self._cart(data) if is_found else None,
            missing=outcome.missing | self._left_out,
        )

    def _email_reading(self, outcome: Outcome) -> EmailReading:
        found = Node(outcome.data, "data").part("customers").children("results")
        customers = (decode.customer(node) for node in found)
        return EmailReading(
            customers=tuple(customer for customer in customers if self._is_ours(customer)),
            read_at=self._now(),
            guest_orders=_orders(outcome.data, "guestOrders"),
            named=self._named(outcome.data),
            missing=outcome.missing,
        )

    def _order_reading(self, question: Question | None, call: Call) -> OrderReading:
        if question is None:
            return OrderReading(order=None, read_at=self._now())
        outcome = self._inquirer.ask(question, call)
        outcome.require("order")
        order = self._order(outcome.data, "order")
        mine = Node(outcome.data, "data").part("mine").children("results")
        return OrderReading(
            order=order,
            read_at=self._now(),
            ordered_with_email=order is not None and any(found.text("id") == order.id for found in mine),
            missing=outcome.missing,
        )

    def _page(self, question: Question | None, offset: int, limit: int, call: Call) -> OrdersPage:
        if question is None:
            return OrdersPage(orders=(), offset=offset, has_more=False, read_at=self._now())
        outcome = self._inquirer.ask(question, call)
        outcome.require("orders")
        orders = _orders(outcome.data, "orders")
        return OrdersPage(
            orders=orders[:limit],
            offset=offset,
            has_more=len(orders) > limit and offset + limit <= LARGEST_OFFSET,
            read_at=self._now(),
            missing=outcome.missing,
        )

    def _customer(self, data: Mapping[str, object]) -> Customer | None:
        node = Node(data, "data").optional_child("customer")
        customer = None if node is None else decode.customer(node)
        return customer if customer is not None and self._is_ours(customer) else None

    def _is_ours(self, customer: Customer) -> bool:
        """A customer without stores is one of all stores."""
        return not self._stores or not customer.stores or not self._stores.isdisjoint(customer.stores)

    def _order(self, data: Mapping[str, object], root: str) -> Order | None:
        node = Node(data, "data").optional_child(root)
        order = None if node is None else decode.order(node)
        return order if order is not None and self._is_our_store(order.store) else None

    def _named(self, data: Mapping[str, object]) -> tuple[Order, ...]:
        found = (self._order(data, alias) for alias in NAMED_ALIASES)
        return tuple({order.id: order for order in found if order is not None}.values())

    def _cart(self, data: Mapping[str, object]) -> Cart | None:
        node = Node(data, "data").optional_child("customerActiveCart")
        cart = None if node is None else decode.cart(node)
        return cart if cart is not None and self._is_our_store(cart.store) else None

    def _is_our_store(self, store: str | None) -> bool:
        return not self._stores or store in self._stores


def _orders(data: Mapping[str, object], root: str) -> tuple[Order, ...]:
    return tuple(decode.order(node) for node in Node(data, "data").part(root).children("results"))


def _within_limits(offset: int, limit: int) -> tuple[int, int]:
    return min(max(offset, 0), LARGEST_OFFSET), min(max(limit, 1), MOST_ORDERS_OF_A_PAGE)
