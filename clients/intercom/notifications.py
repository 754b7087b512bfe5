"""Notifications of Intercom: what came, and what it tells. The topics that we act on stand in docs/doors.md.

Nothing in a notification is believed beyond whom it is about: what is true, Intercom is asked, by whoever acts on it.
The one exception is the words of a conversation, which are looked at again in any case.

https://developers.intercom.com/docs/references/webhooks/webhook-models
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from clients.intercom.conversation import Conversation, conversation_of
from clients.intercom.given import Json, json_object, seconds, short_name, text_of_json


class NotANotification(ValueError):
    """The body is none. The text says why, without quoting it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """The envelope. `app_id` is the workspace, `created_at` in unix seconds; a repeated delivery has the same `id`."""

    id: str | None
    topic: str
    app_id: str
    created_at: int
    item: Json = field(repr=False)


@dataclass(frozen=True, slots=True)
class ContactMerged:
    """`contact_id` is gone and went into another one."""

    contact_id: str
    into: str


@dataclass(frozen=True, slots=True)
class ContactArchived:
    contact_id: str


@dataclass(frozen=True, slots=True)
class ContactDeleted:
    contact_id: str


@dataclass(frozen=True, slots=True)
class ContactAppeared:
    """Somebody is there, back, or known by something new: they may be who is looked for."""

    contact_id: str
    external_id: str | None
    email: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class ConversationTold:
    """As the notification has it: with its newest message, not with all of them."""

    conversation: Conversation = field(repr=False)


@dataclass(frozen=True, slots=True)
class ConversationDeleted:
    conversation_id: str


News: TypeAlias = (
    ContactMerged | ContactArchived | ContactDeleted | ContactAppeared | ConversationTold | ConversationDeleted
)


def notification_in(body: bytes) -> Notification:
    """Raises `NotANotification`."""
    try:
        given = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise NotANotification("no JSON") from error
    if not isinstance(given, dict):
        raise NotANotification("no JSON object")
    topic, app_id = short_name(given.get("topic")), short_name(given.get("app_id"))
    if topic is None or app_id is None:
        raise NotANotification("no topic, or no workspace")
    return Notification(
        id=short_name(given.get("id")),
        topic=topic,
        app_id=app_id,
        created_at=seconds(given.get("created_at")),
        item=json_object(json_object(given.get("data")).get("item")),
    )


def news_in(notification: Notification) -> News | None:
    """What a topic that we act on tells; None for all others. Raises `NotANotification` if it does not say of whom."""
    reading = TOPICS.get(notification.topic)
    return None if reading is None else reading(notification.item)


def _appeared(item: Json) -> ContactAppeared:
    return ContactAppeared(
        _id_of(item), short_name(item.get("external_id")), text_of_json(item.get("email")).strip() or None
    )


def _merged(item: Json) -> ContactMerged | ContactAppeared:
    """Older notifications do not say who it was that went into the contact."""
    source = short_name(json_object(item.get("merged_from")).get("id"))
    return _appeared(item) if source in (None, _id_of(item)) else ContactMerged(source, _id_of(item))


def _conversation(item: Json) -> ConversationTold:
    _id_of(item)
    return ConversationTold(conversation_of(item))


def _id_of(item: Json) -> str:
    id_ = short_name(item.get("id"))
    if id_ is None:
        raise NotANotification("an item without an id")
    return id_


def _archived(item: Json) -> ContactArchived:
    return ContactArchived(_id_of(item))


def _deleted(item: Json) -> ContactDeleted:
    return ContactDeleted(_id_of(item))


def _conversation_deleted(item: Json) -> ConversationDeleted:
    return ConversationDeleted(_id_of(item))


PING: Final = "ping"

TOPICS: Final[Mapping[str, Callable[[Json], News]]] = {
    "contact.merged": _merged,
    "contact.archived": _archived,
    "contact.archive": _archived,  # as the older reference spells it
    "contact.unarchive": _appeared,
    "contact.unarchived": _appeared,
    "contact.deleted": _deleted,
    "contact.user.created": _appeared,
    "contact.lead.created": _appeared,
    "contact.lead.added_email": _appeared,
    "contact.lead.signed_up": _appeared,
    "contact.email.updated": _appeared,
    "visitor.signed_up": _appeared,
    "conversation.user.created": _conversation,
    "conversation.user.replied": _conversation,
    "conversation.admin.replied": _conversation,
    "conversation.admin.single.created": _conversation,
    "conversation.admin.closed": _conversation,
    "conversation.admin.opened": _conversation,
    "conversation.contact.attached": _conversation,
    "conversation.contact.detached": _conversation,
    "conversation.deleted": _conversation_deleted,
}
"""Those that we act on. Not `contact.user.updated`: it comes for every attribute that we write ourselves."""
