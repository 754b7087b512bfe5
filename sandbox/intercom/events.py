"""Data events: what is accepted, what is kept, and what is taken for a duplicate.

https://developers.intercom.com/docs/references/rest-api/api.intercom.io/data-events/createdataevent

Outside the documented metadata types (strings, numbers, rich links, amounts above zero in minor units)
Intercom's behaviour is not known; here such a request is refused, so that it is noticed.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sandbox.intercom.contact import Contact
from sandbox.intercom.people import People
from sandbox.intercom.refusals import Refusal, invalid, missing, not_found
from sandbox.intercom.switches import Switches

MOST_NAMES: Final = 120
MOST_KEYS: Final = 10
_CURRENCY: Final = re.compile(r"[A-Za-z]{3}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An event as it is kept. `name` is spelt as it was first; `metadata` has the first ten keys."""

    contact_id: str
    name: str
    created_at: int  # Unix seconds
    metadata: Mapping[str, Any]

    @property
    def key(self) -> tuple[str, str, int]:
        """What makes two of them duplicates; metadata is no part of it."""
        return self.contact_id, self.name.lower(), self.created_at

    def document(self) -> dict[str, Any]:
        """The event as the page shows it and `GET /events` lists it."""
        return {
            "type": "event",
            "event_name": self.name,
            "created_at": self.created_at,
            "intercom_user_id": self.contact_id,
            "metadata": dict(self.metadata),
        }


class Events:
    """The events by contact. Not thread-safe: the stand-in's lock guards it."""

    def __init__(self) -> None:
        self._kept: dict[str, list[Event]] = defaultdict(list)
        self._names: dict[str, str] = {}  # in lower case -> as first spelt
        self.accepted: Counter[tuple[str, str, int]] = Counter()  # every 202 by key, kept or not

    def of(self, contact_id: str) -> tuple[Event, ...]:
        """In the order in which they came."""
        return tuple(self._kept.get(contact_id, ()))

    def all(self) -> tuple[Event, ...]:
        return tuple(event for events in self._kept.values() for event in events)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._names.values())

    def accept(self, body: Mapping[str, Any], people: People, switches: Switches, now: float) -> bool:
        """Take an event in; whether it is a new one. Raises `Refusal`."""
        name, created_at = body.get("event_name"), body.get("created_at")
        if not isinstance(name, str) or not name.strip():
            raise missing("event_name is required")
        if not isinstance(created_at, int) or isinstance(created_at, bool):
            raise missing("created_at is required: a Unix timestamp in seconds")
        if created_at > 100_000_000_000:
            raise invalid("created_at must be in seconds", field="created_at")
        metadata = _metadata(body.get("metadata"))
        contact = _addressed(body, people)
        if contact is None or now - contact.born < switches.event_lag_s:
            raise not_found("User")
        event = Event(contact_id=contact.id, name=self._named(name, switches), created_at=created_at, metadata=metadata)
        return self._keep(event, switches)

    def forget(self, contact_id: str) -> None:
        """With the contact go its events."""
        self._kept.pop(contact_id, None)

    def _keep(self, event: Event, switches: Switches) -> bool:
        self.accepted[event.key] += 1
        kept = self._kept[event.contact_id]
        if switches.duplicate_events_ignored and any(other.key == event.key for other in kept):
            return False
        kept.append(event)
        return True

    def _named(self, given: str, switches: Switches) -> str:
        name = re.sub(r"[.$]", "-", given)
        if name.lower() not in self._names and len(self._names) >= MOST_NAMES:
            text = f"You have reached the limit of {MOST_NAMES} active event names"
            raise Refusal(switches.limit_status, "parameter_invalid", text, field="event_name")
        return self._names.setdefault(name.lower(), name)


def _addressed(body: Mapping[str, Any], people: People) -> Contact | None:
    """`id` is the Intercom id, `user_id` the external id; leads are reached by `id` alone."""
    if body.get("id") is not None:
        contact = people.at(str(body["id"]))
        return contact if contact is not None and not contact.archived else None
    if body.get("user_id") is not None:
        return people.find(str(body["user_id"]))
    if body.get("email") is None:
        raise missing("One of id, user_id and email is required")
    found = people.users_with(str(body["email"]))
    if len(found) > 1:
        text = "Multiple existing users match this email address - must be more specific using user_id"
        raise Refusal(409, "conflict", text)
    return found[0] if found else None


def _metadata(given: object) -> dict[str, Any]:
    """The first ten keys, in the order sent; the rest is ignored without a word."""
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise invalid("metadata must be an object", field="metadata")
    for name, value in given.items():
        if not _is_documented(name, value):
            raise invalid(f"metadata value of '{name}' is not supported", field="metadata")
    return dict(list(given.items())[:MOST_KEYS])


def _is_documented(name: str, value: object) -> bool:
    if name.endswith("_date"):
        return isinstance(value, int) and not isinstance(value, bool)
    if isinstance(value, dict):
        return _is_rich_link(value) or _is_amount(value)
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def _is_rich_link(value: Mapping[str, Any]) -> bool:
    url = value.get("url")
    named = set(value) == {"url", "value"} and isinstance(value.get("value"), str | int)
    return named and isinstance(url, str) and url.startswith(("https://", "http://"))


def _is_amount(value: Mapping[str, Any]) -> bool:
    amount, currency = value.get("amount"), value.get("currency")
    if set(value) != {"amount", "currency"} or not isinstance(amount, int) or isinstance(amount, bool) or amount <= 0:
        return False
    return isinstance(currency, str) and _CURRENCY.fullmatch(currency) is not None
