"""The allowance in fixed windows: https://developers.intercom.com/docs/references/rest-api/errors/rate-limiting"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

KEPT: Final = 1_000


@dataclass(slots=True)
class Window:
    """One window: from `start` (Unix seconds), what was used of `limit`, and how often 429 was answered."""

    start: float
    limit: int
    used: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one request was told."""

    limit: int
    remaining: int
    reset: int  # Unix seconds
    is_exceeded: bool

    @property
    def headers(self) -> Mapping[str, str]:
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.remaining),
            "X-RateLimit-Reset": str(self.reset),
        }


class RateLimit:
    """Counts requests of all clients of the workspace together. Not thread-safe: the stand-in's lock guards it."""

    def __init__(self) -> None:
        self._windows: deque[Window] = deque(maxlen=KEPT)

    def spend(self, now: float, *, limit: int, window_s: float, count: int = 1) -> Allowance:
        """One request (or `count` of somebody else's) at `now`; a request over the limit uses nothing up."""
        start = math.floor(now / window_s) * window_s
        if not self._windows or self._windows[-1].start != start:
            self._windows.append(Window(start, limit))
        window = self._windows[-1]
        window.limit = limit
        is_exceeded = window.used >= limit
        if is_exceeded:
            window.refused += 1
        else:
            window.used = min(limit, window.used + count)
        return Allowance(limit, max(0, limit - window.used), math.ceil(start + window_s), is_exceeded)

    @property
    def windows(self) -> tuple[Window, ...]:
        """The last windows in which anything was asked, oldest first."""
        return tuple(self._windows)
