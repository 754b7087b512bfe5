"""Intercom's JSON as our values: strict about what we rely on, patient with the rest. Raises `BadAnswer`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias

from clients.errors import BadAnswer
from clients.intercom.conversation import Conversation, conversation_of
from clients.intercom.resources import (
    AttributeValue,
    Contact,
    ContactsPage,
    ConversationAttribute,
    ConversationsPage,
    DataAttribute,
    FoundConversation,
    Tag,
    Workspace,
)

Json: TypeAlias = Mapping[str, object]
_NOTHING: Final[Json] = {}


def workspace(body: object) -> Workspace:
    """`GET /me`."""
    admin = _object(body, "admin")
    app = _object(admin.get("app"), "admin.app")
    return Workspace(
        id=_id(app, "id_code", "app"),
        name=_text(app.get("name")),
        region=_text(app.get("region")),
        time_zone=_text(app.get("timezone")),
        admin_id=_id(admin, "id", "admin"),
    )


def contact(body: object) -> Contact:
    found = _object(body, "contact")
    tags = found.get("tags")
    tags = tags if isinstance(tags, dict) else _NOTHING
    return Contact(
        id=_id(found, "id", "contact"),
        role=_id(found, "role", "contact"),
        external_id=_text(found.get("external_id")),
        email=_text(found.get("email")),
        phone=_text(found.get("phone")),
        name=_text(found.get("name")),
        custom_attributes=_attributes(found.get("custom_attributes")),
        tag_ids=frozenset(_id(_object(tag, "tag"), "id", "tag") for tag in _list(tags.get("data"))),
        tags_complete=tags.get("has_more") is False,
        archived=found.get("archived") is True,
        created_at=_integer(found.get("created_at")),
        updated_at=_integer(found.get("updated_at")),
    )


def contacts_page(body: object) -> ContactsPage:
    """Of a list or a search. A page without a list would look like the last one, and is none."""
    found = _object(body, "contacts")
    if not isinstance(found.get("data"), list):
        raise BadAnswer("contacts: no data")
    pages = found.get("pages")
    following = pages.get("next") if isinstance(pages, dict) else None
    return ContactsPage(
        contacts=tuple(contact(each) for each in _list(found.get("data"))),
        after=_text(following.get("starting_after")) if isinstance(following, dict) else None,
        total=_integer(found.get("total_count")),
    )


def tag(body: object) -> Tag:
    found = _object(body, "tag")
    return Tag(id=_id(found, "id", "tag"), name=_text(found.get("name")) or "")


def tags(body: object) -> tuple[Tag, ...]:
    found = _object(body, "tags")
    if not isinstance(found.get("data"), list):
        raise BadAnswer("tags: no data")
    return tuple(tag(each) for each in _list(found.get("data")))


def data_attribute(body: object) -> DataAttribute:
    found = _object(body, "data attribute")
    name = _id(found, "name", "data attribute")
    return DataAttribute(
        name=name,
        full_name=_text(found.get("full_name")) or name,
        model=_text(found.get("model")) or "",
        data_type=_id(found, "data_type", "data attribute"),
        id=_text(found.get("id")),
        custom=found.get("custom") is True,
        archived=found.get("archived") is True,
        api_writable=found.get("api_writable") is not False,
        options=tuple(option for each in _list(found.get("options")) if (option := _option(each)) is not None),
        description=_text(found.get("description")),
    )


def data_attributes(body: object) -> tuple[DataAttribute, ...]:
    found = _object(body, "data attributes")
    if not isinstance(found.get("data"), list):
        raise BadAnswer("data attributes: no data")
    return tuple(data_attribute(each) for each in _list(found.get("data")))


def conversation(body: object) -> Conversation:
    """With its messages. One without an id is none."""
    found = conversation_of(_object(body, "conversation"))
    if found.id is None:
        raise BadAnswer("conversation: no id")
    return found


def conversations_page(body: object) -> ConversationsPage:
    """Of a search. A page without a list would look like the last one, and is none."""
    found = _object(body, "conversations")
    if not isinstance(found.get("conversations"), list):
        raise BadAnswer("conversations: no conversations")
    pages = found.get("pages")
    following = pages.get("next") if isinstance(pages, dict) else None
    return ConversationsPage(
        conversations=tuple(_found_conversation(each) for each in _list(found.get("conversations"))),
        after=_text(following.get("starting_after")) if isinstance(following, dict) else None,
    )


def _found_conversation(body: object) -> FoundConversation:
    found = conversation(body)
    assert found.id is not None
    return FoundConversation(id=found.id, is_open=found.is_open is not False, updated_at=found.updated_at or 0)


def conversation_attribute(body: object) -> ConversationAttribute:
    found = _object(body, "conversation attribute")
    return ConversationAttribute(
        id=_text(found.get("id")),
        name=_id(found, "name", "conversation attribute"),
        data_type=_id(found, "data_type", "conversation attribute"),
        archived=found.get("archived") is True,
    )


def conversation_attributes(body: object) -> tuple[ConversationAttribute, ...]:
    found = _object(body, "conversation attributes")
    if not isinstance(found.get("data"), list):
        raise BadAnswer("conversation attributes: no data")
    return tuple(conversation_attribute(each) for each in _list(found.get("data")))


def _object(value: object, what: str) -> Json:
    if not isinstance(value, dict):
        raise BadAnswer(f"{what}: not an object")
    return value


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _id(found: Json, name: str, what: str) -> str:
    value = _text(found.get(name))
    if value is None:
        raise BadAnswer(f"{what}: no {name}")
    return value


def _text(value: object) -> str | None:
    """Ids are sometimes numbers; an empty text is none."""
    if isinstance(value, bool):
        return None
    return str(value) if isinstance(value, str | int) and value != "" else None


def _integer(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _option(value: object) -> str | None:
    """`"a"`, or `{"value": "a"}` as it is written."""
    return _text(value.get("value")) if isinstance(value, dict) else _text(value)


def _attributes(value: object) -> dict[str, AttributeValue]:
    """Without relations to custom objects, which are objects themselves."""
    if not isinstance(value, dict):
        return {}
    return {name: held for name, held in value.items() if held is None or isinstance(held, str | int | float | bool)}
