"""Every hint, reading, decision, request and answer about one thing, in order of time, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from psycopg import Connection
from psycopg.rows import class_row

from sync.console.entries import Entry, with_hints
from sync.storage.hints import ResourceType
from sync.storage.statements import statement

PAGE: Final = 60
_HIGHEST: Final = 2**63 - 1


class Key(StrEnum):
    """What a trace is about."""

    SUBJECT = "subject"
    ORDER_NUMBER = "order_number"
    RESOURCE = "resource"
    CORRELATION_ID = "correlation_id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """Oldest first. `older`: what to ask for the entries before these, None at the beginning."""

    entries: tuple[Entry, ...]
    older: str | None

    @property
    def subjects(self) -> tuple[str, ...]:
        """Whose contacts it is about."""
        return tuple(sorted({entry.subject for entry in self.entries if entry.subject and entry.is_found}))


class BadCursor(ValueError):
    """Nobody was given this one."""


def timeline(
    connection: Connection, installation: str, key: Key, value: str, *, older: str | None = None, limit: int = PAGE
) -> Timeline:
    """`older`: from the page after this one. Raises `BadCursor`."""
    if key is Key.SUBJECT:
        return _of_subject(connection, installation, value, older, limit)
    return _chain(connection, installation, key, value, older, limit)


def _of_subject(connection: Connection, installation: str, subject: str, older: str | None, limit: int) -> Timeline:
    named: dict[str, Any] = {"installation": installation, "subject": subject, "limit": limit + 1}
    rows = _entries(connection, "of_subject", named | _place(older))
    page = rows[:limit]
    more = len(rows) > limit
    return Timeline(entries=with_hints(page), older=_cursor(page[-1]) if more else None)


def _chain(connection: Connection, installation: str, key: Key, value: str, older: str | None, limit: int) -> Timeline:
    named = {
        "installation": installation,
        "key": key.value,
        "value": value,
        "before": _number(older),
        "types": [each.value for each in ResourceType],
        "limit": limit,
    }
    rows = _entries(connection, "chain", named)
    found = [entry.id for entry in rows if entry.kind == "step" and entry.is_found]
    return Timeline(entries=with_hints(rows), older=str(min(found)) if len(found) >= limit else None)


def _entries(connection: Connection, name: str, named: dict[str, Any]) -> Sequence[Entry]:
    with connection.cursor(row_factory=class_row(Entry)) as cursor:
        return cursor.execute(statement("console", name), named).fetchall()


def _place(older: str | None) -> dict[str, Any]:
    if older is None:
        return {"at": None, "kind": None, "id": None}
    at, _, rest = older.partition("~")
    kind, _, id_ = rest.partition("~")
    try:
        return {"at": datetime.fromisoformat(at), "kind": kind[:20], "id": _number(id_)}
    except ValueError:
        raise BadCursor from None


def _cursor(entry: Entry) -> str:
    return f"{entry.at.isoformat()}~{entry.kind}~{entry.id}"


def _number(text: str | None) -> int:
    if text is None:
        return _HIGHEST
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise BadCursor
    return int(text)
