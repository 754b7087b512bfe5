"""One more try, if it makes sense and there is time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from clients.deadline import Deadline
from clients.errors import BadAnswer, Overloaded, PlatformError, Rejected, TimedOut, Unreachable
from clients.wire.retry import OneRetry, is_worth_one_more_try


@dataclass
class Time:
    now: float = 0.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def deadline(self, seconds: float) -> Deadline:
        return Deadline.after(seconds, clock=lambda: self.now)


def failing(*errors: PlatformError) -> Callable[[], str]:
    waiting = list(errors)

    def attempt() -> str:
        if waiting:
            raise waiting.pop(0)
        return "done"

    return attempt


@pytest.mark.parametrize(("random", "pause"), [(0.0, 0.02), (1.0, 0.1)])
def test_the_pause_is_short_and_differs_from_call_to_call(random: float, pause: float) -> None:
    time = Time()
    retry = OneRetry(sleep=time.sleep, random=lambda: random)
    assert retry(failing(Unreachable("reset")), time.deadline(1)) == "done"
    assert time.slept == [pytest.approx(pause)]


def test_a_third_try_is_not_made() -> None:
    time = Time()
    with pytest.raises(Unreachable, match="second"):
        OneRetry(sleep=time.sleep)(failing(Unreachable("first"), Unreachable("second")), time.deadline(1))


def test_a_pause_that_was_asked_for_is_kept_when_there_is_time() -> None:
    time = Time()
    busy = Overloaded("busy", retry_after=1.0, status=503)
    assert OneRetry(sleep=time.sleep)(failing(busy), time.deadline(3)) == "done"
    assert time.slept == [1.0]


@pytest.mark.parametrize(
    "error", [Overloaded("", retry_after=5.0, status=503), Rejected(""), Overloaded("", status=429)]
)
def test_no_second_try_after(error: PlatformError) -> None:
    time = Time()
    with pytest.raises(type(error)):
        OneRetry(sleep=time.sleep)(failing(error), time.deadline(3))
    assert time.slept == []


@pytest.mark.parametrize(
    ("error", "again"),
    [
        (Unreachable("reset"), True),
        (Unreachable("", status=502), True),
        (Unreachable("", status=503), True),
        (Unreachable("", status=500), False),
        (Overloaded("", status=503), True),
        (Overloaded("", status=429), False),
        (TimedOut("", status=504), False),
        (TimedOut(""), False),
        (Rejected(""), False),
        (BadAnswer(""), False),
    ],
)
def test_only_what_may_pass_in_a_moment_is_tried_again(error: PlatformError, again: bool) -> None:
    assert is_worth_one_more_try(error) == again
