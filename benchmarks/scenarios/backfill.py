"""A whole shop brought to Intercom, stopped and resumed twice, and once more when everything is there."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from benchmarks.arrivals import changing
from benchmarks.backfilling import backfilled
from benchmarks.effort import Bench
from benchmarks.figures import Spread, slope
from benchmarks.report import Figure
from benchmarks.scenarios.checks import Invalid, check_equal
from benchmarks.sync_stage import SyncStage, WorkerProcess, sync_stage, working
from sync.priorities import Priority
from sync.sources.backfill import Progress, Stage
from sync.storage.hints import MOST_AT_ONCE

NAME = "backfill"
ABOUT = "10,000 customers and 50,000 orders, stopped and resumed twice, live changes besides, and then all of it again"
ORDERS_EACH: Final = 5
LIMIT: Final = 10_000  # requests in ten seconds
LIVE: Final = 60  # customers that change meanwhile
LONGEST_S: Final = 900.0
LOOK_S: Final = 1.0
KB_PER_MB: Final = 1024


@dataclass(slots=True)
class Run:
    """One backfill, from its begin to the last contact. `facts_s`: until the shop was read."""

    began: float = field(default_factory=time.monotonic)
    facts_s: float = 0.0
    seconds: float = 0.0
    asked: int = 0  # Intercom

    def ended(self, stage: SyncStage) -> None:
        self.seconds = time.monotonic() - self.began
        self.asked = sum(stage.accepted().values())


@dataclass(slots=True)
class Held:
    """What the worker held, looked at each second: seconds since the start, and megabytes."""

    points: list[tuple[float, float]] = field(default_factory=list)

    @property
    def later(self) -> list[tuple[float, float]]:
        return self.points[len(self.points) // 2 :]


def run(bench: Bench) -> list[Figure]:
    customers = bench.effort.backfilled
    live = range(1, min(bench.effort.at_most(LIVE), customers) + 1)
    with (
        sync_stage(customers=customers, orders_each=ORDERS_EACH, rate_limit=LIMIT) as stage,
        working(stage) as (worker,),
        _watched(worker) as held,
    ):
        stage.hint((each * ORDERS_EACH for each in live), priority=Priority.BACKFILL)
        stage.wait_until_idle()
        first = Run()
        with changing(stage, live, orders_each=ORDERS_EACH, every=1.0) as arrived:
            _stopped_twice(stage, customers, first)
            stage.wait_until_idle(seconds=LONGEST_S)
        first.ended(stage)
        live_seconds = arrived()
        counted = stage.intercom.control("GET")
        check_equal("contacts", counted["contacts"], customers)
        check_equal("events", counted["events"], 0)
        check_equal("dead letters", stage.dead_letters(), 0)
        again = _again(stage)
    return [
        Figure(NAME, f"{customers:,} customers with {ORDERS_EACH} orders each, stopped twice", first.seconds, "s"),
        Figure(NAME, "of that, until the shop was read", first.facts_s, "s"),
        Figure(NAME, "customers brought to Intercom", customers / (first.seconds - first.facts_s), "/s"),
        Figure(NAME, "requests to Intercom for each customer", first.asked / customers, "x"),
        Figure(NAME, "live change meanwhile until visible, p50", Spread.of(live_seconds).p50, "s", 1),
        Figure(NAME, "live change meanwhile until visible, p99", Spread.of(live_seconds).p99, "s", 3),
        Figure(NAME, "events sent", 0, "", 0),
        Figure(NAME, "all of it again", again.seconds, "s"),
        Figure(NAME, "requests to Intercom for that", again.asked, "", 0),
        *_memory(held),
    ]


def _stopped_twice(stage: SyncStage, customers: int, run: Run) -> None:
    """Once among the orders, once among the subjects."""

    def soon(progress: Progress) -> bool:
        return progress.stage is Stage.ORDERS and progress.done >= customers * ORDERS_EACH // 2

    def late(progress: Progress) -> bool:
        if progress.stage is Stage.SUBJECTS and not run.facts_s:
            run.facts_s = time.monotonic() - run.began
        return progress.stage is Stage.SUBJECTS and progress.done >= customers // 2

    for until in (soon, late):
        if backfilled(stage, until=until) and customers > MOST_AT_ONCE:
            raise Invalid("the backfill could not be stopped in time")
    backfilled(stage)


def _again(stage: SyncStage) -> Run:
    stage.intercom.change(clear_log=True)
    run = Run()
    backfilled(stage)
    stage.wait_until_idle(seconds=LONGEST_S)
    run.ended(stage)
    return run


@contextmanager
def _watched(worker: WorkerProcess) -> Iterator[Held]:
    held, stop = Held(), threading.Event()
    began = time.monotonic()

    def look() -> None:
        while not stop.wait(LOOK_S):
            held.points.append((time.monotonic() - began, worker.rss_mb))

    thread = threading.Thread(target=look, name="memory")
    held.points.append((0.0, worker.rss_mb))
    thread.start()
    try:
        yield held
    finally:
        stop.set()
        thread.join()


def _memory(held: Held) -> Iterator[Figure]:
    yield Figure(NAME, "worker process, idle after its start", held.points[0][1], "MB", 150)
    yield Figure(NAME, "worker process, most", max(mb for _, mb in held.points), "MB", 150)
    yield Figure(NAME, "worker process, at the end", held.points[-1][1], "MB", 150)
    if len(held.later) > 2:
        yield Figure(NAME, "growth in a minute, second half", slope(held.later) * 60 * KB_PER_MB, "kB")
