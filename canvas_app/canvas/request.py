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
from types import MappingProxyType
from typing import Final

from canvas_app.canvas.plain import as_typed
from clients.intercom.conversation import Conversation, conversation_of
from clients.intercom.given import LONGEST_ID, UNENCODABLE, Json, entries, json_object, short_name, text_of_json

LONGEST_EMAIL: Final = 254  # RFC 5321
LONGEST_INPUT: Final = 500

_EMAIL: Final = re.compile(r"[^\s\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufffd]+")


class BadPayload(ValueError):
    """The body is no JSON object. `reason` is safe to log: it quotes nothing."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


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
        workspace_region=short_name(body.get("workspace_region")),
        admin=_admin(body),
        conversation=_conversation(body),
        contact=_contact(body),
    )


def parse_submit(raw: bytes) -> Submit:
    """A Submit body. Raises `BadPayload` when it is no JSON object."""
    body = _body(raw)
    return Submit(
        workspace_id=_workspace_id(body),
        workspace_region=short_name(body.get("workspace_region")),
        admin=_admin(body),
        conversation=_conversation(body),
        contact=_contact(body),
        component_id=short_name(body.get("component_id")) or "",
        inputs=MappingProxyType(dict(_inputs(json_object(body.get("input_values"))))),
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
    return short_name(body.get("workspace_id")) or short_name(body.get("app_id"))


def _admin(body: Json) -> Admin | None:
    admin_id = short_name(json_object(body.get("admin")).get("id"))
    return Admin(admin_id) if admin_id else None


def _contact(body: Json) -> Contact | None:
    """The contact, under its old name `customer` when need be."""
    given = json_object(body.get("contact")) or json_object(body.get("customer"))
    if not given:
        return None
    contact_id = short_name(given.get("id"))
    return Contact(
        id=contact_id,
        external_id=short_name(given.get("external_id")) or _external_id_in_conversation(body, contact_id),
        email=_email(given.get("email")),
        name=as_typed(text_of_json(given.get("name")), LONGEST_ID) or None,
        role=short_name(given.get("role")),
    )


def _external_id_in_conversation(body: Json, contact_id: str | None) -> str | None:
    """How much of the contact is sent is not documented; the conversation lists its contacts' ids as well."""
    if contact_id is None:
        return None
    for entry in entries(json_object(body.get("conversation")).get("contacts"), "contacts"):
        if short_name(entry.get("id")) == contact_id:
            return short_name(entry.get("external_id"))
    return None


def _conversation(body: Json) -> Conversation | None:
    given = json_object(body.get("conversation"))
    return conversation_of(given) if given else None


def _inputs(given: Json) -> Iterator[tuple[str, str | tuple[str, ...]]]:
    for name, value in given.items():
        if isinstance(value, list):
            chosen = tuple(filter(None, (as_typed(text_of_json(entry), LONGEST_INPUT) for entry in value)))
            if chosen:
                yield text_of_json(name), chosen
        elif typed := as_typed(text_of_json(value), LONGEST_INPUT):
            yield text_of_json(name), typed


def _stored(body: Json) -> Json:
    """Documented as a member of the canvas; typed as nested twice by one SDK; read at the top by one app."""
    canvas = json_object(body.get("current_canvas"))
    nested = json_object(canvas.get("current_canvas"))
    for place in (canvas, nested, body):
        if stored := json_object(place.get("stored_data")):
            return MappingProxyType(_encodable(stored))
    return MappingProxyType({})


def _encodable(stored: Json) -> dict[str, object]:
    """A copy of `stored` that can be written as UTF-8 again."""
    try:
        copy: dict[str, object] = json.loads(UNENCODABLE.sub("\ufffd", json.dumps(stored, ensure_ascii=False)))
    except RecursionError:  # it was read on a shallower stack
        return {}
    return copy


def _email(value: object) -> str | None:
    """An address that could exist, its case kept; None for one that cannot."""
    address = text_of_json(value).strip()
    local, at, domain = address.rpartition("@")
    possible = local and at and domain and len(address) <= LONGEST_EMAIL and _EMAIL.fullmatch(address)
    return address if possible else None
