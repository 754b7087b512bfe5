"""Putting on record that a contact is a person's, under a lock, so that two people never take one contact at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from psycopg import Connection

from clients.intercom.resources import Contact
from sync.identity.outcome import Linked, LinkedBy, Person, guest_external_id
from sync.identity.standing import WEAK, Standing, Surroundings, is_events_only, standing
from sync.mapping.rules import SyncMapping
from sync.people import CUSTOMER, guest_subject
from sync.plan.contact import EXTERNAL_ID, OURS, as_ours, doubtful
from sync.plan.subject import UNSURE, Value
from sync.steps import Steps
from sync.storage.database import Transactions
from sync.storage.links import (
    Link,
    known_external_ids,
    links_of_contacts,
    lock_contact,
    picked_contacts,
    picks_of_contacts,
    save_link,
)
from sync.storage.subjects import SubjectRow, link_contact, wake_subjects
from sync.storage.suggestions import forget_suggestion
from sync.storage.traces import Trace, add_traces

LINKED_BY: Final[Mapping[Standing, LinkedBy]] = {
    Standing.OURS: LinkedBy.EXTERNAL_ID,
    Standing.PICKED: LinkedBy.PICKED,
    Standing.GUESTS: LinkedBy.UPGRADED,
    Standing.FREE: LinkedBy.ADOPTED,
    Standing.FOREIGN: LinkedBy.EMAIL,
    Standing.LEAD: LinkedBy.LEAD,
    Standing.ACCOUNTS: LinkedBy.EMAIL,
    Standing.ANOTHERS: LinkedBy.MERGED,
}
_BLANKS: Final = ("email", "name", "phone")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """For one installation. Thread-safe."""

    database: Transactions
    installation: str
    mapping: SyncMapping
    now: Callable[[], datetime]
    steps: Steps | None = None  # of the job, if it puts down what it does

    @property
    def _owned(self) -> tuple[str, ...]:
        return tuple(rule.name for rule in self.mapping.attributes)

    def around(self, connection: Connection, person: Person, contacts: Iterable[Contact]) -> Surroundings:
        """What is on record about these contacts."""
        found = tuple(contacts)
        ids = [contact.id for contact in found]
        external_ids = [contact.external_id for contact in found if contact.external_id]
        field = self.mapping.identity.external_id
        return Surroundings(
            links=links_of_contacts(connection, self.installation, ids),
            picks=picks_of_contacts(connection, self.installation, ids),
            customers=known_external_ids(connection, self.installation, field, external_ids),
            before=self._before(person),
        )

    def _before(self, person: Person) -> str | None:
        if person.is_guest or not person.email:
            return None
        return guest_external_id(guest_subject(person.email, hash_key=self.mapping.hash_key))

    def known(self, person: Person, row: SubjectRow, contact_id: str) -> Linked | None:
        """A contact that is on record already; None when an agent said since then that it is not this one."""
        with self.database.transaction() as connection:
            links = links_of_contacts(connection, self.installation, [contact_id])
            if row.linked_by in WEAK and self._is_picked_otherwise(connection, person, row, contact_id):
                return None
        return Linked(
            contact_id=contact_id,
            linked_by=_linked_by(row.linked_by),
            events_only=is_events_only(links, person.subject),
        )

    def _is_picked_otherwise(self, connection: Connection, person: Person, row: SubjectRow, contact_id: str) -> bool:
        """A pick moves nobody from a contact that has their id, and takes none away from whose id it has."""
        if person.is_guest:
            return False
        picks = picks_of_contacts(connection, self.installation, [contact_id])
        if picks.get(contact_id, person.subject) != person.subject:
            return True
        if row.linked_by == LinkedBy.PICKED:
            return False
        picked = picked_contacts(connection, self.installation, person.subject.removeprefix(CUSTOMER))
        links = links_of_contacts(connection, self.installation, picked)
        taken = {each.contact_id for each in links if each.linked_by not in WEAK and each.key.startswith(CUSTOMER)}
        return any(each not in taken for each in picked)

    def claim(
        self, person: Person, row: SubjectRow, contact: Contact, *, after_merge: bool = False
    ) -> tuple[Linked, Standing] | None:
        """The contact is this person's from now on; None when it is another's. What follows from it is on record too.

        `after_merge`: the contact that the person had went into this one, so it is theirs whoever else has it.
        """
        with self.database.transaction() as connection:
            lock_contact(connection, self.installation, contact.id)
            around = self.around(connection, person, [contact])
            found = standing(person, contact, around)
            if found is Standing.ANOTHERS and not after_merge:
                return None
            if found in (Standing.OURS, Standing.PICKED):
                self._displace(connection, person, contact, around)
            link = _link(person, row, contact, around, found, owned=self._owned)
            self._save(connection, link)
            links = links_of_contacts(connection, self.installation, [contact.id])
        return _linked(link, is_events_only(links, person.subject)), found

    def created(
        self,
        person: Person,
        contact: Contact,
        fields: Mapping[str, Value],
        attributes: Mapping[str, Value],
        *,
        given: Collection[str],
    ) -> Linked:
        """The contact was made for this person with these custom attributes; these of Intercom's fields are wanted, and
        those named in `given` were sent.
        """
        fingerprint = _blank(contact) | as_ours(fields) | dict(attributes)
        link = Link(key=person.subject, contact_id=contact.id, linked_by=LinkedBy.CREATED, fingerprint=fingerprint)
        with self.database.transaction() as connection:
            fields_sent = {"fields": sorted(given)}
            self._save(connection, link, fields_sent | ({"sent": dict(attributes)} if attributes else {}))
        return _linked(link, events_only=False)

    def keep(self, row: SubjectRow, contact_id: str) -> None:
        """The contact cannot be written now, and is still the one that holds what we sent."""
        link = Link(
            key=row.key,
            contact_id=contact_id,
            linked_by=row.linked_by,
            fingerprint=row.fingerprint,
            tags_added=frozenset(row.tags_added),
            tags_unsure=frozenset(row.tags_unsure),
        )
        with self.database.transaction() as connection:
            save_link(connection, self.installation, link)

    def release(self, person: Person) -> None:
        """The person has no contact."""
        with self.database.transaction() as connection:
            link_contact(connection, self.installation, person.subject, None, linked_by=None)

    def _save(self, connection: Connection, link: Link, more: Mapping[str, object] = MappingProxyType({})) -> None:
        save_link(connection, self.installation, link)
        forget_suggestion(connection, self.installation, link.key)
        detail = {"contact_id": link.contact_id, "linked_by": link.linked_by, **more}
        if self.steps is not None:
            trace = self.steps.step("linked", detail, subject=link.key)
        else:
            trace = Trace(at=self.now(), step="linked", subject=link.key, detail=detail)
        add_traces(connection, self.installation, [trace])

    def _displace(self, connection: Connection, person: Person, contact: Contact, around: Surroundings) -> None:
        """Whoever had the contact by less than an external id looks for another one."""
        keys = [other.key for other in around.others(contact.id, person) if other.key.startswith(CUSTOMER)]
        for key in keys:
            link_contact(connection, self.installation, key, None, linked_by=None)
        if keys:
            wake_subjects(connection, self.installation, keys)


def _link(
    person: Person,
    row: SubjectRow,
    contact: Contact,
    around: Surroundings,
    found: Standing,
    *,
    owned: Iterable[str] = (),
) -> Link:
    """What is believed of the contact from now on: what was ever sent to it is uncertain, and ours to clear.

    `owned`: the attributes that are the mapping's. Those that are there were sent by us at some time, perhaps with the
    contact's creation, of which we never heard the end.
    """
    others = around.others(contact.id, person)
    heirs = [] if person.is_guest else [other for other in others if not other.key.startswith(CUSTOMER)]
    fingerprint: dict[str, Value] = _blank(contact)
    if found is not Standing.ACCOUNTS:  # which its account keeps true
        fingerprint |= {name: UNSURE for name in owned if contact.custom_attributes.get(name) not in (None, "")}
    tags: set[str] = set()
    for heir in heirs:
        fingerprint |= doubtful(heir.fingerprint)
        tags |= heir.tags_added | heir.tags_unsure
    if row.contact_id is not None:
        fingerprint |= doubtful(row.fingerprint)
        tags |= {*row.tags_added, *row.tags_unsure}
    if not person.is_guest:
        fingerprint |= _own_fields(person, row, contact, found)
    return Link(
        key=person.subject,
        contact_id=contact.id,
        linked_by=_how(person, row, contact, found),
        fingerprint=fingerprint,
        tags_unsure=frozenset(tags),
    )


def _how(person: Person, row: SubjectRow, contact: Contact, found: Standing) -> LinkedBy:
    if found is Standing.OURS and row.linked_by == LinkedBy.CREATED:
        return LinkedBy.CREATED
    if person.is_guest and found in (Standing.FREE, Standing.LEAD):
        return LinkedBy.EMAIL
    if row.contact_id is not None and row.linked_by == LinkedBy.PICKED and found is not Standing.OURS:
        return LinkedBy.PICKED
    return LINKED_BY[found]


def _own_fields(person: Person, row: SubjectRow, contact: Contact, found: Standing) -> dict[str, Value]:
    """Fields of the contact that are an account's to keep true, as far as the contact itself tells."""
    made_here = found is Standing.GUESTS or (found is Standing.OURS and row.linked_by == LinkedBy.CREATED)
    if made_here or (found is Standing.OURS and contact.external_id != person.external_id):
        return {OURS + name: UNSURE for name in (EXTERNAL_ID, *person.contact)}
    return {OURS + EXTERNAL_ID: UNSURE} if found in (Standing.FREE, Standing.LEAD) else {}


def _blank(contact: Contact) -> dict[str, Value]:
    """What the contact has nothing of may be filled, and is ours then."""
    held = {"email": contact.email, "name": contact.name, "phone": contact.phone}
    return as_ours({name: None for name in _BLANKS if held[name] is None})


def _linked(link: Link, events_only: bool) -> Linked:
    return Linked(
        contact_id=link.contact_id,
        linked_by=_linked_by(link.linked_by),
        fresh=True,
        events_only=events_only,
        fingerprint=link.fingerprint,
        tags_added=link.tags_added,
        tags_unsure=link.tags_unsure,
    )


def _linked_by(told: str | None) -> LinkedBy:
    try:
        return LinkedBy(told or LinkedBy.EMAIL)
    except ValueError:
        return LinkedBy.EMAIL
