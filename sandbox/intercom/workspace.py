"""One Intercom workspace: its contacts, tags, attributes, events and conversations."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final
from zoneinfo import ZoneInfo

from sandbox.intercom.attributes import Attributes
from sandbox.intercom.contact import Contact
from sandbox.intercom.conversations import Conversations, conversation_field
from sandbox.intercom.events import Events
from sandbox.intercom.identity import NORDLICHT, Identity
from sandbox.intercom.people import People, Tell
from sandbox.intercom.search import Field, Kind, Searchable
from sandbox.intercom.switches import Switches
from sandbox.intercom.tags import Tags

WORKSPACE_ID: Final = NORDLICHT.id

_STANDARD_FIELDS: Final[dict[str, Kind]] = {
    "id": "string",
    "role": "string",
    "name": "string",
    "email": "string",
    "phone": "string",
    "external_id": "string",
    "created_at": "date",
    "updated_at": "date",
    "signed_up_at": "date",
    "last_seen_at": "date",
}
_KINDS: Final[dict[str, Kind]] = {
    "string": "string",
    "integer": "number",
    "float": "number",
    "boolean": "boolean",
    "date": "date",
}


class Workspace:
    """Everything that is in it. Not thread-safe: the stand-in's lock guards it. `tell` hears what happens."""

    def __init__(
        self,
        clock: Callable[[], float],
        switches: Callable[[], Switches],
        tell: Tell = lambda topic, item: None,
        *,
        identity: Identity = NORDLICHT,
    ) -> None:
        self.identity = identity
        self.id = identity.id
        self.attributes = Attributes()
        self.people = People(self.id, self.attributes, clock, switches, tell)
        self.tags = Tags()
        self.events = Events()
        self.conversations = Conversations(clock, lambda: switches().search_lag_s, tell)
        self.switches = switches
        self.clock = clock
        self._founded = math.floor(clock())

    @property
    def now(self) -> int:
        """Unix seconds."""
        return math.floor(self.clock())

    def me(self) -> dict[str, Any]:
        """`GET /me`: the teammate behind the token, and the workspace."""
        return self.identity.me(self._founded, email_verified=self.switches().email_verified)

    def searchable_contacts(self) -> Searchable:
        """What contacts can be searched by."""
        return Searchable(
            field=self._contact_field,
            timezone=ZoneInfo(self.identity.timezone),
            ignores_case=not self.switches().email_case_sensitive,
        )

    def searchable_conversations(self) -> Searchable:
        return Searchable(field=conversation_field, timezone=ZoneInfo(self.identity.timezone))

    def _contact_field(self, name: str) -> Field | None:
        if name == "tag_id":
            return Field("ids", lambda contact: contact.tags)
        if name in _STANDARD_FIELDS:
            return Field(_STANDARD_FIELDS[name], lambda contact: getattr(contact, name))
        if not name.startswith("custom_attributes."):
            return None
        attribute = self.attributes.of_contacts(name.removeprefix("custom_attributes."))
        if attribute is None:
            return None
        key = attribute.name
        return Field(_KINDS[attribute.data_type], lambda contact: contact.custom_attributes.get(key))

    def shown(self, contact: Contact) -> dict[str, Any]:
        """A contact with its tags by name and its events newest first, as a person would want to see them."""
        events = [event.document() for event in self.events.of(contact.id)]
        numbered = sorted(enumerate(events), key=lambda each: (each[1]["created_at"], each[0]), reverse=True)
        types = {name: self.attributes.of_contacts(name) for name in contact.custom_attributes}
        return {
            "contact": contact.document() | {"archived": contact.archived},
            "changed_at": dict(self.people.changed_at(contact.id)),
            "types": {name: known.data_type for name, known in types.items() if known is not None},
            "tags": [self.tags.name(tag_id) for tag_id in contact.tags],
            "events": [{"number": number, **event} for number, event in numbered],
        }
