"""Looks at a contact once nothing can be on its way to it any more, after a request of which nobody heard the end.

A request that was given up, with its time or with its process, may be carried out later than the one that took its
place, and leave the contact with what was true before. No lock of ours reaches that far; so it is looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from clients.deadline import Call
from clients.errors import Merged, NotFound, PlatformError, TimedOut, Unreachable
from clients.intercom.calls import Intercom
from clients.intercom.resources import Contact
from sync.identity.standing import is_events_only
from sync.installation import Installation
from sync.plan.contact import doubtful
from sync.plan.subject import UNSURE
from sync.sources.comparing import Correction, correction
from sync.steps import Steps
from sync.storage.links import links_of_contacts
from sync.storage.subjects import (
    ARRIVED,
    SubjectRow,
    load_subject,
    save_fingerprint,
    save_tags,
    settle_doubt,
    wake_doubted,
)
from sync.storage.traces import Trace, add_traces

EVERY: Final = 5.0  # seconds between two looks for contacts that are to be looked at


def may_still_arrive(error: PlatformError) -> bool:
    """Whether the request was sent, perhaps, and never answered."""
    return isinstance(error, TimedOut | Unreachable) and error.status is None


def wake_in_doubt(at: Installation, *, arrived: timedelta = ARRIVED) -> int:
    """Has the contacts looked at for which it is time; the number of jobs deferred."""
    with at.database.transaction() as connection:
        return wake_doubted(connection, at.id, arrived=arrived)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Of one subject, in a run of its own."""

    at: Installation
    subject: str
    intercom: Intercom
    call: Callable[[], Call]
    steps: Steps

    def settle(self) -> None:
        """Puts what the contact holds in place of what was believed, for the plan to begin from.

        Raises what clients and storage raise; the doubt stays then.
        """
        with self.at.database.transaction() as connection:
            known = load_subject(connection, self.at.id, self.subject)
            links = links_of_contacts(connection, self.at.id, [known.contact_id] if known and known.contact_id else [])
        if known is None or known.doubted_at is None:
            return
        others = known.contact_id is None or is_events_only(links, self.subject)  # whoever writes there looks there
        found = None if others else self._found(known)
        with self.at.database.transaction() as connection:
            if found is not None and known.contact_id is not None:
                save_fingerprint(connection, self.at.id, self.subject, known.contact_id, found.fingerprint)
                save_tags(
                    connection,
                    self.at.id,
                    self.subject,
                    known.contact_id,
                    found.tags_added,
                    unsure=known.tags_unsure,
                )
                add_traces(connection, self.at.id, [self._trace(known.contact_id, found)])
            settle_doubt(connection, self.at.id, self.subject, known.doubted_at)

    def _found(self, known: SubjectRow) -> Correction:
        assert known.contact_id is not None
        added = frozenset(known.tags_added)
        try:
            contact, tags = self._contact(known.contact_id, has_tags=bool(added or known.doubted_tags))
        except (NotFound, Merged):
            return _nothing_is_sure(known)
        if contact.archived:
            return _nothing_is_sure(known)
        found = correction(
            contact,
            fingerprint=known.fingerprint,
            tags_added=added,
            owned=(rule.name for rule in self.at.mapping.attributes),
            tag_names=tags,
        ) or Correction(fingerprint=known.fingerprint, tags_added=added, names=())
        # Intercom writes its own fields in its own way, so they cannot be compared: they are sent once more.
        fields = frozenset(known.doubted_fields) & found.fingerprint.keys()
        late = (frozenset(known.doubted_tags) & frozenset(tags.values())) - found.tags_added
        return Correction(
            fingerprint={**found.fingerprint, **dict.fromkeys(fields, UNSURE)},
            tags_added=found.tags_added | late,
            names=(*found.names, *sorted(fields | late)),
        )

    def _contact(self, contact_id: str, *, has_tags: bool) -> tuple[Contact, Mapping[str, str]]:
        """With all its tags, by id."""
        contact = self.intercom.contact(contact_id, call=self.call())
        if not has_tags:
            return contact, {}
        tags = {tag.id: tag.name for tag in self.intercom.contact_tags(contact_id, call=self.call())}
        return replace(contact, tag_ids=frozenset(tags), tags_complete=True), tags

    def _trace(self, contact_id: str, found: Correction) -> Trace:
        return self.steps.step("doubt_settled", {"contact_id": contact_id, "corrected": list(found.names)})


def _nothing_is_sure(known: SubjectRow) -> Correction:
    """The contact is gone, or another one by now: whoever sends to it next finds out."""
    fingerprint = doubtful(known.fingerprint)
    return Correction(fingerprint=fingerprint, tags_added=frozenset(known.tags_added), names=tuple(sorted(fingerprint)))
