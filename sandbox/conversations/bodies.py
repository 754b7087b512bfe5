"""Initialize bodies as Intercom sends them from the Inbox: https://developers.intercom.com/docs/canvas-kit

Ids, names and times are made from the slug: the same in every run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sandbox.shop.identifiers import stable_id
from sandbox.shop.people import CustomerOf

WORKSPACE_ID: Final = "nrdlcht1"
REGION: Final = "EU"
_MONDAY_MORNING: Final = 1_795_424_400  # 2026-11-23 09:00 UTC
_ADMIN: Final[Mapping[str, Any]] = {
    "type": "admin",
    "id": "7301550",
    "name": "Toni Agent",
    "email": "toni.agent@nordlicht.example",
    "away_mode_enabled": False,
    "away_mode_reassign": False,
    "has_inbox_seat": True,
    "avatar": {"type": "avatar", "image_url": None},
    "team_ids": [814865],
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleConversation:
    """One row of the simulator's list. `bodies` are Initialize bodies, one per participant, in the order shown."""

    slug: str
    label: str  # "Anna Kowalska — Where is my parcel?"
    about: str  # what the panel has to cope with here
    bodies: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A contact in Intercom. `external_id` is the customer id where the shop's frontend has set it."""

    name: str | None
    email: str | None
    external_id: str | None = None
    role: str = "user"

    @classmethod
    def of(cls, customer: CustomerOf) -> Person:
        """The contact of a customer who is signed in to the shop."""
        name = " ".join(part for part in (customer.first_name, customer.last_name) if part)
        return cls(name=name, email=customer.email, external_id=customer.id)

    @property
    def id(self) -> str:
        """Intercom's own id: 24 hex digits."""
        return stable_id("contact", f"{self.name}/{self.email}/{self.external_id}").replace("-", "")[:24]

    def document(self) -> dict[str, Any]:
        """The contact model, as much of it as matters."""
        return {
            "type": "contact",
            "id": self.id,
            "workspace_id": WORKSPACE_ID,
            "external_id": self.external_id,
            "role": self.role,
            "email": self.email,
            "phone": None,
            "name": self.name,
            "avatar": None,
            "owner_id": None,
            "has_hard_bounced": False,
            "unsubscribed_from_emails": False,
            "created_at": _MONDAY_MORNING - 5_000_000,
            "updated_at": _MONDAY_MORNING,
            "signed_up_at": None,
            "last_seen_at": _MONDAY_MORNING,
            "language_override": None,
            "browser_language": "de",
            "custom_attributes": {},
            "tags": {"type": "list", "data": [], "total_count": 0, "has_more": False},
            "location": {"type": "location", "country": "Germany", "region": None, "city": None},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A later message; from the contact unless `from_admin`."""

    html: str
    from_admin: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """What was written: the first message as HTML, later ones, and what a bot or a form noted beside it."""

    html: str
    subject: str = ""
    title: str | None = None
    replies: tuple[Reply, ...] = ()
    attributes: Mapping[str, Any] | None = None


def initialize_bodies(slug: str, people: Sequence[Person], writing: Writing) -> tuple[dict[str, Any], ...]:
    """One Initialize body per participant of a conversation."""
    conversation = _conversation(slug, people, writing)
    return tuple(
        {
            "workspace_id": WORKSPACE_ID,
            "workspace_region": REGION,
            "admin": dict(_ADMIN),
            "conversation": conversation,
            "contact": person.document(),
        }
        for person in people
    )


def _conversation(slug: str, people: Sequence[Person], writing: Writing) -> dict[str, Any]:
    conversation_id = str(int(stable_id("conversation", slug)[:8], 16) + 215_000_000_000_000)
    parts = [_part(slug, number, people[0], reply) for number, reply in enumerate(writing.replies, start=1)]
    return {
        "type": "conversation",
        "id": conversation_id,
        "title": writing.title,
        "created_at": _MONDAY_MORNING,
        "updated_at": _MONDAY_MORNING + 300 * len(parts),
        "waiting_since": _MONDAY_MORNING,
        "snoozed_until": None,
        "open": True,
        "state": "open",
        "read": False,
        "priority": "not_priority",
        "admin_assignee_id": 7301550,
        "team_assignee_id": None,
        "source": {
            "type": "conversation",
            "id": str(int(conversation_id) % 10_000_000_000),
            "delivered_as": "customer_initiated",
            "subject": writing.subject,
            "body": writing.html,
            "author": _author(people[0]),
            "attachments": [],
            "url": "https://nordlicht.example/help",
            "redacted": False,
        },
        "contacts": {
            "type": "contact.list",
            "contacts": [{"type": "contact", "id": each.id, "external_id": each.external_id} for each in people],
        },
        "tags": {"type": "tag.list", "tags": []},
        "custom_attributes": dict(writing.attributes or {}),
        "conversation_parts": {
            "type": "conversation_part.list",
            "conversation_parts": parts,
            "total_count": len(parts),
        },
    }


def _author(person: Person) -> dict[str, Any]:
    return {"type": person.role, "id": person.id, "name": person.name, "email": person.email}


def _part(slug: str, number: int, contact: Person, reply: Reply) -> dict[str, Any]:
    admin = {name: _ADMIN[name] for name in ("type", "id", "name", "email")}
    at = _MONDAY_MORNING + 300 * number
    return {
        "type": "conversation_part",
        "id": str(int(stable_id("part", f"{slug}/{number}")[:8], 16)),
        "part_type": "comment",
        "body": reply.html,
        "created_at": at,
        "updated_at": at,
        "notified_at": at,
        "author": admin if reply.from_admin else _author(contact),
        "attachments": [],
        "redacted": False,
    }
