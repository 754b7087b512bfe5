"""What commercetools tells a queue: one notification, whatever it came wrapped in. Pure.

A notification is only ever a reason to look: it names a resource, and says at most when and what. Its contents are
not read, for they may be old, cut off, or not there at all (`payloadNotIncluded`).
https://docs.commercetools.com/api/projects/subscriptions#delivery-payloads
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, TypeAlias

MOST_WRAPPINGS: Final = 4  # SNS around EventBridge around a CloudEvent is three
MOST_IN_ONE: Final = 1_000  # Event Grid sends batches
LONGEST_ID: Final = 256
CHANGES: Final = ("ResourceCreated", "ResourceUpdated", "ResourceDeleted")
MESSAGE: Final = "Message"
EVENT: Final = "Event"  # of Checkout and imports: it names no resource


class NotANotification(ValueError):
    """The text is none of what commercetools sends. Its words name fields, never values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """A resource changed. `version` is what it has at least since then, `occurred_at` is UTC.

    `message_type` is None for a change, which says that something changed and not what. `id` is the message's own.
    """

    project_key: str
    resource_type: str
    resource_id: str
    kind: str  # `Message`, or one of CHANGES
    version: int | None = None
    occurred_at: datetime | None = None
    message_type: str | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfNoResource:
    """A notification that names nothing to look at: events of Checkout and of imports, and kinds yet to be invented."""

    kind: str


Told: TypeAlias = Notification | OfNoResource


def notifications_in(body: bytes | str) -> tuple[Told, ...]:
    """All notifications in what a queue handed over. Raises `NotANotification` for the first that is none.

    The wrappings of SNS, EventBridge and CloudEvents (structured, also in batches) are taken off as they come.
    """
    found = tuple(notification(each) for each in _unwrapped(_parsed(body), MOST_WRAPPINGS))
    if len(found) > MOST_IN_ONE:
        raise NotANotification(f"more than {MOST_IN_ONE} notifications at once")
    return found


def notification(body: object) -> Told:
    """One notification in the platform's own format. Raises `NotANotification`."""
    if not isinstance(body, Mapping):
        raise NotANotification("not a JSON object")
    kind = _text(body, "notificationType")
    if kind not in (*CHANGES, MESSAGE):
        return OfNoResource(kind=kind[:64])
    resource = body.get("resource")
    if not isinstance(resource, Mapping):
        raise NotANotification("resource: not an object")
    return Notification(
        project_key=_text(body, "projectKey"),
        resource_type=_text(resource, "typeId", "resource."),
        resource_id=_text(resource, "id", "resource."),
        kind=kind,
        version=_version(body, "resourceVersion" if kind == MESSAGE else "version"),
        occurred_at=_moment(body.get("createdAt" if kind == MESSAGE else "modifiedAt")),
        message_type=_message_type(body) if kind == MESSAGE else None,
        id=_optional_text(body.get("id")),
    )


def _unwrapped(body: object, wrappings: int) -> Iterator[object]:
    if wrappings < 0:
        raise NotANotification("wrapped too often")
    match body:
        case list():
            for each in body:
                yield from _unwrapped(each, wrappings - 1)
        case {"Type": "Notification", "Message": str() as text}:  # SNS
            yield from _unwrapped(_parsed(text), wrappings - 1)
        case {"detail-type": str(), "detail": detail}:  # EventBridge
            yield from _unwrapped(detail, wrappings - 1)
        case {"specversion": _, "data": str() as text}:  # CloudEvents, whose data may be a text
            yield from _unwrapped(_parsed(text), wrappings - 1)
        case {"specversion": _, "data": data}:
            yield from _unwrapped(data, wrappings - 1)
        case {"specversion": _, "data_base64": str() as encoded}:
            yield from _unwrapped(_parsed(_decoded(encoded)), wrappings - 1)
        case _:
            yield body


def _parsed(body: bytes | str) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):  # UnicodeDecodeError is a ValueError
        raise NotANotification("not JSON") from None


def _decoded(encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise NotANotification("data_base64: not base64") from None


def _message_type(body: Mapping[str, object]) -> str | None:
    """A message whose contents were too large still says what it was."""
    left_out = body.get("payloadNotIncluded")
    fallback = left_out.get("payloadType") if isinstance(left_out, Mapping) else None
    return _optional_text(body.get("type")) or _optional_text(fallback)


def _text(body: Mapping[str, object], name: str, path: str = "") -> str:
    found = _optional_text(body.get(name))
    if found is None:
        raise NotANotification(f"{path}{name}: not a text")
    return found


def _optional_text(value: object) -> str | None:
    return value if isinstance(value, str) and 0 < len(value) <= LONGEST_ID and value.isprintable() else None


def _version(body: Mapping[str, object], name: str) -> int | None:
    value = body.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63 else None


def _moment(value: object) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
