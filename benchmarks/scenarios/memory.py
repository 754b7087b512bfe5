"""What the web process holds while it opens panels for one customer after another whom it has never seen."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import count, islice
from typing import Any, Final
from uuid import UUID

from benchmarks import load
from benchmarks.effort import Bench
from benchmarks.figures import slope
from benchmarks.opens import bodies_by_id, opened
from benchmarks.report import Figure
from benchmarks.scenarios.checks import check_canvases
from benchmarks.stage import Memory, Server, product, shop
from sandbox.shop.identifiers import customer_id

NAME = "memory"
ABOUT = "different customers one after another: what the web process holds, and whether it grows"
BATCH: Final = 1_000
CONNECTIONS: Final = 16
KB_PER_MB: Final = 1024


def run(bench: Bench) -> list[Figure]:
    longest = customer_id("three-hundred-orders")
    return [
        *_figures(bench, bench.effort.memory_seconds * 2 / 3, "customers"),
        *_figures(bench, bench.effort.memory_seconds / 3, "customers with 300 orders each", ("--like", longest)),
    ]


def _figures(bench: Bench, seconds: float, whom: str, options: Sequence[str] = ()) -> Iterator[Figure]:
    with shop(module="benchmarks.many_customers", options=options) as stand_in, product(stand_in.port) as server:
        before = server.memory()
        points = list(_grown(bench, server, seconds))
    counted = [(float(number), memory.worker_mb) for number, memory in points]
    later = counted[len(counted) // 2 :]
    opened_in_all, after = points[-1]
    most = max(memory.worker_mb for _, memory in points)
    yield Figure(NAME, "worker process, before the first panel", before.worker_mb, "MB")
    yield Figure(NAME, f"worker process, after {points[0][0]:,} {whom}", points[0][1].worker_mb, "MB")
    yield Figure(NAME, f"worker process, most, {opened_in_all:,} {whom}", most, "MB", 120)
    yield Figure(NAME, "master process (besides)", after.master_mb, "MB")
    if len(later) > 2:
        yield Figure(NAME, "growth for 1,000 customers, second half", slope(later) * KB_PER_MB * 1_000, "kB")


def _grown(bench: Bench, server: Server, seconds: float) -> Iterator[tuple[int, Memory]]:
    """How many customers were opened, and what the server holds then; until the time or the customers run out."""
    people = _people()
    ends = time.monotonic() + seconds
    done = 0
    while done < bench.effort.customers and (done == 0 or time.monotonic() < ends):
        batch = list(islice(people, min(BATCH, bench.effort.customers - done)))
        answered = bench.load.run(load.each_once, server.target, batch, connections=CONNECTIONS)
        check_canvases(answered)
        done += len(batch)
        yield done, server.memory()


def _people() -> Iterator[bytes]:
    """Requests for panels of contacts that differ in everything that tells one from another."""
    models = bodies_by_id()
    for number in count(1):
        yield opened(_as_customer(models[number % len(models)], number))


def _as_customer(body: Mapping[str, Any], number: int) -> Mapping[str, Any]:
    contact_id = f"{number:024x}"
    customer_id = str(UUID(int=(number << 64) | (4 << 76) | (8 << 60) | number))
    contact = {
        **body["contact"],
        "id": contact_id,
        "external_id": customer_id,
        "email": f"customer-{number}@nordmail.example",
    }
    named = [{"type": "contact", "id": contact_id, "external_id": customer_id}]
    contacts = {**body["conversation"]["contacts"], "contacts": named}
    return {**body, "contact": contact, "conversation": {**body["conversation"], "contacts": contacts}}
