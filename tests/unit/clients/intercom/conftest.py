"""Simulated time for everything about the allowance."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest


@dataclass
class SimulatedTime:
    """A clock that moves only when somebody sleeps."""

    now: float = 1_000.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def time() -> SimulatedTime:
    return SimulatedTime()
