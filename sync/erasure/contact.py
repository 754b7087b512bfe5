"""Takes what we sent out of one contact and one conversation in Intercom."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

from clients.deadline import Call
from clients.errors import Merged, NotFound, Rejected, UnknownAttribute
from clients.intercom.calls import Intercom
from clients.intercom.resources import AttributeValue, Contact
from sync.erasure.receipt import ContactReceipt, ContactWork, ConversationWork, Done
from sync.identity.writing import contact_write
from sync.mapping.contact import ContactField
from sync.mapping.rules import Erase, SyncMapping
from sync.plan.subject import Value

CLEARABLE: Final = (ContactField.NAME, ContactField.PHONE, ContactField.SIGNED_UP_AT)
LEFT: Final = ("email", "external_id", "events")  # by `clear`: Intercom takes none of them away but with the contact
MOST_HOPS: Final = 3


@dataclass(frozen=True, slots=True)
class ErasedContact:
    """One contact, on its way out."""

    intercom: Intercom
    mapping: SyncMapping
    call: Callable[[], Call]
    work: ContactWork

    def erase(self, *, is_shared: bool) -> ContactReceipt:
        contact, was_archived = self._found()
        if contact is None:
            return ContactReceipt(id=self.work.id, done=Done.GONE)
        if self.mapping.options.erase is Erase.DELETE and not is_shared:
            return self._deleted(contact)
        done = self._cleared(contact)
        if was_archived:
            self.intercom.archive(contact.id, call=self.call())
        return replace(done, done=Done.SHARED) if is_shared else done

    def _found(self) -> tuple[Contact | None, bool]:
        """The contact, wherever it was merged to; an archived one has to come back to be written to."""
        contact_id: str | None = self.work.id
        for _ in range(MOST_HOPS):
            try:
                return self.intercom.contact(contact_id or self.work.id, call=self.call()), False
            except Merged as error:
                contact_id = error.into
            except NotFound:
                break
        try:
            self.intercom.unarchive(self.work.id, call=self.call())
            return self.intercom.contact(self.work.id, call=self.call()), True
        except (NotFound, Merged, Rejected):
            return None, False

    def _deleted(self, contact: Contact) -> ContactReceipt:
        try:
            self.intercom.delete(contact.id, call=self.call())
        except NotFound:
            return ContactReceipt(id=contact.id, done=Done.GONE)
        return ContactReceipt(id=contact.id, done=Done.DELETED)

    def _cleared(self, contact: Contact) -> ContactReceipt:
        ours = {rule.name for rule in self.mapping.attributes}.union(self.work.attributes)
        names = [name for name, held in contact.custom_attributes.items() if name in ours and held is not None]
        fields = tuple(name for name in CLEARABLE if name in self.work.fields)
        self._clear(contact.id, fields, names)
        return ContactReceipt(
            id=contact.id,
            done=Done.CLEARED,
            attributes_cleared=len(names),
            fields_cleared=fields,
            tags_removed=self._untag(contact.id),
            left=LEFT,
        )

    def _clear(self, contact_id: str, fields: Iterable[str], names: Iterable[str]) -> None:
        cleared: dict[str, Value] = dict.fromkeys(fields)
        attributes: dict[str, AttributeValue] = dict.fromkeys(names)
        while cleared or attributes:
            try:
                self.intercom.update_contact(contact_id, contact_write(cleared, attributes), call=self.call())
                return
            except UnknownAttribute as error:  # it was archived in the workspace, and its values with it
                if error.name not in attributes:
                    raise
                del attributes[error.name]

    def _untag(self, contact_id: str) -> int:
        if not self.work.tags:
            return 0
        ours = {name.lower() for name in self.work.tags}
        tags = [tag for tag in self.intercom.contact_tags(contact_id, call=self.call()) if tag.name.lower() in ours]
        for tag in tags:
            try:
                self.intercom.untag_contact(contact_id, tag.id, call=self.call())
            except NotFound:
                continue
        return len(tags)


def clear_conversation(
    intercom: Intercom, mapping: SyncMapping, work: ConversationWork, *, call: Callable[[], Call]
) -> None:
    """Takes what we wrote from a conversation. May be done again; one that is gone has nothing of it."""
    attributes: dict[str, AttributeValue] = dict.fromkeys(work.attributes)
    try:
        while attributes:
            try:
                intercom.update_conversation(work.id, attributes, call=call())
                break
            except UnknownAttribute as error:  # it was archived in the workspace, and its values with it
                if error.name not in attributes:
                    raise
                del attributes[error.name]
        for name in work.tags:
            admin_id = mapping.conversations.admin_id or intercom.me(call=call()).admin_id
            tag = intercom.ensure_tag(name, call=call())
            with suppress(NotFound):
                intercom.untag_conversation(work.id, tag.id, admin_id=admin_id, call=call())
    except NotFound:
        return
