"""Hints: somebody says that a resource of the shop changed. Whoever it is, we read the resource ourselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from psycopg import Connection
from psycopg.rows import dict_row

from sync.priorities import Priority
from sync.storage.statements import statement
from sync.storage.waking import JUST, QUEUE, Beginning, resource_lock, take_over

MOST_AT_ONCE: Final = 100
MOST_SHOWN: Final = 100  # hints that a read is told of; the rest count all the same


class ResourceType(StrEnum):
    """What stage 1 reads. A cart is read by the id of its customer, an order number leads to an order."""

    ORDER = "order"
    PAYMENT = "payment"
    CUSTOMER = "customer"
    CART = "cart"
    ORDER_NUMBER = "order_number"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """`version`: the resource has at least this one; `occurred_at`, `message_type`: as a message says, if one came."""

    source: str
    type: ResourceType
    id: str
    version: int | None = None
    occurred_at: datetime | None = None
    message_type: str | None = None
    correlation_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenHint(Hint):
    """As it was stored."""

    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceRead:
    """A read that has begun. `hints`: the newest of those that it answers, newest first."""

    installation: str
    type: ResourceType
    id: str
    priority: Priority
    attempts: int  # before this one
    wanted_version: int | None = None
    last_hint: int | None = None
    hints: tuple[GivenHint, ...] = field(default=(), repr=False)

    @property
    def correlation_id(self) -> str | None:
        """Of the newest hint that has one."""
        return next((hint.correlation_id for hint in self.hints if hint.correlation_id), None)


def record_hints(
    connection: Connection, installation: str, hints: Sequence[Hint], *, priority: Priority = Priority.LIVE
) -> int:
    """Stores the hints and wakes their resources, in the caller's transaction; the number of jobs deferred.

    At most `MOST_AT_ONCE` of them in one transaction, or locks are held for too long: `ValueError`. Use `in_batches`.
    """
    if len(hints) > MOST_AT_ONCE:
        raise ValueError(f"{len(hints)} hints at once; at most {MOST_AT_ONCE}")
    if not hints:
        return 0
    parameters = {
        "installation": installation,
        "priority": int(priority),
        "queue": QUEUE,
        "sources": [hint.source for hint in hints],
        "types": [hint.type.value for hint in hints],
        "ids": [hint.id for hint in hints],
        "versions": [hint.version for hint in hints],
        "times": [hint.occurred_at for hint in hints],
        "message_types": [hint.message_type for hint in hints],
        "correlation_ids": [hint.correlation_id for hint in hints],
    }
    row = connection.execute(statement("hints", "wake_resources"), parameters).fetchone()
    assert row is not None
    connection.execute(statement("hints", "store_hints"), parameters)
    return int(row[0])


def in_batches(hints: Sequence[Hint]) -> list[Sequence[Hint]]:
    """The hints in parts that fit into one transaction each."""
    return [hints[start : start + MOST_AT_ONCE] for start in range(0, len(hints), MOST_AT_ONCE)]


def begin_read(
    connection: Connection,
    installation: str,
    type_: ResourceType,
    id_: str,
    *,
    began: Beginning = JUST,
) -> ResourceRead | None:
    """Clears the flag, takes over what waits, and says what is to be answered; None for a resource nobody knows.

    Commit before the shop is asked: a hint that comes after that must find the flag cleared.
    """
    key = {"installation": installation, "type": type_.value, "id": id_}
    if connection.execute(statement("hints", "begin_resource"), key).fetchone() is None:
        return None
    take_over(connection, resource_lock(installation, type_, id_), began)
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(statement("hints", "open_hints"), key | {"most": MOST_SHOWN}).fetchall()
    totals = [(row.pop("last_hint"), row.pop("wanted_version")) for row in rows] or [(None, None)]
    return ResourceRead(
        installation=installation,
        type=type_,
        id=id_,
        priority=began.priority,
        attempts=began.attempts,
        last_hint=totals[0][0],
        wanted_version=totals[0][1],
        hints=tuple(GivenHint(**row | {"type": ResourceType(row["type"])}) for row in rows),
    )


def finish_read(connection: Connection, read: ResourceRead) -> None:
    """Marks what was answered as handled, in the transaction that stores the fact."""
    if read.last_hint is not None:
        key = {"installation": read.installation, "type": read.type.value, "id": read.id}
        connection.execute(statement("hints", "handle_hints"), key | {"last_hint": read.last_hint})


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidRow:
    """That a message named a moment of this resource."""

    type: ResourceType
    id: str
    message_type: str
    occurred_at: datetime


def said(
    connection: Connection, installation: str, resources: Iterable[tuple[ResourceType, str]]
) -> tuple[SaidRow, ...]:
    """What messages told of these resources, oldest first, for as long as hints are kept."""
    pairs = [(type_.value, id_) for type_, id_ in resources]
    parameters = {
        "installation": installation,
        "types": [type_ for type_, _ in pairs],
        "ids": [id_ for _, id_ in pairs],
    }
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(statement("hints", "said"), parameters).fetchall()
    return tuple(SaidRow(**row | {"type": ResourceType(row["type"])}) for row in rows)
