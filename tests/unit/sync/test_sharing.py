"""An installation whose neighbours hang keeps some of its hands off the worker."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from sync.sharing import LONG, REMEMBERED, Shares, TakesTurns

HERE, THERE = "w:here", "w:there"


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def busy(stack: ExitStack, shares: Shares, jobs: int, installation: str = HERE) -> None:
    for _ in range(jobs):
        stack.enter_context(shares.working(installation))


def test_whoever_is_quick_may_have_all_threads() -> None:
    with ExitStack() as stack:
        busy(stack, Shares(8, clock=Clock()), 8)


@pytest.mark.parametrize(("threads", "most"), [(1, 1), (2, 1), (4, 3), (8, 6), (64, 48)])
def test_whoever_takes_long_leaves_some_to_others(threads: int, most: int) -> None:
    clock = Clock()
    shares = Shares(threads, clock=clock)
    with ExitStack() as stack:
        busy(stack, shares, most)
        clock.now = LONG + 0.1
        with pytest.raises(TakesTurns), shares.working(HERE):
            pass
        busy(stack, shares, most, THERE)


def test_less_than_its_share_is_always_free() -> None:
    clock = Clock()
    shares = Shares(8, clock=clock)
    with ExitStack() as stack:
        busy(stack, shares, 5)
        clock.now = 60.0
        busy(stack, shares, 1)


def test_whoever_took_long_is_expected_to_do_so_again_for_a_while() -> None:
    clock = Clock()
    shares = Shares(4, clock=clock)
    with ExitStack() as stack:
        busy(stack, shares, 3)
        clock.now = 60.0
    with ExitStack() as stack:
        busy(stack, shares, 3)
        with pytest.raises(TakesTurns), shares.working(HERE):
            pass
    clock.now += REMEMBERED
    with ExitStack() as stack:
        busy(stack, shares, 4)


def test_a_job_that_fails_makes_room_as_well() -> None:
    shares = Shares(1, clock=Clock())
    for _ in range(3):
        with pytest.raises(KeyError), shares.working(HERE):
            raise KeyError
