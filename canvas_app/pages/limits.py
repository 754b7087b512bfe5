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

    What it names may be a proxy of ours as well, before which stands whom that one named. Earlier names come from the
    client itself, and are believed by nobody.
    """
    if peer is None or forwarded is None or not _is_private(peer):
        return _home_of(peer or "unknown")
    named = [_without_port(each.strip()[:64]) for each in forwarded.split(",")]
    outside = next((each for each in reversed(named) if _is_outside(each)), None)
    return _home_of(outside or named[-1] or peer)


def _home_of(address: str) -> str:
    """One household, or one rented machine, has as many addresses of IPv6 as it likes: they begin alike."""
    found = _parsed(address)
    if found is None:
        return address
    return str(found) if found.version == 4 else str(ipaddress.ip_network((found, 64), strict=False))


def _without_port(name: str) -> str:
    """Some proxies write it down: a new one with each connection."""
    return name.partition(":")[0] if name.count(":") == 1 else name.removeprefix("[").partition("]")[0]


def _is_private(address: str) -> bool:
    found = _parsed(address)
    return found is not None and found.is_private


def _is_outside(address: str) -> bool:
    found = _parsed(address)
    return found is not None and not found.is_private


def _parsed(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if found.version == 6 else found
