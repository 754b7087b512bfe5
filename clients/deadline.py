"""A total time budget that is handed down a call, so that mint, retry and read share it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass


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


@dataclass(frozen=True, slots=True)
class Call:
    """What travels with every call to a platform: its time budget and the id that joins the logs."""

    deadline: Deadline
    correlation_id: str
