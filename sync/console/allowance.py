"""What Intercom allows one workspace, and what was made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from psycopg import Connection
from psycopg.rows import class_row, dict_row

from clients.intercom.allowance import WINDOW, AllowanceState
from sync.storage.statements import statement

WINDOWS: Final = 60  # ten minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """`requests` that Intercom answered in it."""

    at: datetime
    requests: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowanceView:
    """`limit`: requests per window, None before the first answer. `remaining` in this one. `resets_at`: None
    while no window is open. `windows`: oldest first, the present one last.
    """

    limit: int | None
    remaining: int | None
    seconds: float
    resets_at: datetime | None
    paused_until: datetime | None
    windows: tuple[Window, ...]

    @property
    def busiest(self) -> int:
        """Requests in the fullest of the windows."""
        return max((each.requests for each in self.windows), default=0)


def allowance(connection: Connection, installation: str, *, now: datetime) -> AllowanceView:
    """As all processes know it together."""
    named = {"installation": installation, "now": now, "length": int(WINDOW), "windows": WINDOWS}
    with connection.cursor(row_factory=class_row(Window)) as cursor:
        windows = tuple(cursor.execute(statement("console", "windows"), named))
    with connection.cursor(row_factory=dict_row) as states:
        row = states.execute(statement("console", "allowance"), {"workspace": installation}).fetchone()
    return _seen(row, windows, now)


def _seen(row: Mapping[str, Any] | None, windows: tuple[Window, ...], now: datetime) -> AllowanceView:
    state = AllowanceState(**row) if row is not None else AllowanceState()
    is_open = state.heard and now.timestamp() < state.resets_at
    paused = state.paused_until > now.timestamp()
    return AllowanceView(
        limit=state.limit,
        remaining=max(0, state.available) if is_open else state.limit,
        seconds=state.length,
        resets_at=datetime.fromtimestamp(state.resets_at, UTC) if is_open else None,
        paused_until=datetime.fromtimestamp(state.paused_until, UTC) if paused else None,
        windows=windows,
    )
