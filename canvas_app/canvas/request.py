"""What Intercom asks for when an agent opens the panel or clicks in it, read once, at the door.

Bodies: https://developers.intercom.com/docs/canvas-kit (Inbox: Initialize and Submit). They come in
several shapes (old and new names, flat or nested canvases, parts that are missing), and nothing in them
is vouched for: a visitor can type anybody's e-mail address. Everything is therefore optional, cleaned and
bounded here; only a body that is no JSON object at all is refused.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final, TypeAlias

from canvas_app.canvas.plain import as_typed

Json: TypeAlias = Mapping[str, object]

LONGEST_ID: Final = 255
LONGEST_EMAIL: Final = 254  # RFC 5321
LONGEST_INPUT: Final = 500
LONGEST_TEXT: Final = 40_000  # characters of one message, HTML included
MOST_PARTS: Final = 50  # the newest ones
MOST_ATTRIBUTES: Final = 200
LONGEST_ATTRIBUTE: Final = 2_000

_UNENCODABLE: Final = re.compile("[\ud800-\udfff\x00]")
_EMAIL: Final = re.compile(r"[^\s\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufffd]+")


class BadPayload(ValueError):
    """The body is no JSON object. `reason` is safe to log: it quotes nothing."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


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
    """`texts`: title, subject, body, then the parts, the newest first. `attributes`: custom ones that hold a value."""

    id: str | None
    texts: tuple[ConversationText, ...] = field(default=(), repr=False)
    attributes: tuple[tuple[str, str], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """The participant being viewed. Nothing here proves who they are; see the design of the look-up."""

    id: str | None
    external_id: str | None = None
    email: str | None = field(default=None, repr=False)
    name: str | None = field(default=None, repr=False)
    role: str | None = None  # user or lead


@dataclass(frozen=True, slots=True)
class Admin:
    """The teammate who looks."""

    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Initialize:
    """The panel is opened: app added, conversation or participant switched."""

    workspace_id: str | None
    workspace_region: str | None = None
    admin: Admin | None = None
    conversation: Conversation | None = None
    contact: Contact | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Submit(Initialize):
    """A component was clicked.

    `component_id` is empty when the body names none. `inputs` holds what was typed or chosen, by component id;
    a component that was left empty is absent. `stored` is what the canvas before carried along.
    """

    component_id: str
    inputs: Mapping[str, str | tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    stored: Json = field(default_factory=lambda: MappingProxyType({}))


def parse_initialize(raw: bytes) -> Initialize:
    """An Initialize body. Raises `BadPayload` when it is no JSON object."""
    body = _body(raw)
    return Initialize(
        workspace_id=_workspace_id(body),
        workspace_region=_name(body.get("workspace_region")),
        admin=_admin(body),
        conversation=_conversation(body),
        contact=_contact(body),
    )


def parse_submit(raw: bytes) -> Submit:
    """A Submit body. Raises `BadPayload` when it is no JSON object."""
    body = _body(raw)
    return Submit(
        workspace_id=_workspace_id(body),
        workspace_region=_name(body.get("workspace_region")),
        admin=_admin(body),
        conversation=_conversation(body),
        contact=_contact(body),
        component_id=_name(body.get("component_id")) or "",
        inputs=MappingProxyType(dict(_inputs(_object(body.get("input_values"))))),
        stored=_stored(body),
    )


def _body(raw: bytes) -> Json:
    """The object in `raw`. Broken UTF-8 costs its characters, NaN and absurdly long numbers become null."""
    text = raw.decode("utf-8-sig", errors="replace")
    try:
        body = json.loads(text, parse_constant=lambda _: None, parse_int=_integer, parse_float=_fraction)
    except RecursionError:
        raise BadPayload("nested too deeply") from None
    except ValueError:
        raise BadPayload("not JSON") from None
    if not isinstance(body, dict):
        raise BadPayload("not a JSON object")
    return body


def _integer(digits: str) -> int | None:
    return int(digits) if len(digits) <= 20 else None


def _fraction(digits: str) -> float | None:
    value = float(digits)
    return value if math.isfinite(value) else None


def _workspace_id(body: Json) -> str | None:
    """Named `app_id` when the app's API version is 1.2 or lower."""
    return _name(body.get("workspace_id")) or _name(body.get("app_id"))


def _admin(body: Json) -> Admin | None:
    admin_id = _name(_object(body.get("admin")).get("id"))
    return Admin(admin_id) if admin_id else None


def _contact(body: Json) -> Contact | None:
    """The contact, under its old name `customer` when need be."""
    given = _object(body.get("contact")) or _object(body.get("customer"))
    if not given:
        return None
    contact_id = _name(given.get("id"))
    return Contact(
        id=contact_id,
        external_id=_name(given.get("external_id")) or _external_id_in_conversation(body, contact_id),
        email=_email(given.get("email")),
        name=as_typed(_text(given.get("name")), LONGEST_ID) or None,
        role=_name(given.get("role")),
    )


def _external_id_in_conversation(body: Json, contact_id: str | None) -> str | None:
    """How much of the contact is sent is not documented; the conversation lists its contacts' ids as well."""
    if contact_id is None:
        return None
    for entry in _entries(_object(body.get("conversation")).get("contacts"), "contacts"):
        if _name(entry.get("id")) == contact_id:
            return _name(entry.get("external_id"))
    return None


def _conversation(body: Json) -> Conversation | None:
    given = _object(body.get("conversation"))
    if not given:
        return None
    return Conversation(id=_name(given.get("id")), texts=tuple(_texts(given)), attributes=tuple(_attributes(given)))


def _texts(conversation: Json) -> Iterator[ConversationText]:
    source = _object(conversation.get("source"))
    passages = [
        (Passage.TITLE, conversation.get("title")),
        (Passage.SUBJECT, source.get("subject")),
        (Passage.BODY, source.get("body")),
        *((Passage.PART, part.get("body")) for part in _newest_parts(conversation)),
    ]
    for passage, value in passages:
        html = _text(value)[:LONGEST_TEXT]
        if html.strip():
            yield ConversationText(passage=passage, html=html)


def _newest_parts(conversation: Json) -> list[Json]:
    """The parts, newest first; those without a time keep their place among the oldest."""
    parts = _entries(conversation.get("conversation_parts"), "conversation_parts")
    parts.sort(key=lambda part: _seconds(part.get("created_at")))
    return parts[::-1][:MOST_PARTS]


def _attributes(conversation: Json) -> Iterator[tuple[str, str]]:
    given = _object(conversation.get("custom_attributes"))
    for name, value in list(given.items())[:MOST_ATTRIBUTES]:
        text = _text(value).strip()[:LONGEST_ATTRIBUTE]
        if text:
            yield _text(name), text


def _inputs(given: Json) -> Iterator[tuple[str, str | tuple[str, ...]]]:
    for name, value in given.items():
        if isinstance(value, list):
            chosen = tuple(filter(None, (as_typed(_text(entry), LONGEST_INPUT) for entry in value)))
            if chosen:
                yield _text(name), chosen
        elif typed := as_typed(_text(value), LONGEST_INPUT):
            yield _text(name), typed


def _stored(body: Json) -> Json:
    """Documented as a member of the canvas; typed as nested twice by one SDK; read at the top by one app."""
    canvas = _object(body.get("current_canvas"))
    nested = _object(canvas.get("current_canvas"))
    for place in (canvas, nested, body):
        if stored := _object(place.get("stored_data")):
            return MappingProxyType(_encodable(stored))
    return MappingProxyType({})


def _encodable(stored: Json) -> dict[str, object]:
    """A copy of `stored` that can be written as UTF-8 again."""
    try:
        copy: dict[str, object] = json.loads(_UNENCODABLE.sub("\ufffd", json.dumps(stored, ensure_ascii=False)))
    except RecursionError:  # it was read on a shallower stack
        return {}
    return copy


def _object(value: object) -> Json:
    """`value` if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def _entries(envelope: object, name: str) -> list[Json]:
    """The objects of a list envelope such as `{"type": "contact.list", "contacts": [...]}`, or of a bare list."""
    values = _object(envelope).get(name) if isinstance(envelope, dict) else envelope
    return [entry for entry in values if isinstance(entry, dict)] if isinstance(values, list) else []


def _text(value: object) -> str:
    """`value` as text that can be encoded; empty for anything but text and whole numbers."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return _UNENCODABLE.sub("\ufffd", str(value))


def _name(value: object) -> str | None:
    """An id, region or role: one short visible word, else None."""
    text = _text(value).strip()
    return text if text.isprintable() and 0 < len(text) <= LONGEST_ID else None


def _email(value: object) -> str | None:
    """An address that could exist, its case kept; None for one that cannot."""
    address = _text(value).strip()
    local, at, domain = address.rpartition("@")
    possible = local and at and domain and len(address) <= LONGEST_EMAIL and _EMAIL.fullmatch(address)
    return address if possible else None


def _seconds(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
