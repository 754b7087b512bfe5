"""Tells the open conversations of a subject's contact of its orders, within the subject's job of stage 2.

As with a contact, what is about to be sent is on record as unsure before, and confirmed as it is accepted: whatever
ends the job, the next one goes on from there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from psycopg import Connection

from clients.commercetools import decode
from clients.deadline import Call
from clients.errors import BadAnswer, CredentialsRefused, NotFound, Refused, UnknownAttribute, VersionRefused
from clients.intercom.calls import Intercom
from commerce.order import Order
from sync.delivery import answer_of
from sync.installation import Installation
from sync.known import load_known
from sync.plan.conversation import ConversationPlan, ConversationState, plan_conversation
from sync.plan.document import about, document, newest_first
from sync.plan.origins import paths_of
from sync.plan.scope import Scope, scope_of
from sync.plan.subject import UNSURE, Value
from sync.steps import Steps
from sync.storage.conversations import ConversationRow, drop_conversation, open_conversations, save_told
from sync.storage.dead_letters import Place, bury, heal
from sync.storage.facts import orders_by_number
from sync.storage.subjects import load_subject, subjects_of_contact, wake_subjects
from sync.storage.traces import Trace, add_traces

PART: Final = "conversation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One conversation, `row` as it is on record from now on."""

    row: ConversationRow
    plan: ConversationPlan


@dataclass(slots=True, kw_only=True)
class Conversations:
    """Of one subject, within one job. `admin_id` is asked for when a tag is to be moved."""

    at: Installation
    subject: str
    intercom: Intercom
    call: Callable[[], Call]
    admin_id: Callable[[], str]
    steps: Steps

    def tell(self) -> None:
        """Raises what is worth a retry and what locks us out; all else is a dead letter, and the rest is told."""
        if not self.at.mapping.conversations.is_on:
            return
        planned = [each for each in self._planned() if each.plan.has_work]
        refused = [each for each in planned if not self._told(each)]
        if planned and not refused:
            with self.at.database.transaction() as connection:
                heal(connection, self.at.id, Place(part=PART, subject=self.subject), now=self.at.now())

    def _planned(self) -> list[Planned]:
        """All of them; what will be sent is on record."""
        with self.at.database.transaction() as connection:
            subject = load_subject(connection, self.at.id, self.subject)
            if subject is None or subject.contact_id is None or subject.parked_reason is not None:
                return []
            rows = open_conversations(connection, self.at.id, subject.contact_id)
            if not rows:
                return []
            keys = subjects_of_contact(connection, self.at.id, subject.contact_id)
            if keys[:1] != (self.subject,):
                # A contact that is an account and a guest is told for by the account alone.
                wake_subjects(connection, self.at.id, keys[:1])
                return []
            scope = scope_of(load_known(connection, self.at.id, self.subject).facts, self.at.mapping)
            return [self._plan(connection, row, keys, scope) for row in rows]

    def _plan(self, connection: Connection, row: ConversationRow, keys: tuple[str, ...], scope: Scope) -> Planned:
        mapping = self.at.mapping
        order = self._order(connection, row, keys, scope) if scope.is_open else None
        orders = scope.orders if scope.is_open else ()
        said = document(scope.customer, orders, scope.cart, allowed=mapping.allowed)
        state = ConversationState(
            fingerprint=row.fingerprint,
            tags_added=frozenset(row.tags_added),
            tags_unsure=frozenset(row.tags_unsure),
            held=row.held,
        )
        said = about(said, order, allowed=mapping.allowed)
        plan = plan_conversation(said, state, mapping.conversations, hash_key=mapping.hash_key)
        after = replace(about_to_tell(row, plan), subject=self.subject, order_id=order.id if order else None)
        if after != row:
            save_told(connection, self.at.id, after)
        if plan.has_work:
            add_traces(
                connection, self.at.id, [self._trace("conversation_plan", after, self._said(plan, order), order=order)]
            )
        return Planned(row=after, plan=plan)

    def _order(self, connection: Connection, row: ConversationRow, keys: tuple[str, ...], scope: Scope) -> Order | None:
        """The first order that is named and may be told of, else the newest one if the mapping wants that."""
        rules = self.at.mapping.conversations
        for number in row.numbers:
            for fact in orders_by_number(connection, self.at.id, number):
                is_theirs = fact.subject in keys
                if fact.gone_at is None and (is_theirs or rules.others_orders):
                    order = decode.order(decode.Node(fact.document, "order"))
                    if self._is_of_a_store(order):
                        return order
        newest = (order for order in newest_first(scope.orders) if self._is_of_a_store(order))
        return next(newest, None) if rules.newest_order else None

    def _is_of_a_store(self, order: Order) -> bool:
        mapping = self.at.mapping
        chosen = (mapping.options.stores, mapping.conversations.stores)
        return all(not stores or order.store in stores for stores in chosen)

    def _told(self, planned: Planned) -> bool:
        """Whether everything was accepted, or there is nobody left to be told."""
        telling = _Telling(self, planned.row)
        try:
            telling.attributes(planned.plan.attributes)
            telling.tags(planned.plan.tags_add, planned.plan.tags_remove)
        except NotFound:
            with self.at.database.transaction() as connection:
                drop_conversation(connection, self.at.id, planned.row.id)
                add_traces(connection, self.at.id, [self._trace("conversation_gone", planned.row, {})])
        except (CredentialsRefused, VersionRefused, BadAnswer):
            raise
        except Refused as error:
            # Also a scope or a plan without conversations: the contact was told all the same.
            answer = answer_of(error)
            with self.at.database.transaction() as connection:
                place = Place(part=PART, subject=self.subject)
                bury(connection, self.at.id, place, error.reason_code, now=self.at.now(), answer=answer)
                trace = self._trace("refused", planned.row, {"part": PART, **answer})
                add_traces(connection, self.at.id, [trace])
            return False
        return True

    def _said(self, plan: ConversationPlan, order: Order | None) -> dict[str, object]:
        return {
            "attributes": dict(plan.attributes),
            "paths": paths_of(self.at.mapping.conversations.attributes, plan.attributes),
            "tags_add": list(plan.tags_add),
            "tags_remove": list(plan.tags_remove),
            "respected": sorted(plan.respected),
            "facts": [{"type": "order", "id": order.id, "version": order.version}] if order else [],
            "order": order.id if order else None,
        }

    def _trace(
        self, step: str, row: ConversationRow, detail: Mapping[str, object], *, order: Order | None = None
    ) -> Trace:
        return self.steps.step(
            step, {"conversation_id": row.id, **detail}, order_number=order.number if order else None
        )


@dataclass(slots=True)
class _Telling:
    """One conversation. `row` is on record as it is here."""

    of: Conversations
    row: ConversationRow

    def attributes(self, difference: Mapping[str, Value]) -> None:
        """Sends the difference, less what the workspace has no attribute for, of which the first refusal is raised."""
        left = dict(difference)
        unknown = self._send_known(left)
        if left:
            fingerprint = {**self.row.fingerprint, **left}
            kept = {name: value for name, value in fingerprint.items() if value is not None}
            self._confirm(replace(self.row, fingerprint=kept), "conversation_attributes", {"sent": left})
        if unknown is not None:
            raise unknown

    def _send_known(self, left: dict[str, Value]) -> UnknownAttribute | None:
        unknown = None
        while left:
            try:
                self.of.intercom.update_conversation(self.row.id, left, call=self.of.call())
                break
            except UnknownAttribute as error:
                if error.name not in left:
                    raise
                del left[error.name]
                # it is not there, so nothing of it can have arrived
                fingerprint = {name: held for name, held in self.row.fingerprint.items() if name != error.name}
                self.row = replace(self.row, fingerprint=fingerprint)
                unknown = unknown or error
        return unknown

    def tags(self, add: tuple[str, ...], remove: tuple[str, ...]) -> None:
        calls = self.of.intercom
        for name in (*add, *remove):
            tag = calls.ensure_tag(name, call=self.of.call())
            admin_id = self.of.admin_id()
            if name in add:
                calls.tag_conversation(self.row.id, tag.id, admin_id=admin_id, call=self.of.call())
            else:
                self._untag(tag.id, admin_id)
            added = {*self.row.tags_added, name} if name in add else {*self.row.tags_added} - {name}
            after = replace(self.row, tags_added=sorted(added), tags_unsure=sorted({*self.row.tags_unsure} - {name}))
            step = "conversation_tag_added" if name in add else "conversation_tag_removed"
            self._confirm(after, step, {"tag": name})

    def _untag(self, tag_id: str, admin_id: str) -> None:
        """A tag that somebody else took off is not there to be taken off; a conversation that is gone is found so."""
        try:
            self.of.intercom.untag_conversation(self.row.id, tag_id, admin_id=admin_id, call=self.of.call())
        except NotFound:
            self.of.intercom.conversation(self.row.id, call=self.of.call())

    def _confirm(self, after: ConversationRow, step: str, detail: Mapping[str, object]) -> None:
        self.row = after
        with self.of.at.database.transaction() as connection:
            save_told(connection, self.of.at.id, after)
            add_traces(connection, self.of.at.id, [self.of._trace(step, after, detail)])


def about_to_tell(row: ConversationRow, plan: ConversationPlan) -> ConversationRow:
    """As it is on record from now on: what is about to be sent may have arrived, whatever ends us."""
    moving = {*plan.tags_add, *plan.tags_remove}
    kept = {name: value for name, value in plan.respected.items() if value is not None}
    return replace(
        row,
        fingerprint={**row.fingerprint, **kept, **dict.fromkeys(plan.attributes, UNSURE)},
        tags_added=sorted({*row.tags_added} - moving),
        tags_unsure=sorted({*row.tags_unsure} | moving),
    )
