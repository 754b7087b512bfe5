"""The plan for one subject: what Intercom should hold, the difference to what it holds, and the events that are due.

Nothing in here asks anybody anything. Planning twice from the state that the first plan made plans nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from commerce.personal_fields import PERSONAL_FIELDS
from sync.mapping.rules import CreateContacts, Guests, SyncMapping
from sync.plan.contact import contact_difference, contact_fields
from sync.plan.desired import desired_attributes, difference, tags_that_hold
from sync.plan.document import document, newest_first
from sync.plan.event_plan import EventPlan
from sync.plan.result import Plan, Withheld, WithheldKind
from sync.plan.scope import Scope, scope_of
from sync.plan.subject import SubjectFacts, SubjectState


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
    desired, faulty = (
        desired_attributes(mapping.attributes, said, hash_key=mapping.hash_key) if scope.is_open else ({}, ())
    )
    tags, untagged = tags_that_hold(mapping.tags, said) if scope.is_open else (frozenset(), ())
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
        order_id=next((order.id for order in newest_first(scope.orders)), None),
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


def _unnamed(allowed: frozenset[str]) -> Iterator[Withheld]:
    """The personal fields that the mapping names nowhere."""
    for name in PERSONAL_FIELDS:
        if name not in allowed:
            yield Withheld(WithheldKind.FIELD, name, "is not named in the mapping")
