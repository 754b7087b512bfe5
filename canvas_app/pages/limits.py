"""Keeps whoever guesses or hammers from the few doors that anybody may knock at."""

from __future__ import annotations

import ipaddress
import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from cachetools import TTLCache

REQUESTS: Final = 30
SECONDS: Final = 60.0
ADDRESSES: Final = 10_000  # remembered at once; beyond that the oldest are forgotten


@dataclass(slots=True)
class _Window:
    began: float
    count: int = 0


class RateLimit:
    """So many requests in each window, for each address. Thread-safe; of this process alone."""

    def __init__(
        self, requests: int = REQUESTS, seconds: float = SECONDS, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._requests = requests
        self._seconds = seconds
        self._clock = clock
        self._windows: TTLCache[str, _Window] = TTLCache(ADDRESSES, ttl=seconds, timer=clock)
        self._lock = threading.Lock()

    def wait(self, address: str) -> int | None:
        """None when this request may pass, and is counted; else the seconds until the next one may."""
        with self._lock:
            window = self._windows.get(address)
            if window is None:
                window = self._windows[address] = _Window(self._clock())
            if window.count >= self._requests:
                return max(1, math.ceil(window.began + self._seconds - self._clock()))
            window.count += 1
            return None


def client_address(peer: str | None, forwarded: str | None) -> str:
    """Who asks. A peer in a private network is our own proxy: then it is whom that one names last (`X-Forwarded-For`).

    Earlier names in that header come from the client itself, and are believed by nobody.
    """
    if peer is None or forwarded is None or not _is_private(peer):
        return peer or "unknown"
    return forwarded.rpartition(",")[2].strip()[:64] or peer


def _is_private(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_private
    except ValueError:
        return False
