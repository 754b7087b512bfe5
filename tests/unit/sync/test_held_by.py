"""What a backfill is held by."""

from __future__ import annotations

import pytest

from clients.intercom.allowance import AllowanceState
from sync.held_by import held_by
from sync.sources.backfill import Progress, Stage

WRITING = Progress(stage=Stage.SUBJECTS, done=10, total=100, waits_for="workers")
PLENTY = AllowanceState(limit=1000, announced=900, resets_at=10.0)
SPENT = AllowanceState(limit=1000, announced=50, resets_at=10.0)
PAUSED = AllowanceState(limit=1000, announced=900, resets_at=10.0, paused_until=10.0)


@pytest.mark.parametrize(
    ("progress", "workers", "allowance", "words"),
    [
        (Progress(stage=Stage.ORDERS, done=1, total=2), 1, PLENTY, "commercetools' answers"),
        (
            Progress(stage=Stage.ORDERS, done=1, total=2, waits_for="shop", reason="HTTP 503"),
            1,
            PLENTY,
            "commercetools (HTTP 503)",
        ),
        (WRITING, 1, PLENTY, "the workers"),
        (WRITING, 1, None, "the workers"),
        (WRITING, 1, SPENT, "Intercom's limit, 1000 calls in 10 seconds"),
        (WRITING, 1, PAUSED, "Intercom's limit, 1000 calls in 10 seconds"),
        (WRITING, 0, SPENT, "nobody at work: start a worker"),
    ],
)
def test_it_names_the_narrowest_place(
    progress: Progress, workers: int, allowance: AllowanceState | None, words: str
) -> None:
    assert held_by(progress, workers=workers, allowance=allowance, now=5.0) == words


def test_a_window_that_is_over_holds_nobody() -> None:
    assert held_by(WRITING, workers=1, allowance=SPENT, now=11.0) == "the workers"
