"""The shop is gone and the breaker is open: panels show what was known last, with its age."""

from __future__ import annotations

from benchmarks import load
from benchmarks.effort import Bench
from benchmarks.figures import Spread, typical
from benchmarks.opens import bodies_by_id, opened
from benchmarks.report import Figure
from benchmarks.scenarios.checks import check_canvases, check_equal
from benchmarks.stage import Server, product, shop

NAME = "outage"
ABOUT = "the shop is down, the breaker open: last known panels, 50 a second"
PER_SECOND = 50
WARNING_LOOKUPS = 10


def run(bench: Bench) -> list[Figure]:
    opens = [opened(body) for body in bodies_by_id()][: bench.effort.contacts]
    with shop() as stand_in, product(stand_in.port, cache_seconds=0) as server:
        check_canvases(bench.load.run(load.one_after_another, server.target, opens))
        stand_in.stop()
        bench.load.run(load.one_after_another, server.target, (opens * WARNING_LOOKUPS)[:WARNING_LOOKUPS])
        runs = [_last_known(bench, server, opens) for _ in range(bench.effort.repeats)]
        state = server.figure("breaker_state")
    if state == 0:
        raise AssertionError("the breaker is closed although the shop is gone")
    answers = typical(runs)
    return [
        Figure(NAME, "last known panel, p50", answers.p50, "ms"),
        Figure(NAME, "last known panel, p99", answers.p99, "ms", 100),
        Figure(NAME, "last known panel, slowest", answers.slowest, "ms"),
    ]


def _last_known(bench: Bench, server: Server, opens: list[bytes]) -> Spread:
    before = server.figure("panel_answers_total", outcome="last_known")
    answered = bench.load.run(
        load.offered, server.target, opens, per_second=PER_SECOND, seconds=bench.effort.seconds / 2
    )
    check_canvases(answered)
    shown = server.figure("panel_answers_total", outcome="last_known") - before
    check_equal("panels that showed what was known last", shown, len(answered))
    return Spread.of([answer.seconds * 1000 for answer in answered])
