"""Fifty different contacts at the same moment while the shop never answers, or answers byte by byte."""

from __future__ import annotations

from statistics import median
from typing import Any

from benchmarks import load
from benchmarks.effort import Bench
from benchmarks.opens import bodies_by_id, opened
from benchmarks.report import Figure
from benchmarks.scenarios.checks import check_canvases
from benchmarks.stage import product, shop

NAME = "broken-shop"
ABOUT = "50 different contacts at once while the shop hangs, and while it drips"
CONTACTS = 50
LIMIT_MS = 3_500
FAULTS: dict[str, dict[str, Any]] = {
    "hangs": {"kind": "hang"},
    "drips its answer": {"kind": "drip"},
    "drips its headers": {"kind": "drip", "drip_headers": True},
}


def run(bench: Bench) -> list[Figure]:
    slowest = {name: [_slowest(bench, fault) for _ in range(bench.effort.repeats)] for name, fault in FAULTS.items()}
    return [
        Figure(NAME, f"slowest answer, shop {name}", median(runs), "ms", LIMIT_MS) for name, runs in slowest.items()
    ]


def _slowest(bench: Bench, fault: dict[str, Any]) -> float:
    """Milliseconds, with a product that has not met the fault yet: nothing is known, no breaker is open."""
    with shop() as stand_in, product(stand_in.port) as server:
        stand_in.change(faults=[fault])
        answered = bench.load.run(load.at_once, server.target, [opened(body) for body in bodies_by_id()[:CONTACTS]])
    check_canvases(answered)
    return max(answer.seconds for answer in answered) * 1000
