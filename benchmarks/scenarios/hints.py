"""Hints: how many can be stored durably, and how long whoever gives one waits for that."""

from __future__ import annotations

import time
from statistics import median
from typing import Final

from benchmarks.effort import Bench
from benchmarks.figures import Spread, typical
from benchmarks.report import Figure
from benchmarks.sync_stage import SyncStage, sync_stage
from sync.storage.hints import MOST_AT_ONCE

NAME = "hints"
ABOUT = "hints stored on the disk by one client, one and a hundred in a transaction, nobody working them off"
SINGLES: Final = 1_000
BATCHES: Final = 40


def run(bench: Bench) -> list[Figure]:
    effort = bench.effort
    with sync_stage(customers=1) as stage:
        _one_by_one(stage, 50)  # connections and statements are warm, as in a process that has been running
        rates = [_in_batches(stage, effort.at_most(BATCHES)) for _ in range(effort.repeats)]
        singles = [_one_by_one(stage, effort.at_most(SINGLES)) for _ in range(effort.repeats)]
    waits = typical([Spread.of(each) for each in singles])
    return [
        Figure(NAME, f"stored, {MOST_AT_ONCE} in a transaction", median(rates), "/s"),
        Figure(NAME, "stored, one in a transaction", median(1000 * len(each) / sum(each) for each in singles), "/s"),
        Figure(NAME, "one hint with its commit, p50", waits.p50, "ms"),
        Figure(NAME, "one hint with its commit, p99", waits.p99, "ms"),
    ]


def _in_batches(stage: SyncStage, batches: int) -> float:
    began = time.perf_counter()
    for number in range(batches):
        stage.hint(range(number * MOST_AT_ONCE, (number + 1) * MOST_AT_ONCE))
    return batches * MOST_AT_ONCE / (time.perf_counter() - began)


def _one_by_one(stage: SyncStage, count: int) -> list[float]:
    """Milliseconds of each."""
    waited = []
    for number in range(count):
        began = time.perf_counter()
        stage.hint([1_000_000 + number])
        waited.append((time.perf_counter() - began) * 1000)
    return waited
