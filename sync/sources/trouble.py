"""What to do about a shop that does not answer a poll: wait a little, longer each time, and say so once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog

from clients.commercetools.source import Kind
from clients.errors import BadAnswer, CredentialsRefused, Overloaded, PlatformError, TryAgain
from sync.storage.database import Transactions
from sync.storage.installations import clear_refusal, note_refusal

FIRST_PAUSE: Final = timedelta(seconds=1)
LONGEST_PAUSE: Final = timedelta(seconds=10)  # of a shop that is away
REFUSED_PAUSE: Final = timedelta(seconds=30)  # until a person changes something

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Failing:
    reason: str
    until: datetime
    times: int


class Trouble:
    """Of one poll; not for several threads. Trouble of one kind (a missing scope, a slow query) is no other's."""

    def __init__(self, database: Transactions, installation: str) -> None:
        self._database = database
        self._installation = installation
        self._failing: dict[Kind, _Failing] = {}
        self._may_be_refused = True  # noted by us, or by a process before

    @property
    def failing(self) -> Mapping[Kind, str]:
        """Reason codes."""
        return {kind: each.reason for kind, each in self._failing.items()}

    def is_paused(self, kind: Kind, *, now: datetime) -> bool:
        failing = self._failing.get(kind)
        return failing is not None and now < failing.until

    def note(self, kind: Kind, error: PlatformError, *, now: datetime) -> None:
        """What is said of us and not of the question pauses all kinds. Raises what the database raises."""
        is_about_us = isinstance(error, Overloaded | CredentialsRefused)
        for each in Kind if is_about_us else (kind,):
            before = self._failing.get(each)
            times = before.times + 1 if before else 1
            self._failing[each] = _Failing(error.reason_code, now + _pause(error, times), times)
            if each is kind and (before is None or before.reason != error.reason_code):
                log.warning("sync.poll_failed", kind=kind.value, reason=error.reason)
        if isinstance(error, CredentialsRefused):
            self._may_be_refused = True
            with self._database.transaction() as connection:
                note_refusal(connection, self._installation, "commercetools", error.reason, now=now)

    def clear(self, kind: Kind) -> None:
        """It was answered. Raises what the database raises."""
        if self._failing.pop(kind, None) is not None:
            log.info("sync.poll_recovered", kind=kind.value)
        if self._may_be_refused:
            with self._database.transaction() as connection:
                clear_refusal(connection, self._installation, "commercetools")
            self._may_be_refused = False


def _pause(error: PlatformError, times: int) -> timedelta:
    if isinstance(error, Overloaded) and error.retry_after is not None:
        return timedelta(seconds=error.retry_after)
    if isinstance(error, TryAgain | BadAnswer):
        return min(FIRST_PAUSE * (1 << min(times - 1, 10)), LONGEST_PAUSE)
    return REFUSED_PAUSE
