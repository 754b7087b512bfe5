"""Backfills of the measured installation, in this process: what `python -m sync backfill` does."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from benchmarks.sync_stage import SyncStage
from sync.sources.backfill import Backfill, Progress


def filled(stage: SyncStage) -> None:
    """All customers are linked and up to date. Workers must be running."""
    backfilled(stage)
    stage.wait_until_idle()


def backfilled(stage: SyncStage, *, until: Callable[[Progress], bool] = lambda progress: False) -> bool:
    """Runs, or goes on, to its end or to where `until` says so; whether it came to its end."""
    stop = threading.Event()
    progress: Progress | None = None
    with stage.home() as home:
        for progress in Backfill(home.at, home.shop).run(stop):
            if until(progress):
                stop.set()
    return progress is not None and progress.is_finished


@contextmanager
def backfilling(stage: SyncStage) -> Iterator[threading.Thread]:
    """One that goes on beside what is measured, and is stopped where it is when the block ends."""
    stop = threading.Event()

    def go() -> None:
        with stage.home() as home:
            for _ in Backfill(home.at, home.shop).run(stop):
                pass

    thread = threading.Thread(target=go, name="backfill")
    thread.start()
    try:
        yield thread
    finally:
        stop.set()
        thread.join()
