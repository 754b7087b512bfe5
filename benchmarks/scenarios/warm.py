"""Panels out of the cache: answer times at a steady 200 requests a second, and how many one process can give at all."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from benchmarks import load
from benchmarks.effort import Bench
from benchmarks.figures import Spread, typical
from benchmarks.opens import bodies_by_id, opened
from benchmarks.report import Figure
from benchmarks.scenarios.checks import check_canvases, check_equal
from benchmarks.stage import Server, product, shop

NAME = "warm"
ABOUT = "panels out of the cache: 200 a second, then as many as possible, against an empty Flask view"
PER_SECOND = 200


def run(bench: Bench) -> list[Figure]:
    opens = [opened(body) for body in bodies_by_id()][: bench.effort.contacts]
    with (
        shop() as stand_in,
        product(stand_in.port, cache_seconds=300) as server,
        product(stand_in.port, app="benchmarks.empty:app") as empty,
    ):
        check_canvases(bench.load.run(load.one_after_another, server.target, opens))
        stand_in.change(clear_log=True)
        steady = typical([_steady(bench, server, opens) for _ in range(bench.effort.repeats)])
        rates = [(_rate(bench, server, opens), _rate(bench, empty, opens)) for _ in range(bench.effort.repeats)]
        check_equal("requests to the shop while everything is cached", stand_in.asked(), 0)
    return [
        Figure(NAME, "p50 at 200 requests a second", steady.p50, "ms"),
        Figure(NAME, "p99 at 200 requests a second", steady.p99, "ms", 10),
        Figure(NAME, "slowest at 200 requests a second", steady.slowest, "ms"),
        Figure(NAME, "panels, as many as possible", median(panel for panel, _ in rates), "/s"),
        Figure(NAME, "empty Flask view, same gunicorn", median(empty for _, empty in rates), "/s"),
        Figure(NAME, "panels for one empty answer", median(panel / empty for panel, empty in rates), "x"),
    ]


def _steady(bench: Bench, server: Server, opens: Sequence[bytes]) -> Spread:
    answered = bench.load.run(load.offered, server.target, opens, per_second=PER_SECOND, seconds=bench.effort.seconds)
    check_canvases(answered)
    return Spread.of([answer.seconds * 1000 for answer in answered])


def _rate(bench: Bench, server: Server, opens: Sequence[bytes]) -> float:
    seconds = bench.effort.rush_seconds
    return len(bench.load.run(load.flat_out, server.target, opens, seconds=seconds)) / seconds
