"""Never more than was announced, nearly all of it, and room for what somebody waits for."""

from __future__ import annotations

from dataclasses import replace
from email.utils import formatdate
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clients.intercom.allowance import (
    LONGEST_CALL,
    AllowanceState,
    Grant,
    Verdict,
    Wait,
    grant,
    learned,
    lost,
    unused,
)
from clients.intercom.announcements import Announcement, announcement
from tests.unit.clients.intercom.rate_limited_platform import Platform, Simulation

NOW = 1_000.0
AHEAD = 1_800_000_000.0 - NOW  # the platform's clock minus ours: at NOW a window begins


def heard(
    remaining: int, *, limit: int = 100, at: float = NOW, reset: float = 10.0, refused: bool = False
) -> Announcement:
    """An announcement of the window that ends `reset` seconds after NOW, in an answer given at `at`."""
    return Announcement(
        limit=limit, remaining=remaining, reset=NOW + AHEAD + reset, date=float(int(at + AHEAD)), refused=refused
    )


def opened(remaining: int = 100, *, limit: int = 100, reset: float = 10.0) -> AllowanceState:
    """A window of which one call has been answered, and nothing is in flight."""
    state, opening = grant(AllowanceState(), live=True, now=NOW)
    assert isinstance(opening, Grant)
    state = learned(state, opening.window, heard(remaining, limit=limit, reset=reset), answered_at=NOW)
    return replace(state, live_at=None, live_granted=0)


def granted(state: AllowanceState, times: int, *, now: float = NOW, live: bool = True) -> tuple[AllowanceState, int]:
    """How many of `times` questions for one call are granted."""
    count = 0
    for _ in range(times):
        state, verdict = grant(state, live=live, now=now)
        count += isinstance(verdict, Grant)
    return state, count


def waits(verdict: Verdict) -> float:
    assert isinstance(verdict, Wait)
    return verdict.seconds


def test_before_the_first_answer_one_call_at_a_time_is_made() -> None:
    assert granted(AllowanceState(), 5)[1] == 1


def test_what_was_announced_is_granted_and_no_more() -> None:
    assert granted(opened(remaining=7), 20)[1] == 7


def test_a_spent_window_is_waited_for_to_its_end() -> None:
    _, verdict = grant(opened(remaining=0), live=True, now=NOW + 4)
    assert waits(verdict) == pytest.approx(6.0)


def test_calls_in_flight_are_counted_until_they_are_answered() -> None:
    state, _ = granted(opened(remaining=5), 5)
    assert granted(learned(state, state.window, heard(4), answered_at=NOW), 5)[1] == 0
    for _ in range(5):
        state = learned(state, state.window, heard(3), answered_at=NOW)
    assert granted(state, 5)[1] == 3


def test_an_answer_that_was_overtaken_does_not_bring_calls_back() -> None:
    state = learned(opened(remaining=50), 1, heard(20), answered_at=NOW)
    state = learned(state, 1, heard(40), answered_at=NOW)
    assert state.announced == 20


def test_calls_of_another_consumer_are_seen_with_the_next_answer() -> None:
    state, _ = granted(opened(remaining=90), 1)
    assert learned(state, state.window, heard(10), answered_at=NOW).available == 10


def test_a_call_without_an_answer_counts_as_made() -> None:
    state, _ = granted(opened(remaining=10), 1)
    state = lost(state, state.window)
    assert state.available == 9
    assert grant(state, live=True, now=NOW + 11.5)[0].carried == 1  # it may still arrive


def test_a_first_call_without_an_answer_is_followed_by_another() -> None:
    state, _ = granted(AllowanceState(), 1)
    assert granted(lost(state, state.window), 5)[1] == 1


def test_a_call_that_was_not_made_comes_back() -> None:
    state, _ = granted(opened(remaining=10), 4)
    assert unused(state, state.window, 4).available == 10


def test_a_new_window_is_opened_by_a_few_calls_and_the_rest_wait_for_their_answer() -> None:
    later = NOW + 11.5
    state, count = granted(opened(remaining=0), 10, now=later)
    assert count == 2  # a fiftieth of 100
    state = learned(state, state.window, heard(98, at=later, reset=20.0), answered_at=later)
    assert granted(state, 200, now=later)[1] == 97


def test_a_new_window_that_others_have_spent_already_is_not_overdrawn() -> None:
    later = NOW + 11.5
    state, _ = granted(opened(), 1, now=later)
    state = learned(state, state.window, heard(0, at=later, reset=20.0), answered_at=later)
    assert granted(state, 5, now=later)[1] == 0


def test_a_call_that_was_granted_in_the_last_window_may_fall_into_this_one() -> None:
    later = NOW + 11.5
    state, _ = granted(opened(remaining=60), 60)
    state, _ = grant(state, live=True, now=later)
    state = learned(state, state.window, heard(99, at=later, reset=20.0), answered_at=later)
    assert state.available == 39


def test_calls_of_a_process_that_was_killed_are_forgotten_a_window_later() -> None:
    state, _ = granted(opened(remaining=60), 60)
    state, _ = grant(state, live=True, now=NOW + 12)
    state, _ = grant(state, live=True, now=NOW + 23)
    assert (state.carried, state.in_flight) == (1, 1)


def test_no_window_is_taken_to_be_over_sooner_than_a_call_may_last() -> None:
    assert LONGEST_CALL < 10 - 1 - 1.0  # a Date is cut to the second, and windows are taken to end up to one later


@pytest.mark.parametrize("live", [True, False])
def test_a_refusal_pauses_everybody_until_the_window_is_over(live: bool) -> None:
    state, _ = granted(opened(remaining=50), 1)
    state = learned(state, state.window, heard(0, refused=True), answered_at=NOW, jitter=0.5)
    _, verdict = grant(state, live=live, now=NOW + 3)
    assert waits(verdict) == pytest.approx(7.5)


def test_a_refusal_that_says_how_long_is_believed() -> None:
    state = learned(opened(), 1, replace(heard(0, refused=True), retry_after=3.0), answered_at=NOW)
    assert waits(grant(state, live=True, now=NOW)[1]) == pytest.approx(3.0)


def test_a_refusal_without_a_word_pauses_for_a_window() -> None:
    state, _ = grant(AllowanceState(), live=True, now=NOW)
    state = learned(state, state.window, Announcement(refused=True), answered_at=NOW)
    assert waits(grant(state, live=True, now=NOW)[1]) == pytest.approx(10.0)


def test_a_refusal_that_belongs_to_a_window_before_pauses_nobody() -> None:
    state, _ = granted(opened(), 1, now=NOW + 11.5)
    state = learned(state, state.window, heard(98, at=NOW + 11.5, reset=20.0), answered_at=NOW + 11.5)
    state = learned(state, state.window - 1, heard(0, refused=True), answered_at=NOW + 11.5)
    assert isinstance(grant(state, live=True, now=NOW + 11.5)[1], Grant)


def test_calls_that_nobody_waits_for_are_spread_over_the_window() -> None:
    state = opened()
    begins = granted(state, 100, live=False)[1]
    half_way = granted(state, 100, now=NOW + 5, live=False)[1]
    at_last = granted(state, 100, now=NOW + 9.1, live=False)[1]
    assert (begins, half_way, at_last) == (5, 60, 100)


def test_how_long_until_the_next_one_is_told() -> None:
    state, _ = granted(opened(), 100, live=False)
    seconds = waits(grant(state, live=False, now=NOW)[1])
    assert isinstance(grant(state, live=False, now=NOW + seconds + 1e-6)[1], Grant)
    assert seconds < 0.1


def test_a_live_call_finds_what_is_not_yet_free_for_the_others() -> None:
    state, _ = granted(opened(), 100, live=False)
    assert isinstance(grant(state, live=True, now=NOW)[1], Grant)


def test_after_a_live_call_a_tenth_is_kept_for_more_of_them() -> None:
    state = replace(opened(), live_at=NOW)
    state, of_the_rest = granted(state, 100, now=NOW + 9.5, live=False)
    assert (of_the_rest, granted(state, 100, now=NOW + 9.5, live=True)[1]) == (90, 10)


def test_live_calls_use_up_what_is_kept_for_them() -> None:
    state, _ = granted(opened(), 4, live=True)
    assert granted(state, 100, now=NOW + 9.5, live=False)[1] == 90


def test_nothing_is_kept_when_the_last_live_call_is_long_ago() -> None:
    state = replace(opened(), live_at=NOW - 31)
    assert granted(state, 100, now=NOW + 9.5, live=False)[1] == 100


def test_a_batch_is_no_larger_than_a_hundredth_of_the_limit() -> None:
    _, verdict = grant(opened(800, limit=1000), live=False, now=NOW + 9.5, wanted=16)
    assert isinstance(verdict, Grant)
    assert verdict.count == 10


def test_answers_without_headers_allow_one_call_at_a_time() -> None:
    state = AllowanceState()
    for _ in range(5):
        state, count = granted(state, 3)
        assert count == 1
        state = learned(state, state.window, Announcement(), answered_at=NOW)


def test_a_window_that_outlasts_our_reckoning_makes_us_take_windows_to_end_later() -> None:
    later = NOW + 11.5
    state, _ = granted(opened(), 1, now=later)
    state = learned(state, state.window, heard(0, at=later), answered_at=later)
    assert state.late > 0
    assert isinstance(grant(state, live=True, now=later)[1], Wait)


def test_a_platform_whose_clock_was_set_back_is_believed() -> None:
    state, _ = granted(opened(), 1, now=NOW + 11.5)
    state = learned(state, state.window, heard(42, at=NOW - 3600, reset=-3590.0), answered_at=NOW + 11.5)
    assert state.available == 42


@pytest.mark.parametrize("now", [NOW - 50_000, NOW + 50_000])
def test_a_clock_of_ours_that_jumped_stops_nobody(now: float) -> None:
    state = learned(opened(remaining=0), 1, heard(0, refused=True), answered_at=NOW, jitter=1.0)
    assert isinstance(grant(state, live=True, now=now)[1], Grant)


@pytest.mark.parametrize("reset", ["1e300", "-5", "nan", "soon", "99999999999", ""])
@pytest.mark.parametrize("remaining", ["-3", "1e9", "many"])
def test_rubbish_in_the_headers_stops_nobody_for_ever(reset: str, remaining: str) -> None:
    headers = {"x-ratelimit-limit": "100", "x-ratelimit-remaining": remaining, "x-ratelimit-reset": reset}
    state, _ = granted(AllowanceState(), 1)
    said = announcement(headers | {"date": "yesterday"}, took=0.1, refused=False)
    state = learned(state, state.window, said, answered_at=NOW)
    assert state.available <= 100
    assert isinstance(grant(state, live=True, now=NOW + 62)[1], Grant)


def run(
    platform: Platform, seed: int, *, consumers: int, latency: float, seconds: float, loss: float = 0.0
) -> Simulation:
    simulation = Simulation(
        platform,
        Random(seed),
        lambda random: latency * (0.2 + 1.6 * random.random()),
        loss=loss,
        now=random_start(seed),
    )
    for _ in range(consumers):
        simulation.consumer()
    simulation.run(simulation.now + seconds)
    return simulation


def random_start(seed: int) -> float:
    return 10 * Random(seed).random()


@settings(max_examples=25, deadline=None)
@given(
    limit=st.integers(1, 300),
    consumers=st.integers(1, 40),
    latency=st.floats(0.001, 1.9),  # one way, and up to 1.8 times as much: LONGEST_CALL in all
    ahead=st.floats(-1e6, 1e6),
    loss=st.sampled_from([0.0, 0.05, 0.5]),
    seed=st.integers(0, 2**32),
)
def test_no_interleaving_spends_more_than_was_announced(
    limit: int, consumers: int, latency: float, ahead: float, loss: float, seed: int
) -> None:
    platform = Platform(limit, 1_800_000_000 + ahead)
    run(platform, seed, consumers=consumers, latency=latency, seconds=35, loss=loss)
    assert platform.refused == 0
    assert max(platform.spent.values()) <= limit


@pytest.mark.parametrize(
    ("limit", "consumers", "seed"), [(166, 4, 1), (166, 4, 2), (166, 16, 1), (166, 16, 2), (1666, 16, 1), (1666, 32, 2)]
)
def test_alone_nearly_all_of_three_windows_is_used(limit: int, consumers: int, seed: int) -> None:
    platform = Platform(limit, 1_800_000_000 + 0.37 * seed)
    run(platform, seed, consumers=consumers, latency=0.025, seconds=41)  # the end of one window, three, the next begun
    _, *whole, _ = [platform.spent[window] for window in sorted(platform.spent)]
    assert platform.refused == 0
    assert sum(whole[:3]) >= 0.95 * 3 * limit


def test_a_live_call_beside_a_backfill_waits_no_two_seconds_even_if_it_is_the_first_for_long() -> None:
    simulation = Simulation(Platform(166), Random(3), lambda _: 0.05)
    for _ in range(8):
        simulation.consumer()
    for index in range(20):  # half a second further into its window each
        simulation.at(20 + 40.5 * index, simulation.live_call)
    simulation.run(830)
    assert len(simulation.live_waits) == 20
    assert max(simulation.live_waits) < 2


def test_beside_another_consumer_each_window_is_shared_without_a_refusal() -> None:
    platform = Platform(166, others=120)
    simulation = run(platform, 5, consumers=8, latency=0.05, seconds=45)
    assert platform.refused == 0
    assert simulation.state.limit == 166


@pytest.mark.parametrize("offset", [0.3, 0.6, 0.95])
def test_windows_that_end_between_two_seconds_are_learned_after_a_few_refusals(offset: float) -> None:
    platform = Platform(166, offset=offset)
    simulation = run(platform, 1, consumers=8, latency=0.02, seconds=60)
    assert platform.refused <= 12
    at_first = platform.refused
    simulation.run(simulation.now + 60)
    assert platform.refused == at_first


def test_dates_are_read_as_servers_write_them() -> None:
    said = announcement({"date": formatdate(1_800_000_000, usegmt=True)}, took=0.0, refused=False)
    assert said.date == 1_800_000_000
