"""Contacts as they are asked for by identity: what was merged is followed, and what is not there is None."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from clients.deadline import Call
from clients.errors import Conflict, Merged, NotFound, Rejected
from clients.intercom.calls import Intercom
from clients.intercom.resources import Contact

MOST_HOPS: Final = 3  # of a chain of merges: Intercom itself follows no more
MOST_LEADS: Final = 5  # merged at a time


def has_email(contact: Contact, email: str) -> bool:
    """Whether the contact has this address, whole, in small letters or not."""
    return (contact.email or "").lower() == email.strip().lower()


@dataclass(frozen=True, slots=True)
class Contacts:
    """Of one workspace, within one job. `call` is asked for every request."""

    intercom: Intercom
    call: Callable[[], Call]

    def followed(self, contact_id: str | None) -> Contact | None:
        """The contact, or the one at the end of the chain of merges that it begins; None when that leads nowhere."""
        for _ in range(MOST_HOPS + 1):
            if contact_id is None:
                return None
            try:
                return self.intercom.contact(contact_id, call=self.call())
            except NotFound:
                return None
            except Merged as error:
                contact_id = error.into
        return None

    def with_external_id(self, external_id: str) -> Contact | None:
        """The user, or the one that it went into."""
        try:
            return self.intercom.find_by_external_id(external_id, call=self.call())
        except NotFound:
            return None
        except Merged as error:
            return self.followed(error.into)

    def with_email(self, email: str) -> Sequence[Contact]:
        """Live users and leads with this address.

        Whether Intercom tells capitals from small letters is not known: an address with capitals is asked for twice.
        """
        wanted = email.strip()
        spellings = dict.fromkeys(each for each in (wanted, wanted.lower()) if each)
        found = [each for one in spellings for each in self.intercom.search_by_email(one, call=self.call())]
        return [each for each in found if has_email(each, wanted) and not each.archived]

    def unarchived(self, contact_id: str) -> bool:
        """Whether it is back: what was merged, blocked or deleted does not come back."""
        try:
            self.intercom.unarchive(contact_id, call=self.call())
        except (Rejected, NotFound, Merged):
            return False
        return True

    def merge(self, leads: Sequence[Contact], *, into: str) -> None:
        """One that Intercom will not merge stays a lead."""
        for lead in leads[:MOST_LEADS]:
            try:
                self.intercom.merge(lead.id, into=into, call=self.call())
            except (Rejected, NotFound, Merged, Conflict):
                continue
