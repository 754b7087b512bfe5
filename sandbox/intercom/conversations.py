"""Conversations, as much of them as is searched, tagged and given attributes.

https://developers.intercom.com/docs/references/rest-api/api.intercom.io/conversations
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from sandbox.intercom.contact import Contact
from sandbox.intercom.refusals import Refusal, invalid, missing, not_found
from sandbox.intercom.search import Field
from sandbox.intercom.tags import Tags


class ConversationAttributes:
    """The custom attributes of conversations, by id. Two of one name can live side by side, and then take no values."""

    def __init__(self) -> None:
        self._by_id: dict[int, dict[str, Any]] = {}

    def add(self, name: str, data_type: str = "string", *, now: int = 0) -> dict[str, Any]:
        attribute_id = 5_400 + len(self._by_id)
        attribute = {
            "type": "conversation_attribute",
            "id": attribute_id,
            "name": name,
            "description": "",
            "data_type": data_type,
            "required": False,
            "visible_to_team_ids": [],
            "archived": False,
            "created_at": now,
            "updated_at": now,
            "admin_id": "7301550",
        }
        self._by_id[attribute_id] = attribute
        return attribute

    def create(self, body: Mapping[str, Any], *, now: int) -> dict[str, Any]:
        name, kind = body.get("name"), body.get("data_type")
        if not isinstance(name, str) or not name.strip():
            raise Refusal(422, "parameter_invalid", "name is required")
        if kind not in _FITS:
            raise Refusal(422, "parameter_invalid", f"{kind} is not a data type")
        return self.add(name, str(kind), now=now)

    def archive(self, name: str) -> None:
        """As a teammate does in the settings."""
        for attribute in self._live(name):
            attribute["archived"] = True

    def listed(self, *, include_archived: bool) -> list[dict[str, Any]]:
        return [dict(each) for each in self._by_id.values() if include_archived or not each["archived"]]

    def check(self, values: Mapping[str, Any]) -> None:
        """Raises `Refusal` for the whole request at the first bad one; null and "" clear."""
        for name, value in values.items():
            found = self._live(name)
            if not found:
                raise invalid(f"Conversation attribute '{name}' does not exist", field="custom_attributes")
            if len(found) > 1:
                raise Refusal(400, "INVALID_PARAMETER", f"There are several conversation attributes named '{name}'")
            if value not in (None, "") and not _FITS[found[0]["data_type"]](value):
                text = f"Conversation attribute '{name}' must be of type {found[0]['data_type']}"
                raise invalid(text, field="custom_attributes")

    def _live(self, name: str) -> list[dict[str, Any]]:
        return [each for each in self._by_id.values() if each["name"] == name and not each["archived"]]


def _is_integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


_FITS: Final[Mapping[str, Callable[[object], bool]]] = {
    "string": lambda value: isinstance(value, str),
    "integer": _is_integer,
    "decimal": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "datetime": _is_integer,
}


class Conversations:
    """Conversation documents by id, replaced as a whole. Not thread-safe: the stand-in's lock guards it.

    `lag` gives the seconds by which search lags behind; `tell` hears of what happens, by topic and item.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.time,
        lag: Callable[[], float] = lambda: 0.0,
        tell: Callable[[str, Mapping[str, Any]], None] = lambda topic, item: None,
    ) -> None:
        self._documents: dict[str, dict[str, Any]] = {}
        self._parts: dict[str, list[dict[str, Any]]] = {}
        self._seen: dict[str, Mapping[str, Any] | None] = {}  # by search
        self._coming: deque[tuple[float, str, Mapping[str, Any] | None]] = deque()
        self.attributes = ConversationAttributes()
        self._clock = clock
        self._lag = lag
        self._tell = tell
        self._next_id = 215_470_000_000_001

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        return iter(self._documents.values())

    def seen(self) -> list[Mapping[str, Any]]:
        """What search sees: the conversations as they were a while ago."""
        until = self._clock() - self._lag()
        while self._coming and self._coming[0][0] <= until:
            _, conversation_id, document = self._coming.popleft()
            self._seen[conversation_id] = document
        return [document for document in self._seen.values() if document is not None]

    def _put(self, document: dict[str, Any]) -> None:
        self._documents[document["id"]] = document
        self._coming.append((self._clock(), document["id"], document))

    def open(
        self,
        contact: Contact,
        *,
        now: int,
        title: str | None = None,
        state: str = "open",
        body: str = "",
        id_: str | None = None,
    ) -> str:
        """Start one with a contact: how a test or the page brings conversations in. Its id."""
        conversation_id = id_ or str(self._next_id)
        self._next_id += 1
        person = {"type": "contact", "id": contact.id, "external_id": contact.external_id}
        self._parts[conversation_id] = []
        self._put(
            {
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
                "source": {
                    "type": "conversation",
                    "id": conversation_id,
                    "delivered_as": "customer_initiated",
                    "subject": "",
                    "body": body,
                    "author": _author(contact),
                },
                "contacts": {"type": "contact.list", "contacts": [person]},
                "tags": {"type": "tag.list", "tags": []},
                "custom_attributes": {},
            }
        )
        self._tell("conversation.user.created", self._notified(conversation_id))
        return conversation_id

    def put(self, document: Mapping[str, Any], *, now: int) -> None:
        """One as it is, but for its time: it has just been written to. What it says of itself is declared."""
        parts = document.get("conversation_parts") or {}
        self._parts[document["id"]] = list(parts.get("conversation_parts") or ())
        there = {each["name"] for each in self.attributes.listed(include_archived=False)}
        for name in document.get("custom_attributes") or {}:
            if name not in there:
                self.attributes.add(name, now=now)
        whole = {name: value for name, value in document.items() if name != "conversation_parts"}
        self._put({"custom_attributes": {}, **whole, "created_at": now, "updated_at": now})

    def reply(self, conversation_id: str, body: str, *, now: int, by: Contact | None = None) -> None:
        """The contact writes again (or another one who takes part); a closed conversation is open after that."""
        before = self.get(conversation_id)
        parts = self._parts[conversation_id]
        now = max(now, *(part["created_at"] + 1 for part in parts), 0)  # samples may be dated into the future
        part = {
            "type": "conversation_part",
            "id": str(len(parts) + 1),
            "part_type": "comment",
            "body": body,
            "created_at": now,
            "updated_at": now,
            "author": _author(by) if by else before["source"]["author"],
        }
        self._parts[conversation_id] = [*parts, part]
        self._put({**before, "updated_at": now, "open": True, "state": "open"})
        self._tell("conversation.user.replied", self._notified(conversation_id))

    def close(self, conversation_id: str, *, now: int) -> None:
        self._put({**self.get(conversation_id), "updated_at": now, "open": False, "state": "closed"})
        self._tell("conversation.admin.closed", self._notified(conversation_id))

    def delete(self, conversation_id: str) -> None:
        del self._documents[conversation_id], self._parts[conversation_id]
        self._coming.append((self._clock(), conversation_id, None))
        self._tell("conversation.deleted", {"type": "conversation", "id": conversation_id})

    def get(self, conversation_id: str) -> dict[str, Any]:
        found = self._documents.get(conversation_id)
        if found is None:
            raise not_found()
        return found

    def whole(self, conversation_id: str) -> dict[str, Any]:
        """With its parts, which a search leaves out."""
        document, parts = self.get(conversation_id), self._parts[conversation_id][-500:]
        listed = {
            "type": "conversation_part.list",
            "conversation_parts": parts,
            "total_count": len(self._parts[conversation_id]),
        }
        return {**document, "conversation_parts": listed}

    def _notified(self, conversation_id: str) -> dict[str, Any]:
        """With its newest part alone, as notifications have it."""
        newest = self._parts[conversation_id][-1:]
        listed = {"type": "conversation_part.list", "conversation_parts": newest, "total_count": len(newest)}
        return {**self.get(conversation_id), "conversation_parts": listed}

    def update(self, conversation_id: str, body: Mapping[str, Any], *, now: int) -> bool:
        """`read`, `title` and `custom_attributes`; whether anything changed."""
        before = self.get(conversation_id)
        custom = body.get("custom_attributes") or {}
        self.attributes.check(custom)
        values = {name: body[name] for name in ("read", "title") if name in body}
        kept = {**before["custom_attributes"], **custom}
        kept = {name: value for name, value in kept.items() if value not in (None, "")}
        after = {**before, **values, "custom_attributes": kept}
        if after == before:
            return False
        self._put({**after, "updated_at": now})
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
        self._put({**before, "tags": {"type": "tag.list", "tags": [*there, tag]}})
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
        self._put({**before, "tags": {"type": "tag.list", "tags": rest}})
        return {"type": "tag", "id": found["id"], "name": found["name"]}


def _author(contact: Contact) -> dict[str, Any]:
    return {"type": contact.role, "id": contact.id, "name": contact.name or "", "email": contact.email or ""}


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
