"""Stage 2: brings one subject's contact up to date. The only writer to Intercom.

Plans from what is stored, commits what will be sent, finds the contact, sends, and confirms. One job of a subject runs
at a time, so nobody else writes to its contact; but a job may end at any line, and the next one goes on from there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

import structlog

from clients.deadline import Call
from clients.errors import BadAnswer, Conflict, Merged, NotFound, PlatformError, Refused
from clients.intercom.calls import Intercom
from sync.commitment import Planned, commit_plan
from sync.conversations.telling import Conversations
from sync.delivery import LOCKED_OUT, Delivery, LinkBroken, answer_of
from sync.doubts import Doubt, may_still_arrive
from sync.erasure.erasing import Erasure
from sync.identity.finding import Identity, Unsettled
from sync.identity.outcome import Linked, NoContact, Outcome, Parked, person_of
from sync.installation import Installation
from sync.people import customer_of
from sync.plan.result import Plan
from sync.runs import OfRun, Superseded
from sync.steps import Steps
from sync.storage.conversations import move_conversations
from sync.storage.database import Transactions
from sync.storage.dead_letters import Place, bury
from sync.storage.subjects import (
    SubjectUpdate,
    end_run,
    finish_update,
    park,
)
from sync.storage.traces import Trace, add_traces

log = structlog.get_logger(__name__)

MOST_LINKS: Final = 4  # contacts tried within one job: Intercom itself follows a chain of merges three times


class StageTwo:
    """For one installation. Thread-safe."""

    def __init__(self, installation: Installation) -> None:
        self._at = installation
        self._admin_id: str | None = installation.mapping.conversations.admin_id

    def update(self, update: SubjectUpdate) -> bool:
        """Brings the subject's contact up to date; whether Intercom had to be asked anything for it.

        Raises what clients and storage raise if that is worth a retry.
        """
        at = replace(self._at, database=OfRun(self._at.database, update))
        intercom = at.intercom.as_live(update.priority.live)
        job = _Update(at, self._at.database, update, intercom, Steps(at=at, subject=update.key), self._admin)
        try:
            job.run()
        except Superseded:
            log.warning("sync.update_superseded", subject=update.key)
        except PlatformError as error:
            self._end(update, error, job.steps)
            raise
        return job.has_asked

    def _end(self, update: SubjectUpdate, error: PlatformError, steps: Steps) -> None:
        """It has failed, and is not at it any more. If that cannot be said, the next run takes it for killed."""
        with suppress(PlatformError), self._at.database.transaction() as connection:
            end_run(connection, self._at.id, update.key, update.run, in_doubt=may_still_arrive(error))
            if steps.has_answers:
                add_traces(connection, self._at.id, [steps.step("failed", answer_of(error))])

    def _admin(self, call: Call) -> str:
        """In whose name conversations are tagged: the mapping's teammate, else whose the token is."""
        if self._admin_id is None:
            self._admin_id = self._at.intercom.me(call=call).admin_id
        return self._admin_id


@dataclass(slots=True)
class _Update:
    """One job of one subject. `at` has the database as this run may use it, `database` is the same for anybody."""

    at: Installation
    database: Transactions
    update: SubjectUpdate
    intercom: Intercom
    steps: Steps
    admin_id: Callable[[Call], str]
    has_asked: bool = False

    @property
    def key(self) -> str:
        return self.update.key

    def run(self) -> None:
        if self.update.is_doubtful:
            self._doubt().settle()
        lost: NotFound | Merged | Conflict | None = None
        for _ in range(MOST_LINKS):
            planned = self._planned()
            if not planned.is_whole:
                return self._erase_or_wait()
            if not planned.has_work:
                return self._finish(None)
            linked = self._linked(planned, lost)
            if linked is None:
                return None
            if linked.fresh:
                planned = self._planned()  # what the contact holds is known now
            delivery = self._delivery(planned, linked)
            try:
                self._deliver(delivery, planned.plan, events_only=linked.events_only)
            except LinkBroken as error:
                lost = error.error
                self._move_conversations(linked.contact_id, lost)
                continue
            return self._finish(delivery)
        assert lost is not None
        raise Unsettled(f"the contact is lost again and again: {lost.reason}")

    def _doubt(self) -> Doubt:
        return Doubt(
            at=self.at,
            subject=self.key,
            intercom=self.intercom,
            call=self._call,
            steps=self.steps,
        )

    def _planned(self) -> Planned:
        """Plans; what the plan remembers and what it will send is committed with it."""
        at, now = self.at, self.at.now()
        with at.database.transaction() as connection:
            planned = commit_plan(connection, at.id, self.key, at.mapping, now=now)
            if planned.has_work or (planned.is_whole and self.update.priority.live):
                # a backfill finds nothing new for most people
                add_traces(connection, at.id, [self._trace("plan", planned.said(at.mapping))])
        return planned

    def _linked(self, planned: Planned, lost: NotFound | Merged | Conflict | None) -> Linked | None:
        """The contact that may be written to, on record; None when there is none."""
        outcome = self._looked_for(planned, lost)
        if isinstance(outcome, Linked):
            return outcome
        if outcome is not None:
            parked = outcome.reason.value if isinstance(outcome, Parked) else None
            with self.at.database.transaction() as connection:
                park(connection, self.at.id, self.key, parked)
                step = "no_contact" if isinstance(outcome, NoContact) else "parked"
                add_traces(connection, self.at.id, [self._trace(step, {"reason": outcome.reason.value})])
                finish_update(connection, self.at.id, self.key)
        return None

    def _looked_for(self, planned: Planned, lost: NotFound | Merged | Conflict | None) -> Outcome | None:
        """None when Intercom refused to say; that is a dead letter."""
        person = person_of(self.key, planned.known.email, planned.plan)
        identity = Identity(
            self.intercom, self.at.database, self.at.id, self.at.mapping, now=self.at.now, steps=self.steps
        )
        try:
            return identity.contact_for(person, planned.known.subject, broken=lost, call=self._call)
        except (*LOCKED_OUT, BadAnswer):
            raise
        except Refused as error:
            answer = answer_of(error)
            with self.at.database.transaction() as connection:
                place = Place(part="identity", subject=self.key)
                bury(connection, self.at.id, place, error.reason_code, now=self.at.now(), answer=answer)
                add_traces(connection, self.at.id, [self._trace("refused", {"part": "identity", **answer})])
            return None

    def _erase_or_wait(self) -> None:
        """Nothing is known of the account: it is gone, or its own reading, which wakes it again, is still to come.

        An erasure that was begun has already removed what we knew, and is carried on here.
        """
        customer_id = customer_of(self.key)
        if customer_id is None:
            self._end()
            return
        # Not as this run: the subject is removed on the way.
        erasure = Erasure(self.intercom, self.database, self.at.id, self.at.mapping, now=self.at.now)
        receipt = erasure.erase_gone(customer_id, call=self._call)
        if receipt is not None:
            log.info("sync.customer_erased", customer=customer_id, contacts=len(receipt.contacts))
        else:
            self._end()

    def _end(self) -> None:
        with self.at.database.transaction() as connection:
            end_run(connection, self.at.id, self.key, self.update.run)

    def _delivery(self, planned: Planned, linked: Linked) -> Delivery:
        subject = planned.known.subject
        return Delivery(
            at=self.at,
            subject=self.key,
            contact_id=linked.contact_id,
            intercom=self.intercom,
            call=self._call,
            steps=self.steps,
            fingerprint=subject.fingerprint,
            tags_added=frozenset(subject.tags_added),
            tags_unsure=frozenset(subject.tags_unsure),
        )

    def _deliver(self, delivery: Delivery, plan: Plan, *, events_only: bool) -> None:
        if not events_only:
            delivery.fields(plan.fields)
            delivery.attributes(plan.attributes)
            delivery.tags(plan.tags_add, plan.tags_remove)
        delivery.events()

    def _move_conversations(self, contact_id: str, lost: NotFound | Merged | Conflict) -> None:
        if isinstance(lost, Merged) and lost.into is not None:
            with self.at.database.transaction() as connection:
                move_conversations(connection, self.at.id, contact_id, into=lost.into)

    def _finish(self, delivery: Delivery | None) -> None:
        """The contact is as it should be; its conversations are told last, for they are asked for what it holds."""
        Conversations(
            at=self.at,
            subject=self.key,
            intercom=self.intercom,
            call=self._call,
            admin_id=lambda: self.admin_id(self._call()),
            steps=self.steps,
        ).tell()
        with self.at.database.transaction() as connection:
            if delivery is not None:
                delivery.healed(connection)
            finish_update(connection, self.at.id, self.key)

    def _call(self) -> Call:
        self.has_asked = True
        return self.steps.call()

    def _trace(self, step: str, detail: Mapping[str, object]) -> Trace:
        return self.steps.step(step, detail)
