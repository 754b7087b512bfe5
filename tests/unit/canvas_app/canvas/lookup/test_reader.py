"""The panel always gets an answer: fresh, shared, last known, or an honest "no"."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from canvas_app.canvas.found import Trouble
from canvas_app.canvas.lookup.breaker import Breaker
from canvas_app.canvas.lookup.reader import Live, Reader, ShopInTrouble, trouble_of
from canvas_app.metrics import Metrics
from clients.deadline import Call, Deadline
from clients.errors import (
    BadAnswer,
    CredentialsRefused,
    Overloaded,
    Rejected,
    ScopeMissing,
    TimedOut,
    TryAgain,
    Unreachable,
)

READ_AT = datetime(2026, 11, 21, 14, 2, 11, tzinfo=UTC)


@dataclass(frozen=True)
class Facts:
    text: str
    read_at: datetime = READ_AT
    size: int = 1


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


class Shop:
    """Answers with what it is told to, and counts."""

    def __init__(self) -> None:
        self.asked = 0
        self.error: Exception | None = None
        self.facts = Facts("first")
        self.hold = threading.Event()
        self.hold.set()

    def __call__(self) -> Facts:
        self.asked += 1
        self.hold.wait(5)
        if self.error:
            raise self.error
        return self.facts


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def shop() -> Iterator[Shop]:
    shop = Shop()
    yield shop
    shop.hold.set()


@pytest.fixture
def reader(clock: Clock) -> Iterator[Reader]:
    reader = Reader(metrics=Metrics(), breaker=Breaker(failures=3, clock=clock), threads=4, clock=clock)
    yield reader
    reader.close()


Ask = Callable[..., Live[Facts]]


@pytest.fixture
def ask(reader: Reader, shop: Shop) -> Ask:
    def ask(
        key: str = "anna", *, refresh: bool = False, not_before: datetime | None = None, seconds: float = 2.0
    ) -> Live[Facts]:
        call = Call(Deadline.after(seconds), "ict-test")
        return reader.read(key, shop, call=call, fresh_seconds=10, refresh=refresh, not_before=not_before)

    return ask


def test_a_second_look_within_seconds_asks_nobody(ask: Ask, shop: Shop) -> None:
    ask()
    assert ask() == Live(Facts("first"))
    assert shop.asked == 1


def test_what_was_looked_at_longest_ago_makes_room(ask: Ask, shop: Shop) -> None:
    for key in ("anna", "ben", "clara"):
        shop.facts = Facts(key, size=5_000)
        ask(key)
    ask("anna")
    assert shop.asked == 4


def test_small_answers_leave_room_for_many(ask: Ask, shop: Shop) -> None:
    shop.facts = Facts("small", size=5)
    for _ in range(2):
        for number in range(100):
            ask(str(number))
    assert shop.asked == 100


def test_an_answer_larger_than_the_room_is_shown_all_the_same(ask: Ask, shop: Shop) -> None:
    shop.facts = Facts("huge", size=1_000_000)
    assert ask() == Live(shop.facts)


def test_an_older_copy_is_read_again(ask: Ask, shop: Shop, clock: Clock) -> None:
    ask()
    clock.now += 10
    ask()
    assert shop.asked == 2


def test_refresh_asks_in_any_case(ask: Ask, shop: Shop) -> None:
    ask()
    shop.facts = Facts("second")
    assert ask(refresh=True).value.text == "second"


def test_what_a_refresh_read_is_what_the_next_look_shows(ask: Ask, shop: Shop) -> None:
    ask()
    shop.facts = Facts("second")
    ask(refresh=True)
    assert ask().value.text == "second"


def test_many_at_once_are_one_request(ask: Ask, shop: Shop) -> None:
    shop.hold.clear()
    with ThreadPoolExecutor(50) as agents:
        answers = [agents.submit(ask) for _ in range(50)]
        while shop.asked == 0 and not any(answer.done() for answer in answers):
            time.sleep(0.001)
        time.sleep(0.05)
        shop.hold.set()
        assert {answer.result().value.text for answer in answers} == {"first"}
    assert shop.asked == 1


def test_an_unreachable_shop_leaves_the_last_known_copy(ask: Ask, shop: Shop, clock: Clock) -> None:
    ask()
    clock.now += 3_600
    shop.error = Unreachable("connection refused")
    assert ask() == Live(Facts("first"), Trouble.UNREACHABLE)


def test_without_an_earlier_copy_the_trouble_is_told(ask: Ask, shop: Shop) -> None:
    shop.error = Unreachable("connection refused")
    with pytest.raises(ShopInTrouble) as caught:
        ask()
    assert caught.value.trouble is Trouble.UNREACHABLE


def test_a_hanging_shop_costs_no_more_than_the_deadline(ask: Ask, shop: Shop) -> None:
    shop.hold.clear()
    started = time.monotonic()
    with pytest.raises(ShopInTrouble) as caught:
        ask(seconds=0.05)
    assert caught.value.trouble is Trouble.TOO_SLOW
    assert time.monotonic() - started < 4  # it hangs for five


def test_a_late_answer_is_kept_for_the_next_look(ask: Ask, shop: Shop) -> None:
    shop.hold.clear()
    with pytest.raises(ShopInTrouble):
        ask(seconds=0.02)
    shop.hold.set()
    assert ask().value.text == "first"
    assert shop.asked == 1


def test_when_every_place_is_taken_the_answer_is_instant(ask: Ask, shop: Shop) -> None:
    shop.hold.clear()
    with ThreadPoolExecutor(4) as agents:
        for number in range(4):
            agents.submit(ask, f"contact {number}")
        while shop.asked < 4:
            time.sleep(0.001)
        with pytest.raises(ShopInTrouble) as caught:
            ask("one more", seconds=60)
        assert caught.value.trouble is Trouble.BUSY
        shop.hold.set()


def test_when_no_thread_is_to_be_had_the_answer_is_instant(ask: Ask, reader: Reader) -> None:
    reader.close()  # from now on the pool refuses work
    for number in range(6):
        with pytest.raises(ShopInTrouble) as caught:
            ask(f"contact {number}", seconds=60)
        assert caught.value.trouble is Trouble.BUSY


def test_an_open_breaker_spares_the_shop(ask: Ask, shop: Shop) -> None:
    shop.error = Unreachable("connection refused")
    for number in range(6):
        with pytest.raises(ShopInTrouble):
            ask(f"contact {number}")
    assert shop.asked == 3


def test_a_refusal_does_not_open_the_breaker(ask: Ask, shop: Shop) -> None:
    shop.error = Rejected("field 'orderz' does not exist")
    for number in range(6):
        with pytest.raises(ShopInTrouble):
            ask(f"contact {number}")
    assert shop.asked == 6


def test_a_pause_that_the_shop_asks_for_is_kept(ask: Ask, shop: Shop) -> None:
    shop.error = Overloaded("429", retry_after=5)
    for _ in range(3):
        with pytest.raises(ShopInTrouble):
            ask()
    assert shop.asked == 1


def test_a_copy_older_than_the_agent_has_seen_is_not_shown(ask: Ask, shop: Shop) -> None:
    ask()
    shop.error = Unreachable("connection refused")
    with pytest.raises(ShopInTrouble):
        ask(not_before=READ_AT + timedelta(seconds=1))


def test_a_copy_as_new_as_the_agent_has_seen_is_fresh(ask: Ask, shop: Shop) -> None:
    ask()
    ask(not_before=READ_AT)
    assert shop.asked == 1


def test_a_slow_older_answer_does_not_replace_a_newer_one(ask: Ask, shop: Shop, clock: Clock) -> None:
    shop.facts = Facts("newer", READ_AT + timedelta(seconds=5))
    ask()
    shop.facts = Facts("older", READ_AT)
    ask(refresh=True)
    assert ask().value.text == "newer"


def test_a_fault_of_our_own_is_still_an_answer(ask: Ask, shop: Shop) -> None:
    shop.error = KeyError("results")
    with pytest.raises(ShopInTrouble) as caught:
        ask()
    assert caught.value.trouble is Trouble.UNEXPECTED


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        pytest.param(TimedOut("x"), Trouble.TOO_SLOW, id="time is up"),
        pytest.param(Overloaded("x"), Trouble.BUSY, id="asked to pause"),
        pytest.param(Unreachable("x"), Trouble.UNREACHABLE, id="no answer"),
        pytest.param(TryAgain("x"), Trouble.UNREACHABLE, id="anything that may pass"),
        pytest.param(CredentialsRefused("x"), Trouble.CREDENTIALS, id="credentials"),
        pytest.param(ScopeMissing("x"), Trouble.SCOPE, id="scope"),
        pytest.param(BadAnswer("x"), Trouble.UNEXPECTED, id="unreadable answer"),
        pytest.param(ZeroDivisionError(), Trouble.UNEXPECTED, id="our own fault"),
    ],
)
def test_every_error_has_words_for_the_agent(error: Exception, trouble: Trouble) -> None:
    assert trouble_of(error) is trouble
