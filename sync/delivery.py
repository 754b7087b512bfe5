"""Carries a plan out on one contact: attributes, then tags, then events, each confirmed as soon as it is accepted.

Attributes come first, so that a Workflow which an event starts finds them true. Everything may be stopped at any line
and begun again: what was about to be sent is on record as unsure, an attribute is set to the same value, a tag is put
where it is, and an event goes out as it was committed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from psycopg import Connection

from clients.deadline import Call
from clients.errors import (
    BadAnswer,
    Conflict,
    CredentialsRefused,
    Merged,
    NotFound,
    PlatformError,
    Refused,
    ScopeMissing,
    UnknownAttribute,
    VersionRefused,
)
from clients.intercom.calls import Intercom
from clients.intercom.resources import ContactWrite, EventWrite
from sync.identity.writing import contact_write, without_identity
from sync.installation import Installation
from sync.plan.contact import as_ours
from sync.plan.subject import Value
from sync.steps import Steps
from sync.storage.dead_letters import Place, bury, heal
from sync.storage.intents import Intent, address_intent, confirm_intent, has_refused, open_intents, refuse_intent
from sync.storage.subjects import save_fingerprint, save_tags
from sync.storage.traces import Trace, add_traces

# Nothing is wrong with what we send: everything waits until somebody lets us in again.
LOCKED_OUT = (CredentialsRefused, ScopeMissing, VersionRefused)
# The contact is not what it was: whose it is must be found out again.
LINK_BROKEN = (NotFound, Merged, Conflict)


_ADDRESS: Final = re.compile(r"[^\s@<>\"'(),;:]+@[^\s@<>\"'(),;:]+")
_LONG_NUMBER: Final = re.compile(r"(?<!\w)\+?\d[\d ()/-]{6,}\d(?!\w)")  # telephones; Intercom's ids hold letters

PARTS: Final = ("identity", "contact", "attributes", "tags", "events", "update")


class LinkBroken(Exception):
    """The contact is gone, merged or taken: `error` is Intercom's word for it."""

    def __init__(self, error: NotFound | Merged | Conflict) -> None:
        super().__init__(error.reason)
        self.error = error


@dataclass(slots=True, kw_only=True)
class Delivery:
    """To one contact of one subject, within one job. Raises `LinkBroken`, `TryAgain`, and what locks us out.

    What Intercom refuses for its contents becomes a dead letter, and the rest is delivered.
    """

    at: Installation
    subject: str
    contact_id: str
    intercom: Intercom
    call: Callable[[], Call]
    steps: Steps
    fingerprint: Mapping[str, Value] = field(repr=False)
    tags_added: frozenset[str]
    tags_unsure: frozenset[str] = frozenset()
    refused: list[str] = field(default_factory=list)

    def fields(self, difference: Mapping[str, Value]) -> None:
        """Sends Intercom's own fields. One that somebody else has (an e-mail address) is left to them."""
        if not difference:
            return
        with self._part("contact"):
            try:
                self.intercom.update_contact(self.contact_id, contact_write(difference), call=self.call())
                step = "contact"
            except Conflict as error:
                if error.contact_id == self.contact_id:
                    raise
                if rest := without_identity(difference):
                    self.intercom.update_contact(self.contact_id, contact_write(rest), call=self.call())
                step = "contact_conflict"  # not tried again until the shop has another value
            self.fingerprint = {**self.fingerprint, **as_ours(difference)}
            # what they hold may be personal, and the contact shows it
            self._confirm(self._store_fingerprint, self._trace(step, {"fields": sorted(difference)}))

    def attributes(self, difference: Mapping[str, Value]) -> None:
        """Sends the difference, less what the workspace has no attribute for. It must be on record as unsure by now."""
        if not difference:
            return
        left = dict(difference)
        with self._part("attributes"):
            unknown = self._send_known(left)
            self.fingerprint = {**self.fingerprint, **left}
            self._confirm(self._store_fingerprint, self._trace("attributes", {"sent": left}))
            if unknown is not None:
                raise unknown

    def _send_known(self, left: dict[str, Value]) -> UnknownAttribute | None:
        """Takes out of `left` what the workspace does not know, one name for each refusal."""
        unknown = None
        while left:
            write = ContactWrite(custom_attributes=left)
            try:
                self.intercom.update_contact(self.contact_id, write, call=self.call())
                break
            except UnknownAttribute as error:
                if error.name not in left:
                    raise
                del left[error.name]
                # it is not there, so nothing of it can have arrived
                self.fingerprint = {name: held for name, held in self.fingerprint.items() if name != error.name}
                unknown = error
        return unknown

    def tags(self, add: tuple[str, ...], remove: tuple[str, ...]) -> None:
        """They must be on record as unsure by now: a tag that was ours without our knowing would stay for ever."""
        for name in add:
            with self._part("tags"):
                tag = self.intercom.ensure_tag(name, call=self.call())
                self.intercom.tag_contact(self.contact_id, tag.id, call=self.call())
                self.tags_added |= {name}
                self.tags_unsure -= {name}
                self._confirm(self._store_tags, self._trace("tag_added", {"tag": name}))
        for name in remove:
            with self._part("tags"):
                tag = self.intercom.ensure_tag(name, call=self.call())
                with _already_gone():
                    self.intercom.untag_contact(self.contact_id, tag.id, call=self.call())
                self.tags_added -= {name}
                self.tags_unsure -= {name}
                self._confirm(self._store_tags, self._trace("tag_removed", {"tag": name}))

    def _store_fingerprint(self, connection: Connection) -> None:
        held = {name: value for name, value in self.fingerprint.items() if value is not None}
        save_fingerprint(connection, self.at.id, self.subject, self.contact_id, held)

    def _store_tags(self, connection: Connection) -> None:
        save_tags(connection, self.at.id, self.subject, self.contact_id, self.tags_added, unsure=self.tags_unsure)

    def events(self) -> None:
        """All that is committed and not confirmed, in the order in which it happened."""
        with self.at.database.transaction() as connection:
            intents = open_intents(connection, self.at.id, self.subject)
        for intent in intents:
            self._event(intent)

    def _event(self, planned: Intent) -> None:
        with self.at.database.transaction() as connection:
            intent = address_intent(connection, planned, self.contact_id, now=self.at.now())
        if intent is None:
            return
        event = EventWrite(
            name=intent.name, contact_id=self.contact_id, created_at=intent.second, metadata=intent.metadata
        )
        with self._part("events", intent=intent):
            self.intercom.send_event(event, call=self.call())
            self._confirm(
                lambda connection: confirm_intent(connection, intent.id, now=self.at.now()),
                self._trace("event", _told(intent), resource=(intent.resource_type, intent.resource_id)),
            )

    @contextmanager
    def _part(self, part: str, *, intent: Intent | None = None) -> Iterator[None]:
        """What is refused for its contents is buried here; everything else goes on to whoever knows what to do."""
        try:
            yield
        except LOCKED_OUT as error:
            if not (part == "tags" and isinstance(error, ScopeMissing)):
                raise
            self.refused.append(part)  # the app may not tag, and may do the rest
            self._bury(part, error, intent)
        except LINK_BROKEN as error:
            raise LinkBroken(error) from error
        except BadAnswer:
            raise  # nobody knows what became of the request: the job is tried again
        except Refused as error:
            self.refused.append(part)
            self._bury(part, error, intent)

    def _bury(self, part: str, error: Refused, intent: Intent | None) -> None:
        answer = answer_of(error)
        with self.at.database.transaction() as connection:
            if intent is not None:
                refuse_intent(connection, intent.id)
            bury(
                connection,
                self.at.id,
                Place(part=part, subject=self.subject),
                error.reason_code,
                now=self.at.now(),
                answer=answer,
            )
            detail = {"part": part, **answer} | (_told(intent) if intent else {})
            add_traces(connection, self.at.id, [self._trace("refused", detail)])

    def healed(self, connection: Connection) -> None:
        """Closes the dead letters of what has succeeded, in the transaction that ends the job.

        An event that was refused is not tried again by itself, so its letter stays until a person decides.
        """
        stays = {*self.refused} | ({"events"} if has_refused(connection, self.at.id, self.subject) else set())
        for part in PARTS:
            if part not in stays:
                heal(connection, self.at.id, Place(part=part, subject=self.subject), now=self.at.now())

    def _confirm(self, store: Callable[[Connection], object] | None, trace: Trace) -> None:
        with self.at.database.transaction() as connection:
            if store is not None:
                store(connection)
            add_traces(connection, self.at.id, [trace])

    def _trace(self, step: str, detail: Mapping[str, object], *, resource: tuple[str, str] | None = None) -> Trace:
        number = detail.get("order_number")
        return self.steps.step(
            step,
            {"contact_id": self.contact_id, **detail},
            resource=resource,
            order_number=number if isinstance(number, str) else None,
        )


def answer_of(error: PlatformError) -> dict[str, object]:
    """What a person needs who looks into a refusal: Intercom's words, and its name for the request.

    Its words may quote what was sent: addresses are taken out, and long numbers but for their end.
    """
    answer = {
        "reason": error.reason,
        "status": error.status,
        "code": error.code,
        "request_id": error.request_id,
        "said": None if error.said is None else _masked(error.said),
    }
    return {name: value for name, value in answer.items() if value is not None}


def _masked(said: str) -> str:
    return _LONG_NUMBER.sub(lambda found: f"…{found[0][-4:]}", _ADDRESS.sub("…@…", said))


@contextmanager
def _already_gone() -> Iterator[None]:
    """A tag that somebody else took off the contact is not there to be taken off."""
    try:
        yield
    except NotFound:
        return


def _told(intent: Intent) -> dict[str, object]:
    return {
        "event": intent.name,
        "milestone": intent.milestone_key,
        "created_at": intent.second,
        "order_number": intent.metadata.get("order_number"),
        "metadata": dict(intent.metadata),
        "readdressed": intent.readdressed,
    }
