"""Subjects: each is one contact-to-be of an installation, and what we know of its contact in Intercom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from psycopg import Connection
from psycopg.rows import class_row

from sync.priorities import Priority
from sync.storage.documents import jsonb
from sync.storage.statements import statement
from sync.storage.waking import JUST, QUEUE, Beginning, subject_lock, take_over

APART: Final = timedelta(seconds=1)  # between the beginnings of two jobs of one subject
ARRIVED: Final = timedelta(seconds=30)  # after it nothing is on its way any more: three times what a call may take


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectRow:
    """`key`: `c:<customer id>` or `g:<keyed hash>`. `fingerprint`: what its contact holds by us, `{}` when unknown.

    `tags_added` are on it by us, and ours to remove; `tags_unsure` were about to be put on, and may be. `doubted_at`: a
    request may have been on its way when it was given up, about `doubted_fields` and `doubted_tags` perhaps.
    """

    installation: str
    key: str
    contact_id: str | None = None
    linked_by: str | None = None
    fingerprint: Mapping[str, Any] = field(default_factory=dict, repr=False)
    tags_added: Sequence[str] = ()
    tags_unsure: Sequence[str] = ()
    parked_reason: str | None = None
    woken_at: datetime | None = None
    updated_at: datetime | None = None
    doubted_at: datetime | None = None
    doubted_fields: Sequence[str] = ()
    doubted_tags: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectUpdate:
    """An update that has begun. `run`: its number; a higher one has begun since takes its place.

    `is_doubtful`: what the contact holds is to be looked at before anything is planned.
    """

    installation: str
    key: str
    priority: Priority
    attempts: int  # before this one
    run: int
    is_doubtful: bool = False


def wake_subjects(
    connection: Connection,
    installation: str,
    keys: Iterable[str],
    *,
    priority: Priority = Priority.LIVE,
    apart: timedelta = APART,
) -> int:
    """Has the subjects brought up to date after the commit; the number of jobs deferred.

    The first call leads to a job at once, and the next job of the same subject begins `apart` later. All subjects that
    a transaction wakes belong into one call, for their rows are locked in key order.
    """
    parameters = {
        "installation": installation,
        "keys": list(keys),
        "priority": int(priority),
        "queue": QUEUE,
        "apart": apart,
    }
    row = connection.execute(statement("subjects", "wake_subjects"), parameters).fetchone()
    assert row is not None
    return int(row[0])


def begin_update(
    connection: Connection,
    installation: str,
    key: str,
    *,
    began: Beginning = JUST,
    arrived: timedelta = ARRIVED,
) -> SubjectUpdate | None:
    """Clears the flag and takes over what waits; None for a subject that was erased.

    Commit before facts are loaded: a reason that comes after that must find the flag cleared. `arrived`: how long ago a
    doubt must be for nothing to be on its way any more.
    """
    parameters = _named(installation, key) | {"arrived": arrived}
    begun = connection.execute(statement("subjects", "begin_subject"), parameters).fetchone()
    if begun is None:
        return None
    take_over(connection, subject_lock(installation, key), began)
    return SubjectUpdate(
        installation=installation,
        key=key,
        priority=began.priority,
        attempts=began.attempts,
        run=begun[0],
        is_doubtful=begun[1],
    )


def is_newest_run(connection: Connection, installation: str, key: str, run: int) -> bool:
    """Whether nobody has begun to update the subject since."""
    parameters = _named(installation, key) | {"run": run}
    return connection.execute(statement("subjects", "is_newest_run"), parameters).fetchone() is not None


def end_run(connection: Connection, installation: str, key: str, run: int, *, in_doubt: bool = False) -> None:
    """It did not come to its end, and is not at it any more. `in_doubt`: its last request may still be on its way."""
    parameters = _named(installation, key) | {"run": run, "in_doubt": in_doubt}
    connection.execute(statement("subjects", "end_run"), parameters)


def wake_doubted(connection: Connection, installation: str, *, arrived: timedelta = ARRIVED, limit: int = 500) -> int:
    """Has those contacts looked at of which we are not sure; the number of jobs deferred."""
    parameters = {"installation": installation, "arrived": arrived, "limit": limit}
    keys = [key for (key,) in connection.execute(statement("subjects", "doubted"), parameters)]
    return wake_subjects(connection, installation, keys, priority=Priority.BACKFILL) if keys else 0


def settle_doubt(connection: Connection, installation: str, key: str, doubted_at: datetime) -> None:
    """The contact was looked at, for the doubt of that moment."""
    connection.execute(statement("subjects", "settle_doubt"), _named(installation, key) | {"doubted_at": doubted_at})


def finish_update(connection: Connection, installation: str, key: str) -> None:
    """Everything that was to be sent has arrived."""
    connection.execute(statement("subjects", "finish_update"), _named(installation, key))


def load_subject(connection: Connection, installation: str, key: str) -> SubjectRow | None:
    with connection.cursor(row_factory=class_row(SubjectRow)) as cursor:
        return cursor.execute(statement("subjects", "load_subject"), _named(installation, key)).fetchone()


def subjects_after(connection: Connection, installation: str, after: str, *, limit: int) -> tuple[SubjectRow, ...]:
    """A page of all subjects in key order; begin with `after=""`."""
    parameters = {"installation": installation, "after": after, "limit": limit}
    with connection.cursor(row_factory=class_row(SubjectRow)) as cursor:
        return tuple(cursor.execute(statement("subjects", "subjects_after"), parameters))


def subjects_of_contact(connection: Connection, installation: str, contact_id: str) -> tuple[str, ...]:
    """The keys of all subjects that are linked to this contact."""
    parameters = {"installation": installation, "contact_id": contact_id}
    return tuple(key for (key,) in connection.execute(statement("subjects", "subjects_of_contact"), parameters))


def link_contact(
    connection: Connection, installation: str, key: str, contact_id: str | None, *, linked_by: str | None
) -> None:
    """Remembers the contact, or that there is none. Fingerprint and tags of another contact are forgotten."""
    parameters = _named(installation, key) | {"contact_id": contact_id, "linked_by": linked_by}
    connection.execute(statement("subjects", "link_contact"), parameters)


def drop_fingerprint(connection: Connection, installation: str, key: str) -> None:
    """The contact was restored or merged into: everything is to be sent again."""
    connection.execute(statement("subjects", "drop_fingerprint"), _named(installation, key))


def save_fingerprint(
    connection: Connection, installation: str, key: str, contact_id: str, fingerprint: Mapping[str, Any]
) -> bool:
    """False, and nothing is saved, when the subject is no longer linked to this contact."""
    parameters = _named(installation, key) | {"contact_id": contact_id, "fingerprint": jsonb(dict(fingerprint))}
    return connection.execute(statement("subjects", "save_fingerprint"), parameters).rowcount > 0


def save_tags(
    connection: Connection,
    installation: str,
    key: str,
    contact_id: str,
    tags: Iterable[str],
    *,
    unsure: Iterable[str] = (),
) -> bool:
    """False, and nothing is saved, when the subject is no longer linked to this contact."""
    parameters = _named(installation, key) | {
        "contact_id": contact_id,
        "tags": jsonb(sorted(set(tags))),
        "unsure": jsonb(sorted(set(unsure))),
    }
    return connection.execute(statement("subjects", "save_tags"), parameters).rowcount > 0


def park(connection: Connection, installation: str, key: str, reason: str | None) -> None:
    """Nothing is sent for this subject, for this reason; None lifts it."""
    connection.execute(statement("subjects", "park_subject"), _named(installation, key) | {"reason": reason})


def _named(installation: str, key: str) -> dict[str, Any]:
    return {"installation": installation, "key": key}
