"""A contact: https://developers.intercom.com/docs/references/rest-api/api.intercom.io/contacts/contact"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sandbox.intercom.refusals import Refusal, invalid

EMBEDDED: Final = 10  # tags in a contact's answer; the rest by /contacts/{id}/tags
ROLES: Final = ("user", "lead")
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+")
_TEXTS: Final = ("name", "phone")
_TIMES: Final = ("signed_up_at", "last_seen_at")
_NEVER_WRITTEN: Final = (
    "last_replied_at",
    "last_contacted_at",
    "last_email_opened_at",
    "last_email_clicked_at",
    "browser",
    "browser_version",
    "browser_language",
    "os",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One user or lead, replaced as a whole by every write. `born` is the exact Unix time of its creation."""

    id: str
    workspace_id: str
    role: str
    born: float
    updated_at: int
    external_id: str | None = None
    email: str | None = None
    email_verified: bool | None = None
    name: str | None = None
    phone: str | None = None
    avatar: str | None = None
    owner_id: str | None = None
    signed_up_at: int | None = None
    last_seen_at: int | None = None
    language_override: str | None = None
    unsubscribed_from_emails: bool = False
    custom_attributes: Mapping[str, Any] = field(default_factory=dict)
    tags: Mapping[str, int] = field(default_factory=dict)  # tag id -> when it was applied
    archived: bool = False

    @property
    def created_at(self) -> int:
        return math.floor(self.born)

    @property
    def is_user(self) -> bool:
        return self.role == "user"

    def document(self) -> dict[str, Any]:
        """The `contact`."""
        url = f"/contacts/{self.id}"
        tags = [{"type": "tag", "id": tag, "url": f"/tags/{tag}"} for tag in list(self.tags)[:EMBEDDED]]
        return {
            "type": "contact",
            "id": self.id,
            "workspace_id": self.workspace_id,
            "external_id": self.external_id,
            "role": self.role,
            "email": self.email,
            "email_domain": self.email.rpartition("@")[2] if self.email else None,
            "phone": self.phone,
            "name": self.name,
            "avatar": {"type": "avatar", "image_url": self.avatar} if self.avatar else None,
            "owner_id": self.owner_id,
            "social_profiles": {"type": "list", "data": []},
            "has_hard_bounced": False,
            "marked_email_as_spam": False,
            "unsubscribed_from_emails": self.unsubscribed_from_emails,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
            "signed_up_at": self.signed_up_at,
            "last_seen_at": self.last_seen_at,
            "language_override": self.language_override,
            **dict.fromkeys(_NEVER_WRITTEN),
            "location": {"type": "location", "country": None, "region": None, "city": None},
            "custom_attributes": dict(self.custom_attributes),
            "tags": _listed(tags, len(self.tags), f"{url}/tags"),
            "notes": _listed([], 0, f"{url}/notes"),
            "companies": _listed([], 0, f"{url}/companies"),
        }

    def reference(self, **more: bool) -> dict[str, Any]:
        """The short form in which archiving, unarchiving and deleting answer."""
        return {"type": "contact", "id": self.id, "external_id": self.external_id, **more}


def _listed(data: list[dict[str, Any]], count: int, url: str) -> dict[str, Any]:
    return {"type": "list", "data": data, "url": url, "total_count": count, "has_more": count > len(data)}


def standard_values(body: Mapping[str, Any], *, owners: frozenset[str]) -> dict[str, Any]:
    """The writable standard fields of a request that it names, checked; unknown names are ignored, as by Intercom."""
    if "email_verified" in body and "email" not in body:
        raise invalid("email_verified must be sent with email", field="email_verified")
    values: dict[str, Any] = {name: _text(body[name], name) for name in _TEXTS if name in body}
    values |= {name: _time(body[name], name) for name in _TIMES if name in body}
    if "external_id" in body:
        values["external_id"] = _text(body["external_id"], "external_id") or None
    if "email" in body:
        values["email"] = _email(body["email"])
    if "email_verified" in body:
        values["email_verified"] = _flag(body["email_verified"], "email_verified")
    if "avatar" in body:
        values["avatar"] = _text(body["avatar"], "avatar")
    if "unsubscribed_from_emails" in body:
        values["unsubscribed_from_emails"] = _flag(body["unsubscribed_from_emails"], "unsubscribed_from_emails")
    if body.get("owner_id") is not None and str(body["owner_id"]) not in owners:
        raise invalid(f"Owner {body['owner_id']} could not be found", field="owner_id")
    if "owner_id" in body:
        values["owner_id"] = None if body["owner_id"] is None else str(body["owner_id"])
    return values


def role_of(body: Mapping[str, Any]) -> str | None:
    """The role asked for, if any."""
    role = body.get("role")
    if role is not None and role not in ROLES:
        raise invalid("role must be one of user, lead", field="role")
    return role


def refuse_demotion(contact: Contact, role: str | None) -> None:
    """A lead becomes a user; a user stays one."""
    if contact.is_user and role == "lead":
        raise Refusal(400, "client_error", "Contact with user role can't be converted to a lead")


def _text(value: object, name: str) -> str | None:
    if value is not None and not isinstance(value, str):
        raise invalid(f"{name} must be a string", field=name)
    return value


def _email(value: object) -> str | None:
    email = _text(value, "email") or None
    if email is not None and not _EMAIL.fullmatch(email):
        raise invalid("email is invalid", field="email")
    return email


def _time(value: object, name: str) -> int | None:
    if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
        raise invalid(f"{name} must be a Unix timestamp in seconds", field=name)
    return value


def _flag(value: object, name: str) -> bool:
    if not isinstance(value, bool):
        raise invalid(f"{name} must be true or false", field=name)
    return value
