"""Every contact of the workspace: who may exist beside whom, who was archived, deleted or merged away.

Not thread-safe: the stand-in's lock guards it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from sandbox.intercom.attributes import Attributes
from sandbox.intercom.contact import Contact, refuse_demotion, role_of, standard_values
from sandbox.intercom.index import SearchIndex
from sandbox.intercom.refusals import Refusal, missing, not_found
from sandbox.intercom.switches import Switches

Tell = Callable[[str, Mapping[str, Any]], None]
"""Topic and item of a notification."""

MOST_HOPS: Final = 3  # of a chain of merges
OWNERS: Final = frozenset({"7301550"})
_DATED: Final = ("name", "email", "role", "external_id")
_COPIED: Final = ("email", "name", "phone", "avatar", "owner_id", "signed_up_at", "last_seen_at", "language_override")


class People:
    """The contacts by Intercom id. `clock` gives Unix seconds, `switches` the present ones; `tell` hears of changes."""

    def __init__(
        self,
        workspace_id: str,
        attributes: Attributes,
        clock: Callable[[], float],
        switches: Callable[[], Switches],
        tell: Tell = lambda topic, item: None,
    ) -> None:
        self._workspace_id = workspace_id
        self._attributes = attributes
        self._clock = clock
        self._switches = switches
        self._tell = tell
        self._contacts: dict[str, Contact] = {}
        self._order: list[str] = []  # ids as they came, for the list's cursor; deleted ones stay
        self._by_external_id: dict[str, str] = {}  # of users, archived ones among them
        self._by_email: dict[str, dict[str, None]] = {}  # lower-cased -> ids
        self._merged: dict[str, str] = {}  # id that is gone -> id that it became
        self._changed_at: dict[str, dict[str, float]] = {}
        self._index = SearchIndex(clock, switches)
        self._count = 0

    def __iter__(self) -> Iterator[Contact]:
        return iter(self._contacts.values())

    def __len__(self) -> int:
        return len(self._contacts)

    # reading

    def at(self, contact_id: str) -> Contact | None:
        """Whoever has this id, archived or not."""
        return self._contacts.get(contact_id)

    def get(self, contact_id: str) -> Contact:
        """By id, as a request reads it: 410 or 404 when merged away, 404 when archived unless switched otherwise."""
        contact = self._contacts.get(contact_id)
        if contact is None:
            self._refuse_merged(contact_id)
        if contact is None or (contact.archived and not self._switches().archived_found):
            raise not_found("User")
        return contact

    def find(self, external_id: str) -> Contact:
        """By external id: users only."""
        contact_id = self._by_external_id.get(external_id)
        if contact_id is None:
            raise not_found("User")
        contact = self.get(contact_id)
        if self._clock() - contact.born < self._switches().find_lag_s:
            raise not_found("User")
        return contact

    def holder(self, external_id: str) -> Contact | None:
        """The user who holds this external id, archived or not."""
        return self._contacts.get(self._by_external_id.get(external_id, ""))

    def having(self, email: str) -> list[Contact]:
        """Everybody with this e-mail, in any case and any role."""
        return [self._contacts[each] for each in self._by_email.get(email.lower(), ())]

    def users_with(self, email: str) -> list[Contact]:
        """Live users with this e-mail."""
        exact = self._switches().email_case_sensitive
        return [c for c in self.having(email) if c.is_user and not c.archived and (not exact or c.email == email)]

    def listed(self, start: int, size: int) -> tuple[list[Contact], int | None]:
        """A page of the live contacts and where the next one begins (None: nowhere)."""
        page: list[Contact] = []
        for at in range(start, len(self._order)):
            contact = self._contacts.get(self._order[at])
            if contact is None or contact.archived:
                continue
            if len(page) == size:
                return page, at
            page.append(contact)
        return page, None

    def searched(self, email: str | None = None) -> Iterable[Contact]:
        """What search can see, possibly the past; with `email`, at most those that could have it."""
        return self._index.seen(email)

    def changed_at(self, contact_id: str) -> Mapping[str, float]:
        """When name, e-mail, role, external id and each custom attribute changed last (Unix time); not all ever did."""
        return self._changed_at.get(contact_id, {})

    @property
    def live_count(self) -> int:
        return sum(not contact.archived for contact in self._contacts.values())

    # writing

    def put(self, contact: Contact) -> Contact:
        """As it is, without asking: for filling the workspace."""
        if contact.id not in self._contacts:
            self._order.append(contact.id)
        return self._store(contact)

    def create(self, body: Mapping[str, Any]) -> Contact:
        """`POST /contacts`."""
        if not any(body.get(name) for name in ("email", "external_id", "role")):
            raise missing("At least one of email, external_id and role is required")
        role = role_of(body) or "user"
        values = standard_values(body, owners=OWNERS)
        if role == "lead":
            values.pop("external_id", None)
        elif not values.get("email") and not values.get("external_id"):
            raise missing("A user needs an external_id or an email")
        custom = self._custom(body, of_lead=role == "lead")
        now = self._clock()
        self._count += 1
        contact = Contact(
            id=f"{math.floor(now):08x}{self._count:016x}",
            workspace_id=self._workspace_id,
            role=role,
            born=now,
            updated_at=math.floor(now),
            custom_attributes=_without_none(custom),
            **values,
        )
        self._refuse_conflict(contact, email_is_new=True)
        self.put(contact)
        self._tell(f"contact.{contact.role}.created", contact.document())
        self._archive_the_oldest()
        return contact

    def update(self, contact_id: str, body: Mapping[str, Any]) -> Contact:
        """`PUT /contacts/{id}`: what is not named stays as it is."""
        contact = self.get(contact_id)
        role = role_of(body) or contact.role
        refuse_demotion(contact, role)
        values = standard_values(body, owners=OWNERS)
        if role == "lead":
            values.pop("external_id", None)
        custom = self._custom(body, of_lead=role == "lead")
        merged = _without_none({**contact.custom_attributes, **custom}) if custom else contact.custom_attributes
        changed = replace(contact, role=role, custom_attributes=merged, **values)
        self._refuse_conflict(changed, email_is_new=changed.email != contact.email)
        after = self._changed(contact, changed)
        for topic in topics_of(contact, after):
            self._tell(topic, after.document())
        return after

    def set_archived(self, contact_id: str, archived: bool) -> Contact:
        """Archiving twice is harmless; what was merged away cannot be restored."""
        if contact_id in self._merged and not archived:
            raise Refusal(400, "bad_request", "User has been merged and is not restorable.")
        contact = self._contacts.get(contact_id)
        if contact is None:
            raise not_found("User")
        after = self._changed(contact, replace(contact, archived=archived))
        if after is not contact:
            self._tell("contact.archived" if archived else "contact.unarchive", after.document())
        return after

    def delete(self, contact_id: str) -> Contact:
        """For good: id, external id and e-mail are free again."""
        contact = self._contacts.get(contact_id)
        if contact is None:
            raise not_found("User")
        self._forget(contact)
        self._tell("contact.deleted", contact.reference(deleted=True))
        return contact

    def merge(self, source_id: str, target_id: str, *, skip_duplicate_validation: bool = False) -> Contact:
        """`POST /contacts/merge`: a lead into a user who shares its e-mail or phone."""
        source, target = self.get(source_id), self.get(target_id)
        if source.is_user or not target.is_user:
            raise Refusal(400, "invalid_merge", "Contact merges can only be performed on a lead into a user")
        shares = (source.email and _same(source.email, target.email)) or (source.phone and source.phone == target.phone)
        if not shares and not skip_duplicate_validation:
            text = "Contacts must share an email or a phone number; send skip_duplicate_validation to merge them anyway"
            raise Refusal(400, "invalid_merge", text)
        return self.merged_away(source, target)

    def merged_away(self, source: Contact, target: Contact) -> Contact:
        """`source` is gone; `target` gets what only `source` had. Whoever they are: teammates can merge more."""
        self._forget(source)
        self._merged[source.id] = target.id
        missing_here = {name: getattr(source, name) for name in _COPIED if getattr(target, name) is None}
        custom = {**source.custom_attributes, **target.custom_attributes}
        tags = {**source.tags, **target.tags}
        after = self._changed(target, replace(target, custom_attributes=custom, tags=tags, **missing_here))
        self._tell("contact.merged", {**after.document(), "merged_from": {"type": "contact", "id": source.id}})
        return after

    def tagged(self, contact: Contact, tags: Mapping[str, int]) -> Contact:
        """With these tags instead."""
        after = self._changed(contact, replace(contact, tags=tags))
        for tag_id in {*contact.tags} ^ {*tags}:
            what = "created" if tag_id in tags else "deleted"
            item = {"type": "contact_tag", "tag": {"type": "tag", "id": tag_id}, "contact": after.document()}
            self._tell(f"contact.{contact.role}.tag.{what}", {**item, "created_at": after.updated_at})
        return after

    def _changed(self, before: Contact, after: Contact) -> Contact:
        if after == before:
            return before
        return self._store(replace(after, updated_at=math.floor(self._clock())))

    def _custom(self, body: Mapping[str, Any], *, of_lead: bool) -> dict[str, Any]:
        values = body.get("custom_attributes")
        return {} if values is None else self._attributes.checked(values, self._switches(), of_lead=of_lead)

    def _refuse_conflict(self, contact: Contact, *, email_is_new: bool) -> None:
        if not contact.is_user:
            return
        holder = self.holder(contact.external_id or "")
        if holder is not None and holder.id != contact.id:
            raise _conflict(holder)
        if contact.email is None or not email_is_new or not self._switches().email_only_conflicts:
            return
        for other in self.users_with(contact.email):
            if other.id != contact.id and (other.external_id is None or contact.external_id is None):
                raise _conflict(other)

    def _refuse_merged(self, contact_id: str) -> None:
        target, hops = self._merged.get(contact_id), 1
        while target in self._merged and hops < MOST_HOPS:
            target, hops = self._merged[target], hops + 1
        if target is not None and self._switches().merged_status == 410:
            link = {"Link": f'</contacts/{target}>; rel="canonical"'}
            raise Refusal(410, "contact_merged", "This contact has been merged into another contact", headers=link)

    def _archive_the_oldest(self) -> None:
        most = self._switches().max_contacts
        if most is None:
            return
        live = [contact for contact in self._contacts.values() if not contact.archived]
        for contact in live[: max(0, len(live) - most)]:
            self.set_archived(contact.id, archived=True)

    def _store(self, contact: Contact) -> Contact:
        before = self._contacts.get(contact.id)
        if before is not None:
            self._unlist(before)
            self._date_changes(before, contact)
        self._contacts[contact.id] = contact
        if contact.is_user and contact.external_id:
            self._by_external_id[contact.external_id] = contact.id
        if contact.email:
            self._by_email.setdefault(contact.email.lower(), {})[contact.id] = None
        self._index.put(contact.id, contact)
        return contact

    def _forget(self, contact: Contact) -> None:
        self._unlist(contact)
        self._changed_at.pop(contact.id, None)
        del self._contacts[contact.id]
        self._index.put(contact.id, None)

    def _date_changes(self, before: Contact, after: Contact) -> None:
        old, new = _values(before), _values(after)
        changed = [name for name in {**old, **new} if old.get(name) != new.get(name)]
        if changed:
            self._changed_at.setdefault(after.id, {}).update(dict.fromkeys(changed, self._clock()))

    def _unlist(self, contact: Contact) -> None:
        if contact.external_id and self._by_external_id.get(contact.external_id) == contact.id:
            del self._by_external_id[contact.external_id]
        if contact.email:
            self._by_email.get(contact.email.lower(), {}).pop(contact.id, None)


def topics_of(before: Contact, after: Contact) -> list[str]:
    """What is told of a contact that was written to."""
    topics = [f"contact.{after.role}.updated"] if after is not before else []
    if before.email != after.email:
        topics.append("contact.email.updated" if before.email or after.is_user else "contact.lead.added_email")
    if before.role != after.role:
        topics.append("contact.lead.signed_up")
    return topics


def _conflict(holder: Contact) -> Refusal:
    who = "An archived contact" if holder.archived else "A contact"
    return Refusal(409, "conflict", f"{who} matching those details already exists with id={holder.id}")


def _values(contact: Contact) -> dict[str, Any]:
    return {name: getattr(contact, name) for name in _DATED} | dict(contact.custom_attributes)


def _same(one: str, other: str | None) -> bool:
    return other is not None and one.lower() == other.lower()


def _without_none(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
