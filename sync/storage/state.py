"""How the database and the queue in it are, for whoever looks after them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from psycopg import Connection
from psycopg.rows import class_row

from sync.priorities import Priority
from sync.storage.statements import statement
from sync.storage.waking import QUEUE, lock_prefix

STALLED: Final = timedelta(seconds=10)  # without a sign of life


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerState:
    """`version` as the server counts: 160004 is 16.4."""

    version: int
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueState:
    """Jobs of one installation, but for the times. `waiting_since`: of the oldest reason to work that was not answered.

    `stalled`: jobs that a worker began which gives no sign of life. `workers`: of all installations.
    """

    waiting: int
    retrying: int
    running: int
    waiting_since: datetime | None
    workers: int
    stalled: int


def server_state(connection: Connection) -> ServerState:
    with connection.cursor(row_factory=class_row(ServerState)) as cursor:
        row = cursor.execute(statement("state", "server")).fetchone()
    assert row is not None
    return row


def queue_state(connection: Connection, installation: str) -> QueueState:
    parameters = {"installation": installation, "prefix": lock_prefix(installation), "stalled": STALLED}
    with connection.cursor(row_factory=class_row(QueueState)) as cursor:
        row = cursor.execute(statement("state", "queue"), parameters).fetchone()
    assert row is not None
    return row


def open_dead_letters(connection: Connection, installation: str) -> dict[tuple[str, str], int]:
    """How many, by part and reason; the most first."""
    rows = connection.execute(statement("state", "open_dead_letters"), {"installation": installation})
    return {(part, reason): count for part, reason, count in rows}


def open_backfill_jobs(connection: Connection, installation: str) -> int:
    """What backfills have given to the workers and is not done yet, that which is to be tried again included."""
    parameters = {"queue": QUEUE, "priority": int(Priority.BACKFILL), "prefix": lock_prefix(installation)}
    row = connection.execute(statement("state", "open_backfill_jobs"), parameters).fetchone()
    assert row is not None
    return int(row[0])
