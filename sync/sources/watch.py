"""One kind of resource, watched: from which moment on to look, what was seen since, and hints for the rest.

Cursor, what was seen and hints are kept in one transaction, so nothing is lost whatever ends the process.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Generic, Protocol, TypeVar

from psycopg import Connection

from sync.priorities import Priority
from sync.storage.changes import Kind, SeenChange, forget_changes, note_changes
from sync.storage.cursors import load_cursor, save_cursor
from sync.storage.database import Transactions
from sync.storage.hints import MOST_AT_ONCE, Hint, record_hints

SAVED_EACH: Final = timedelta(seconds=5)
"""How often a cursor is written that no hint goes with."""


class Row(Protocol):
    """What a list of the shop names: a version of something, and when it came to be."""

    @property
    def id(self) -> str: ...

    @property
    def version(self) -> int: ...

    @property
    def last_modified_at(self) -> datetime: ...


RowT = TypeVar("RowT", bound=Row)


@dataclass(slots=True, kw_only=True)
class Watch(Generic[RowT]):
    """In one process; not for several threads. What the process remembers only saves it asking the database.

    `tell`: the hint to give of a row that is new, with a correlation id for it; None when it is no news for us.
    """

    database: Transactions
    installation: str
    kind: Kind
    tell: Callable[[RowT, str], Hint | None]
    _cursor: datetime | None = None
    _saved_at: datetime | None = None
    _seen: dict[str, SeenChange] = field(default_factory=dict)

    def forget(self) -> None:
        """Somebody else may have gone on meanwhile: ask the database again."""
        self._cursor, self._saved_at, self._seen = None, None, {}

    def cursor(self) -> datetime | None:
        """From here on is to be looked; None before the very first look."""
        if self._cursor is None:
            with self.database.transaction() as connection:
                self._cursor = self._load(connection)
        return self._cursor

    def keep(self, changes: Sequence[RowT], reached: datetime, *, now: datetime, correlation_id: str) -> int:
        """Gives hints of what is new and moves the cursor to `reached`, never back; the number of hints."""
        fresh = [change for change in changes if not self._is_seen(change)]
        if not fresh and self._saved_at is not None and now - self._saved_at < SAVED_EACH:
            return 0  # nothing is lost: the next look begins where this one did
        parts = [fresh[start : start + MOST_AT_ONCE] for start in range(0, len(fresh), MOST_AT_ONCE)] or [[]]
        hints = sum(self._give(part, correlation_id) for part in parts[:-1])
        hints += self._give(parts[-1], correlation_id, reached=reached)
        self._saved_at = now
        return hints

    def _give(self, part: Sequence[RowT], correlation_id: str, *, reached: datetime | None = None) -> int:
        seen = [SeenChange(id=each.id, version=each.version, modified_at=each.last_modified_at) for each in part]
        with self.database.transaction() as connection:
            new = note_changes(connection, self.installation, self.kind, seen) if seen else frozenset()
            named = (self.tell(each, correlation_id) for each in part)
            hints = [hint for each, hint in zip(part, named, strict=True) if hint is not None and each.id in new]
            record_hints(connection, self.installation, hints, priority=Priority.LIVE)
            if reached is not None:
                reached = self._save(connection, reached)
        for change in seen:
            if change.id not in self._seen or self._seen[change.id].version < change.version:
                self._seen[change.id] = change
        if reached is not None:
            self._cursor = reached
            self._seen = {id_: change for id_, change in self._seen.items() if change.modified_at >= reached}
        return len(hints)

    def _is_seen(self, change: RowT) -> bool:
        known = self._seen.get(change.id)
        return known is not None and known.version >= change.version

    @property
    def _name(self) -> str:
        return f"poll/{self.kind}"

    def _load(self, connection: Connection) -> datetime | None:
        position = load_cursor(connection, self.installation, self._name)
        return None if position is None else datetime.fromisoformat(position["since"])

    def _save(self, connection: Connection, reached: datetime) -> datetime:
        reached = max(reached, self._load(connection) or reached)
        save_cursor(connection, self.installation, self._name, {"since": reached.isoformat()})
        forget_changes(connection, self.installation, self.kind, before=reached)
        return reached
