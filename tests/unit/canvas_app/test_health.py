"""Readiness: neighbours are asked together, briefly, and not more often than needed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from canvas_app.health import Check, Failing, Readiness
from clients.deadline import Call
from clients.errors import CredentialsRefused, Unreachable


@dataclass
class Neighbour:
    """A neighbour that counts its visits and fails on demand."""

    name: str = "commercetools"
    error: Exception | None = None
    calls: list[Call] = field(default_factory=list)

    def __call__(self, call: Call) -> None:
        self.calls.append(call)
        if self.error:
            raise self.error

    @property
    def check(self) -> Check:
        return Check(self.name, self)


@dataclass
class Clock:
    now: float = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def release() -> Iterator[threading.Event]:
    """Lets every hanging neighbour go when the test is over."""
    event = threading.Event()
    yield event
    event.set()


def hanging(release: threading.Event, calls: list[Call]) -> Callable[[Call], None]:
    def run(call: Call) -> None:
        calls.append(call)
        release.wait(20)

    return run


def test_without_neighbours_everything_is_ready() -> None:
    assert Readiness(()).failing() == ()


def test_a_neighbour_that_answers_is_not_named() -> None:
    assert Readiness([Neighbour().check]).failing() == ()


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (Unreachable("no connection"), "unreachable"),
        (CredentialsRefused("no"), "credentials_refused"),
        (ZeroDivisionError("a bug"), "failed"),
    ],
)
def test_a_neighbour_that_fails_is_named_with_a_reason(error: Exception, reason: str) -> None:
    assert Readiness([Neighbour(error=error).check]).failing() == (Failing("commercetools", reason),)


def test_only_the_failing_neighbour_is_named() -> None:
    checks = [Neighbour("database").check, Neighbour("commercetools", Unreachable("x")).check]
    assert Readiness(checks).failing() == (Failing("commercetools", "unreachable"),)


def test_what_we_can_do_without_is_told_from_what_we_need() -> None:
    away = Neighbour("database", Unreachable("x"))
    checks = [Check("database", away, essential=False), Neighbour(error=Unreachable("x")).check]
    assert {each.neighbour: each.essential for each in Readiness(checks).failing()} == {
        "database": False,
        "commercetools": True,
    }


def test_a_neighbour_that_hangs_is_reported_after_our_patience(release: threading.Event) -> None:
    readiness = Readiness([Check("commercetools", hanging(release, []))], patience=0.05)
    assert readiness.failing() == (Failing("commercetools", "timed_out"),)


def test_a_hanging_check_is_not_started_again_while_it_runs(release: threading.Event) -> None:
    calls: list[Call] = []
    readiness = Readiness([Check("commercetools", hanging(release, calls))], patience=0.02, keep=0.0)
    for _ in range(5):
        readiness.failing()
    assert len(calls) == 1


def test_the_neighbour_is_told_how_long_it_has() -> None:
    neighbour = Neighbour()
    clock = Clock()
    Readiness([neighbour.check], patience=0.5, clock=clock).failing()
    assert neighbour.calls[0].deadline.at == 100.5


def test_probes_within_two_seconds_share_one_visit() -> None:
    neighbour, clock = Neighbour(error=Unreachable("x")), Clock()
    readiness = Readiness([neighbour.check], clock=clock)
    readiness.failing()
    clock.now += 1.9
    assert readiness.failing() == (Failing("commercetools", "unreachable"),)
    assert len(neighbour.calls) == 1


def test_a_later_probe_asks_again_and_sees_the_recovery() -> None:
    neighbour, clock = Neighbour(error=Unreachable("x")), Clock()
    readiness = Readiness([neighbour.check], clock=clock)
    readiness.failing()
    neighbour.error = None
    clock.now += 2.0
    assert readiness.failing() == ()


def test_probes_at_the_same_moment_share_one_visit() -> None:
    neighbour = Neighbour()
    readiness = Readiness([neighbour.check])
    probes = [threading.Thread(target=readiness.failing) for _ in range(20)]
    for probe in probes:
        probe.start()
    for probe in probes:
        probe.join()
    assert len(neighbour.calls) == 1
