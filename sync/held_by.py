"""What a long run of work is held by at the moment, for the person who waits for it."""

from __future__ import annotations

from typing import Final

from clients.intercom.allowance import AllowanceState
from sync.sources.backfill import Progress, Stage

ALMOST_SPENT: Final = 0.12  # of the window: the last tenth is kept for live changes
_READING: Final = frozenset({Stage.CUSTOMERS, Stage.ORDERS, Stage.CARTS})


def held_by(progress: Progress, *, workers: int, allowance: AllowanceState | None, now: float) -> str:
    """`workers`: how many give signs of life; `allowance` and `now` (unix seconds) by the database's clock."""
    if progress.waits_for == "shop":
        return f"commercetools ({progress.reason})"
    if progress.stage in _READING and progress.waits_for is None:
        return "commercetools' answers"
    if workers == 0:
        return "nobody at work: start a worker"
    if allowance is not None and (limit := spent_limit(allowance, now=now)):
        return f"Intercom's limit, {limit} calls in {allowance.length:.0f} seconds"
    return "the workers"


def spent_limit(allowance: AllowanceState, *, now: float) -> int | None:
    """The limit, when there is nearly nothing left of it; None while there is."""
    if allowance.limit is None:
        return None
    is_paused = now < allowance.paused_until
    is_spent = now < allowance.resets_at and allowance.available <= allowance.limit * ALMOST_SPENT
    return allowance.limit if is_paused or is_spent else None
