"""A conversation as Intercom tells it: to the panel, by its API, and in notifications. Read once, at the door."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from clients.intercom.given import Json, entries, json_object, seconds, short_name, text_of_json

LONGEST_TEXT: Final = 40_000  # characters of one message, HTML included
MOST_PARTS: Final = 50  # the newest ones
MOST_ATTRIBUTES: Final = 200
LONGEST_ATTRIBUTE: Final = 2_000


class Passage(StrEnum):
    """Where in a conversation a text stands."""

    TITLE = "title"
    SUBJECT = "subject"
    BODY = "body"
    PART = "part"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationText:
    """One text of the conversation, as HTML or plain, as it came; at most `LONGEST_TEXT` characters."""

    passage: Passage
    html: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """`texts`: title, subject, body, then the parts, the newest first. `attributes`: custom ones that hold a value.

    `values` are the plain values of all custom attributes; `is_open` and `updated_at` (unix seconds) are None where
    nothing is said of them.
    """

    id: str | None
    texts: tuple[ConversationText, ...] = field(default=(), repr=False)
    attributes: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    values: Mapping[str, str | int | float | bool] = field(default_factory=dict, repr=False)
    contact_ids: tuple[str, ...] = ()
    is_open: bool | None = None
    updated_at: int | None = None


_BY_AGE: Final = (Passage.PART, Passage.BODY, Passage.SUBJECT, Passage.TITLE)


def latest_first(conversation: Conversation) -> Conversation:
    """With the replies in front, the newest first: that is where the talk is now. Then the first message, the title."""
    return replace(conversation, texts=tuple(sorted(conversation.texts, key=lambda text: _BY_AGE.index(text.passage))))


def conversation_of(given: Json) -> Conversation:
    """The conversation in Intercom's JSON, whichever of its shapes it is; nothing in it has to be there."""
    contacts = entries(given.get("contacts"), "contacts")
    return Conversation(
        id=short_name(given.get("id")),
        texts=tuple(_texts(given)),
        attributes=tuple(_attributes(given)),
        values=dict(_values(given)),
        contact_ids=tuple(id_ for each in contacts if (id_ := short_name(each.get("id"))) is not None),
        is_open=_is_open(given),
        updated_at=seconds(given.get("updated_at")) or None,
    )


def _is_open(given: Json) -> bool | None:
    """A snoozed one comes back by itself, and counts as open."""
    if isinstance(state := given.get("state"), str) and state:
        return state != "closed"
    is_open = given.get("open")
    return is_open if isinstance(is_open, bool) else None


def _values(given: Json) -> Iterator[tuple[str, str | int | float | bool]]:
    for name, value in list(json_object(given.get("custom_attributes")).items())[:MOST_ATTRIBUTES]:
        if isinstance(value, str | int | float) and value != "":
            yield text_of_json(name), value[:LONGEST_ATTRIBUTE] if isinstance(value, str) else value


def _texts(conversation: Json) -> Iterator[ConversationText]:
    source = json_object(conversation.get("source"))
    passages = [
        (Passage.TITLE, conversation.get("title")),
        (Passage.SUBJECT, source.get("subject")),
        (Passage.BODY, source.get("body")),
        *((Passage.PART, part.get("body")) for part in _newest_parts(conversation)),
    ]
    for passage, value in passages:
        html = text_of_json(value)[:LONGEST_TEXT]
        if html.strip():
            yield ConversationText(passage=passage, html=html)


def _newest_parts(conversation: Json) -> list[Json]:
    """The parts, newest first; those without a time keep their place among the oldest."""
    parts = entries(conversation.get("conversation_parts"), "conversation_parts")
    parts.sort(key=lambda part: seconds(part.get("created_at")))
    return parts[::-1][:MOST_PARTS]


def _attributes(conversation: Json) -> Iterator[tuple[str, str]]:
    given = json_object(conversation.get("custom_attributes"))
    for name, value in list(given.items())[:MOST_ATTRIBUTES]:
        text = text_of_json(value).strip()[:LONGEST_ATTRIBUTE]
        if text:
            yield text_of_json(name), text
