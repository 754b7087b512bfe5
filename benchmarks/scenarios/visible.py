"""From a change in the shop to the contact in Intercom, with nothing else to do; and what ten changes at once cost."""

from __future__ import annotations

import time
from statistics import median
from typing import Final

from benchmarks.arrivals import by_hint, changed, nobody
from benchmarks.backfilling import filled
from benchmarks.effort import Bench
from benchmarks.figures import Spread
from benchmarks.report import Figure
from benchmarks.sync_stage import SyncStage, sync_stage, working

NAME = "visible"
ABOUT = "a change in the shop until Intercom shows it, found by polling each second and told by a hint; calls for ten"
AT_ONCE: Final = 10


def run(bench: Bench) -> list[Figure]:
    count, repeats = bench.effort.changes, bench.effort.repeats
    with sync_stage(customers=2 * count + repeats) as stage:
        with working(stage):
            filled(stage)
            told = changed(stage, range(1, count + 1), tell=by_hint(stage), count=count, every=0.25)
            calls = [_calls_of_ten(stage, 2 * count + 1 + number) for number in range(repeats)]
        with working(stage, 1, "--poll-seconds", "1"):
            polled = changed(stage, range(count + 1, 2 * count + 1), tell=nobody, count=count, every=0.7)
    return [
        *_figures("found by polling each second", polled),
        *_figures("told by a hint", told),
        Figure(NAME, "calls for 10 changes to one order within a second (median)", median(calls), "", 2),
        Figure(NAME, "the same, most", max(calls), "", 2),
    ]


def _figures(how: str, seconds: list[float]) -> list[Figure]:
    spread = Spread.of(seconds)
    return [
        Figure(NAME, f"{how}, p50", spread.p50, "s", 1),
        Figure(NAME, f"{how}, p99", spread.p99, "s", 3),
    ]


def _calls_of_ten(stage: SyncStage, customer: int) -> int:
    """How many requests Intercom got. The customer has one order, of the same number."""
    stage.intercom.change(clear_log=True)
    began = time.monotonic()
    for number in range(AT_ONCE):
        time.sleep(max(0.0, began + number * 0.09 - time.monotonic()))
        stage.shop.change(touch=[customer])
        stage.hint([customer])
    stage.wait_until_idle()
    return sum(stage.accepted().values())
