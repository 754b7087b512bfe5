"""The calls to Intercom's REST API that the product makes, one method each.

https://developers.intercom.com/docs/references/rest-api/api.intercom.io
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from clients.deadline import Call
from clients.errors import Unreachable
from clients.intercom import decode
from clients.intercom.conversation import Conversation
from clients.intercom.door import Door, Json, path_of
from clients.intercom.resources import (
    AttributeValue,
    Contact,
    ContactsPage,
    ContactWrite,
    ConversationAttribute,
    ConversationAttributeWrite,
    ConversationsPage,
    DataAttribute,
    DataAttributeWrite,
    EventWrite,
    Model,
    Tag,
    Workspace,
)
from clients.wire.answers import Answer
from clients.wire.http import Method

PAGE: Final = 50  # contacts; Intercom's own default
CONVERSATIONS: Final = 150  # of a page, the most that Intercom gives
DAY: Final = 86_400  # seconds


class Intercom:
    """One workspace. Thread-safe; every method raises only `PlatformError`, and sends one request, once.

    `live`: these calls serve a change that somebody may be looking at, and go before all others.
    """

    def __init__(self, door: Door, *, live: bool = True) -> None:
        self._door = door
        self._live = live

    def as_live(self, live: bool) -> Intercom:
        """The same workspace, for calls of that urgency."""
        return Intercom(self._door, live=live)

    def me(self, *, call: Call) -> Workspace:
        """Whose token this is."""
        return decode.workspace(self._json("GET", path_of("me"), purpose="me", call=call))

    # contacts

    def contact(self, contact_id: str, *, call: Call) -> Contact:
        """Raises `NotFound`, `Merged`."""
        return decode.contact(self._json("GET", path_of("contacts", contact_id), purpose="contact", call=call))

    def find_by_external_id(self, external_id: str, *, call: Call) -> Contact:
        """A user, never a lead. Raises `NotFound`, `Merged`. Unlike a search it may be trusted after a write."""
        path = path_of("contacts", "find_by_external_id", external_id)
        return decode.contact(self._json("GET", path, purpose="find_by_external_id", call=call))

    def search_by_email(self, email: str, *, call: Call) -> tuple[Contact, ...]:
        """Users and leads, up to fifty. Contacts written within the last minutes may be missing."""
        body = {
            "query": {"field": "email", "operator": "=", "value": email},
            "pagination": {"per_page": PAGE},
        }
        path = path_of("contacts", "search")
        return decode.contacts_page(self._json("POST", path, body, purpose="search_contacts", call=call)).contacts

    def list_contacts(self, after: str | None = None, *, per_page: int = PAGE, call: Call) -> ContactsPage:
        """One page of all contacts, archived and merged ones excepted; `after` comes from the page before."""
        query = {"per_page": str(per_page)} | ({"starting_after": after} if after else {})
        path = path_of("contacts")
        return decode.contacts_page(self._json("GET", path, query=query, purpose="list_contacts", call=call))

    def create_contact(self, write: ContactWrite, *, call: Call) -> Contact:
        """Needs an e-mail, an external id or a role. Raises `Conflict`, `UnknownAttribute`."""
        body = write.to_json()
        return decode.contact(self._json("POST", path_of("contacts"), body, purpose="create_contact", call=call))

    def update_contact(self, contact_id: str, write: ContactWrite, *, call: Call) -> Contact:
        """Raises `NotFound`, `Merged`, `Conflict` (the e-mail or external id is another's), `UnknownAttribute`."""
        path = path_of("contacts", contact_id)
        return decode.contact(self._json("PUT", path, write.to_json(), purpose="update_contact", call=call))

    def archive(self, contact_id: str, *, call: Call) -> None:
        """Hides the contact; its external id and e-mail stay taken."""
        self._send("POST", path_of("contacts", contact_id, "archive"), purpose="archive_contact", call=call)

    def unarchive(self, contact_id: str, *, call: Call) -> None:
        """Raises `Rejected` for one that was merged or blocked and cannot come back."""
        self._send("POST", path_of("contacts", contact_id, "unarchive"), purpose="unarchive_contact", call=call)

    def delete(self, contact_id: str, *, call: Call) -> None:
        """For good. Raises `NotFound` the second time."""
        self._send("DELETE", path_of("contacts", contact_id), purpose="delete_contact", call=call)

    def merge(self, lead_id: str, *, into: str, call: Call) -> Contact:
        """The user that the lead went into; its own values win. Raises `Rejected` unless they share e-mail or phone."""
        body = {"from": lead_id, "into": into}
        path = path_of("contacts", "merge")
        return decode.contact(self._json("POST", path, body, purpose="merge_contacts", call=call))

    # events

    def send_event(self, event: EventWrite, *, call: Call) -> None:
        """Accepted is all that is ever heard of it. Raises `NotFound` without its contact."""
        self._send("POST", path_of("events"), event.to_json(), purpose="send_event", call=call)

    # tags

    def tags(self, *, call: Call) -> tuple[Tag, ...]:
        """All of the workspace."""
        return decode.tags(self._json("GET", path_of("tags"), purpose="tags", call=call))

    def ensure_tag(self, name: str, *, call: Call) -> Tag:
        """The tag of that name, whichever case it is written in; made if there is none."""
        return decode.tag(self._json("POST", path_of("tags"), {"name": name}, purpose="ensure_tag", call=call))

    def contact_tags(self, contact_id: str, *, call: Call) -> tuple[Tag, ...]:
        """All of a contact, which carries only ten itself. Raises `NotFound`."""
        return decode.tags(
            self._json("GET", path_of("contacts", contact_id, "tags"), purpose="contact_tags", call=call)
        )

    def tag_contact(self, contact_id: str, tag_id: str, *, call: Call) -> None:
        """Harmless when it has the tag. Raises `NotFound` for a contact or tag that does not exist."""
        path = path_of("contacts", contact_id, "tags")
        self._send("POST", path, {"id": tag_id}, purpose="tag_contact", call=call)

    def untag_contact(self, contact_id: str, tag_id: str, *, call: Call) -> None:
        """Raises `NotFound` for a contact or tag that does not exist."""
        self._send("DELETE", path_of("contacts", contact_id, "tags", tag_id), purpose="untag_contact", call=call)

    # data attributes

    def data_attributes(self, model: Model, *, include_archived: bool = True, call: Call) -> tuple[DataAttribute, ...]:
        """Standard and custom ones."""
        query = {"model": str(model), "include_archived": "true" if include_archived else "false"}
        path = path_of("data_attributes")
        return decode.data_attributes(self._json("GET", path, query=query, purpose="data_attributes", call=call))

    def create_data_attribute(self, write: DataAttributeWrite, *, call: Call) -> DataAttribute:
        """Raises `Rejected` when contacts or companies have one of this name, archived ones included."""
        path = path_of("data_attributes")
        body = write.to_json()
        return decode.data_attribute(self._json("POST", path, body, purpose="create_data_attribute", call=call))

    def unarchive_data_attribute(self, attribute_id: str, *, call: Call) -> DataAttribute:
        """The name of an archived one stays taken, so it is brought back instead of made anew."""
        path = path_of("data_attributes", attribute_id)
        body = {"archived": False}
        return decode.data_attribute(self._json("PUT", path, body, purpose="unarchive_data_attribute", call=call))

    # conversations

    def search_conversations(
        self, *, since: int | None = None, after: str | None = None, per_page: int = CONVERSATIONS, call: Call
    ) -> ConversationsPage:
        """One page: the open ones, or those changed since (unix seconds), closed ones among them. In no order.

        Days are all that this search can tell apart, so with `since` it begins a day early. Conversations written to
        within the last minutes may be missing.
        """
        changed = {"field": "updated_at", "operator": ">", "value": str((since or 0) - DAY)}
        is_open = {"field": "open", "operator": "=", "value": True}
        body = {
            "query": {"operator": "AND", "value": [is_open if since is None else changed]},
            "pagination": {"per_page": per_page} | ({"starting_after": after} if after else {}),
        }
        path = path_of("conversations", "search")
        return decode.conversations_page(self._json("POST", path, body, purpose="search_conversations", call=call))

    def conversation(self, conversation_id: str, *, call: Call) -> Conversation:
        """With its messages, the latest five hundred. Raises `NotFound`."""
        path = path_of("conversations", conversation_id)
        return decode.conversation(self._json("GET", path, purpose="conversation", call=call))

    def update_conversation(
        self, conversation_id: str, attributes: Mapping[str, AttributeValue], *, call: Call
    ) -> Conversation:
        """Sets custom attributes: texts and whole numbers; None clears, for which a conversation takes an empty text.

        Raises `NotFound`, `UnknownAttribute`, `PlanRestricted`.
        """
        path = path_of("conversations", conversation_id)
        body = {"custom_attributes": {name: "" if value is None else value for name, value in attributes.items()}}
        return decode.conversation(self._json("PUT", path, body, purpose="update_conversation", call=call))

    def tag_conversation(self, conversation_id: str, tag_id: str, *, admin_id: str, call: Call) -> None:
        """In the name of a teammate. Harmless when it has the tag. Raises `NotFound`."""
        path = path_of("conversations", conversation_id, "tags")
        body = {"id": tag_id, "admin_id": admin_id}
        self._send("POST", path, body, purpose="tag_conversation", call=call)

    def untag_conversation(self, conversation_id: str, tag_id: str, *, admin_id: str, call: Call) -> None:
        """In the name of a teammate. Raises `NotFound`, also for a tag that it does not have."""
        path = path_of("conversations", conversation_id, "tags", tag_id)
        self._send("DELETE", path, {"admin_id": admin_id}, purpose="untag_conversation", call=call)

    def conversation_attributes(
        self, *, include_archived: bool = True, call: Call
    ) -> tuple[ConversationAttribute, ...]:
        """The custom ones."""
        query = {"include_archived": "true" if include_archived else "false"}
        path = path_of("conversations", "attributes")
        found = self._json("GET", path, query=query, purpose="conversation_attributes", call=call)
        return decode.conversation_attributes(found)

    def create_conversation_attribute(self, write: ConversationAttributeWrite, *, call: Call) -> ConversationAttribute:
        """Intercom makes a second one of the same name as well, and then takes no values for either: look before."""
        path = path_of("conversations", "attributes")
        body = write.to_json()
        made = self._json("POST", path, body, purpose="create_conversation_attribute", call=call)
        return decode.conversation_attribute(made)

    def _json(
        self,
        method: Method,
        path: str,
        body: Json | None = None,
        *,
        query: Mapping[str, str] | None = None,
        purpose: str,
        call: Call,
    ) -> object:
        answer = self._door.send(method, path, body, query=query, live=self._live, purpose=purpose, call=call)
        found = answer.json_or_none()
        if found is None:
            raise _of_somebody_else(answer)
        return found

    def _send(self, method: Method, path: str, body: Json | None = None, *, purpose: str, call: Call) -> None:
        answer = self._door.send(method, path, body, live=self._live, purpose=purpose, call=call)
        if answer.body and answer.json_or_none() is None:
            raise _of_somebody_else(answer)  # taken for an acceptance, it would lose an event


def _of_somebody_else(answer: Answer) -> Unreachable:
    """Something in between spoke in Intercom's place, and may be gone the next time."""
    return Unreachable(f"HTTP {answer.status}: not JSON", status=answer.status)
