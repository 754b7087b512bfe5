"""A panel that is opened when nothing is known: what we add to the shop's own answer, and how often we ask it.

Nothing is kept (`cache_seconds = 0`); connections, token and code are warm, as in a process that has been running.
The same client sends the very question that the product asked, straight to the shop, in turn with the panels:
whatever the machine does meanwhile happens to both.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from benchmarks import load
from benchmarks.effort import Bench
from benchmarks.figures import Spread, typical
from benchmarks.opens import bare_question, bodies_by_email, bodies_by_id, opened, token_request
from benchmarks.report import Figure
from benchmarks.scenarios.checks import check_canvases
from benchmarks.stage import CLIENT, LATENCY_MS, Server, ShopProcess, product, shop

NAME = "cold"
ABOUT = "a panel opened by customer id, nothing cached, against the bare call to the shop"


def run(bench: Bench) -> list[Figure]:
    opens = [opened(body) for body in bodies_by_id()][: bench.effort.contacts]
    with shop(latency_ms=LATENCY_MS) as stand_in, product(stand_in.port, cache_seconds=0) as server:
        pairs, asked = _pairs(bench, stand_in, server, opens)
        runs = [_laps(bench, stand_in, server, pairs) for _ in range(bench.effort.repeats)]
        by_email = _asked_by_email(bench, stand_in, server)
    added = typical([Spread.of([panel - bare for panel, bare in run]) for run in runs])
    bare = typical([Spread.of([bare for _, bare in run]) for run in runs])
    panel = typical([Spread.of([panel for panel, _ in run]) for run in runs])
    return [
        Figure(NAME, "requests to the shop, by id (most)", max(asked), "", 1),
        Figure(NAME, "requests to the shop, by e-mail, first open (most)", max(by_email), "", 2),
        Figure(NAME, "added to the bare call, p50", added.p50, "ms", 5),
        Figure(NAME, "added to the bare call, p99", added.p99, "ms", 20),
        Figure(NAME, "panel, p50", panel.p50, "ms"),
        Figure(NAME, "panel, p99", panel.p99, "ms"),
        Figure(NAME, "bare call, p50", bare.p50, "ms"),
        Figure(NAME, "bare call, p99", bare.p99, "ms"),
        Figure(NAME, "pairs measured", panel.count),
    ]


def _pairs(
    bench: Bench, stand_in: ShopProcess, server: Server, opens: Sequence[bytes]
) -> tuple[list[tuple[bytes, bytes]], list[int]]:
    """Every open with the question that it leads to, and how many questions it took. Opens each once."""
    stand_in.change(latency_ms=0)
    token = json.loads(bench.load.run(load.one_after_another, stand_in.target, [token_request(CLIENT)])[0].body)
    pairs, asked = [], []
    for request in opens:
        stand_in.change(clear_log=True)
        check_canvases(bench.load.run(load.one_after_another, server.target, [request]))
        asked.append(stand_in.asked())
        question = bare_question(stand_in.last_question(), CLIENT.project_key, token["access_token"])
        pairs.append((request, question))
    bench.load.run(load.one_after_another, stand_in.target, [question for _, question in pairs])  # it remembers these
    stand_in.change(latency_ms=LATENCY_MS)
    return pairs, asked


def _laps(
    bench: Bench, stand_in: ShopProcess, server: Server, pairs: Sequence[tuple[bytes, bytes]]
) -> list[tuple[float, float]]:
    """Milliseconds of panel and bare call."""
    answered = bench.load.run(load.in_turn, server.target, stand_in.target, list(pairs) * bench.effort.laps)
    check_canvases([panel for panel, _ in answered])
    return [(panel.seconds * 1000, bare.seconds * 1000) for panel, bare in answered]


def _asked_by_email(bench: Bench, stand_in: ShopProcess, server: Server) -> list[int]:
    """How many requests the first open of contacts without customer id takes."""
    stand_in.change(latency_ms=0)
    asked = []
    for body in bodies_by_email()[: min(20, bench.effort.contacts)]:
        stand_in.change(clear_log=True)
        check_canvases(bench.load.run(load.one_after_another, server.target, [opened(body)]))
        asked.append(stand_in.asked())
    return asked
