"""How fast a long command goes, and what is left of it."""

from __future__ import annotations

from datetime import timedelta

from sync.commands.progress import Pace, Step, paced


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def step(done: int, total: int | None = 1000) -> Step:
    return Step(what="contacts", done=done, total=total, held_by="the workers")


def test_the_pace_counts_from_where_this_run_began() -> None:
    clock = Clock()
    pace = Pace(clock)
    pace.per_second(step(500))
    clock.now = 10.0
    assert pace.per_second(step(600)) == 10.0
    assert pace.remaining(step(600)) == timedelta(seconds=40)


def test_of_an_unknown_total_nothing_is_known_to_be_left() -> None:
    clock = Clock()
    pace = Pace(clock)
    pace.per_second(step(0, None))
    clock.now = 1.0
    assert pace.remaining(step(5, None)) is None


def test_before_anything_is_done_only_the_limit_is_named() -> None:
    assert paced(step(0), Pace(Clock())) == "held by the workers"


def test_rate_and_rest_are_said_before_the_limit() -> None:
    clock = Clock()
    pace = Pace(clock)
    pace.per_second(step(0))
    clock.now = 4.0
    assert paced(step(100), pace) == "25.0/s, 0:00:36 left, held by the workers"
