"""What is measured: one module a scenario, each with its NAME, what it is ABOUT, and `run`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from benchmarks.effort import Bench
from benchmarks.report import Figure
from benchmarks.scenarios import (
    allowance,
    backfill,
    broken_shop,
    cold,
    crowd,
    doors,
    hints,
    ingest,
    memory,
    outage,
    pieces,
    queue,
    visible,
    warm,
    workers,
)


@dataclass(frozen=True, slots=True)
class Scenario:
    """`usual` = part of a run that names none."""

    name: str
    about: str
    run: Callable[[Bench], list[Figure]]
    usual: bool = True


SCENARIOS: Final[Mapping[str, Scenario]] = {
    each.name: each
    for each in (
        Scenario(cold.NAME, cold.ABOUT, cold.run),
        Scenario(warm.NAME, warm.ABOUT, warm.run),
        Scenario(crowd.NAME, crowd.ABOUT, crowd.run),
        Scenario(broken_shop.NAME, broken_shop.ABOUT, broken_shop.run),
        Scenario(outage.NAME, outage.ABOUT, outage.run),
        Scenario(memory.NAME, memory.ABOUT, memory.run),
        Scenario(pieces.NAME, pieces.ABOUT, pieces.run),
        Scenario(hints.NAME, hints.ABOUT, hints.run),
        Scenario(ingest.NAME, ingest.ABOUT, ingest.run),
        Scenario(queue.NAME, queue.ABOUT, queue.run),
        Scenario(visible.NAME, visible.ABOUT, visible.run),
        Scenario(doors.NAME, doors.ABOUT, doors.run),
        Scenario(allowance.NAME, allowance.ABOUT, allowance.run),
        Scenario(backfill.NAME, backfill.ABOUT, backfill.run),
        Scenario(workers.NAME, workers.ABOUT, workers.run, usual=False),
    )
}
