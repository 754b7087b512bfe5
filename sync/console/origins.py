"""For each value that a contact or a conversation holds by us: which rule it is from, and how it got there.

From the request that carried it back to the plan of the same run, to the readings which that plan stood on, to the
hints that had them read. Steps are kept for a while only; of a value that is older, what is still known is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias

from psycopg import Connection
from psycopg.rows import dict_row

from sync.console.entries import Entry
from sync.plan.contact import OURS
from sync.plan.subject import UNSURE
from sync.storage.statements import statement
from sync.storage.subjects import SubjectRow, load_subject

MOST_CONVERSATIONS: Final = 10
MOST_READINGS: Final = 3  # behind one value
_TAG: Final = "#"  # as `console.sql` tells a tag from an attribute
_ROOTS: Final = re.compile(r"(?<![\w.])(order|orders|lifetime|customer|cart)\b")  # of a path

State: TypeAlias = Literal["sent", "unsure", "found", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """As it was when the value was sent."""

    path: str
    mask: str | None = None
    when: str | None = None


_OWN_FIELDS: Final = Rule(path="customer order")  # an account's, or a guest's newest order's


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """One attribute or tag. `is_field`: one of Intercom's own, of which no value is kept. `sent`: what carried it.

    `state`: `sent` as it is; `unsure`, on its way or never confirmed; `found` on the contact, not as it was sent;
    `unknown`, sent before the steps that are kept.
    """

    name: str
    value: object
    state: State
    is_field: bool = False
    rule: Rule | None = None
    sent: Entry | None = None
    planned: Entry | None = None
    readings: tuple[Entry, ...] = ()

    @property
    def hints(self) -> tuple[Mapping[str, Any], ...]:
        """What had the shop read for it."""
        return tuple(hint for each in self.readings for hint in each.detail.get("hints", ()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A conversation, and what it holds by us."""

    id: str
    order_id: str | None
    is_open: bool
    attributes: tuple[Origin, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """What one subject's contact holds by us."""

    subject: SubjectRow
    attributes: tuple[Origin, ...]
    tags: tuple[Origin, ...]
    conversations: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class _Sent:
    """The last step that carried an attribute, with the value of then."""

    value: object
    entry: Entry


def contact(connection: Connection, installation: str, subject: str) -> Contact | None:
    """None for a subject that nobody knows."""
    row = load_subject(connection, installation, subject)
    if row is None:
        return None
    if row.contact_id is None:
        return Contact(subject=row, attributes=(), tags=(), conversations=())
    named = {"installation": installation, "subject": subject, "contact_id": row.contact_id}
    sent = _sent(connection, "sent", named)
    return Contact(
        subject=row,
        attributes=_origins(connection, installation, row.fingerprint, sent),
        tags=_origins(connection, installation, {_TAG + name: None for name in row.tags_added}, sent),
        conversations=_conversations(connection, installation, row.contact_id),
    )


def _conversations(connection: Connection, installation: str, contact_id: str) -> tuple[Told, ...]:
    named = {"installation": installation, "contact_id": contact_id, "limit": MOST_CONVERSATIONS}
    told = []
    for row in _rows(connection, "conversations_of_contact", named):
        of_it = {"installation": installation, "subject": row["subject"], "conversation_id": row["id"]}
        sent = _sent(connection, "sent_to_conversation", of_it)
        attributes = _origins(connection, installation, row["fingerprint"], sent)
        told.append(Told(id=row["id"], order_id=row["order_id"], is_open=row["open"], attributes=attributes))
    return tuple(told)


def _origins(
    connection: Connection, installation: str, held: Mapping[str, Any], sent: Mapping[str, _Sent]
) -> tuple[Origin, ...]:
    carried = {name: sent[name] for name in held if name in sent}
    plans = _plans(connection, installation, [each.entry for each in carried.values()])
    readings = _readings(connection, installation, plans)
    return tuple(
        _origin(name, held[name], carried.get(name), plans, readings)
        for name in sorted(held, key=lambda name: (name.startswith(OURS), name))
        if held[name] != ""
    )


def _origin(
    name: str,
    value: object,
    sent: _Sent | None,
    plans: Sequence[Entry],
    readings: Mapping[tuple[str, str, int], Entry],
) -> Origin:
    is_field, is_tag = name.startswith(OURS), name.startswith(_TAG)
    plan = _plan_of(name, sent.entry, plans) if sent else None
    rules = plan.detail.get("conditions" if is_tag else "paths", {}) if plan else {}
    said = rules.get(name.removeprefix(_TAG))
    rule = Rule(**said) if said else None
    return Origin(
        name=name.removeprefix(OURS).removeprefix(_TAG),
        value=None if value == UNSURE or is_field else value,
        state=_state(value, sent, is_kept=not is_field and not is_tag),
        is_field=is_field,
        rule=rule,
        sent=sent.entry if sent else None,
        planned=plan,
        readings=_behind(plan, _OWN_FIELDS if is_field else rule, readings) if plan else (),
    )


def _state(value: object, sent: _Sent | None, *, is_kept: bool) -> State:
    if value == UNSURE:
        return "unsure"
    if sent is None:
        return "unknown"
    return "sent" if not is_kept or sent.value == value else "found"


def _behind(plan: Entry, rule: Rule | None, readings: Mapping[tuple[str, str, int], Entry]) -> tuple[Entry, ...]:
    """The readings that the plan stood on, newest first, as far as the rule looks at such things."""
    facts = [(fact["type"], fact["id"], fact["version"]) for fact in plan.detail.get("facts", ())]
    known = sorted((readings[fact] for fact in facts if fact in readings), key=lambda entry: entry.id, reverse=True)
    if rule is not None:
        roots = set(_ROOTS.findall(f"{rule.path} {rule.when or ''}"))
        known = [entry for entry in known if _is_of(entry, roots, order=plan.detail.get("order"))]
    if rule is _OWN_FIELDS:
        known.sort(key=lambda entry: entry.resource_type != "customer")
    return tuple(known[:MOST_READINGS])


def _is_of(reading: Entry, roots: set[str], *, order: str | None) -> bool:
    """Whether a path with these roots looks at what was read. `order` is the newest one, others have all of them."""
    if reading.resource_type != "order":
        return reading.resource_type in roots
    return bool(roots & {"orders", "lifetime"}) or ("order" in roots and reading.resource_id == order)


def _plans(connection: Connection, installation: str, sent: Iterable[Entry]) -> Sequence[Entry]:
    """Of the runs in which these were sent, oldest first."""
    runs = sorted({entry.correlation_id for entry in sent if entry.correlation_id})
    rows = _rows(connection, "plans", {"installation": installation, "runs": runs}) if runs else ()
    return [_entry(row) for row in rows]


def _plan_of(name: str, sent: Entry, plans: Iterable[Entry]) -> Entry | None:
    """A run plans again once the contact is found; what was sent is what was planned last before."""
    before = [each for each in plans if _run(each) == _run(sent) and each.id < sent.id]
    naming = [each for each in before if _names(each.detail, name)]
    return next(reversed(naming or before), None)


def _names(planned: Mapping[str, Any], name: str) -> bool:
    return name in planned.get("paths", {}) or name.removeprefix(_TAG) in planned.get("conditions", {})


def _run(entry: Entry) -> tuple[str | None, object]:
    return entry.correlation_id, entry.detail.get("conversation_id")


def _readings(
    connection: Connection, installation: str, plans: Iterable[Entry]
) -> Mapping[tuple[str, str, int], Entry]:
    facts = {
        (fact["type"], fact["id"], fact["version"])
        for plan in plans
        for fact in plan.detail.get("facts", ())
        if fact.get("version") is not None
    }
    if not facts:
        return {}
    types, ids, versions = (list(each) for each in zip(*sorted(facts), strict=True))
    named = {"installation": installation, "types": types, "ids": ids, "versions": versions}
    found = [_entry(row) for row in _rows(connection, "readings", named)]
    return {(str(each.resource_type), str(each.resource_id), int(each.detail["version"])): each for each in found}


def _sent(connection: Connection, name: str, named: Mapping[str, Any]) -> dict[str, _Sent]:
    return {row["attribute"]: _Sent(row["value"], _entry(row)) for row in _rows(connection, name, named)}


def _rows(connection: Connection, name: str, named: Mapping[str, Any]) -> Sequence[dict[str, Any]]:
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(statement("console", name), named).fetchall()


def _entry(row: Mapping[str, Any]) -> Entry:
    at: datetime = row["at"]
    return Entry(
        kind="step",
        at=at,
        id=row["id"],
        name=row["step"],
        subject=row["subject"],
        resource_type=row["resource_type"],
        resource_id=row["resource_id"],
        order_number=row["order_number"],
        correlation_id=row["correlation_id"],
        detail=row["detail"],
    )
