"""Intents: each is one event as it will be sent, committed before the call, so that a crash repeats it to the letter.

Intercom takes two events with the same contact, name and second for one, whatever else is in them
(https://developers.intercom.com/docs/references/rest-api/api.intercom.io/data-events). So no two intents of a
subject, and no two of a contact, share a name and a second.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any, Final, Literal

from psycopg import Connection
from psycopg.rows import class_row

from sync.storage.documents import json_in_order
from sync.storage.statements import statement

WINDOW: Final = 86_400  # seconds around the wanted one in which a free one is looked for
MOST_RACES: Final = 5

_State = Literal["planned", "sent", "confirmed", "refused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewIntent:
    """`second`: unix time, as near to it as is free. `milestone_key`: never a second intent for the same one."""

    resource_type: str
    resource_id: str
    milestone_key: str
    name: str
    second: int
    metadata: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent(NewIntent):
    """As committed. `readdressed`: it may have been accepted for another contact before."""

    id: int
    installation: str
    subject: str
    contact_id: str | None
    state: _State
    readdressed: bool


def free_second(wanted: int, taken: Set[int], *, latest: int) -> int:
    """The nearest second that is not taken and not after `latest`; of two as near the earlier one."""
    start = min(wanted, latest)
    near = (second for away in count() for second in (start - away, start + away))
    return next(second for second in near if second <= latest and second not in taken)


def plan_intents(
    connection: Connection, installation: str, subject: str, intents: Iterable[NewIntent], *, now: datetime
) -> tuple[Intent, ...]:
    """Commits, with the caller's transaction, what will be sent; milestones that have their intent are left out."""
    planned = (_plan(connection, installation, subject, intent, now) for intent in intents)
    return tuple(intent for intent in planned if intent is not None)


def _plan(connection: Connection, installation: str, subject: str, intent: NewIntent, now: datetime) -> Intent | None:
    named: dict[str, Any] = {
        "installation": installation,
        "subject": subject,
        "resource_type": intent.resource_type,
        "resource_id": intent.resource_id,
        "milestone_key": intent.milestone_key,
        "name": intent.name,
        "metadata": json_in_order(dict(intent.metadata)),
        "now": now,
    }
    for _ in range(MOST_RACES):
        taken = _taken(connection, named | {"contact_id": None, "id": None, "second": intent.second})
        second = free_second(intent.second, taken, latest=int(now.timestamp()))
        if (planned := _one(connection, "plan_intent", named | {"second": second})) is not None:
            return planned
        if connection.execute(statement("intents", "is_planned"), named).fetchone():
            return None
    raise RuntimeError(f"no free second for {intent.name} of {subject} in {MOST_RACES} tries")


def open_intents(connection: Connection, installation: str, subject: str) -> tuple[Intent, ...]:
    """What is still to be sent, or was sent and not confirmed, in the order in which it happened."""
    with connection.cursor(row_factory=class_row(Intent)) as cursor:
        return tuple(cursor.execute(statement("intents", "open_intents"), _named(installation, subject)))


def used_seconds(connection: Connection, installation: str, subject: str) -> frozenset[tuple[str, int]]:
    """Event names in small letters and unix seconds that this subject has intents for."""
    rows = connection.execute(statement("intents", "used_seconds"), _named(installation, subject))
    return frozenset((name, second) for name, second in rows)


def address_intent(connection: Connection, intent: Intent, contact_id: str, *, now: datetime) -> Intent | None:
    """Notes that the intent is about to be sent to this contact; commit, then send what this returns.

    An intent that was sent to the same contact before comes back unchanged. Otherwise the second may move, when the
    contact has an event of that name in it by another subject. None: it was settled meanwhile.
    """
    second = intent.second
    if intent.contact_id != contact_id:
        taken = _taken(
            connection,
            _named(intent.installation, intent.subject)
            | {"contact_id": contact_id, "id": intent.id, "name": intent.name, "second": second},
        )
        second = free_second(second, taken, latest=int(now.timestamp()))
    parameters = {"id": intent.id, "contact_id": contact_id, "second": second, "now": now}
    return _one(connection, "address_intent", parameters)


def confirm_intent(connection: Connection, intent_id: int, *, now: datetime) -> None:
    """Intercom has accepted it; so does the ledger."""
    _settle(connection, intent_id, "confirmed", "confirmed", now)


def skip_intent(connection: Connection, intent_id: int, *, now: datetime) -> None:
    """It will never be sent, and its milestone counts as skipped."""
    _settle(connection, intent_id, "refused", "skipped", now)


def refuse_intent(connection: Connection, intent_id: int) -> None:
    """Intercom will not have it: a dead letter says why, and a person decides."""
    connection.execute(statement("intents", "refuse_intent"), {"id": intent_id})


def replan_refused(connection: Connection, installation: str, subjects: Sequence[str]) -> int:
    """Has what was refused sent again; how many."""
    parameters = {"installation": installation, "subjects": list(subjects)}
    return connection.execute(statement("intents", "replan_refused"), parameters).rowcount


def has_refused(connection: Connection, installation: str, subject: str) -> bool:
    """Whether Intercom would not have some of this subject's events, and nobody has decided on them."""
    return connection.execute(statement("intents", "refused_intents"), _named(installation, subject)).rowcount > 0


def skip_refused(connection: Connection, installation: str, subject: str, *, now: datetime) -> int:
    """Gives up what was refused; how many."""
    rows = connection.execute(statement("intents", "refused_intents"), _named(installation, subject)).fetchall()
    for (intent_id,) in rows:
        skip_intent(connection, intent_id, now=now)
    return len(rows)


def _settle(connection: Connection, intent_id: int, state: _State, milestone: str, now: datetime) -> None:
    parameters = {"id": intent_id, "state": state, "milestone": milestone, "now": now}
    connection.execute(statement("intents", "settle_intent"), parameters)


def _taken(connection: Connection, parameters: Mapping[str, Any]) -> frozenset[int]:
    rows = connection.execute(statement("intents", "taken_seconds"), {**parameters, "window": WINDOW})
    return frozenset(second for (second,) in rows)


def _one(connection: Connection, name: str, parameters: Mapping[str, Any]) -> Intent | None:
    with connection.cursor(row_factory=class_row(Intent)) as cursor:
        return cursor.execute(statement("intents", name), parameters).fetchone()


def _named(installation: str, subject: str) -> dict[str, Any]:
    return {"installation": installation, "subject": subject}
