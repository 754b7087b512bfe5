"""How installations share the threads of a worker: none may take all of them while its neighbours do not answer.

Threads that wait for a shop that hangs are of no use to anybody. So once a job of an installation takes long, its
next ones step back as long as it has all threads but a few: those are the others'.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from clients.errors import Overloaded

LONG: Final = 2.0  # seconds that a job hardly takes whose neighbours answer
STEP_BACK: Final = 2.0  # seconds
REMEMBERED: Final = 30.0  # seconds for which it is expected of the next ones as well
OTHERS: Final = 4  # of so many threads, one is the others'


class TakesTurns(Overloaded):
    """Its installation has its share of this worker already."""

    reason_code = "takes_turns"


class Shares:
    """Of one worker with so many `threads`. Thread-safe."""

    def __init__(self, threads: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = max(1, threads - max(1, threads // OTHERS))
        self._clock = clock
        self._begun: defaultdict[str, list[float]] = defaultdict(list)
        self._slow_until: dict[str, float] = {}
        self._lock = threading.Lock()

    @contextmanager
    def working(self, installation: str) -> Iterator[None]:
        """For as long as a job works. Raises `TakesTurns` when it is to come back later."""
        now = self._clock()
        with self._lock:
            begun = self._begun[installation]
            if len(begun) >= self._most and self._is_slow(installation, now):
                raise TakesTurns("other installations may need this thread", retry_after=STEP_BACK)
            begun.append(now)
        try:
            yield
        finally:
            with self._lock:
                if (ended := self._clock()) - now > LONG:
                    self._slow_until[installation] = ended + REMEMBERED
                begun.remove(now)

    def _is_slow(self, installation: str, now: float) -> bool:
        return now < self._slow_until.get(installation, now) or now - self._begun[installation][0] > LONG
