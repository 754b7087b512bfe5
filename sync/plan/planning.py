"""The plan for one subject: what Intercom should hold, the difference to what it holds, and the events that are due.

Nothing in here asks anybody anything. Planning twice from the state that the first plan made plans nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from commerce.personal_fields import PERSONAL_FIELDS
from sync.mapping.expressions import NotComputable
from sync.mapping.rules import AttributeRule, CreateContacts, Guests, SyncMapping
from sync.plan.contact import OURS, contact_difference, contact_fields
from sync.plan.document import Document, document, newest_first
from sync.plan.event_plan import EventPlan
from sync.plan.result import Plan, Withheld, WithheldKind
from sync.plan.scope import Scope, scope_of
from sync.plan.subject import SubjectFacts, SubjectState, Value
from sync.plan.values import WrongType, attribute_value, masked


def plan(
    facts: SubjectFacts,
    state: SubjectState,
    mapping: SyncMapping,
    *,
    now: datetime,
    live_since: datetime,
    send_history_since: datetime | None = None,
    events_stopped: bool = False,
) -> Plan:
    """What to send for a subject, and what to remember.

    Milestones from before `live_since` are remembered and not sent, unless `send_history_since` is earlier. While
    `events_stopped`, milestones are neither sent nor remembered: whoever starts them again decides what they are.
    """
    scope, allowed = scope_of(facts, mapping), mapping.allowed
    said = document(scope.customer, scope.orders, scope.cart, allowed=allowed)
    desired, faulty = _desired(mapping, said) if scope.is_open else ({}, ())
    tags, untagged = _tags(mapping, said) if scope.is_open else (frozenset(), ())
    contact = contact_fields(mapping, scope.customer, newest_first(scope.orders)) if scope.is_open else {}
    events = EventPlan(facts, state, mapping, now=now, live_since=live_since, send_history_since=send_history_since)
    if events_stopped:
        events.withheld.append(Withheld(WithheldKind.EVENT, "all", "events are stopped"))
    else:
        events.plan(scope, said)
    return Plan(
        attributes=difference(state.fingerprint, desired),
        desired=desired,
        fields=contact_difference(state.fingerprint, contact, overwrite=mapping.contact.overwrite),
        contact=contact,
        tags=tuple(sorted(tags)),
        tags_add=tuple(sorted(tags - state.tags_added)),
        tags_remove=tuple(sorted((state.tags_added | state.tags_unsure) - tags)),
        intents=tuple(sorted(events.intents, key=lambda intent: intent.second)),
        ledger=tuple(events.ledger),
        withheld=(*_unnamed(mapping.sent), *scope.withheld, *faulty, *untagged, *events.withheld),
        may_create=_may_create(mapping, scope),
    )


def _may_create(mapping: SyncMapping, scope: Scope) -> bool:
    if not scope.is_open or (scope.customer is None and mapping.options.guests is not Guests.CREATE):
        return False
    match mapping.options.create_contacts:
        case CreateContacts.ALL:
            return True
        case CreateContacts.WITH_ORDERS:
            return bool(scope.orders)
        case CreateContacts.NEVER:
            return False


def _desired(mapping: SyncMapping, said: Document) -> tuple[dict[str, Value], tuple[Withheld, ...]]:
    """The attributes that have a value, by name."""
    desired: dict[str, Value] = {}
    withheld: list[Withheld] = []
    for rule in mapping.attributes:
        try:
            value = _attribute(rule, said, mapping.hash_key)
        except (NotComputable, WrongType) as error:
            withheld.append(Withheld(WithheldKind.ATTRIBUTE, rule.name, str(error)))
            continue
        if value is not None:
            desired[rule.name] = value
    return desired, tuple(withheld)


def _attribute(rule: AttributeRule, said: Document, hash_key: bytes) -> Value:
    if rule.condition and not rule.condition.holds(said):
        return None
    return attribute_value(masked(rule.expression.value(said), rule.mask, hash_key=hash_key), rule.type)


def difference(fingerprint: Mapping[str, Value], desired: Mapping[str, Value]) -> dict[str, Value]:
    """What to send so that Intercom, which holds `fingerprint`, holds what is desired: None clears what is not."""
    changed = {name: value for name, value in desired.items() if not _is_same(fingerprint.get(name), value)}
    gone = [
        name for name, value in fingerprint.items() if value is not None and name not in desired and name[0] != OURS
    ]
    return changed | dict.fromkeys(gone)


def _is_same(sent: Value, value: Value) -> bool:
    """To Python, true is 1; to Intercom it is not."""
    return sent == value and isinstance(sent, bool) == isinstance(value, bool)


def _tags(mapping: SyncMapping, said: Document) -> tuple[frozenset[str], tuple[Withheld, ...]]:
    """The tags whose condition holds, by name."""
    tags, withheld = set(), []
    for rule in mapping.tags:
        try:
            if rule.condition.holds(said):
                tags.add(rule.name)
        except NotComputable as error:
            withheld.append(Withheld(WithheldKind.TAG, rule.name, str(error)))
    return frozenset(tags), tuple(withheld)


def _unnamed(allowed: frozenset[str]) -> Iterator[Withheld]:
    """The personal fields that the mapping names nowhere."""
    for name in PERSONAL_FIELDS:
        if name not in allowed:
            yield Withheld(WithheldKind.FIELD, name, "is not named in the mapping")
