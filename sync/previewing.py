"""What the sync would send for a customer or guest right now. Nothing is sent, and nothing is kept.

The shop is read as stage 1 reads it, and planned as stage 2 plans it, in a transaction that is taken back: so it is
what would be sent, and not a guess at it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from psycopg import Connection

from clients.errors import NotFound
from sync.installation import Installation, Node
from sync.keeping import keep_cart, keep_customer, keep_order
from sync.known import Known, load_known
from sync.people import customer_of, customer_subject, guest_subject
from sync.plan.result import Plan
from sync.storage.database import Transactions
from sync.storage.facts import load_facts
from sync.storage.intents import Intent, open_intents


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """`contact_id`: None while no contact is linked. `waiting`: events that are committed and not confirmed yet."""

    subject: str
    contact_id: str | None
    parked_reason: str | None
    events_stopped_reason: str | None
    fingerprint: Mapping[str, object] = field(repr=False)
    plan: Plan
    waiting: tuple[Intent, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """What the shop said, to be kept and forgotten."""

    customer: Node | None
    cart: Node | None
    orders: tuple[Node, ...]


def preview_customer(at: Installation, customer_id: str) -> Preview:
    """Raises `NotFound` when the shop has no such customer, and what clients and storage raise."""
    call = at.call()
    customer = at.shop.customer(customer_id, call=call)
    if customer is None:
        raise NotFound("commercetools has no such customer")
    known = _known_orders(at, customer_subject(customer_id))
    orders = _read_orders(at, {*known, *at.shop.orders_of_customer(customer_id, call=at.call())})
    cart = at.shop.active_cart(customer_id, call=at.call())
    return _preview(at, customer_subject(customer_id), _Reading(customer=customer, cart=cart, orders=orders))


def preview_guest(at: Installation, email: str) -> Preview:
    """Of the orders that were made with this address and without an account."""
    subject = guest_subject(email, hash_key=at.mapping.hash_key)
    spellings = {email.strip(), email.strip().lower()}  # the shop compares them to the letter
    found = {id_ for spelling in spellings for id_ in at.shop.orders_of_guest(spelling, call=at.call())}
    orders = _read_orders(at, found.union(_known_orders(at, subject)))
    return _preview(at, subject, _Reading(customer=None, cart=None, orders=orders))


def _known_orders(at: Installation, subject: str) -> tuple[str, ...]:
    with at.database.transaction() as connection:
        return tuple(fact.id for fact in load_facts(connection, at.id, subject).orders)


def _read_orders(at: Installation, ids: Iterable[str]) -> tuple[Node, ...]:
    found = (at.shop.order(id_, call=at.call()) for id_ in sorted(ids))
    return tuple(node for node in found if node is not None)


def _preview(at: Installation, subject: str, reading: _Reading) -> Preview:
    now = at.now()
    with taken_back(at.database) as connection:
        for node in reading.orders:
            keep_order(connection, at.id, node, hash_key=at.mapping.hash_key, read_at=now)
        if reading.customer is not None:
            keep_customer(connection, at.id, reading.customer, read_at=now)
        customer_id = customer_of(subject)
        if reading.cart is not None and customer_id is not None:
            keep_cart(connection, at.id, customer_id, reading.cart, read_at=now)
        known = load_known(connection, at.id, subject)
        return _told(known, known.plan(at.mapping, now=now), open_intents(connection, at.id, subject))


def _told(known: Known, plan: Plan, waiting: tuple[Intent, ...]) -> Preview:
    return Preview(
        subject=known.subject.key,
        contact_id=known.subject.contact_id,
        parked_reason=known.subject.parked_reason,
        events_stopped_reason=known.installation.events_stopped_reason,
        fingerprint=known.subject.fingerprint,
        plan=plan,
        waiting=waiting,
    )


class _TakenBack(Exception):
    """Ends the transaction; nobody else sees it."""


@contextmanager
def taken_back(database: Transactions) -> Iterator[Connection]:
    """A transaction of which nothing stays."""
    try:
        with database.transaction() as connection:
            yield connection
            raise _TakenBack
    except _TakenBack:
        return
