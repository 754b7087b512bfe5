"""What a platform publishes for everybody, such as its certificates: fetched now and then, and kept in between."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Generic, TypeAlias, TypeVar
from uuid import uuid4

from cachetools import LRUCache
from requests import PreparedRequest
from requests.auth import AuthBase

from clients.deadline import Call, Deadline
from clients.errors import BadAnswer, PlatformError, Unreachable
from clients.wire.http import Http, HttpLimits

LIMITS: Final = HttpLimits(connect_timeout=1.0, read_timeout=2.0, answer_bytes=256 * 1024, pool_maxsize=2)
FETCH_SECONDS: Final = 3.0

Fetch: TypeAlias = Callable[[str], bytes]
"""The document at an https address. Raises `PlatformError`."""

T = TypeVar("T")


class NoCredentials(AuthBase):
    """For what everybody may ask."""

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        return request


def fetching(http: Http, *, platform: str, purpose: str, seconds: float = FETCH_SECONDS) -> Fetch:
    """Fetches with `http`, within so many seconds in all. Redirects are not followed."""

    def fetch(url: str) -> bytes:
        call = Call(deadline=Deadline.after(seconds), correlation_id=uuid4().hex)
        answer = http.send("GET", url, auth=NoCredentials(), platform=platform, purpose=purpose, call=call)
        if answer.status != 200:
            raise Unreachable(f"HTTP {answer.status}", status=answer.status)
        return answer.body

    return fetch


@dataclass(frozen=True, slots=True)
class _Copy(Generic[T]):
    content: T
    at: float


class Published(Generic[T]):
    """Documents by address, each as `read` makes it (which raises ValueError for what it cannot read). Thread-safe.

    A copy serves for `keep` seconds, and longer when no newer one is to be had. After an attempt that failed the same
    address is left alone for `pause` seconds, so that nobody makes us knock at it without end.
    """

    def __init__(
        self,
        fetch: Fetch,
        read: Callable[[bytes], T],
        *,
        keep: float = 6 * 3600.0,
        pause: float = 10.0,
        most: int = 16,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._fetch = fetch
        self._read = read
        self._keep = keep
        self._pause = pause
        self._clock = clock
        self._copies: LRUCache[str, _Copy[T]] = LRUCache(most)
        self._failures: LRUCache[str, tuple[float, PlatformError]] = LRUCache(4 * most)
        self._looking = threading.Lock()
        self._fetching = threading.Lock()

    def get(self, url: str) -> T:
        """Raises `PlatformError` when it was never to be had."""
        copy = self._copy(url)
        if copy is None or self._clock() - copy.at >= self._keep:
            copy = self._newer(url, than=copy)
        return copy.content

    def get_again(self, url: str) -> T:
        """A newer copy, unless there was one within the last `pause` seconds. Raises `PlatformError` as `get` does."""
        copy = self._copy(url)
        if copy is None or self._clock() - copy.at >= self._pause:
            copy = self._newer(url, than=copy)
        return copy.content

    def _copy(self, url: str) -> _Copy[T] | None:
        with self._looking:
            return self._copies.get(url)

    def _newer(self, url: str, *, than: _Copy[T] | None) -> _Copy[T]:
        with self._fetching:
            held = self._copy(url)
            if held is not None and held is not than:
                return held  # somebody else fetched it while we waited
            try:
                content = self._fetched(url)
            except PlatformError:
                if held is None:
                    raise
                return held
            copy = _Copy(content, self._clock())
            with self._looking:
                self._copies[url] = copy
            return copy

    def _fetched(self, url: str) -> T:
        failed = self._failures.get(url)
        if failed is not None and self._clock() - failed[0] < self._pause:
            raise Unreachable(failed[1].reason)
        try:
            return self._read(self._fetch(url))
        except PlatformError as error:
            self._failures[url] = self._clock(), error
            raise
        except ValueError:
            unreadable = BadAnswer("a published document that cannot be read")
            self._failures[url] = self._clock(), unreadable
            raise unreadable from None
