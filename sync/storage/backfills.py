"""Backfills: how far each has come, what it need not keep again, and whom it is to wake."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias

from psycopg import Connection
from psycopg.rows import class_row

from sync.storage.documents import jsonb
from sync.storage.statements import statement
from sync.storage.waking import QUEUE, lock_prefix

Wanted: TypeAlias = Literal["running", "paused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BackfillRow:
    """`position` and `options` are the backfill's own; `done` of `total` (None: unknown) are of its present stage.

    `wanted`: None for one that a command carries out by itself, else a worker does. `held`: why it does not go on at
    present, as {"waits_for": "workers" | "shop", "reason"}.
    """

    id: int
    options: Mapping[str, Any]
    position: Mapping[str, Any]
    done: int
    total: int | None
    started_at: datetime
    updated_at: datetime
    finished_at: datetime | None
    wanted: Wanted | None
    held: Mapping[str, Any] | None


def running_backfill(connection: Connection, installation: str) -> BackfillRow | None:
    """The one that is not finished, locked until the end of the transaction."""
    return _row(connection, "running", {"installation": installation})


def newest_backfill(connection: Connection, installation: str) -> BackfillRow | None:
    """The one begun last, finished or not."""
    return _row(connection, "newest", {"installation": installation})


def begin_backfill(
    connection: Connection,
    installation: str,
    *,
    options: Mapping[str, Any],
    position: Mapping[str, Any],
    total: int | None,
    now: datetime,
    wanted: Wanted | None = None,
) -> BackfillRow:
    """A new one; there must be none that is not finished."""
    parameters = {
        "installation": installation,
        "options": jsonb(dict(options)),
        "position": jsonb(dict(position)),
        "total": total,
        "wanted": wanted,
        "now": now,
    }
    row = _row(connection, "begin", parameters)
    assert row is not None
    return row


def save_backfill(
    connection: Connection, id_: int, *, position: Mapping[str, Any], done: int, total: int | None, now: datetime
) -> None:
    """In the transaction that keeps what the position stands for."""
    parameters = {"id": id_, "position": jsonb(dict(position)), "done": done, "total": total, "now": now}
    connection.execute(statement("backfill", "save"), parameters)


def finish_backfill(connection: Connection, id_: int, *, now: datetime) -> None:
    connection.execute(statement("backfill", "finish"), {"id": id_, "now": now})


def want_backfill(connection: Connection, installation: str, wanted: Wanted, *, is_new: bool = False) -> bool:
    """Has the one that is not finished paused or carried on; whether there is one. `is_new`: also a command's own."""
    parameters = {"installation": installation, "wanted": wanted, "is_new": is_new}
    return connection.execute(statement("backfill", "want"), parameters).rowcount > 0


def installations_with_wanted_backfill(connection: Connection) -> tuple[str, ...]:
    """Those that wait for a worker to carry one out, or on."""
    return tuple(str(id_) for (id_,) in connection.execute(statement("backfill", "wanted")))


def hold_backfill(connection: Connection, id_: int, held: Mapping[str, Any] | None, *, now: datetime) -> None:
    """Says why it does not go on at present."""
    parameters = {"id": id_, "held": None if held is None else jsonb(dict(held)), "now": now}
    connection.execute(statement("backfill", "hold"), parameters)


def same_facts(
    connection: Connection,
    installation: str,
    kind: Literal["order", "customer"],
    nodes: Sequence[Mapping[str, object]],
) -> frozenset[str]:
    """The ids of those that are kept already exactly as read. (A payment changes its order without a new version.)"""
    parameters = {
        "installation": installation,
        "ids": [str(node["id"]) for node in nodes],
        "documents": [jsonb(dict(node)) for node in nodes],
    }
    rows = connection.execute(statement("backfill", f"same_{kind}s"), parameters)
    return frozenset(str(id_) for (id_,) in rows)


def subjects_of_facts(
    connection: Connection, installation: str, *, after: str, since: str | None, limit: int
) -> tuple[str, ...]:
    """The next keys in their order; with `since` (as the shop writes times) of those with something modified since."""
    parameters = {"installation": installation, "after": after, "since": since, "limit": limit}
    return tuple(str(key) for (key,) in connection.execute(statement("backfill", "subjects"), parameters))


def count_subjects_of_facts(connection: Connection, installation: str, *, since: str | None) -> int:
    parameters = {"installation": installation, "since": since}
    row = connection.execute(statement("backfill", "count_subjects"), parameters).fetchone()
    assert row is not None
    return int(row[0])


def waiting_jobs(connection: Connection, installation: str, *, most: int) -> int:
    """How many of its jobs wait for a worker; `most` when there are more."""
    parameters = {"queue": QUEUE, "prefix": lock_prefix(installation), "most": most}
    row = connection.execute(statement("backfill", "waiting_jobs"), parameters).fetchone()
    assert row is not None
    return int(row[0])


def plan_anew(connection: Connection) -> None:
    """For tables that have grown much: what was prepared when they were empty reads them whole, each time."""
    connection.execute(statement("backfill", "look_again"))


def _row(connection: Connection, name: str, parameters: Mapping[str, Any]) -> BackfillRow | None:
    with connection.cursor(row_factory=class_row(BackfillRow)) as cursor:
        return cursor.execute(statement("backfill", name), parameters).fetchone()
