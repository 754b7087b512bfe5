"""Trying again for those who can wait: commands that walk over a whole shop or workspace."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from clients.errors import Overloaded, TryAgain
from sync.storage.errors import StorageUnavailable

MOST_TRIES: Final = 8
LONGEST: Final = 30.0  # seconds

Result = TypeVar("Result")


def patiently(ask: Callable[[], Result], *, wait: Callable[[float], object], first: float = 1.0) -> Result:
    """The answer to `ask`, tried again while that may help; a pause that a platform asks for is no failed try.

    Raises what it raised last. The database's trouble is not waited for.
    """
    tries = 0
    while True:
        try:
            return ask()
        except StorageUnavailable:
            raise
        except Overloaded as error:
            if error.retry_after is None:
                tries += 1
            if tries >= MOST_TRIES:
                raise
            wait(error.retry_after if error.retry_after is not None else min(first * 2**tries, LONGEST))
        except TryAgain:
            tries += 1
            if tries >= MOST_TRIES:
                raise
            wait(min(first * 2**tries, LONGEST))
