"""When the shop is left alone, and when it is tried again."""

from __future__ import annotations

from canvas_app.canvas.lookup.breaker import Breaker, BreakerState


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def opened(clock: Clock) -> Breaker:
    breaker = Breaker(failures=3, pause=2.0, clock=clock)
    for _ in range(3):
        breaker.failed()
    return breaker


def test_single_failures_do_not_open_it() -> None:
    breaker = Breaker(failures=3, clock=Clock())
    for _ in range(10):
        breaker.failed()
        breaker.failed()
        breaker.succeeded()
    assert breaker.allows()


def test_failures_in_a_row_open_it() -> None:
    breaker = opened(Clock())
    assert breaker.state is BreakerState.OPEN
    assert not breaker.allows()


def test_after_the_pause_exactly_one_probe_goes_out() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now += 2.0
    assert [breaker.allows() for _ in range(5)] == [True, False, False, False, False]


def test_a_good_probe_closes_it() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now += 2.0
    breaker.allows()
    breaker.succeeded()
    assert breaker.state is BreakerState.CLOSED
    assert all(breaker.allows() for _ in range(5))


def test_a_failed_probe_opens_it_for_another_pause() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now += 2.0
    breaker.allows()
    breaker.failed()
    assert not breaker.allows()
    clock.now += 2.0
    assert breaker.allows()


def test_a_probe_that_never_reports_is_replaced() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now += 2.0
    assert breaker.allows()
    clock.now += 5.0
    assert breaker.allows()


def test_a_pause_that_the_shop_asks_for_is_kept_at_once() -> None:
    clock = Clock()
    breaker = Breaker(failures=3, pause=2.0, clock=clock)
    breaker.failed(pause=10.0)
    clock.now += 9.9
    assert not breaker.allows()
    clock.now += 0.2
    assert breaker.allows()


def test_a_later_failure_does_not_shorten_the_pause_that_the_shop_asked_for() -> None:
    clock = Clock()
    breaker = Breaker(failures=1, pause=2.0, clock=clock)
    breaker.failed(pause=10.0)
    breaker.failed()
    clock.now += 9.9
    assert not breaker.allows()


def test_an_answer_that_was_under_way_does_not_end_the_pause_that_the_shop_asked_for() -> None:
    clock = Clock()
    breaker = Breaker(failures=3, pause=2.0, clock=clock)
    breaker.failed(pause=10.0)
    breaker.succeeded()
    clock.now += 9.9
    assert not breaker.allows()


def test_no_shop_can_ask_for_more_than_a_minute() -> None:
    clock = Clock()
    breaker = Breaker(clock=clock)
    breaker.failed(pause=86_400.0)
    clock.now += 60.0
    assert breaker.allows()
