"""Keeps what the shop said: the fact, whose it is, and what follows from it.

Stage 1 keeps one resource, a backfill a page of them; both end with `settle`, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from psycopg import Connection

from clients.commercetools import decode
from sync.installation import Node
from sync.people import customer_of, customer_subject, subject_of_order
from sync.priorities import Priority
from sync.storage.facts import Fact, FactKind, link_payments, mark_gone, store_fact
from sync.storage.hints import Hint, ResourceType, in_batches, record_hints
from sync.storage.subjects import wake_subjects

FOLLOWED: Final = "followed"  # the source of a hint that another resource gave


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What became of a reading. `stored`: false when we knew a newer one. `subjects` are to be woken."""

    version: int | None
    stored: bool
    subjects: frozenset[str]
    number: str | None = None


def buyer(node: Node) -> tuple[str | None, str | None]:
    """Customer id and e-mail address of an order. Raises `BadAnswer` for a node that is no order."""
    order = decode.order(decode.Node(node, "order"))
    return order.customer_id, order.email


def keep_order(connection: Connection, installation: str, node: Node, *, hash_key: bytes, read_at: datetime) -> Kept:
    """An order as read, under its present subject; the one that had it before is to be woken as well.

    Raises `BadAnswer` for a node that is no order.
    """
    order = decode.order(decode.Node(node, "order"))
    subject = subject_of_order(order.customer_id, order.email, hash_key=hash_key)
    fact = Fact(
        id=order.id,
        version=order.version,
        document=node,
        read_at=read_at,
        subject=subject,
        customer_id=order.customer_id,
        number=order.number,
    )
    stored = store_fact(connection, installation, "order", fact)
    if not stored.stored:
        return Kept(version=order.version, stored=False, subjects=frozenset(), number=order.number)
    if order.payments is not None:
        link_payments(connection, installation, order.id, (payment.id for payment in order.payments))
    subjects = frozenset(each for each in (subject, stored.previous_subject) if each)
    return Kept(version=order.version, stored=True, subjects=subjects, number=order.number)


def keep_customer(connection: Connection, installation: str, node: Node, *, read_at: datetime) -> Kept:
    """A customer as read. Raises `BadAnswer`."""
    customer = decode.customer(decode.Node(node, "customer"))
    subject = customer_subject(customer.id)
    fact = Fact(id=customer.id, version=customer.version, document=node, read_at=read_at, subject=subject)
    stored = store_fact(connection, installation, "customer", fact).stored
    return Kept(version=customer.version, stored=stored, subjects=frozenset({subject} if stored else ()))


def keep_cart(connection: Connection, installation: str, customer_id: str, node: Node, *, read_at: datetime) -> Kept:
    """A customer's active cart as read. Raises `BadAnswer`."""
    cart = decode.cart(decode.Node(node, "cart"))
    fact = Fact(id=cart.id, version=cart.version, document=node, read_at=read_at, customer_id=customer_id)
    stored = store_fact(connection, installation, "cart", fact).stored
    return Kept(
        version=cart.version, stored=stored, subjects=frozenset({customer_subject(customer_id)} if stored else ())
    )


def keep_gone(connection: Connection, installation: str, kind: FactKind, id_: str, *, at: datetime) -> Kept:
    """The shop says that there is none; a cart is named by its customer."""
    subject = mark_gone(connection, installation, kind, id_, at=at)
    return Kept(version=None, stored=subject is not None, subjects=frozenset({subject} if subject else ()))


def settle(connection: Connection, installation: str, kept: Iterable[Kept], *, priority: Priority) -> int:
    """Has customers read of whom we have only orders, and wakes all subjects; the number of jobs deferred.

    Call it once, last in the transaction: rows of resources are locked before those of subjects, each in key order.
    """
    subjects = sorted({subject for each in kept for subject in each.subjects})
    unknown = _unknown_customers(connection, installation, subjects)
    hints = [
        Hint(source=FOLLOWED, type=type_, id=id_)
        for type_ in (ResourceType.CART, ResourceType.CUSTOMER)
        for id_ in unknown
    ]
    jobs = sum(record_hints(connection, installation, part, priority=priority) for part in in_batches(hints))
    return jobs + wake_subjects(connection, installation, subjects, priority=priority)


def _unknown_customers(connection: Connection, installation: str, subjects: Iterable[str]) -> list[str]:
    ids = [id_ for subject in subjects if (id_ := customer_of(subject)) is not None]
    rows = connection.execute(
        "SELECT given.id FROM unnest(%s::text[]) AS given (id) WHERE NOT EXISTS"
        " (SELECT FROM customer_fact WHERE installation = %s AND customer_fact.id = given.id) ORDER BY 1",
        (ids, installation),
    )
    return [id_ for (id_,) in rows]
