"""What a contact that was found is to a person, and which of several is taken. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

from clients.intercom.resources import Contact, Role
from sync.identity.outcome import OF_A_CUSTOMER, OF_A_GUEST, LinkedBy, Person
from sync.people import CUSTOMER
from sync.storage.links import Link

# Links that rest on an e-mail address or on somebody's word: an external id proves them wrong.
WEAK: Final = frozenset({LinkedBy.EMAIL, LinkedBy.MERGED, LinkedBy.PICKED})


class Standing(IntEnum):
    """The best first."""

    OURS = 1  # it has our external id
    PICKED = 2  # an agent said that it is this customer
    GUESTS = 3  # it was made for a guest with the account's e-mail address
    FREE = 4  # a user without an external id
    FOREIGN = 5  # a user with an external id of another system
    LEAD = 6
    ACCOUNTS = 7  # for a guest: an account's, which may be shared
    ANOTHERS = 8  # never taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What is on record about the contacts that were found.

    `links`: subjects by contact; `picks`: the picked customer's subject by contact; `customers`: the subject that has
    an external id, for those of the ids that the shop's customers have. `before`: the external id that a contact has
    if it was made for a guest with this person's e-mail address.
    """

    links: Collection[Link] = ()
    picks: Mapping[str, str] = field(default_factory=dict)
    customers: Mapping[str, str] = field(default_factory=dict)
    before: str | None = None

    def others(self, contact_id: str, person: Person) -> tuple[Link, ...]:
        """The links of this contact that are not this person's."""
        return tuple(each for each in self.links if each.contact_id == contact_id and each.key != person.subject)


def standing(person: Person, contact: Contact, around: Surroundings) -> Standing:
    """What the contact is to this person."""
    if contact.external_id is not None and contact.external_id in (person.external_id, person.stand_in_id):
        return Standing.OURS if _is_takable(person, contact, around, WEAK) else Standing.ANOTHERS
    if person.is_guest:
        return _of_a_guest(person, contact, around)
    if around.picks.get(contact.id) == person.subject and _is_takable(person, contact, around, WEAK):
        return Standing.PICKED
    if not _is_takable(person, contact, around, frozenset()) or _is_someone_elses(person, contact, around):
        return Standing.ANOTHERS
    return Standing.GUESTS if contact.external_id and contact.external_id == around.before else _as_it_is(contact)


def best(person: Person, contacts: Iterable[Contact], around: Surroundings) -> tuple[Contact, Standing] | None:
    """The contact to take: by its standing, then the one that changed last.

    A guest whose address several accounts have is nobody's in particular.
    """
    found = sorted(
        ((standing(person, contact, around), -(contact.updated_at or 0), contact.id, contact) for contact in contacts),
        key=lambda each: each[:3],
    )
    found = [each for each in found if each[0] is not Standing.ANOTHERS]
    if not found or (found[0][0] is Standing.ACCOUNTS and len(found) > 1):
        return None
    return found[0][3], found[0][0]


def is_events_only(links: Iterable[Link], subject: str) -> bool:
    """Whether another subject of the same contact keeps it true: an account before a guest, the first before later."""
    return min((_rank(each) for each in links), default=(False, False, subject))[2] != subject


def _rank(link: Link) -> tuple[bool, bool, str]:
    return not link.key.startswith(CUSTOMER), link.linked_by == LinkedBy.MERGED, link.key


def _is_takable(person: Person, contact: Contact, around: Surroundings, undone: Collection[str]) -> bool:
    """Whether no other customer has the contact, but by a link that may be undone. Guests give way to accounts."""
    return all(
        not other.key.startswith(CUSTOMER) or other.linked_by in undone for other in around.others(contact.id, person)
    )


def _is_someone_elses(person: Person, contact: Contact, around: Surroundings) -> bool:
    """By an agent's pick, or by an external id that another customer or another guest has."""
    if around.picks.get(contact.id, person.subject) != person.subject:
        return True
    id_ = contact.external_id
    if id_ is None or id_ == around.before:
        return False
    return id_.startswith((OF_A_GUEST, OF_A_CUSTOMER)) or around.customers.get(id_, person.subject) != person.subject


def _of_a_guest(person: Person, contact: Contact, around: Surroundings) -> Standing:
    id_ = contact.external_id
    if any(other.key.startswith(CUSTOMER) for other in around.others(contact.id, person)):
        return Standing.ACCOUNTS
    if id_ is not None and (id_.startswith((OF_A_GUEST, OF_A_CUSTOMER)) or id_ in around.customers):
        return Standing.ACCOUNTS if id_ in around.customers else Standing.ANOTHERS
    return _as_it_is(contact)


def _as_it_is(contact: Contact) -> Standing:
    if contact.role == Role.LEAD:
        return Standing.LEAD
    return Standing.FREE if contact.external_id is None else Standing.FOREIGN
