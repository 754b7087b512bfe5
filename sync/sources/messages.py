"""Listens to the shop's Messages API where there is one: it knows when things happened that keep no time themselves.

Nothing depends on it: the polls find every change, and without messages a step gets the time at which the order was
last changed. So a shop that does not let us read them, or is slow to, is left alone for long and costs nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import structlog

from clients.commercetools.messages import Message, MessagesPage
from clients.commercetools.source import ShopSource
from clients.deadline import Call, Deadline
from clients.errors import Overloaded, PlatformError, Rejected, ScopeMissing
from sync.installation import Installation
from sync.mapping.events import EVENTS
from sync.sources.watch import Watch
from sync.storage.hints import Hint, ResourceType

SOURCE: Final = "messages"
EACH: Final = timedelta(seconds=2)
BEHIND: Final = timedelta(seconds=5)
SECONDS: Final = 2.0  # for one request: whoever polls is waiting
MOST_PAGES: Final = 4  # in one look, oldest first; what is behind them is found once the cursor has moved on
PAUSE: Final = timedelta(minutes=1)  # of a shop that does not answer, or not so that we understand it
CLOSED: Final = timedelta(hours=1)  # to us, until somebody gives us the scope

_ABOUT: Final = {each.value: each for each in (ResourceType.ORDER, ResourceType.PAYMENT, ResourceType.CUSTOMER)}

log = structlog.get_logger(__name__)


class MessageLook:
    """Of one poll; not for several threads. Only messages that tell the time of an event of the mapping are read."""

    def __init__(self, installation: Installation, source: ShopSource, *, page: int) -> None:
        self.watch = Watch(database=installation.database, installation=installation.id, kind="message", tell=hint_of)
        self._at = installation
        self._source = source
        self._page = page
        self._types = frozenset(type_ for event in installation.mapping.events for type_ in EVENTS[event].messages)
        self._looked_at: datetime | None = None
        self._closed_until: datetime | None = None
        self._reason: str | None = None

    def are_due(self, now: datetime) -> bool:
        if not self._types or (self._closed_until is not None and now < self._closed_until):
            return False
        return self._looked_at is None or not timedelta() <= now - self._looked_at < EACH

    def are_behind(self, now: datetime) -> bool:
        """Whether nobody looked for a while: then several changes of one thing may have come together."""
        return self._looked_at is None or now - self._looked_at > BEHIND

    def ask(self, since: datetime, after: Message | None, correlation_id: str) -> MessagesPage:
        """One page of them, within a short time."""
        call = Call(Deadline.after(SECONDS, clock=self._at.clock), correlation_id)
        return self._source.messages.since(since, types=self._types, after=after, limit=self._page, call=call)

    def note_look(self, now: datetime) -> None:
        self._looked_at, self._closed_until, self._reason = now, None, None

    def note_failure(self, error: PlatformError, now: datetime) -> None:
        """They are left alone for a while; said once for each reason."""
        self._looked_at, self._closed_until = now, now + _pause(error)
        if self._reason != error.reason_code:
            log.info("sync.messages_not_read", reason=error.reason)
        self._reason = error.reason_code


def hint_of(message: Message, correlation_id: str) -> Hint | None:
    """The hint to give; None for what we do not look at, and for what could not be understood."""
    about = _ABOUT.get(message.resource_type or "")
    if about is None or message.resource_id is None or message.type is None:
        return None
    return Hint(
        source=SOURCE,
        type=about,
        id=message.resource_id,
        version=message.resource_version,
        occurred_at=message.last_modified_at,
        message_type=message.type,
        correlation_id=message.id,
    )


def _pause(error: PlatformError) -> timedelta:
    if isinstance(error, Overloaded) and error.retry_after is not None:
        return max(PAUSE, timedelta(seconds=error.retry_after))
    return CLOSED if isinstance(error, ScopeMissing | Rejected) else PAUSE
