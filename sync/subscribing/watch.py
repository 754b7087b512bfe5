"""Watches whether commercetools delivers to the queues that were named to it.

It gives up what it cannot deliver, after a while for good, and says so nowhere but in a subscription's health. So after
each time that was not healthy both sides are to be compared; that it is due, is on record before anything else.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, Protocol
from uuid import uuid4

import structlog

from clients.commercetools.subscription import Status
from clients.deadline import Call
from clients.errors import PlatformError
from sync.installation import Installation
from sync.storage.changes import end_turn, take_turn
from sync.storage.subscriptions import GONE, KnownSubscription, known_subscriptions, note_health

TURN: Final = "subscriptions"
EVERY: Final = 60.0  # seconds
LEASE: Final = timedelta(seconds=30)  # longer than a request may take

log = structlog.get_logger(__name__)


class Health(Protocol):
    """`clients.commercetools.subscriptions.SubscriptionHealth` answers."""

    def of(self, subscription_id: str, *, call: Call) -> Status | None: ...


class SubscriptionWatch:
    """Of one installation, in one process; not for several threads. Every process may have one: they take turns."""

    def __init__(
        self, installation: Installation, health: Health, *, every: float = EVERY, holder: str | None = None
    ) -> None:
        self._at = installation
        self._health = health
        self._lease = max(LEASE, timedelta(seconds=2 * every))
        self._holder = holder or uuid4().hex
        self._not_heard: dict[str, str] = {}

    def look(self) -> None:
        """At each subscription that was made here. Raises what the database raises."""
        with self._at.database.transaction() as connection:
            known = known_subscriptions(connection, self._at.id)
            if not known or not take_turn(connection, self._at.id, TURN, self._holder, lease=self._lease):
                return
        for each in known:
            if (health := self._heard(each)) is not None:
                self._note(each, health)

    def release(self) -> None:
        """Lets another process have the turn at once."""
        with self._at.database.transaction() as connection:
            end_turn(connection, self._at.id, TURN, self._holder)

    def _heard(self, known: KnownSubscription) -> str | None:
        """None when nobody can say; said once, for as long as the reason is the same."""
        try:
            health = self._health.of(known.id, call=self._at.call())
        except PlatformError as error:
            if self._not_heard.get(known.key) != error.reason_code:
                log.warning("sync.subscription_not_read", key=known.key, reason=error.reason)
            self._not_heard[known.key] = error.reason_code
            return None
        self._not_heard.pop(known.key, None)
        return GONE if health is None else health.value

    def _note(self, known: KnownSubscription, health: str) -> None:
        with self._at.database.transaction() as connection:
            before = note_health(connection, self._at.id, known, health, now=self._at.now())
        if before is not None and before[0] != health:
            _tell(known, health, since=before[1])


def _tell(known: KnownSubscription, health: str, *, since: datetime) -> None:
    match health:
        case Status.HEALTHY:
            log.info("sync.subscription_healthy_again", key=known.key, unhealthy_since=since.isoformat())
        case "Gone":
            log.warning("sync.subscription_gone", key=known.key)
        case _:
            log.warning("sync.subscription_unhealthy", key=known.key, status=health, destination=known.destination)
