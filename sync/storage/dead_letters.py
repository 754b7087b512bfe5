"""Dead letters: what will not succeed until a person changes something, with the vendor's words, masked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal

from psycopg import Connection
from psycopg.rows import class_row

from sync.priorities import Priority
from sync.storage.documents import jsonb
from sync.storage.hints import Hint, ResourceType, in_batches, record_hints
from sync.storage.intents import replan_refused, skip_refused
from sync.storage.statements import statement
from sync.storage.subjects import wake_subjects

EVENTS: Final = "events"  # the part that intents are for
REPLAY: Final = "replay"  # the source of a hint that a person gave

NOTIFICATION: Final = "notification"  # the part of what came through a door and could not be read

MOST_AT_ONCE: Final = 500  # decided about in one transaction

State = Literal["open", "replayed", "discarded"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where it failed: a resource while it was read, or a subject, or one resource of a subject. `part` says which
    part of the work: `read`, `identity`, `attributes`, `tags`, `events` and the like.
    """

    part: str
    subject: str | None = None
    resource_type: str | None = None
    resource_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter(Place):
    """`times`: how often it failed since `created_at`. `answer`: the vendor's last one, masked."""

    id: int
    installation: str
    reason: str
    answer: Mapping[str, Any] | None = field(repr=False)
    times: int
    created_at: datetime
    last_at: datetime
    state: State
    note: str | None


def bury(
    connection: Connection,
    installation: str,
    place: Place,
    reason: str,
    *,
    now: datetime,
    answer: Mapping[str, Any] | None = None,
) -> int:
    """The number of the dead letter; one that is open for the same place only counts on."""
    parameters = _placed(installation, place) | {
        "reason": reason,
        "answer": None if answer is None else jsonb(dict(answer)),
        "now": now,
    }
    row = connection.execute(statement("dead_letters", "bury"), parameters).fetchone()
    assert row is not None
    return int(row[0])


def heal(connection: Connection, installation: str, place: Place, *, now: datetime) -> bool:
    """Closes the dead letter of a place that succeeded after all; whether there was one."""
    parameters = _placed(installation, place) | {"now": now}
    return connection.execute(statement("dead_letters", "heal"), parameters).rowcount > 0


def list_dead_letters(
    connection: Connection,
    installation: str | None = None,
    *,
    state: State | None = "open",
    part: str | None = None,
    reason: str | None = None,
    limit: int | None = 100,
) -> tuple[DeadLetter, ...]:
    """The newest first; whatever the installation, state, part or reason where None is given."""
    parameters = {"installation": installation, "state": state, "part": part, "reason": reason, "limit": limit}
    with connection.cursor(row_factory=class_row(DeadLetter)) as cursor:
        return tuple(cursor.execute(statement("dead_letters", "list"), parameters))


def show_dead_letter(connection: Connection, id_: int) -> DeadLetter | None:
    with connection.cursor(row_factory=class_row(DeadLetter)) as cursor:
        return cursor.execute(statement("dead_letters", "show"), {"id": id_}).fetchone()


def replay(connection: Connection, id_: int, *, now: datetime, note: str | None = None) -> DeadLetter | None:
    """Has it tried again, as live work. If it fails again, it becomes a new dead letter.

    None, and nothing changes, when it is not open, or is a notification: what that said was not kept.
    """
    shown = show_dead_letter(connection, id_)
    closed = shown and replay_all(connection, shown.installation, [id_], now=now, note=note)
    return closed[0] if closed else None


def discard(connection: Connection, id_: int, *, now: datetime, note: str | None = None) -> DeadLetter | None:
    """Gives it up; of events, what Intercom refused counts as skipped. None when it is not open."""
    shown = show_dead_letter(connection, id_)
    closed = shown and discard_all(connection, shown.installation, [id_], now=now, note=note)
    return closed[0] if closed else None


def replay_all(
    connection: Connection, installation: str, ids: Sequence[int], *, now: datetime, note: str | None = None
) -> tuple[DeadLetter, ...]:
    """`replay` of many, at most `MOST_AT_ONCE`, with a handful of statements; those that were closed.

    However many letters a subject has, it is woken once, and what it is sent was committed before: so nothing is sent
    twice.
    """
    letters = _close(connection, installation, ids, "replayed", now, note)
    subjects = sorted({letter.subject for letter in letters if letter.subject is not None})
    resources = {
        (letter.resource_type, letter.resource_id)
        for letter in letters
        if letter.subject is None and letter.resource_type is not None and letter.resource_id is not None
    }
    hints = [Hint(source=REPLAY, type=ResourceType(type_), id=id_) for type_, id_ in sorted(resources)]
    for part in in_batches(hints):
        record_hints(connection, installation, part, priority=Priority.LIVE)
    if subjects:
        replan_refused(connection, installation, subjects)
        wake_subjects(connection, installation, subjects)
    return letters


def discard_all(
    connection: Connection, installation: str, ids: Sequence[int], *, now: datetime, note: str | None = None
) -> tuple[DeadLetter, ...]:
    """`discard` of many, at most `MOST_AT_ONCE`; those that were closed."""
    letters = _close(connection, installation, ids, "discarded", now, note)
    for subject in sorted({each.subject for each in letters if each.subject is not None and each.part == EVENTS}):
        skip_refused(connection, installation, subject, now=now)
    return letters


def _close(
    connection: Connection, installation: str, ids: Sequence[int], state: State, now: datetime, note: str | None
) -> tuple[DeadLetter, ...]:
    if len(ids) > MOST_AT_ONCE:
        raise ValueError(f"{len(ids)} dead letters at once; at most {MOST_AT_ONCE}")
    parameters = {
        "installation": installation,
        "ids": list(ids),
        "state": state,
        "kept": [NOTIFICATION] if state == "replayed" else [],
        "now": now,
        "note": note,
    }
    with connection.cursor(row_factory=class_row(DeadLetter)) as cursor:
        closed = cursor.execute(statement("dead_letters", "close"), parameters).fetchall()
    return tuple(sorted(closed, key=lambda letter: letter.id))


def _placed(installation: str, place: Place) -> dict[str, Any]:
    return {
        "installation": installation,
        "part": place.part,
        "subject": place.subject,
        "resource_type": place.resource_type,
        "resource_id": place.resource_id,
    }
