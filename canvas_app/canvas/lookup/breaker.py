"""A circuit breaker: after some failures in a row the shop is left alone for a while.

Why our own: the libraries for this hold their lock while the call runs (pybreaker) or let every
thread through as the probe, and the panel needs many calls at once and one probe.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from enum import IntEnum


class BreakerState(IntEnum):
    """The numbers are those of the `breaker_state` metric."""

    CLOSED = 0  # calls go through
    HALF_OPEN = 1  # one probe is under way, all others are refused
    OPEN = 2  # calls are refused until the pause is over


class Breaker:
    """Says whether a call may go out, and learns from how it ended. Thread-safe.

    `failures` in a row open it; it then refuses for `pause` seconds, lets one probe
    through, and closes or opens again by how that one ends.
    """

    def __init__(self, *, failures: int = 5, pause: float = 2.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit = failures
        self._pause = pause
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._open_until: float | None = None
        self._probing_until: float | None = None

    @property
    def state(self) -> BreakerState:
        with self._lock:
            if self._open_until is None:
                return BreakerState.CLOSED
            return BreakerState.OPEN if self._clock() < self._open_until else BreakerState.HALF_OPEN

    def allows(self) -> bool:
        """Whether a call may go out now. True for exactly one caller once the pause is over."""
        with self._lock:
            now = self._clock()
            if self._open_until is None:
                return True
            if now < self._open_until:
                return False
            if self._probing_until is not None and now < self._probing_until:
                return False
            # A probe that never reports (its thread died) must not refuse everybody for ever.
            self._probing_until = now + max(self._pause, 5.0)
            return True

    def succeeded(self) -> None:
        """A call came back: the shop answers. A pause that has begun is kept all the same."""
        with self._lock:
            if self._open_until is not None and self._clock() < self._open_until:
                return  # it went out before; whoever asks for a pause means everybody
            self._failures = 0
            self._open_until = self._probing_until = None

    def failed(self, *, pause: float | None = None) -> None:
        """A call failed in a way that more calls would not help; `pause` when the shop named one (seconds)."""
        with self._lock:
            self._failures += 1
            was_probe, self._probing_until = self._probing_until is not None, None
            if pause is not None or was_probe or self._failures >= self._limit:
                until = self._clock() + (self._pause if pause is None else min(pause, 60.0))
                self._open_until = max(until, self._open_until or until)  # no failure shortens a pause
