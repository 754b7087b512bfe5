"""What stage 2 puts on record before it does anything: the plan's ledger and events, and what is about to be sent.

From here on any end of the process leaves enough behind for the next run to go on from.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from psycopg import Connection

from sync.known import Known, Reading, load_known
from sync.mapping.rules import SyncMapping
from sync.plan.contact import as_ours
from sync.plan.origins import conditions_of, paths_of
from sync.plan.result import LedgerUpdate, Plan
from sync.plan.subject import UNSURE, Status, Value
from sync.storage.installations import begin_ledger
from sync.storage.intents import NewIntent, open_intents, plan_intents
from sync.storage.ledger import LedgerEntry, save_ledger
from sync.storage.subjects import SubjectRow, save_fingerprint, save_tags

MOST_READINGS: Final = 12  # of orders that a trace tells of, however many somebody has


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What is to be done for a subject, all of it on record. `open_events`: committed and not confirmed.

    `is_whole`: everything is known that a plan needs; else there is none.
    """

    known: Known
    plan: Plan
    open_events: int = 0

    @property
    def is_whole(self) -> bool:
        return self.known.is_complete and not self.known.is_gone

    @property
    def has_work(self) -> bool:
        plan = self.plan
        return bool(self.open_events or plan.attributes or plan.fields or plan.tags_add or plan.tags_remove)

    @property
    def _readings(self) -> tuple[Reading, ...]:
        """Of the account, of its cart and of the order that most values are about; and the newest of all others."""
        told = [each for each in self.known.readings if each.type != "order" or each.id == self.plan.order_id]
        others = [each for each in self.known.readings if each not in told]
        return (*told, *others[:MOST_READINGS])

    def said(self, mapping: SyncMapping) -> dict[str, object]:
        """For the trace."""
        plan = self.plan
        return {
            "attributes": dict(plan.attributes),
            "paths": paths_of(mapping.attributes, plan.attributes),
            "conditions": conditions_of(mapping.tags, (*plan.tags_add, *plan.tags_remove)),
            "fields": sorted(plan.fields),
            "tags_add": list(plan.tags_add),
            "tags_remove": list(plan.tags_remove),
            "events": [intent.milestone_key for intent in plan.intents],
            "open_events": self.open_events,
            "facts": [{"type": each.type, "id": each.id, "version": each.version} for each in self._readings],
            "order": plan.order_id,
        }


def commit_plan(
    connection: Connection, installation: str, subject: str, mapping: SyncMapping, *, now: datetime
) -> Planned:
    """Plans from what is stored, in the caller's transaction, which must end before anything is sent."""
    known = load_known(connection, installation, subject)
    if known.is_gone or not known.is_complete:
        return Planned(known=known, plan=Plan())
    plan = known.plan(mapping, now=now)
    _remember(connection, known, plan, now=now)
    known = replace(known, subject=_about_to_send(connection, known.subject, plan))
    return Planned(known=known, plan=plan, open_events=len(open_intents(connection, installation, subject)))


def _remember(connection: Connection, known: Known, plan: Plan, *, now: datetime) -> None:
    installation, subject = known.subject.installation, known.subject.key
    plan_intents(connection, installation, subject, _intents(plan), now=now)
    if plan.ledger:
        save_ledger(connection, installation, subject, [_entry(update, subject) for update in plan.ledger])
        if known.installation.ledger_begun_at is None:
            begin_ledger(connection, installation, now=now)


def _intents(plan: Plan) -> list[NewIntent]:
    resources = {
        key: update.resource
        for update in plan.ledger
        for key, status in update.row.milestones.items()
        if status is Status.PLANNED
    }
    return [
        NewIntent(
            resource_type=resources[intent.milestone_key].type.value,
            resource_id=resources[intent.milestone_key].id,
            milestone_key=intent.milestone_key,
            name=intent.name,
            second=intent.second,
            metadata=intent.metadata,
        )
        for intent in plan.intents
    ]


def _about_to_send(connection: Connection, subject: SubjectRow, plan: Plan) -> SubjectRow:
    """The subject as it is on record from now on: whatever ends us before it is confirmed, what is about to be sent
    may have arrived. Values are ours to take back, and a tag is neither surely there nor surely gone.
    """
    if subject.contact_id is None:
        return subject
    installation = subject.installation
    fingerprint, tags, unsure = subject.fingerprint, set(subject.tags_added), set(subject.tags_unsure)
    if plan.attributes or plan.fields:
        doubts: dict[str, Value] = dict.fromkeys([*plan.attributes, *as_ours(plan.fields)], UNSURE)
        fingerprint = {**fingerprint, **doubts}
        save_fingerprint(connection, installation, subject.key, subject.contact_id, fingerprint)
    if moving := {*plan.tags_add, *plan.tags_remove}:
        tags, unsure = tags - moving, unsure | moving
        save_tags(connection, installation, subject.key, subject.contact_id, tags, unsure=unsure)
    return replace(subject, fingerprint=fingerprint, tags_added=sorted(tags), tags_unsure=sorted(unsure))


def _entry(update: LedgerUpdate, subject: str) -> LedgerEntry:
    return LedgerEntry(
        resource_type=update.resource.type.value,
        resource_id=update.resource.id,
        subject=subject,
        observation=update.row.observation,
        milestones={key: status.value for key, status in update.row.milestones.items()},
    )
