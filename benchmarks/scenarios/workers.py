"""Worker models of gunicorn beside each other: why the product runs one process with threads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from benchmarks import load
from benchmarks.effort import Bench
from benchmarks.figures import Spread
from benchmarks.opens import bodies_by_id, opened
from benchmarks.report import Figure
from benchmarks.scenarios.checks import check_canvases
from benchmarks.stage import Server, product, shop

NAME = "workers"
ABOUT = "gunicorn's worker models: 50 contacts at once with a shop at 50 ms, as many warm panels as possible, requests"
SHOP_MS = 50
CONTACTS = 50
MODELS: Final = {
    "1 process, 96 threads": "",
    "2 processes, 96 threads": "--workers 2",
    "1 process, 16 threads": "--threads 16",
    "4 processes, sync": "--worker-class sync --workers 4",
}


def run(bench: Bench) -> list[Figure]:
    return [figure for name, options in MODELS.items() for figure in _measured(bench, name, options)]


def _measured(bench: Bench, name: str, options: str) -> list[Figure]:
    opens = [opened(body) for body in bodies_by_id()[:CONTACTS]]
    with shop(latency_ms=SHOP_MS) as stand_in, product(stand_in.port, cache_seconds=300, gunicorn=options) as server:
        _warm_up(bench, server, opens[:1])
        stand_in.change(clear_log=True)
        burst = bench.load.run(load.at_once, server.target, opens)
        check_canvases(burst)
        same = bench.load.run(load.at_once, server.target, opens[-1:] * CONTACTS)
        check_canvases(same)
        asked = stand_in.asked()
        rates = bench.load.run(load.flat_out, server.target, opens, seconds=bench.effort.rush_seconds)
    spread = Spread.of([answer.seconds * 1000 for answer in burst])
    return [
        Figure(NAME, f"{name}: slowest of 50 cold", spread.slowest, "ms"),
        Figure(NAME, f"{name}: requests to the shop for them, twice", asked, ""),
        Figure(NAME, f"{name}: warm panels", len(rates) / bench.effort.rush_seconds, "/s"),
    ]


def _warm_up(bench: Bench, server: Server, opens: Sequence[bytes]) -> None:
    """So that no process mints its token while it is timed."""
    check_canvases(bench.load.run(load.at_once, server.target, list(opens) * 16))
