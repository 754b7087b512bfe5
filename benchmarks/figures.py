"""What a list of measurements comes down to. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from statistics import median


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that at least `percent` of all are not above (nearest rank: a value that was measured).

    Raises `ValueError` without values, or for a percentage outside of 0 to 100.
    """
    if not values:
        raise ValueError("nothing was measured")
    if not 0 <= percent <= 100:
        raise ValueError(f"not a percentage: {percent}")
    rank = max(1, ceil(len(values) * percent / 100))
    return sorted(values)[rank - 1]


@dataclass(frozen=True, slots=True)
class Spread:
    """How measurements lie, in the unit in which they were taken."""

    p50: float
    p99: float
    slowest: float
    count: int

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """Raises `ValueError` without values."""
        return cls(percentile(values, 50), percentile(values, 99), percentile(values, 100), len(values))


def typical(runs: Sequence[Spread]) -> Spread:
    """Several runs as one: the median of each figure, so that one noisy run does not decide. `count` is of all runs."""
    if not runs:
        raise ValueError("nothing was run")
    return Spread(
        median(run.p50 for run in runs),
        median(run.p99 for run in runs),
        median(run.slowest for run in runs),
        sum(run.count for run in runs),
    )


def slope(points: Sequence[tuple[float, float]]) -> float:
    """How much y grows for each x, by least squares. Raises `ValueError` without two different x."""
    if len({x for x, _ in points}) < 2:
        raise ValueError("a slope needs two different places")
    middle_x = sum(x for x, _ in points) / len(points)
    middle_y = sum(y for _, y in points) / len(points)
    return sum((x - middle_x) * (y - middle_y) for x, y in points) / sum((x - middle_x) ** 2 for x, _ in points)
