"""What Intercom allows, shared by all processes and machines that write to one workspace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Final

from psycopg import Connection
from psycopg.rows import dict_row

from clients.intercom.allowance import AllowanceState, Verdict
from clients.intercom.spending import Ask, Report, exchanged
from sync.storage.database import Database
from sync.storage.statements import statement

BATCH: Final = 16  # calls taken at a time; the allowance gives fewer when they are scarce


def exchange(
    connection: Connection, workspace: str, reports: Sequence[Report], ask: Ask | None = None
) -> Verdict | None:
    """Takes the reports and answers `ask`. The transaction should do nothing else: all others wait for it."""
    state, now = _locked(connection, workspace)
    state, verdict = exchanged(state, reports, ask, now=now)
    connection.execute(statement("allowance", "keep"), asdict(state) | {"workspace": workspace})
    return verdict


def state_of(connection: Connection, workspace: str) -> AllowanceState | None:
    """For whoever wants to see it; None before the first call of the workspace."""
    with connection.cursor(row_factory=dict_row) as cursor:
        row = cursor.execute(statement("allowance", "lock"), {"workspace": workspace}).fetchone()
    return None if row is None else AllowanceState(**row)


def _locked(connection: Connection, workspace: str) -> tuple[AllowanceState, float]:
    """The state and the server's time, read once the row is ours: by then others have spent."""
    state = state_of(connection, workspace)
    if state is None:
        connection.execute(statement("allowance", "begin"), asdict(AllowanceState()) | {"workspace": workspace})
        state = state_of(connection, workspace)
        assert state is not None
    now = connection.execute(statement("allowance", "now")).fetchone()
    assert now is not None
    return state, now[0]


class DatabaseStore:
    """A `clients.intercom.spending.Store`. Raises `StorageUnavailable`, which is worth another try."""

    def __init__(self, database: Database, workspace: str) -> None:
        self._database = database
        self._workspace = workspace

    def exchange(self, reports: Sequence[Report], ask: Ask | None) -> Verdict | None:
        with self._database.transaction() as connection:
            return exchange(connection, self._workspace, reports, ask)
