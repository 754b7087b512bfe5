"""Reads the shop so that the panel always answers: fresh copy, else one shared request, else the last known copy.

Everything in here is per process: with N web processes its figures are up to N times as large.
"""

from __future__ import annotations

import contextvars
import threading
import time
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar, cast

import structlog
from cachetools import LRUCache

from canvas_app.canvas.found import Trouble
from canvas_app.canvas.lookup.breaker import Breaker
from canvas_app.metrics import Metrics
from clients.deadline import Call
from clients.errors import CredentialsRefused, Overloaded, PlatformError, ScopeMissing, TimedOut, TryAgain

log = structlog.get_logger(__name__)


class ReadAt(Protocol):
    """Anything that was read at a moment (UTC). `size`: what it costs to keep it, in orders or the like."""

    @property
    def read_at(self) -> datetime: ...
    @property
    def size(self) -> int: ...


T = TypeVar("T", bound=ReadAt)
T_co = TypeVar("T_co", bound=ReadAt, covariant=True)


class ShopInTrouble(Exception):
    """The shop could not be asked, and there is no earlier copy to show."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


@dataclass(frozen=True, slots=True)
class Live(Generic[T_co]):
    """A value with the reason why it is not fresh, if there is one."""

    value: T_co
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True)
class _Kept:
    value: ReadAt
    stored: float


def trouble_of(error: Exception) -> Trouble:
    """What an error means to the person who looks at the panel."""
    match error:
        case TimedOut():
            return Trouble.TOO_SLOW
        case Overloaded():
            return Trouble.BUSY
        case TryAgain():
            return Trouble.UNREACHABLE
        case CredentialsRefused():
            return Trouble.CREDENTIALS
        case ScopeMissing():
            return Trouble.SCOPE
        case _:
            return Trouble.UNEXPECTED


class Reader:
    """Shared, cached and bounded reading for one installation, so that no shop can hold up another. Thread-safe.

    `fresh_seconds` is how old an answer may be to be shown without asking again, `room` how much is
    kept in last known answers (by their `size`: one customer has an order, another three hundred),
    `threads` how many requests may be under way at once.
    """

    def __init__(
        self,
        *,
        metrics: Metrics,
        breaker: Breaker,
        room: int = 10_000,
        threads: int = 64,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._metrics = metrics
        self._breaker = breaker
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: LRUCache[Hashable, _Kept] = LRUCache(room, lambda kept: min(kept.value.size, room))
        self._flights: dict[Hashable, Future[ReadAt]] = {}
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="shop")
        self._places = threading.BoundedSemaphore(threads)

    def read(
        self,
        key: Hashable,
        ask: Callable[[], T],
        *,
        call: Call,
        fresh_seconds: float,
        refresh: bool = False,
        not_before: datetime | None = None,
    ) -> Live[T]:
        """The value for `key`: from the cache while fresh, else through `ask`, else the last known one.

        `refresh` asks in any case. `not_before` is when the reader of the screen last saw this value
        (another process may have shown it): an older copy is neither fresh nor shown as last known.
        Raises `ShopInTrouble` when there is nothing to show.
        """
        kept = self._keep(key, not_before)
        if kept and not refresh and self._clock() - kept.stored < fresh_seconds:
            self._metrics.cache_total.labels("fresh").inc()
            return Live(cast(T, kept.value))
        flight = self._join((key, refresh), key, ask)
        if isinstance(flight, Trouble):
            return self._last_known(kept, flight)
        try:
            return Live(cast(T, flight.result(timeout=call.deadline.remaining())))
        except FutureTimeout:
            return self._last_known(kept, Trouble.TOO_SLOW)
        except Exception as error:  # noqa: BLE001 - whatever happens behind it, the panel answers
            return self._last_known(kept, trouble_of(error))

    def forget(self, key: Hashable) -> None:
        """Drop what is kept for `key`."""
        with self._lock:
            self._kept.pop(key, None)

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _keep(self, key: Hashable, not_before: datetime | None) -> _Kept | None:
        with self._lock:
            kept = self._kept.get(key)
        if kept and not_before and kept.value.read_at < not_before:
            return None
        return kept

    def _join(self, flight_key: Hashable, key: Hashable, ask: Callable[[], ReadAt]) -> Future[ReadAt] | Trouble:
        """The request that is under way for this key, or a new one; the trouble when none may start."""
        with self._lock:
            flight = self._flights.get(flight_key)
            if flight is not None:
                self._metrics.cache_total.labels("shared").inc()
                return flight
            if not self._places.acquire(blocking=False):
                return Trouble.BUSY
            if not self._breaker.allows():
                self._places.release()
                return Trouble.UNREACHABLE
            context = contextvars.copy_context()
            try:
                flight = self._pool.submit(context.run, self._run, flight_key, key, ask)
            except RuntimeError:  # no more threads to be had, or this process is about to end
                self._places.release()
                return Trouble.BUSY
            self._metrics.cache_total.labels("asked").inc()
            self._flights[flight_key] = flight
        return flight

    def _run(self, flight_key: Hashable, key: Hashable, ask: Callable[[], ReadAt]) -> ReadAt:
        try:
            value = ask()
            self._breaker.succeeded()
            self._store(key, value)
            return value
        except Exception as error:
            self._learn(error)
            raise
        finally:
            with self._lock:
                self._flights.pop(flight_key, None)
            self._places.release()
            self._metrics.breaker_state.set(self._breaker.state)

    def _store(self, key: Hashable, value: ReadAt) -> None:
        with self._lock:
            kept = self._kept.get(key)
            if kept is None or kept.value.read_at <= value.read_at:
                self._kept[key] = _Kept(value, self._clock())

    def _learn(self, error: Exception) -> None:
        match error:
            case Overloaded():
                self._breaker.failed(pause=error.retry_after)
            case TryAgain():
                self._breaker.failed()
            case PlatformError():
                self._breaker.succeeded()  # it refuses, so it answers
            case _:
                log.error("panel.look_up_broke", exc_info=error)
                return
        log.warning("panel.look_up_failed", reason=error.reason_code, detail=error.reason, status=error.status)

    def _last_known(self, kept: _Kept | None, trouble: Trouble) -> Live[T]:
        if kept is None:
            self._metrics.cache_total.labels("nothing").inc()
            raise ShopInTrouble(trouble)
        self._metrics.cache_total.labels("last_known").inc()
        return Live(cast(T, kept.value), trouble)
