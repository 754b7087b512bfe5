"""Fifty agents open the same conversation at the same moment: the shop is asked once."""

from __future__ import annotations

from statistics import median

from benchmarks import load
from benchmarks.effort import Bench
from benchmarks.opens import bodies_by_id, opened
from benchmarks.report import Figure
from benchmarks.scenarios.checks import check_canvases
from benchmarks.stage import LATENCY_MS, Server, ShopProcess, product, shop

NAME = "crowd"
ABOUT = "50 agents open the same conversation at once"
AGENTS = 50


def run(bench: Bench) -> list[Figure]:
    bodies = bodies_by_id()[: 3 * bench.effort.repeats]
    with shop(latency_ms=LATENCY_MS) as stand_in, product(stand_in.port) as server:
        runs = [_opened_by_all(bench, stand_in, server, opened(body)) for body in bodies]
    return [
        Figure(NAME, "requests to the shop (most)", max(asked for asked, _ in runs), "", 1),
        Figure(NAME, "slowest answer", median(slowest for _, slowest in runs), "ms"),
    ]


def _opened_by_all(bench: Bench, stand_in: ShopProcess, server: Server, request: bytes) -> tuple[int, float]:
    stand_in.change(clear_log=True)
    answered = bench.load.run(load.at_once, server.target, [request] * AGENTS)
    check_canvases(answered)
    return stand_in.asked(), max(answer.seconds for answer in answered) * 1000
