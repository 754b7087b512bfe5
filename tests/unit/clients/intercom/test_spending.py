"""Callers are told soon whether they may call, in one process and beside others."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from clients.deadline import Deadline
from clients.errors import Overloaded, TryAgain
from clients.intercom.allowance import AllowanceState, Grant, Verdict, Wait
from clients.intercom.announcements import Announcement
from clients.intercom.spending import (
    Allowance,
    Answered,
    Ask,
    InMemoryStore,
    Lost,
    Permit,
    Report,
    Unused,
    exchanged,
)
from tests.unit.clients.intercom.conftest import SimulatedTime


@dataclass
class ScriptedStore:
    """Gives `verdicts` in order, then calls as wanted; keeps what it is told. Fails while `broken`."""

    verdicts: list[Verdict] = field(default_factory=list)
    asked: list[Ask] = field(default_factory=list)
    told: list[Report] = field(default_factory=list)
    exchanges: int = 0
    broken: bool = False

    def exchange(self, reports: Sequence[Report], ask: Ask | None) -> Verdict | None:
        if self.broken:
            raise TryAgain("the store is gone")
        self.exchanges += 1
        self.told += reports
        if ask is None:
            return None
        self.asked.append(ask)
        return self.verdicts.pop(0) if self.verdicts else Grant(window=1, count=ask.wanted)


def allowance(store: ScriptedStore | InMemoryStore, time: SimulatedTime, *, batch: int = 1) -> Allowance:
    return Allowance(store, batch=batch, clock=time, sleep=time.sleep, random=lambda: 0.5)


def soon(time: SimulatedTime, seconds: float = 5.0) -> Deadline:
    return Deadline.after(seconds, clock=time)


SAID = Announcement(limit=100, remaining=50)


def test_a_short_wait_is_slept(time: SimulatedTime) -> None:
    store = ScriptedStore([Wait(seconds=0.2), Wait(seconds=0.1)])
    allowance(store, time).acquire(live=False, deadline=soon(time))
    assert time.slept == [0.2, 0.1]


def test_a_wait_of_more_than_a_second_goes_back_to_the_caller(time: SimulatedTime) -> None:
    with pytest.raises(Overloaded) as raised:
        allowance(ScriptedStore([Wait(seconds=4.0)]), time).acquire(live=True, deadline=soon(time))
    assert raised.value.retry_after == 4.0
    assert time.slept == []


def test_short_waits_are_not_strung_together_for_more_than_a_second(time: SimulatedTime) -> None:
    store = ScriptedStore([Wait(seconds=0.3)] * 50)
    with pytest.raises(Overloaded):
        allowance(store, time).acquire(live=False, deadline=soon(time))
    assert sum(time.slept) <= 1.0


def test_nobody_waits_past_the_deadline(time: SimulatedTime) -> None:
    with pytest.raises(Overloaded):
        allowance(ScriptedStore([Wait(seconds=0.5)]), time).acquire(live=False, deadline=soon(time, 0.4))


def test_while_it_is_known_to_be_closed_the_store_is_not_asked(time: SimulatedTime) -> None:
    store = ScriptedStore([Wait(seconds=4.0)])
    asker = allowance(store, time)
    for _ in range(5):
        with pytest.raises(Overloaded):
            asker.acquire(live=False, deadline=soon(time))
    assert store.exchanges == 1


def test_what_is_closed_for_backfill_is_asked_for_by_live_calls(time: SimulatedTime) -> None:
    asker = allowance(ScriptedStore([Wait(seconds=4.0)]), time)
    with pytest.raises(Overloaded):
        asker.acquire(live=False, deadline=soon(time))
    assert asker.acquire(live=True, deadline=soon(time)) == Permit(window=1)


def test_calls_are_taken_a_few_at_a_time_and_told_of_together(time: SimulatedTime) -> None:
    store = ScriptedStore()
    asker = allowance(store, time, batch=8)
    permits = [asker.acquire(live=False, deadline=soon(time)) for _ in range(8)]
    for permit in permits[:-1]:
        asker.answered(permit, SAID)
    assert store.exchanges == 1
    asker.answered(permits[-1], SAID)
    assert store.exchanges == 2
    assert len(store.told) == 8


def test_a_live_call_takes_no_more_than_it_needs(time: SimulatedTime) -> None:
    store = ScriptedStore()
    allowance(store, time, batch=8).acquire(live=True, deadline=soon(time))
    assert store.asked == [Ask(live=True, wanted=1)]


def test_calls_that_nobody_came_for_are_given_back_with_the_last_answer(time: SimulatedTime) -> None:
    store = ScriptedStore()
    asker = allowance(store, time, batch=8)
    asker.answered(asker.acquire(live=False, deadline=soon(time)), SAID)
    assert Unused(window=1, count=7) in store.told


def test_calls_that_were_held_for_long_are_given_back_not_used(time: SimulatedTime) -> None:
    store = ScriptedStore()
    asker = allowance(store, time, batch=8)
    asker.acquire(live=False, deadline=soon(time))
    time.now += 1.5
    asker.acquire(live=False, deadline=soon(time))
    assert store.told == [Unused(window=1, count=7)]


@pytest.mark.parametrize(
    ("permit", "said"),
    [
        pytest.param(Grant(window=1, opening=True), SAID, id="opening"),
        pytest.param(Grant(window=1), Announcement(refused=True), id="refusal"),
    ],
)
def test_an_answer_that_others_wait_for_is_told_at_once(permit: Grant, said: Announcement, time: SimulatedTime) -> None:
    store = ScriptedStore([Grant(window=1), permit])
    asker = allowance(store, time, batch=8)
    asker.acquire(live=True, deadline=soon(time))
    asker.answered(asker.acquire(live=True, deadline=soon(time)), said)
    assert store.told == [Answered(window=1, said=said, age=0.0, jitter=0.5)]


def test_the_age_of_an_answer_grows_until_it_is_told(time: SimulatedTime) -> None:
    store = ScriptedStore()
    asker = allowance(store, time, batch=8)
    first, second = (asker.acquire(live=True, deadline=soon(time)) for _ in range(2))
    asker.answered(first, SAID)
    time.now += 0.25
    asker.lost(second)
    assert store.told == [Answered(window=1, said=SAID, age=0.25, jitter=0.5), Lost(window=1)]


def test_an_answer_outlives_a_store_that_fails(time: SimulatedTime) -> None:
    store = ScriptedStore()
    asker = allowance(store, time)
    permit = asker.acquire(live=True, deadline=soon(time))
    store.broken = True
    asker.answered(permit, SAID)
    store.broken = False
    asker.acquire(live=True, deadline=soon(time))
    assert [type(report) for report in store.told] == [Answered]


def test_without_its_store_nothing_is_allowed(time: SimulatedTime) -> None:
    with pytest.raises(TryAgain):
        allowance(ScriptedStore(broken=True), time).acquire(live=True, deadline=soon(time))


def test_a_call_that_was_not_made_is_told(time: SimulatedTime) -> None:
    store = ScriptedStore()
    asker = allowance(store, time)
    asker.unused(asker.acquire(live=True, deadline=soon(time)))
    assert store.told == [Unused(window=1, count=1)]


def test_what_was_last_announced_can_be_read(time: SimulatedTime) -> None:
    asker = allowance(ScriptedStore(), time)
    asker.answered(asker.acquire(live=True, deadline=soon(time)), SAID)
    assert asker.heard == SAID


class CountingStore(InMemoryStore):
    """In memory, told by whom."""

    def __init__(self) -> None:
        self._state_lock = threading.Lock()
        self._kept = AllowanceState()

    def exchange(self, reports: Sequence[Report], ask: Ask | None) -> Verdict | None:
        with self._state_lock:
            self._kept, verdict = exchanged(self._kept, reports, ask, now=5.0)
            return verdict


@pytest.mark.parametrize("batch", [1, 16])
def test_many_threads_of_several_processes_never_call_more_than_was_announced(batch: int) -> None:
    store, lock, left, refusals = CountingStore(), threading.Lock(), [100], [0]
    processes = [Allowance(store, batch=batch, clock=lambda: 5.0, sleep=lambda _: None) for _ in range(3)]

    def spend(process: Allowance) -> None:
        for _ in range(30):
            try:
                permit = process.acquire(live=True, deadline=Deadline(1e9, lambda: 5.0))
            except Overloaded:
                return
            with lock:
                refusals[0] += left[0] <= 0
                left[0] -= 1
                said = Announcement(limit=100, remaining=max(0, left[0]), reset=1_800_000_010.0, date=1_800_000_000.0)
            process.answered(permit, said)

    threads = [threading.Thread(target=spend, args=(process,)) for process in processes for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert refusals == [0]
    assert left[0] <= 5  # the rest stood in hands or in answers that were not told when the threads gave up
