"""Conversations, as much of them as is searched, tagged and given attributes.

https://developers.intercom.com/docs/references/rest-api/api.intercom.io/conversations
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.intercom.contact import Contact
from sandbox.intercom.refusals import Refusal, invalid, missing, not_found
from sandbox.intercom.search import Field
from sandbox.intercom.tags import Tags


class Conversations:
    """Conversation documents by id, replaced as a whole. Not thread-safe: the stand-in's lock guards it."""

    def __init__(self) -> None:
        self._documents: dict[str, dict[str, Any]] = {}
        self.attributes: set[str] = set()  # the names that conversations can have
        self._next_id = 215_470_000_000_001

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        return iter(self._documents.values())

    def open(self, contact: Contact, *, now: int, title: str | None = None, state: str = "open") -> str:
        """Start one with a contact: how a test or the page brings conversations in. Its id."""
        conversation_id = str(self._next_id)
        self._next_id += 1
        person = {"type": "contact", "id": contact.id, "external_id": contact.external_id}
        self._documents[conversation_id] = {
            "type": "conversation",
            "id": conversation_id,
            "title": title,
            "created_at": now,
            "updated_at": now,
            "waiting_since": None,
            "snoozed_until": None,
            "open": state == "open",
            "state": state,
            "read": False,
            "priority": "none",
            "admin_assignee_id": 0,
            "team_assignee_id": 0,
            "contacts": {"type": "contact.list", "contacts": [person]},
            "tags": {"type": "tag.list", "tags": []},
            "custom_attributes": {},
        }
        return conversation_id

    def get(self, conversation_id: str) -> dict[str, Any]:
        found = self._documents.get(conversation_id)
        if found is None:
            raise not_found()
        return found

    def update(self, conversation_id: str, body: Mapping[str, Any], *, now: int) -> bool:
        """`read`, `title` and `custom_attributes`; whether anything changed."""
        before = self.get(conversation_id)
        custom = body.get("custom_attributes") or {}
        for name in custom:
            if name not in self.attributes:
                raise invalid(f"Conversation attribute '{name}' does not exist", field="custom_attributes")
        values = {name: body[name] for name in ("read", "title") if name in body}
        after = {**before, **values, "custom_attributes": {**before["custom_attributes"], **custom}}
        if after == before:
            return False
        self._documents[conversation_id] = {**after, "updated_at": now}
        return True

    def tag(
        self, conversation_id: str, body: Mapping[str, Any], tags: Tags, *, now: int
    ) -> tuple[Mapping[str, Any], bool]:
        """Apply the tag `id` in the name of `admin_id`; the tag, and whether it is new there."""
        before = self.get(conversation_id)
        if not body.get("admin_id"):
            raise missing("admin_id is required")
        tag = tags.document(str(body.get("id")), applied_at=now)
        there = before["tags"]["tags"]
        if any(each["id"] == tag["id"] for each in there):
            return tag, False
        self._documents[conversation_id] = {**before, "tags": {"type": "tag.list", "tags": [*there, tag]}}
        return tag, True

    def untag(self, conversation_id: str, tag_id: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Take the tag off again; the request carries `admin_id` in its body, although it is a DELETE."""
        before = self.get(conversation_id)
        if not body.get("admin_id"):
            raise missing("admin_id is required")
        there = before["tags"]["tags"]
        found = next((each for each in there if each["id"] == tag_id), None)
        if found is None:
            raise Refusal(404, "tag_not_found", "Tag not found")
        rest = [each for each in there if each["id"] != tag_id]
        self._documents[conversation_id] = {**before, "tags": {"type": "tag.list", "tags": rest}}
        return {"type": "tag", "id": found["id"], "name": found["name"]}


def conversation_field(name: str) -> Field | None:
    """What conversations can be searched by here."""
    if name == "contact_ids":
        return Field("ids", lambda document: [each["id"] for each in document["contacts"]["contacts"]])
    if name == "tag_ids":
        return Field("ids", lambda document: [each["id"] for each in document["tags"]["tags"]])
    if name in ("open", "read"):
        return Field("boolean", lambda document: document[name])
    if name in ("id", "state", "title"):
        return Field("string", lambda document: document[name])
    if name in ("created_at", "updated_at"):
        return Field("date", lambda document: document[name])
    return None
