"""A total time budget that is handed down a call, so that mint, retry and read share it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Deadline:
    """The moment (of a monotonic clock, seconds) by which a call must be over."""

    at: float
    clock: Callable[[], float] = time.monotonic

    @classmethod
    def after(cls, seconds: float, *, clock: Callable[[], float] = time.monotonic) -> Deadline:
        return cls(clock() + seconds, clock)

    def remaining(self) -> float:
        """Seconds left, never negative."""
        return max(0.0, self.at - self.clock())

    @property
    def passed(self) -> bool:
        return self.remaining() == 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """How one request to a platform ended, for whoever keeps a record of it. No personal data."""

    platform: str  # "commercetools", "intercom"
    purpose: str  # the name of a GraphQL operation or of a REST call
    outcome: str  # the status, or the error's reason code where there was no answer
    reference: str | None = None  # the platform's own name for the request: its support asks for it


@dataclass(frozen=True, slots=True)
class Call:
    """What travels with every call to a platform: its time budget, the id that joins the logs, and who is told how each
    request ended.
    """

    deadline: Deadline
    correlation_id: str
    heard: Callable[[Reply], None] | None = field(default=None, compare=False, repr=False)
