"""From a contact to what the shop knows of them: by link, by external id, then by e-mail.

Requests to the shop when nothing is cached: 1 by id; 2 by e-mail, and 1 from then on, because the
contact is linked; 3 when an external id looks like a customer id and leads nowhere, once. A contact whose customer an
agent picked costs 1, also in another process when there is a database.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from canvas_app.canvas.found import (
    Ambiguous,
    Found,
    Freshness,
    GuestsOnly,
    Matched,
    MatchedBy,
    NamedOrder,
    NoMatch,
    Relation,
    Unidentified,
)
from canvas_app.canvas.lookup.links import Link, Links
from canvas_app.canvas.lookup.reader import Live, ReadAt, Reader
from canvas_app.canvas.lookup.remembered import NothingRemembered, PicksUnknown, Remembered
from canvas_app.canvas.memory import uuid_or_none
from canvas_app.canvas.request import Contact
from canvas_app.mapping import IdentityOptions
from clients.commercetools.readings import CartReading, CustomerReading, EmailReading, OrderReading, OrdersPage
from clients.commercetools.shop import CustomerKey, Shop
from clients.deadline import Call
from commerce.order import Order

T = TypeVar("T", bound=ReadAt)
PAGE_SIZE = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """How a look-up is asked for: its time budget, and how fresh the answer has to be."""

    call: Call
    refresh: bool = False
    not_before: datetime | None = None  # see `Reader.read`


class Lookup:
    """All questions the panel asks of one installation's shop. Each raises only `ShopInTrouble`. Thread-safe."""

    def __init__(
        self,
        *,
        shop: Shop,
        reader: Reader,
        links: Links,
        identity: IdentityOptions,
        fresh_seconds: float,
        remembered: Remembered | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._shop = shop
        self._reader = reader
        self._links = links
        self._identity = identity
        self._fresh_seconds = fresh_seconds
        self._remembered = remembered or NothingRemembered()
        self._now = now

    def contact(self, contact: Contact, numbers: tuple[str, ...], asked: Asked) -> tuple[Found, Freshness]:
        """Who this contact is, with their orders and the orders whose `numbers` the conversation names."""
        link = self._links.find(contact)
        if link and link.customer_id and not link.kept:
            linked = self.customer(link.customer_id, link.by, contact, numbers, asked)
            if linked:
                return linked
            self._links.forget(contact)
        nobody: tuple[Found, Freshness] | None = None
        if contact.external_id and not link:
            matched, nobody = self._by_external_id(contact.external_id, contact, numbers, asked)
            if matched:
                return matched
        picked = self._by_pick(contact, numbers, asked)
        if picked:
            return picked
        if contact.email:
            return self._by_email(contact.email, contact, numbers, asked)
        if contact.external_id:
            return nobody or (NoMatch(), Freshness(self._now()))
        return Unidentified(numbers), Freshness(self._now())

    def customer(
        self, customer_id: str, by: MatchedBy, contact: Contact, numbers: tuple[str, ...], asked: Asked
    ) -> tuple[Matched, Freshness] | None:
        """The customer with this id, None when there is none (any more)."""
        live = self._read_customer(CustomerKey("id", customer_id), contact, numbers, asked)
        return _matched(live, by)

    def choose(self, customer_id: str, contact: Contact, asked: Asked) -> None:
        """Remember that an agent picked this customer for the contact."""
        kept = contact.id is not None and self._remembered.pick(contact.id, customer_id, call=asked.call)
        self._links.remember(contact, Link(customer_id, MatchedBy.CHOICE, kept))

    def forget_choice(self, contact: Contact, asked: Asked) -> None:
        """The agent picked the wrong one: ask again."""
        link = self._links.find(contact)
        if link and link.by is MatchedBy.CHOICE:
            self._forget_pick(contact, asked)

    def known_customer_id(self, contact: Contact) -> str | None:
        """The id of the contact's customer as far as it is known without asking the shop."""
        link = self._links.find(contact)
        if link:
            return link.customer_id
        return uuid_or_none(contact.external_id) if self._identity.external_id == "id" else None

    def matched_by(self, contact: Contact) -> MatchedBy | None:
        """How the contact was joined to a customer, as far as it is known without asking the shop."""
        link = self._links.find(contact)
        if link and link.customer_id:
            return link.by
        return MatchedBy.ID if self.known_customer_id(contact) else None

    def order(self, order_id: str, contact: Contact, asked: Asked) -> Live[OrderReading]:
        """One order in full."""
        return self._read(
            ("order", order_id, _emails(contact)),
            lambda: self._shop.order(order_id, emails=_emails(contact), call=asked.call),
            asked,
        )

    def order_by_number(self, number: str, contact: Contact, asked: Asked) -> Live[OrderReading]:
        """One order in full, by its number."""
        return self._read(
            ("order-number", number, _emails(contact)),
            lambda: self._shop.order_by_number(number, emails=_emails(contact), call=asked.call),
            asked,
        )

    def orders_of_customer(self, customer_id: str, offset: int, asked: Asked) -> Live[OrdersPage]:
        """A page of a customer's orders."""
        return self._read(
            ("orders", customer_id, offset),
            lambda: self._shop.orders_of_customer(customer_id, offset=offset, limit=PAGE_SIZE, call=asked.call),
            asked,
        )

    def orders_of_guest(self, email: str, offset: int, asked: Asked) -> Live[OrdersPage]:
        """A page of the orders placed without an account and with this e-mail address."""
        return self._read(
            ("guest", email, offset),
            lambda: self._shop.orders_of_guest(email, offset=offset, limit=PAGE_SIZE, call=asked.call),
            asked,
        )

    def cart(self, customer_id: str, asked: Asked) -> Live[CartReading]:
        """A customer's active cart in full."""
        return self._read(("cart", customer_id), lambda: self._shop.cart(customer_id, call=asked.call), asked)

    def email(self, email: str, numbers: tuple[str, ...], asked: Asked) -> Live[EmailReading]:
        """Who and what an e-mail address leads to."""
        return self._read(
            ("email", email, numbers),
            lambda: self._shop.by_email(email, numbers=numbers, call=asked.call),
            asked,
        )

    def _by_pick(self, contact: Contact, numbers: tuple[str, ...], asked: Asked) -> tuple[Matched, Freshness] | None:
        """The customer that an agent picked, in whichever process."""
        customer_id = self._picked(contact, asked)
        if customer_id is None:
            return None
        matched = self.customer(customer_id, MatchedBy.CHOICE, contact, numbers, asked)
        if matched is None:
            self._forget_pick(contact, asked)
        return matched

    def _picked(self, contact: Contact, asked: Asked) -> str | None:
        if contact.id is None:
            return None
        link = self._links.find(contact)
        ours = link.customer_id if link and link.kept else None
        try:
            picked = self._remembered.picked(contact.id, call=asked.call)
        except PicksUnknown:
            return ours
        if picked and picked != ours:
            self._links.remember(contact, Link(picked, MatchedBy.CHOICE, kept=True))
        elif ours and not picked:
            self._links.forget(contact)
        return picked

    def _forget_pick(self, contact: Contact, asked: Asked) -> None:
        self._links.forget(contact)
        if contact.id is not None:
            self._remembered.unpick(contact.id, call=asked.call)

    def _by_external_id(
        self, external_id: str, contact: Contact, numbers: tuple[str, ...], asked: Asked
    ) -> tuple[tuple[Matched, Freshness] | None, tuple[Found, Freshness] | None]:
        """The match, and what to show when this id leads nowhere and there is no e-mail to try."""
        key = self._customer_key(external_id, asked)
        if key is None:
            return None, None
        live = self._read_customer(key, contact, numbers, asked)
        matched = _matched(live, MatchedBy.ID)
        if matched:
            if self._identity.external_id != "id":  # which says it all by itself
                self._links.remember(contact, Link(matched[0].customer.id, MatchedBy.ID))
            return matched, None
        if live.trouble is None:
            self._links.remember(contact, Link(None, MatchedBy.ID))
        named = _named(live.value.named, own=None, same_email=_ids(live.value.guest_orders))
        return None, (NoMatch(named), Freshness(live.value.read_at, live.trouble))

    def _customer_key(self, external_id: str, asked: Asked) -> CustomerKey | None:
        match self._identity.external_id:
            case "id":
                customer_id = uuid_or_none(external_id)
                return CustomerKey("id", customer_id) if customer_id else None
            case "key":
                return CustomerKey("key", external_id)
            case field:
                live = self._read(
                    ("field", field, external_id),
                    lambda: self._shop.by_customer_field(field, external_id, call=asked.call),
                    asked,
                )
                customers = live.value.customers
                return CustomerKey("id", customers[0].id) if len(customers) == 1 else None

    def _by_email(
        self, email: str, contact: Contact, numbers: tuple[str, ...], asked: Asked
    ) -> tuple[Found, Freshness]:
        live = self.email(email, numbers, asked)
        reading = live.value
        if len(reading.customers) == 1:
            customer_id = reading.customers[0].id
            matched = self.customer(customer_id, MatchedBy.EMAIL, contact, numbers, asked)
            if matched:
                self._links.remember(contact, Link(customer_id, MatchedBy.EMAIL))
                return matched
        named = _named(
            reading.named,
            own=None,
            same_email=_ids(reading.guest_orders) | {customer.id for customer in reading.customers},
        )
        freshness = Freshness(reading.read_at, live.trouble)
        if len(reading.customers) > 1:
            return Ambiguous(reading.customers, named), freshness
        if reading.guest_orders:
            return GuestsOnly(reading.guest_orders, named), freshness
        return NoMatch(named), freshness

    def _read_customer(
        self, key: CustomerKey, contact: Contact, numbers: tuple[str, ...], asked: Asked
    ) -> Live[CustomerReading]:
        return self._read(
            ("customer", key, _emails(contact), numbers),
            lambda: self._remembered.with_history(
                self._shop.customer(key, emails=_emails(contact), numbers=numbers, call=asked.call), call=asked.call
            ),
            asked,
        )

    def _read(self, key: tuple[object, ...], ask: Callable[[], T], asked: Asked) -> Live[T]:
        return self._reader.read(
            key,
            ask,
            call=asked.call,
            fresh_seconds=self._fresh_seconds,
            refresh=asked.refresh,
            not_before=asked.not_before,
        )


def relation_of(reading: OrderReading, customer_id: str | None) -> Relation:
    """Whose order this is, for a contact whose customer is `customer_id` (None = not known)."""
    order = reading.order
    if order and customer_id and order.customer_id == customer_id:
        return Relation.OWN
    return Relation.SAME_EMAIL if reading.ordered_with_email else Relation.OTHER


def _matched(live: Live[CustomerReading], by: MatchedBy) -> tuple[Matched, Freshness] | None:
    reading = live.value
    if reading.customer is None:
        return None
    named = _named(reading.named, own=reading.customer.id, same_email=_ids(reading.guest_orders))
    return Matched(reading.customer, by, reading, named), Freshness(reading.read_at, live.trouble)


def _named(orders: tuple[Order, ...], *, own: str | None, same_email: frozenset[str]) -> tuple[NamedOrder, ...]:
    """`same_email` holds the ids of orders and of customers that the contact's e-mail address leads to."""

    def relation(order: Order) -> Relation:
        if own and order.customer_id == own:
            return Relation.OWN
        return Relation.SAME_EMAIL if {order.id, order.customer_id} & same_email else Relation.OTHER

    return tuple(NamedOrder(order, relation(order)) for order in orders)


def _ids(orders: tuple[Order, ...]) -> frozenset[str]:
    return frozenset(order.id for order in orders)


def _emails(contact: Contact) -> tuple[str, ...]:
    return (contact.email,) if contact.email else ()
