"""Histories written by hand, played through the plan: step by step, and in any sequence with losses and doubles."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commerce.milestones import MilestoneName
from sync.mapping.reading import parse_sync_mapping
from sync.mapping.rules import SyncMapping
from sync.plan.planning import plan
from sync.plan.result import Intent, Plan
from sync.plan.subject import LedgerRow, ResourceRef, Status, SubjectFacts, SubjectState, Value
from tests.builders import NOON, at
from tests.histories import HISTORIES, History, Step

NOT_EVERYWHERE = {"workflow_state_entered", "payment_state_entered", "email_changed", "group_changed"}
EVENTS = [name.value for name in MilestoneName if name not in NOT_EVERYWHERE]


@dataclass
class Memory:
    """What a database would keep: the ledger of every resource, and for each subject its attributes and seconds."""

    ledger: dict[ResourceRef, LedgerRow] = field(default_factory=dict)
    fingerprints: dict[str, dict[str, Value]] = field(default_factory=dict)
    used: dict[str, set[tuple[str, int]]] = field(default_factory=dict)
    sent: list[Intent] = field(default_factory=list)

    def take(self, step: Step, history: History, now: datetime) -> Plan:
        """Plans a look at the shop and keeps what the plan says."""
        facts = SubjectFacts(key=step.subject, customer=step.customer, orders=step.orders, cart=step.cart)
        fingerprint = self.fingerprints.setdefault(step.subject, {})
        used = self.used.setdefault(step.subject, set())
        state = SubjectState(fingerprint=fingerprint, ledger=dict(self.ledger), used_seconds=frozenset(used))
        planned = plan(facts, state, mapping_of(history), now=now, live_since=at(history.live_since))
        self.ledger |= {update.resource: update.row for update in planned.ledger}
        self.fingerprints[step.subject] = dict(planned.desired)
        used |= {(intent.name, intent.second) for intent in planned.intents}
        self.sent += planned.intents
        return planned

    def durable_keys(self) -> set[str]:
        return {key for row in self.ledger.values() for key in row.milestones if "@" not in key}


def mapping_of(history: History) -> SyncMapping:
    return _mapping_with(history.mapping)


@cache
def _mapping_with(more_events: str) -> SyncMapping:
    events = "\n".join(f"{name} = true" for name in EVENTS)
    attributes = '[attributes]\nct_orders = { path = "lifetime.orders", type = "integer" }\nct_last = "order.number"'
    return parse_sync_mapping(f"{attributes}\n[events]\n{events}\n{more_events}", hash_key=b"secret")


def line(intent: Intent) -> str:
    """An intent as histories write it, the shifted second beside the moment it belongs to."""
    elapsed = intent.second - int(NOON.timestamp())
    shift = (elapsed + 30) % 60 - 30 if abs((elapsed + 30) % 60 - 30) == 1 else 0
    hours = f"{(elapsed - shift) / 3600:g}" + (f"{shift:+d}s" if shift else "")
    return f"{hours} {intent.name} {intent.metadata.get('order_number', '-')}"


@pytest.mark.parametrize("history", HISTORIES, ids=lambda history: history.name)
def test_what_happened_is_told(history: History) -> None:
    memory = Memory()
    told = [tuple(map(line, memory.take(step, history, at(step.hours)).intents)) for step in history.steps]
    assert told == [step.told for step in history.steps]


@pytest.mark.parametrize("history", HISTORIES, ids=lambda history: history.name)
def test_planning_twice_plans_nothing_the_second_time(history: History) -> None:
    memory = Memory()
    for step in history.steps:
        memory.take(step, history, at(step.hours))
        again = memory.take(step, history, at(step.hours))
        assert (again.intents, again.ledger, again.attributes) == ((), (), {})


@pytest.mark.parametrize("history", HISTORIES, ids=lambda history: history.name)
def test_nothing_is_planned_for_the_future(history: History) -> None:
    memory = Memory()
    for step in history.steps:
        planned = memory.take(step, history, at(step.hours))
        assert all(intent.second <= at(step.hours).timestamp() for intent in planned.intents)


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_whatever_looks_are_lost_doubled_or_late_the_same_durable_milestones_end_in_the_ledger(
    data: st.DataObject,
) -> None:
    history = data.draw(st.sampled_from([history for history in HISTORIES if history.grows]))
    calm, stormy = Memory(), Memory()
    for step in history.steps:
        calm.take(step, history, at(step.hours))
    last = history.steps[-1]
    for step in (*data.draw(st.lists(st.sampled_from(history.steps), max_size=6)), *reconciled(history)):
        stormy.take(step, history, at(last.hours) + timedelta(hours=1))
    assert stormy.durable_keys() == calm.durable_keys()


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_whatever_looks_are_lost_doubled_or_late_nothing_is_sent_twice(data: st.DataObject) -> None:
    history = data.draw(st.sampled_from(HISTORIES))
    memory = Memory()
    for step in data.draw(st.lists(st.sampled_from(history.steps), max_size=8)):
        memory.take(step, history, at(history.steps[-1].hours))
    keys = [intent.milestone_key for intent in memory.sent]
    assert len(keys) == len(set(keys))


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_milestone_keeps_its_status_for_ever(data: st.DataObject) -> None:
    history = data.draw(st.sampled_from(HISTORIES))
    memory = Memory()
    remembered: dict[str, Status] = {}
    for step in data.draw(st.lists(st.sampled_from(history.steps), max_size=6)):
        memory.take(step, history, at(history.steps[-1].hours))
        now = {key: status for row in memory.ledger.values() for key, status in row.milestones.items()}
        assert remembered.items() <= now.items()
        remembered = now


def reconciled(history: History) -> list[Step]:
    """The last look at every subject that the history has."""
    return list({step.subject: step for step in history.steps}.values())
