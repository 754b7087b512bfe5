"""Work that comes round beside the jobs: looking for changes, for abandoned carts, for what is old enough to forget.

Each has a thread of its own. What fails is tried again, less and less often, and ends nothing.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

import structlog

from clients.errors import PlatformError

LONGEST_PAUSE: Final = 60.0  # seconds
_MOST_DOUBLINGS: Final = 10

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """`every`: seconds between the beginnings of two; None: once, as soon as it succeeds."""

    name: str
    run: Callable[[], object]
    every: float | None


class Rounds:
    """`start` and `stop` once. `stopping`: once it is set, nothing begins any more.

    `chance` keeps processes that failed together apart.
    """

    def __init__(
        self,
        rounds: Iterable[Round],
        *,
        stopping: threading.Event | None = None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._chance = chance
        self._stopping = stopping or threading.Event()
        self._threads = [
            threading.Thread(target=self._go, args=(each,), name=f"round-{each.name}", daemon=True) for each in rounds
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self, *, within: float) -> bool:
        """Waits so many seconds, all in all, for what has begun; whether everything has ended."""
        self._stopping.set()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(within / max(1, len(self._threads)))
        return not any(thread.is_alive() for thread in self._threads)

    def _go(self, each: Round) -> None:
        failures = 0
        while not self._stopping.is_set():
            succeeded = self._once(each, failures)
            if succeeded and each.every is None:
                return
            failures = 0 if succeeded else failures + 1
            self._stopping.wait(pause(each.every or 0.0, failures, chance=self._chance()))

    def _once(self, each: Round, failures: int) -> bool:
        try:
            each.run()
        except PlatformError as error:
            log.warning("sync.round_failed", round=each.name, reason=error.reason_code, times=failures + 1)
            return False
        except Exception:
            log.exception("sync.round_broke", round=each.name)
            return False
        if failures:
            log.info("sync.round_succeeded_again", round=each.name)
        return True


def pause(every: float, failures: int, *, chance: float) -> float:
    """Seconds until the next one after so many failures in a row."""
    if failures == 0:
        return every
    return min(LONGEST_PAUSE, 2.0 ** min(failures, _MOST_DOUBLINGS)) * (0.5 + chance / 2)
