"""Which doors are open, and what each asks of those who knock."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from canvas_app.ingest.settings import IngestSettings
from clients.amazon.sns import SnsTopics
from clients.authenticity import NotAuthentic
from clients.google.push_tokens import PushTokens
from clients.wire.http import Http
from clients.wire.published import LIMITS, fetching


@dataclass(frozen=True, slots=True)
class EventGridKeys:
    """Those that we gave to Event Grid, newest first."""

    keys: Sequence[str] = field(repr=False)

    def verify(self, given: str | None) -> None:
        """Raises `NotAuthentic`. Takes the same time for every wrong key."""
        if not given:
            raise NotAuthentic("no_key")
        matches = [hmac.compare_digest(given.encode(), key.encode()) for key in self.keys]
        if not any(matches):
            raise NotAuthentic("wrong_key")


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """None: closed, as if it were not there."""

    pubsub: PushTokens | None = None
    sns: SnsTopics | None = None
    eventgrid: EventGridKeys | None = None


def doors_of(settings: IngestSettings, *, now: Callable[[], datetime]) -> Doors:
    """Those that the environment opens. Nothing is fetched yet."""
    push = settings.pubsub
    return Doors(
        pubsub=PushTokens(
            fetching(Http(LIMITS), platform="google", purpose="certificates"),
            audience=push.audience,
            service_account=push.service_account,
        )
        if push
        else None,
        sns=SnsTopics(fetching(Http(LIMITS), platform="amazon", purpose="sns"), topics=settings.sns_topics, now=now)
        if settings.sns_topics
        else None,
        eventgrid=EventGridKeys(settings.eventgrid_keys) if settings.eventgrid_keys else None,
    )
