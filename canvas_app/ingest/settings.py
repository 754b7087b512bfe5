"""What opens the doors for queues: the environment of the web side, as far as it is about them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from clients.amazon.arns import ARN
from sync.environment import Problem, Variable, matching, optional


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _topics(text: str) -> tuple[str, ...]:
    topics = _listed(text)
    if not all(ARN.fullmatch(topic) for topic in topics):
        raise ValueError("holds something that is no ARN of an SNS topic")
    return topics


def _keys(text: str) -> tuple[str, ...]:
    keys = _listed(text)
    if not all(re.fullmatch(r"[!-~]+", key) for key in keys):
        raise ValueError("holds a key with a space or a sign outside ASCII in it")
    return keys


PUBSUB_AUDIENCE = Variable(
    name="PUBSUB_AUDIENCE",
    meaning="opens `/ingest/pubsub`: the audience of the push subscription's token",
    fix="Copy it from the push subscription (Authentication, Audience), and set PUBSUB_SERVICE_ACCOUNT as well",
    parse=optional(matching(r"[!-~]+", "may hold ASCII letters, digits and signs only")),
    default="",
)
PUBSUB_SERVICE_ACCOUNT = Variable(
    name="PUBSUB_SERVICE_ACCOUNT",
    meaning="e-mail address of the service account that pushes to `/ingest/pubsub`",
    fix="Copy it from the push subscription (Authentication, Service account), and set PUBSUB_AUDIENCE as well",
    parse=optional(matching(r"[^@\s,]+@[^@\s,]+", "is not the address of one service account")),
    default="",
)
SNS_TOPIC_ARNS = Variable(
    name="SNS_TOPIC_ARNS",
    meaning="opens `/ingest/sns`: the topics that may post to it, separated by commas",
    fix="Use arn:aws:sns:eu-central-1:123456789012:commercetools, or leave it unset",
    parse=_topics,
    default="",
)
EVENTGRID_KEY = Variable(
    name="EVENTGRID_KEY",
    meaning="opens `/ingest/eventgrid`: the key that Event Grid sends; several while rotating, separated by commas",
    fix="Make one with: openssl rand -hex 32",
    parse=_keys,
    default="",
)

VARIABLES: Final[tuple[Variable[object], ...]] = (
    PUBSUB_AUDIENCE, PUBSUB_SERVICE_ACCOUNT, SNS_TOPIC_ARNS, EVENTGRID_KEY,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class PubSubSettings:
    """One push subscription."""

    audience: str
    service_account: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestSettings:
    """What is None or empty keeps its door closed."""

    pubsub: PubSubSettings | None = None
    sns_topics: tuple[str, ...] = ()
    eventgrid_keys: tuple[str, ...] = field(default=(), repr=False)

    @property
    def opens_any(self) -> bool:
        return bool(self.pubsub or self.sns_topics or self.eventgrid_keys)

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> IngestSettings:
        """When there are no problems."""
        audience, account = PUBSUB_AUDIENCE.read(environ), PUBSUB_SERVICE_ACCOUNT.read(environ)
        return cls(
            pubsub=PubSubSettings(audience=audience, service_account=account) if audience and account else None,
            sns_topics=SNS_TOPIC_ARNS.read(environ),
            eventgrid_keys=EVENTGRID_KEY.read(environ),
        )


def half_open(environ: Mapping[str, str]) -> tuple[Problem, ...]:
    """A door for Pub/Sub without knowing who may come through it, or the other way round."""
    pair = (PUBSUB_AUDIENCE, PUBSUB_SERVICE_ACCOUNT)
    if any(each.problems(environ) for each in pair):
        return ()
    unset = [each for each in pair if each.read(environ) is None]
    return (
        tuple(Problem(each.name, "not set, and the other half is", each.fix) for each in unset)
        if len(unset) == 1
        else ()
    )
