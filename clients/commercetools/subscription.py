"""A Subscription: what a project tells, and which queue it tells. Pure.

https://docs.commercetools.com/api/projects/subscriptions
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, Self, TypeAlias

from clients.errors import BadAnswer

CLOUD_EVENTS_VERSION: Final = "1.0"
_SECRETS: Final = frozenset({"accessKey", "accessSecret", "connectionString", "apiKey", "apiSecret"})
_SAID_OF: Final[Mapping[str, tuple[str, ...]]] = {
    "SQS": ("queueUrl",),
    "SNS": ("topicArn",),
    "GoogleCloudPubSub": ("projectId", "topic"),
    "EventGrid": ("uri",),
    "EventBridge": ("accountId", "region"),
}

Types: TypeAlias = Mapping[str, frozenset[str]]
"""Message types by the type of their resource; an empty set stands for all of them."""


class Format(StrEnum):
    """How notifications are written. It can never be changed."""

    PLATFORM = "Platform"
    CLOUD_EVENTS = "CloudEvents"


class Status(StrEnum):
    """`STOPPED` does not heal by itself, and what was not delivered is dropped; `SUSPENDED` only support can lift."""

    HEALTHY = "Healthy"
    TEMPORARY_ERROR = "TemporaryError"
    CONFIGURATION_ERROR = "ConfigurationError"
    STOPPED = "ConfigurationErrorDeliveryStopped"
    SUSPENDED = "ManuallySuspended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """A queue. `place` says which one, in the vendor's fields; `secrets` open it, and are read back masked."""

    type: str
    place: Mapping[str, str]
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def sqs(
        cls, queue_url: str, *, region: str, access_key: str | None = None, access_secret: str | None = None
    ) -> Self:
        """Without a key commercetools comes as an IAM user of its own, whom the queue's policy lets in."""
        return cls._of_amazon("SQS", {"queueUrl": queue_url, "region": region}, access_key, access_secret)

    @classmethod
    def sns(cls, topic_arn: str, *, access_key: str | None = None, access_secret: str | None = None) -> Self:
        """Without a key commercetools comes as an IAM user of its own, whom the topic's policy lets in."""
        return cls._of_amazon("SNS", {"topicArn": topic_arn}, access_key, access_secret)

    @classmethod
    def pubsub(cls, project_id: str, topic: str) -> Self:
        return cls(type="GoogleCloudPubSub", place={"projectId": project_id, "topic": topic})

    @classmethod
    def event_grid(cls, uri: str, *, access_key: str) -> Self:
        """It takes CloudEvents only."""
        return cls(type="EventGrid", place={"uri": uri}, secrets={"accessKey": access_key})

    @classmethod
    def event_bridge(cls, account_id: str, region: str) -> Self:
        return cls(type="EventBridge", place={"region": region, "accountId": account_id})

    @classmethod
    def _of_amazon(cls, type_: str, place: Mapping[str, str], key: str | None, secret: str | None) -> Self:
        if not key or not secret:
            return cls(type=type_, place={**place, "authenticationMode": "IAM"})
        return cls(
            type=type_,
            place={**place, "authenticationMode": "Credentials"},
            secrets={"accessKey": key, "accessSecret": secret},
        )

    @property
    def where(self) -> str:
        """In words, without secrets."""
        named = [self.place[name] for name in _SAID_OF.get(self.type, ()) if name in self.place]
        return f"{self.type} {'/'.join(named)}".rstrip()

    def is_at(self, other: Destination) -> bool:
        """Whether `other` is the same queue, opened in the same way; whether with the same secrets nobody can see."""
        return self.type == other.type and all(other.place.get(name) == value for name, value in self.place.items())

    def to_json(self) -> dict[str, str]:
        return {"type": self.type, **self.place, **self.secrets}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A subscription as it should be."""

    key: str
    destination: Destination
    changes: frozenset[str]
    messages: Types
    format: Format = Format.PLATFORM

    def to_json(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "destination": self.destination.to_json(),
            "format": format_json(self.format),
            "changes": changes_json(self.changes),
            "messages": messages_json(self.messages),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """As commercetools holds it. `format` and `status` may be ones that are yet to be invented."""

    id: str
    version: int
    key: str | None
    destination: Destination
    changes: frozenset[str]
    messages: Types
    format: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """One update action, in the vendor's words. May hold secrets."""

    action: str
    body: Mapping[str, Any] = field(repr=False)

    def to_json(self) -> dict[str, Any]:
        return {"action": self.action, **self.body}


def updates(present: Subscription, wanted: Draft, *, destination_anew: bool = False) -> tuple[Update, ...]:
    """What makes `present` as `wanted`; nothing, when it is. The format is left out: no action changes it.

    `destination_anew`: set it even where the queue is the same: for other secrets, and to be delivered to again.
    """
    found = []
    if present.key != wanted.key:
        found.append(Update(action="setKey", body={"key": wanted.key}))
    if destination_anew or not wanted.destination.is_at(present.destination):
        found.append(Update(action="changeDestination", body={"destination": wanted.destination.to_json()}))
    if present.changes != wanted.changes:
        found.append(Update(action="setChanges", body={"changes": changes_json(wanted.changes)}))
    if dict(present.messages) != dict(wanted.messages):
        found.append(Update(action="setMessages", body={"messages": messages_json(wanted.messages)}))
    return tuple(found)


def changes_json(changes: frozenset[str]) -> list[dict[str, str]]:
    return [{"resourceTypeId": each} for each in sorted(changes)]


def messages_json(messages: Types) -> list[dict[str, Any]]:
    return [
        {"resourceTypeId": each, **({"types": sorted(types)} if types else {})}
        for each, types in sorted(messages.items())
    ]


def format_json(format_: Format) -> dict[str, str]:
    version = {"cloudEventsVersion": CLOUD_EVENTS_VERSION} if format_ is Format.CLOUD_EVENTS else {}
    return {"type": format_.value, **version}


def subscription(body: object) -> Subscription:
    """Raises `BadAnswer`."""
    if not isinstance(body, dict):
        raise BadAnswer("subscription: not an object")
    id_, version, key, destination = (body.get(name) for name in ("id", "version", "key", "destination"))
    if not isinstance(id_, str) or not id_ or type(version) is not int or not isinstance(destination, dict):
        raise BadAnswer("subscription: without id, version or destination")
    return Subscription(
        id=id_,
        version=version,
        key=key if isinstance(key, str) else None,
        destination=_destination(destination),
        changes=frozenset(_type_of(each) for each in _listed(body, "changes")),
        messages={_type_of(each): _types(each) for each in _listed(body, "messages")},
        format=_format(body.get("format")),
        status=str(body.get("status") or Status.HEALTHY),
    )


def subscriptions(body: object) -> tuple[Subscription, ...]:
    """A page of them. Raises `BadAnswer`."""
    results = body.get("results") if isinstance(body, dict) else None
    if not isinstance(results, list):
        raise BadAnswer("subscriptions: no results")
    return tuple(subscription(each) for each in results)


def _destination(body: Mapping[str, Any]) -> Destination:
    place = {name: value for name, value in body.items() if isinstance(value, str) and name not in _SECRETS}
    type_ = place.pop("type", "")
    if type_ in ("SQS", "SNS"):
        place.setdefault("authenticationMode", "Credentials")  # the vendor's default
    return Destination(type=type_, place=place)


def _listed(body: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = body.get(name)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _type_of(entry: Mapping[str, Any]) -> str:
    return str(entry.get("resourceTypeId"))


def _types(entry: Mapping[str, Any]) -> frozenset[str]:
    found = entry.get("types")
    return frozenset(str(each) for each in found) if isinstance(found, list) else frozenset()


def _format(body: object) -> str:
    return str(body.get("type") or Format.PLATFORM) if isinstance(body, dict) else Format.PLATFORM.value
