"""Rounds: what comes round again, and what failing changes about it."""

from __future__ import annotations

import threading

import pytest

from clients.errors import Unreachable
from sync.rounds import LONGEST_PAUSE, Round, Rounds, pause


@pytest.mark.parametrize(("failures", "seconds"), [(0, 1.0), (1, 2.0), (3, 8.0), (50, LONGEST_PAUSE)])
def test_who_fails_is_tried_less_and_less_often(failures: int, seconds: float) -> None:
    assert pause(1.0, failures, chance=1.0) == seconds


def test_what_is_rare_is_tried_again_soon_when_it_failed() -> None:
    assert pause(3600.0, 1, chance=1.0) == 2.0


def test_chance_keeps_those_apart_that_failed_together() -> None:
    assert pause(1.0, 3, chance=0.0) == 4.0


def test_a_round_that_is_wanted_once_ends_when_it_succeeds() -> None:
    ran: list[int] = []
    rounds = Rounds([Round(name="once", run=lambda: ran.append(1), every=None)])
    rounds.start()
    assert rounds.stop(within=60.0)
    assert len(ran) <= 1


@pytest.mark.parametrize("error", [Unreachable("away"), ValueError("a bug")])
def test_a_round_that_fails_is_tried_again(error: Exception) -> None:
    came_again = threading.Event()
    script: list[Exception] = [error]

    def run() -> None:
        if script:
            raise script.pop()
        came_again.set()

    rounds = Rounds([Round(name="failing", run=run, every=0.01)], chance=lambda: 0.0)
    rounds.start()
    assert came_again.wait(60.0)
    assert rounds.stop(within=60.0)


def test_asked_to_stop_before_it_began_it_does_nothing() -> None:
    ran: list[int] = []
    stopping = threading.Event()
    stopping.set()
    rounds = Rounds([Round(name="late", run=lambda: ran.append(1), every=1.0)], stopping=stopping)
    rounds.start()
    assert rounds.stop(within=60.0)
    assert ran == []
