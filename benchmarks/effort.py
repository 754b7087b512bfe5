"""How much is measured."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.load import Generator


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How often and how long. The first is for figures to quote, `quick` only shows that everything runs."""

    repeats: int = 3
    contacts: int = 1_000  # people whose panel is opened; no scenario has more than there are
    laps: int = 2  # how often each of them within one repeat
    seconds: float = 10.0  # of steady load
    rush_seconds: float = 4.0  # of as much load as can be answered
    memory_seconds: float = 60.0
    customers: int = 100_000  # different ones, as far as the time allows
    queued: int = 500  # customers whose orders are read for a rate of jobs
    changes: int = 40  # of which each is timed until Intercom shows it
    windows: int = 3  # of Intercom's allowance
    backfilled: int = 10_000  # customers with five orders each

    @classmethod
    def quick(cls) -> Effort:
        return cls(repeats=1, contacts=4, laps=1, seconds=0.5, rush_seconds=0.3, memory_seconds=2.0, customers=100,
                   queued=10, changes=3, windows=1, backfilled=30)  # fmt: skip

    @property
    def is_quick(self) -> bool:
        return self.backfilled < Effort().backfilled

    def at_most(self, count: int) -> int:
        """So many, or a few when nothing is to be learnt."""
        return min(count, 10) if self.is_quick else count


@dataclass(frozen=True, slots=True)
class Bench:
    """What every scenario is given: where load comes from, and how much of it."""

    load: Generator
    effort: Effort
