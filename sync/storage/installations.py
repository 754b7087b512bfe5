"""Installations: each is one Intercom workspace joined to one commercetools project."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, TypeAlias

from psycopg import Connection
from psycopg.rows import class_row

from sync.storage.ledger import ledger_is_empty
from sync.storage.statements import statement

SINGLE: Final = "single"  # the installation that the environment describes
HASH_KEY_BYTES: Final = 32
LEDGER_LOST: Final = "the ledger is empty, though events were recorded before"

Neighbour: TypeAlias = Literal["intercom", "commercetools", "setup"]
"""`setup` stands for what an admin decided: a mapping, or secrets, that cannot be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallationRow:
    """`live_since`: what happened before is not told, unless since `history_since`.

    `refused`: the neighbours that do not let us in, with `reason` and `since`. `hash_key` is secret, and never changes.
    """

    id: str
    workspace_id: str | None
    project_key: str | None
    live_since: datetime
    history_since: datetime | None
    events_stopped_reason: str | None
    hash_key: bytes = field(repr=False)
    refused: Mapping[str, Mapping[str, str]]
    ledger_begun_at: datetime | None
    created_at: datetime


def ensure_installation(
    connection: Connection,
    installation: str,
    *,
    workspace_id: str | None,
    project_key: str | None,
    now: datetime,
    random_bytes: Callable[[int], bytes] = secrets.token_bytes,
) -> InstallationRow:
    """The installation, made if there is none; what is None is not known yet. Compare its project and
    workspace: another one's facts are no use.

    Events are stopped when the ledger is lost: everything since `live_since` would be told again.
    """
    parameters = {
        "id": installation,
        "workspace_id": workspace_id,
        "project_key": project_key,
        "now": now,
        "hash_key": random_bytes(HASH_KEY_BYTES),
    }
    connection.execute(statement("installations", "ensure"), parameters)
    row = load_installation(connection, installation)
    assert row is not None
    if row.ledger_begun_at is not None and ledger_is_empty(connection, installation):
        stop_events(connection, installation, LEDGER_LOST)
        row = load_installation(connection, installation)
        assert row is not None
    return row


def load_installation(connection: Connection, installation: str) -> InstallationRow | None:
    with connection.cursor(row_factory=class_row(InstallationRow)) as cursor:
        return cursor.execute(statement("installations", "load"), {"id": installation}).fetchone()


def begin_anew(connection: Connection, installation: str, *, now: datetime) -> None:
    """Its shop is watched from now on: what happened before is remembered and not told."""
    connection.execute(statement("installations", "begin_anew"), {"id": installation, "now": now})


def begin_ledger(connection: Connection, installation: str, *, now: datetime) -> None:
    """The first rows are in the ledger; from now on an empty one is a lost one."""
    connection.execute(statement("installations", "begin_ledger"), {"id": installation, "now": now})


def stop_events(connection: Connection, installation: str, reason: str) -> None:
    """Nothing that happens from now on is told or remembered, until `start_events`."""
    connection.execute(statement("installations", "stop_events"), {"id": installation, "reason": reason})


def start_events(connection: Connection, installation: str, *, now: datetime) -> None:
    """What happened until now is remembered and not told."""
    connection.execute(statement("installations", "start_events"), {"id": installation, "now": now})


def set_history_since(connection: Connection, installation: str, since: datetime) -> None:
    """What happened since then is told even if it was there before us."""
    connection.execute(statement("installations", "set_history_since"), {"id": installation, "since": since})


def note_refusal(
    connection: Connection, installation: str, neighbour: Neighbour, reason: str, *, now: datetime
) -> None:
    """The neighbour does not accept our credentials."""
    parameters = {"id": installation, "neighbour": neighbour, "reason": reason, "now": now.isoformat()}
    connection.execute(statement("installations", "note_refusal"), parameters)


def clear_refusal(connection: Connection, installation: str, neighbour: Neighbour) -> bool:
    """The neighbour lets us in; whether that is news."""
    parameters = {"id": installation, "neighbour": neighbour}
    return connection.execute(statement("installations", "clear_refusal"), parameters).rowcount > 0
