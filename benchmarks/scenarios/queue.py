"""Jobs worked off by one, two and four worker processes: reads that find nothing to send, and reads with one write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from benchmarks.backfilling import filled
from benchmarks.effort import Bench
from benchmarks.report import Figure
from benchmarks.scenarios.checks import check_equal
from benchmarks.sync_stage import SyncStage, WorkerProcess, sync_stage, working

NAME = "queue"
ABOUT = "jobs worked off by 1, 2 and 4 worker processes, with nothing and with one attribute to send for each customer"
WORKERS: Final = (1, 2, 4)
WRITE: Final = "PUT /contacts/{id}"


def run(bench: Bench) -> list[Figure]:
    customers = bench.effort.queued
    rates: dict[tuple[int, int], float] = {}
    memory: dict[int, tuple[float, float]] = {}
    with sync_stage(customers=customers) as stage:
        with working(stage, 2):
            filled(stage)
        for count in WORKERS:
            with working(stage, count) as workers:
                before = _most(workers)
                for cents in (0, 1):
                    rates[count, cents] = _rate(stage, customers, cents=cents)
                memory[count] = before, _most(workers)
        check_equal("dead letters", stage.dead_letters(), 0)
    return list(_figures(rates, memory))


def _rate(stage: SyncStage, customers: int, *, cents: int) -> float:
    """Jobs a second: each order is read, and its customer brought up to date."""
    stage.shop.change(rewrite=cents)
    written = stage.accepted().get(WRITE, 0)
    began = stage.hint(range(1, customers + 1))
    ended = stage.wait_until_idle()
    check_equal("requests to Intercom", stage.accepted().get(WRITE, 0) - written, customers if cents else 0)
    return 2 * customers / (ended - began)


def _figures(rates: Mapping[tuple[int, int], float], memory: Mapping[int, tuple[float, float]]) -> Iterator[Figure]:
    for cents, what in ((0, "nothing to send"), (1, "one attribute for every second job")):
        alone = rates[1, cents]
        for count in WORKERS:
            named = "1 worker" if count == 1 else f"{count} workers"
            yield Figure(NAME, f"{what}, {named}", rates[count, cents], "/s")
            if count > 1:
                yield Figure(NAME, f"{what}, {named} against one", rates[count, cents] / alone, "x")
    before, after = memory[1]
    yield Figure(NAME, "a worker, idle after its start", before, "MB", 150)
    yield Figure(NAME, "a worker, after that", after, "MB", 150)


def _most(workers: Sequence[WorkerProcess]) -> float:
    return max(worker.rss_mb for worker in workers)
