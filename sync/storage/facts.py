"""Facts: what the shop said of an order, a customer or a cart when it was read last, and whose it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias

from psycopg import Connection
from psycopg.rows import class_row

from sync.storage.documents import jsonb
from sync.storage.statements import statement

FactKind: TypeAlias = Literal["order", "customer", "cart"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One resource as read. `document`: the GraphQL node as asked for. A cart has no subject of its own but its
    customer's; `number` is an order's. `gone_at`: since when we know that the shop has it no more.
    """

    id: str
    version: int
    document: Mapping[str, Any] = field(repr=False)
    read_at: datetime
    subject: str | None = None
    customer_id: str | None = None
    number: str | None = None
    gone_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """`stored`: false when what we hold is newer. `previous_subject`: whose it was, to be woken as well."""

    stored: bool
    previous_subject: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that is known of a subject in the shop; `orders` by id, gone ones included."""

    customer: Fact | None
    orders: tuple[Fact, ...]
    cart: Fact | None


CUSTOMER_KEY: Final = "c:"


def store_fact(connection: Connection, installation: str, kind: FactKind, fact: Fact) -> Stored:
    """Keeps what was read, unless a newer version is known already, or a younger reading of the same one.

    A cart needs its `customer_id`.
    """
    parameters = {
        "installation": installation,
        "id": fact.id,
        "version": fact.version,
        "subject": fact.subject,
        "customer_id": fact.customer_id,
        "number": fact.number,
        "document": jsonb(dict(fact.document)),
        "read_at": fact.read_at,
    }
    with connection.cursor(row_factory=class_row(Stored)) as cursor:
        stored = cursor.execute(statement("facts", f"store_{kind}"), parameters).fetchone()
    assert stored is not None
    return stored


def mark_gone(connection: Connection, installation: str, kind: FactKind, id_: str, *, at: datetime) -> str | None:
    """The shop has no such resource (any more), said at `at`; the subject to wake, None when that is no news.

    For a cart `id_` is the customer's.
    """
    parameters = {"installation": installation, "id": id_, "at": at}
    row = connection.execute(statement("facts", f"{kind}_gone"), parameters).fetchone()
    return None if row is None else row[0]


def load_facts(connection: Connection, installation: str, subject: str) -> Facts:
    """Everything of one subject, for a plan."""
    named = {"installation": installation, "subject": subject}
    customer_id = subject.removeprefix(CUSTOMER_KEY) if subject.startswith(CUSTOMER_KEY) else None
    customers = _facts(connection, "customer_of_subject", named)
    carts = _facts(connection, "cart_of_customer", {"installation": installation, "customer_id": customer_id})
    return Facts(
        customer=next(iter(customers), None),
        orders=_facts(connection, "orders_of_subject", named),
        cart=next(iter(carts), None),
    )


def is_known(connection: Connection, installation: str, subject: str) -> bool:
    """Whether the account was ever read; of a guest, whether any order was."""
    named = {"installation": installation, "subject": subject}
    name = "knows_customer" if subject.startswith(CUSTOMER_KEY) else "knows_guest"
    return connection.execute(statement("facts", name), named).fetchone() is not None


def unknown_orders(connection: Connection, installation: str, ids: Iterable[str]) -> tuple[str, ...]:
    """Those of the orders that were never read, in key order."""
    parameters = {"installation": installation, "ids": list(ids)}
    return tuple(id_ for (id_,) in connection.execute(statement("facts", "unknown_orders"), parameters))


def orders_by_number(connection: Connection, installation: str, number: str) -> tuple[Fact, ...]:
    """The orders with this number, the one read last first."""
    return _facts(connection, "orders_by_number", {"installation": installation, "number": number})


def link_payments(connection: Connection, installation: str, order_id: str, payment_ids: Iterable[str]) -> None:
    """Remembers which payments the order names now, and forgets those it named before."""
    parameters = {"installation": installation, "order_id": order_id, "payment_ids": sorted(set(payment_ids))}
    connection.execute(statement("facts", "unlink_payments"), parameters)
    connection.execute(statement("facts", "link_payments"), parameters)


def orders_of_payment(connection: Connection, installation: str, payment_id: str) -> tuple[str, ...]:
    """The ids of the orders that name this payment, as far as we have seen them."""
    parameters = {"installation": installation, "payment_id": payment_id}
    return tuple(id_ for (id_,) in connection.execute(statement("facts", "orders_of_payment"), parameters))


def _facts(connection: Connection, name: str, parameters: Mapping[str, Any]) -> tuple[Fact, ...]:
    with connection.cursor(row_factory=class_row(Fact)) as cursor:
        return tuple(cursor.execute(statement("facts", name), parameters))
