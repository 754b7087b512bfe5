"""Finds the contact of a customer or guest, or makes one: docs/identity.md tells the rules, case by case.

https://developers.intercom.com/docs/references/rest-api/api.intercom.io/contacts
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from clients.deadline import Call
from clients.errors import Conflict, Merged, NotFound, PlatformError, Rejected, TryAgain, UnknownAttribute
from clients.intercom.calls import Intercom
from clients.intercom.resources import NOT_GIVEN, Contact, ContactWrite, Role
from sync.identity.claiming import Claims
from sync.identity.contacts import Contacts, has_email
from sync.identity.outcome import Linked, NoContact, Outcome, Parked, Person, Why
from sync.identity.standing import Standing, Surroundings, best, standing
from sync.identity.writing import contact_write
from sync.mapping.contact import ContactField
from sync.mapping.rules import Archived, SyncMapping
from sync.people import CUSTOMER, guest_subject
from sync.plan.contact import EXTERNAL_ID
from sync.plan.subject import Value
from sync.steps import Steps
from sync.storage.database import Transactions
from sync.storage.links import begin_creation, links_by_email, picked_contacts
from sync.storage.picks import unpick_customer
from sync.storage.subjects import SubjectRow, load_subject
from sync.storage.suggestions import suggested_contact

MOST_TRIES: Final = 3  # when Intercom says one thing and does another


class Unsettled(TryAgain):
    """Intercom contradicts itself, which passes: its index lags, or somebody is changing the same contacts."""

    reason_code = "contact_unsettled"


class Identity:
    """For one installation. Thread-safe; a subject is looked for by one job at a time."""

    def __init__(
        self,
        intercom: Intercom,
        database: Transactions,
        installation: str,
        mapping: SyncMapping,
        *,
        now: Callable[[], datetime],
        steps: Steps | None = None,
    ) -> None:
        self._intercom = intercom
        self._claims = Claims(database=database, installation=installation, mapping=mapping, now=now, steps=steps)

    def contact_for(
        self, person: Person, known: SubjectRow, *, broken: PlatformError | None = None, call: Callable[[], Call]
    ) -> Outcome:
        """The contact of this person, put on record as theirs. Raises what the client and the storage raise.

        A known contact is not asked about. `broken`: what Intercom said when it was written to; only that it is gone or
        merged breaks the link. `call` is asked for every request.
        """
        if known.contact_id is not None and not isinstance(broken, NotFound | Merged):
            linked = self._claims.known(person, known, known.contact_id)
            if linked is not None:
                return linked
        contacts = Contacts(self._intercom, call)
        search = _Search(person=person, known=known, contacts=contacts, claims=self._claims)
        return search.outcome(broken)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Search:
    """For one person, within one job."""

    person: Person
    known: SubjectRow
    contacts: Contacts
    claims: Claims

    def outcome(self, broken: PlatformError | None) -> Outcome:
        found = self._after_loss(broken)
        for _ in range(MOST_TRIES):
            found = found or self._ours() or self._by_email() or self._created()
            if found is not None:
                break
        if found is None:
            raise Unsettled("the contact is and is not there")
        if self.known.contact_id is not None and isinstance(found, NoContact):
            self.claims.release(self.person)
        if self.known.contact_id is not None and isinstance(found, Parked):
            self.claims.keep(self.known, self.known.contact_id)
        return found

    # the contact that was known

    def _after_loss(self, broken: PlatformError | None) -> Outcome | None:
        if isinstance(broken, Merged):
            contact = self.contacts.followed(broken.into)
            return self._taken(contact, after_merge=True) if contact else None
        if isinstance(broken, NotFound) and self.known.contact_id and self._archived is Archived.RESTORE:
            return self._restored(self.known.contact_id) if self.contacts.unarchived(self.known.contact_id) else None
        return None

    # our own id

    def _ours(self) -> Outcome | None:
        contact = self.contacts.with_external_id(self.person.own_id)
        if contact is None:
            return None
        if contact.archived:
            return self._of_archived(contact.id)
        return self._taken(contact) or Parked(Why.ANOTHERS)

    # the e-mail address, and what we know ourselves

    def _by_email(self) -> Outcome | None:
        if self.person.is_guest and (shared := self._of_account()):
            return shared
        found = (*self._remembered(), *self._suggested(), *self.contacts.with_email(self.person.email or ""))
        candidates = {contact.id: contact for contact in found}
        while candidates:
            with self.claims.database.transaction() as connection:
                around = self.claims.around(connection, self.person, candidates.values())
            chosen = best(self.person, candidates.values(), around)
            if chosen is None:
                return None
            contact = candidates.pop(chosen[0].id)
            if taken := self._taken(contact):
                if isinstance(taken, Linked) and not self.person.is_guest:
                    others = candidates.values()
                    leads = [each for each in others if self._is_lead(each, around)]
                    self.contacts.merge(leads, into=taken.contact_id)
                return taken
        return None

    def _of_account(self) -> Outcome | None:
        """The contact of the one account with the guest's address: known without a question."""
        if not self.person.email:
            return None
        with self.claims.database.transaction() as connection:
            links = links_by_email(connection, self.claims.installation, self.person.email)
        contact_ids = {link.contact_id for link in links}
        contact = self.contacts.followed(contact_ids.pop()) if len(contact_ids) == 1 else None
        return self._taken(contact) if contact else None

    def _remembered(self) -> Iterable[Contact]:
        """Contacts that an agent picked for this customer, and that of the guest with the same address."""
        person, installation = self.person, self.claims.installation
        if person.is_guest:
            return []
        with self.claims.database.transaction() as connection:
            ids = list(picked_contacts(connection, installation, person.subject.removeprefix(CUSTOMER)))
            if person.email:
                key = guest_subject(person.email, hash_key=self.claims.mapping.hash_key)
                guest = load_subject(connection, installation, key)
                ids += [guest.contact_id] if guest and guest.contact_id else []
        return [contact for each in dict.fromkeys(ids) if (contact := self._read_remembered(each))]

    def _read_remembered(self, contact_id: str) -> Contact | None:
        contact = self.contacts.followed(contact_id)
        if contact is None:
            with self.claims.database.transaction() as connection:
                unpick_customer(connection, self.claims.installation, contact_id)
        return contact

    def _suggested(self) -> Iterable[Contact]:
        """Whom Intercom named to us, and its search may not show yet: with this person's id or address alone."""
        with self.claims.database.transaction() as connection:
            contact_id = suggested_contact(connection, self.claims.installation, self.person.subject)
        contact = self.contacts.followed(contact_id)
        if contact is None or contact.archived:
            return []
        has_id = contact.external_id is not None and contact.external_id == self.person.own_id
        has_address = bool(self.person.email) and has_email(contact, self.person.email or "")
        return [contact] if has_id or has_address else []

    def _is_lead(self, contact: Contact, around: Surroundings) -> bool:
        return standing(self.person, contact, around) is Standing.LEAD

    # taking a contact

    def _taken(self, contact: Contact, *, after_merge: bool = False) -> Outcome | None:
        """None when it is another's, or not there after all."""
        claimed = self.claims.claim(self.person, self.known, contact, after_merge=after_merge)
        if claimed is None:
            return None
        linked, found = claimed
        write = self._introduction(contact, found)
        if write is None:
            return linked
        try:
            self.contacts.intercom.update_contact(contact.id, write, call=self.contacts.call())
        except Conflict as error:
            self.claims.release(self.person)
            return self._in_the_way(error)
        except Merged as error:
            self.claims.release(self.person)
            into = self.contacts.followed(error.into)
            return self._taken(into) if into else None
        except NotFound:  # the search saw what is there no more
            self.claims.release(self.person)
            return None
        return linked

    def _introduction(self, contact: Contact, found: Standing) -> ContactWrite | None:
        """What makes an account's contact of a user without an id, of a lead, or of a guest's."""
        if self.person.is_guest or found not in (Standing.FREE, Standing.LEAD, Standing.GUESTS):
            return None
        role = Role.USER if contact.role == Role.LEAD else NOT_GIVEN
        external_id = self.person.external_id or NOT_GIVEN
        if found is Standing.GUESTS:
            external_id = self.person.own_id
        if role is NOT_GIVEN and external_id is NOT_GIVEN:
            return None
        return ContactWrite(role=role, external_id=external_id)

    # making one

    def _created(self) -> Outcome | None:
        if not self.person.may_create:
            return NoContact()
        try:
            return self._create(without=())
        except Conflict as error:
            self.claims.release(self.person)
            found = self._in_the_way(error)
        if found != Parked(Why.ANOTHERS) or ContactField.EMAIL not in self.person.contact:
            return found
        try:
            return self._create(without=(ContactField.EMAIL,))  # another customer has the address, and keeps it
        except Conflict as error:
            self.claims.release(self.person)
            return self._in_the_way(error)

    def _create(self, *, without: Collection[str]) -> Linked:
        with self.claims.database.transaction() as connection:
            begin_creation(connection, self.claims.installation, self.person.subject)
        fields = dict(self.person.contact) | {EXTERNAL_ID: self.person.own_id}
        given = {name: value for name, value in fields.items() if name not in without}
        attributes = self.person.attributes
        try:
            contact = self._made(given, attributes)
        except (UnknownAttribute, Rejected):
            if not attributes:
                raise
            attributes = {}  # one of them is refused: which one, the delivery finds out
            contact = self._made(given, attributes)
        return self.claims.created(self.person, contact, fields, attributes, given=given)

    def _made(self, fields: Mapping[str, Value], attributes: Mapping[str, Value]) -> Contact:
        write = replace(contact_write(fields, attributes), role=Role.USER)
        return self.contacts.intercom.create_contact(write, call=self.contacts.call())

    def _in_the_way(self, conflict: Conflict) -> Outcome | None:
        """What a contact means that is who this one was to become."""
        if conflict.contact_id is None:
            return Parked(Why.AMBIGUOUS)
        if conflict.archived:
            return self._of_archived(conflict.contact_id)
        contact = self.contacts.followed(conflict.contact_id)
        if contact is None:
            return None
        return self._of_archived(contact.id) if contact.archived else self._taken(contact) or Parked(Why.ANOTHERS)

    # archived and merged ones

    @property
    def _archived(self) -> Archived:
        return self.claims.mapping.options.archived

    def _of_archived(self, contact_id: str) -> Outcome | None:
        if self._archived is Archived.PARK:
            return Parked(Why.ARCHIVED)
        return self._restored(contact_id) if self.contacts.unarchived(contact_id) else Parked(Why.NOT_RESTORABLE)

    def _restored(self, contact_id: str) -> Outcome | None:
        contact = self.contacts.followed(contact_id)
        return self._taken(contact) or Parked(Why.ANOTHERS) if contact else None
