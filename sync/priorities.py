"""Which work goes first. A change that happens now passes whatever waits, and whatever fails steps back."""

from __future__ import annotations

from enum import IntEnum


class Priority(IntEnum):
    """Of jobs. Backfill that failed goes behind all other backfill, so that it holds up nothing of its own subject."""

    LIVE = 10
    RETRY = 5
    BACKFILL = 0
    BACKFILL_RETRY = -5

    def after_failure(self) -> Priority:
        """A job that waits for its retry blocks later ones of the same lock, unless theirs is higher."""
        return Priority.RETRY if self > Priority.BACKFILL else Priority.BACKFILL_RETRY

    @property
    def live(self) -> bool:
        """Whether somebody may be looking: a live change, or the retry of one."""
        return self > Priority.BACKFILL
