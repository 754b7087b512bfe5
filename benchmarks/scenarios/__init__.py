"""What is measured: one module a scenario, each with its NAME, what it is ABOUT, and `run`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from benchmarks.effort import Bench
from benchmarks.report import Figure
from benchmarks.scenarios import broken_shop, cold, crowd, memory, outage, pieces, warm, workers


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
        Scenario(workers.NAME, workers.ABOUT, workers.run, usual=False),
    )
}
