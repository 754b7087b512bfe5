"""One more try, inside the time that is left."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from clients.deadline import Deadline
from clients.errors import Overloaded, PlatformError, Unreachable

T = TypeVar("T")

SHORTEST_TRY: Final = 0.2  # seconds: with less left, a second try only makes the first failure late


@dataclass(frozen=True, slots=True, kw_only=True)
class OneRetry:
    """Repeats a read once when the connection or a gateway failed. `random` gives 0 to 1."""

    sleep: Callable[[float], None] = time.sleep
    random: Callable[[], float] = random.random

    def __call__(self, attempt: Callable[[], T], deadline: Deadline) -> T:
        try:
            return attempt()
        except PlatformError as error:
            pause = self._pause(error)
            if pause is None or deadline.remaining() < pause + SHORTEST_TRY:
                raise
        self.sleep(pause)
        return attempt()

    def _pause(self, error: PlatformError) -> float | None:
        """Seconds to wait, None when it makes no sense to try again."""
        if not is_worth_one_more_try(error):
            return None
        asked_for = (error.retry_after or 0.0) if isinstance(error, Overloaded) else 0.0
        return max(asked_for, 0.02 + 0.08 * self.random())


def is_worth_one_more_try(error: PlatformError) -> bool:
    """Whether the very same read may succeed within the next moments.

    Not after 429 or 504 and time-outs: those would only get worse.
    """
    if isinstance(error, Unreachable):
        return error.status in (None, 502, 503)
    return isinstance(error, Overloaded) and error.status == 503
