"""Pushes of a cloud's queue: how many a second are made durable and acknowledged, and how long each waits for that."""

from __future__ import annotations

import itertools
import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from statistics import median
from typing import Final
from uuid import uuid4

from benchmarks import load
from benchmarks.effort import Bench
from benchmarks.figures import Spread, typical
from benchmarks.load import Answered
from benchmarks.opens import post
from benchmarks.report import Figure
from benchmarks.scenarios.checks import check_equal
from benchmarks.stage import CLIENT, VAR, Server, environment, shop
from benchmarks.sync_stage import a_database
from sandbox.doors import Mail
from sandbox.process import ROOT
from sandbox.product import Product

NAME = "ingest"
ABOUT = "pushes to /ingest/eventgrid, each of one notification: 500 a second, then as many as possible"
PER_SECOND: Final = 500
RUSH: Final = 4_000
KEY: Final = "benchmark-key"


def run(bench: Bench) -> list[Figure]:
    effort = bench.effort
    with a_database() as url, shop() as stand_in, _product(stand_in.port, url) as server:
        _rush(bench, server, effort.at_most(200))  # connections and statements are warm
        steady = typical([_steady(bench, server) for _ in range(effort.repeats)])
        rates = [_rush(bench, server, effort.at_most(RUSH)) for _ in range(effort.repeats)]
        check_equal("pushes that were not taken", server.figure("ingest_total", outcome="unavailable"), 0)
    return [
        Figure(NAME, f"durable answer at {PER_SECOND} pushes a second, p50", steady.p50, "ms"),
        Figure(NAME, f"durable answer at {PER_SECOND} pushes a second, p99", steady.p99, "ms", 50),
        Figure(NAME, "pushes, as many as possible", median(rates), "/s", least=500),
    ]


@contextmanager
def _product(shop_port: int, database_url: str) -> Iterator[Server]:
    VAR.mkdir(parents=True, exist_ok=True)
    surroundings = environment(shop_port, ROOT / "mapping.toml")
    surroundings |= {"DATABASE_URL": database_url, "EVENTGRID_KEY": KEY}
    with Product.started(surroundings, VAR / "ingest.log") as started:
        started.wait_until_ready(threading.Event())
        yield Server(started)


def _steady(bench: Bench, server: Server) -> Spread:
    seconds = bench.effort.seconds
    pushes = _pushes(int(PER_SECOND * seconds))
    answered = bench.load.run(load.offered, server.target, pushes, per_second=PER_SECOND, seconds=seconds)
    return Spread.of([each.seconds * 1000 for each in _taken(answered)])


def _rush(bench: Bench, server: Server, count: int) -> float:
    pushes = _pushes(count)
    began = time.perf_counter()
    _taken(bench.load.run(load.each_once, server.target, pushes, connections=16))
    return count / (time.perf_counter() - began)


def _taken(answered: Sequence[Answered]) -> Sequence[Answered]:
    check_equal("answers other than 204", sum(each.status != 204 for each in answered), 0)
    return answered


def _pushes(count: int) -> list[bytes]:
    """Each about another order."""
    headers = {"Content-Type": "application/cloudevents+json; charset=utf-8", "X-Eventgrid-Key": KEY}
    now = datetime.now(UTC)
    orders = itertools.repeat("order", count)
    mail = (Mail(project_key=CLIENT.project_key, type_id=each, id=str(uuid4()), version=2, at=now) for each in orders)
    return [post("/ingest/eventgrid", headers, json.dumps(each.cloud_event()).encode()) for each in mail]
