"""Intercom's allowance while more is to be written than it allows: how much of it is used, and who has to wait.

A backfill has more to do than fits into the windows measured. First it is alone, then there are live changes as well,
then somebody else spends from the same windows besides: most of what is left, in the middle of each, without a word.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from benchmarks.arrivals import changing
from benchmarks.backfilling import backfilled, backfilling
from benchmarks.effort import Bench
from benchmarks.figures import Spread
from benchmarks.report import Figure
from benchmarks.scenarios.checks import Invalid
from benchmarks.sync_stage import SyncStage, sync_stage, wait_for, working
from sync.priorities import Priority
from sync.sources.backfill import Stage

NAME = "allowance"
ABOUT = "use of Intercom's allowance by a backfill: alone, with live changes, with somebody else who spends from it"
LIMITS: Final = (166, 1_666)
WINDOW_S: Final = 10.0
CALLS_EACH: Final = 3  # search, create, update: for a customer whom Intercom does not know
CHANGES_EACH: Final = 10  # in a window
SPENT: Final = 0.7  # of a window, by somebody else
SPENT_AT_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Window:
    """One of Intercom's, as Intercom counted it."""

    limit: int
    used: int
    refused: int

    @property
    def share(self) -> float:
        return 100 * self.used / self.limit


def run(bench: Bench) -> list[Figure]:
    return [figure for limit in LIMITS for figure in _measured(bench, limit)]


def _measured(bench: Bench, limit: int) -> Iterator[Figure]:
    windows = bench.effort.windows
    fewer = max(1, windows - 1)
    during = range(1, CHANGES_EACH * fewer + 1)
    emptied = range(during.stop, during.stop + CHANGES_EACH)
    enough = limit * (windows + fewer + 3) // CALLS_EACH
    with sync_stage(customers=emptied.stop + enough, rate_limit=limit) as stage:
        backfilled(stage, until=lambda progress: progress.stage is Stage.CARTS)  # the shop is known, Intercom is not
        with working(stage):
            stage.hint(range(1, emptied.stop), priority=Priority.BACKFILL)
            stage.wait_until_idle()
            stage.forget_live_calls()
            with backfilling(stage):
                wait_for(lambda: stage.jobs() > 10, what="the backfill has not begun")
                begins = _next_window()
                alone, begins = _over(stage, begins, windows)
                with changing(stage, during, every=WINDOW_S / CHANGES_EACH) as told_during:
                    beside, begins = _over(stage, begins, fewer)
                with changing(stage, emptied, every=WINDOW_S / CHANGES_EACH) as told_emptied:
                    shared, begins = _over(stage, begins, 1, spent=int(limit * SPENT))
                if not stage.jobs():
                    raise Invalid("the backfill was over before that")
                live_seconds, shared_seconds = told_during(), told_emptied()
    name = f"{limit:,} in {WINDOW_S:g} s"
    yield Figure(NAME, f"{name}: used by a backfill alone", _share(alone), "%", least=95)
    yield Figure(NAME, f"{name}: used by it in the worst of {windows} windows", min(each.share for each in alone), "%")
    yield Figure(NAME, f"{name}: refused (429), alone", sum(each.refused for each in alone), "", 0)
    yield Figure(NAME, f"{name}: used with live changes", _share(beside), "%")
    yield Figure(NAME, f"{name}: refused (429), with live changes", sum(each.refused for each in beside), "", 0)
    yield Figure(NAME, f"{name}: live change until visible, p50", Spread.of(live_seconds).p50, "s", 1)
    yield Figure(NAME, f"{name}: live change until visible, p99", Spread.of(live_seconds).p99, "s", 3)
    yield Figure(NAME, f"{name}: refused in a window that others emptied, most", max(each.refused for each in shared))
    yield Figure(NAME, f"{name}: live change with such others, p50", Spread.of(shared_seconds).p50, "s")
    yield Figure(NAME, f"{name}: live change with such others, slowest", Spread.of(shared_seconds).slowest, "s")


def _next_window() -> float:
    """When it begins (Unix time)."""
    return (time.time() // WINDOW_S + 1) * WINDOW_S


def _over(stage: SyncStage, begins: float, windows: int, *, spent: int = 0) -> tuple[list[Window], float]:
    """So many windows, and when they are over. In the middle of each somebody else spends `spent`."""
    for number in range(windows):
        if spent:
            _sleep_until(begins + number * WINDOW_S + SPENT_AT_S)
            stage.intercom.change(spend=spent)
    ends = begins + windows * WINDOW_S
    _sleep_until(ends)
    counted: Sequence[dict[str, Any]] = stage.intercom.control("GET")["windows"]
    within = (each for each in counted if begins <= each["start"] < ends)
    return [Window(each["limit"], each["used"], each["refused"]) for each in within], ends


def _share(windows: Sequence[Window]) -> float:
    return 100 * sum(each.used for each in windows) / sum(each.limit for each in windows)


def _sleep_until(moment: float) -> None:
    time.sleep(max(0.0, moment - time.time()))
