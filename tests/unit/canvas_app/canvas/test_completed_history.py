"""What the shop lists and what the sync knows become one history; the shop's present answer wins."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from canvas_app.canvas.lookup.history import KnownOrder, completed
from clients.commercetools.readings import CustomerReading
from commerce.customer import Customer
from commerce.money import Money
from commerce.order import Order

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
FIRST = datetime(2020, 1, 1, tzinfo=UTC)
ALL: frozenset[str] = frozenset()


def order(number: int, *, version: int = 1, store: str | None = None) -> Order:
    at = FIRST + timedelta(days=number)
    return Order(
        id=f"order-{number}",
        version=version,
        created_at=at,
        last_modified_at=at,
        order_state="Open",
        total_price=Money(1_000, "EUR", 2),
        store=store,
    )


def reading(orders: Iterable[Order]) -> CustomerReading:
    customer = Customer(id="anna", version=1, created_at=FIRST, last_modified_at=FIRST)
    return CustomerReading(customer=customer, read_at=NOON, history=tuple(orders), history_complete=False)


def known(orders: Iterable[Order], *, read_at: datetime = NOON - timedelta(hours=1)) -> list[KnownOrder]:
    return [KnownOrder(each, read_at) for each in orders]


LISTED = tuple(order(number) for number in (203, 202, 201))
OLDER = tuple(order(number) for number in (103, 102, 101))


def test_the_older_orders_are_added_and_the_history_is_whole() -> None:
    whole = completed(reading(LISTED), known([*OLDER, *LISTED]), stores=ALL)
    assert whole.history == (*LISTED, *OLDER)
    assert whole.history_complete


def test_an_order_that_the_sync_has_not_seen_yet_is_counted() -> None:
    whole = completed(reading(LISTED), known([*OLDER, *LISTED[1:]]), stores=ALL)
    assert len(whole.history) == 6


def test_the_newer_version_of_an_order_wins() -> None:
    fresh, stale = order(203, version=5), order(203, version=4)
    listed_is_newer = completed(reading([fresh, *LISTED[1:]]), known([stale, *OLDER]), stores=ALL)
    known_is_newer = completed(reading([stale, *LISTED[1:]]), known([fresh, *OLDER]), stores=ALL)
    assert (listed_is_newer.history[0].version, known_is_newer.history[0].version) == (5, 5)


def test_an_order_that_the_shop_should_list_and_does_not_is_left_out() -> None:
    moved_away = replace(order(202), id="moved")
    whole = completed(reading(LISTED), known([*OLDER, moved_away]), stores=ALL)
    assert moved_away not in whole.history


def test_an_order_placed_after_the_shop_was_read_is_counted() -> None:
    just_placed = known([order(204)], read_at=NOON + timedelta(seconds=1))
    whole = completed(reading(LISTED), [*known(OLDER), *just_placed], stores=ALL)
    assert whole.history[0].id == "order-204"


def test_orders_of_other_stores_are_left_out() -> None:
    ours = [replace(each, store="de") for each in OLDER]
    theirs = [order(50, store="fr"), order(51)]
    whole = completed(reading(LISTED), known([*ours, *theirs]), stores=frozenset({"de"}))
    assert whole.history == (*LISTED, *ours)


def test_when_no_more_is_known_than_the_shop_listed_it_stays_as_it_was() -> None:
    before = reading(LISTED)
    assert completed(before, known(LISTED), stores=ALL) is before
    assert completed(before, [], stores=ALL) is before


@settings(max_examples=50)
@given(st.sets(st.integers(0, 300), min_size=1), st.integers(1, 100))
def test_whatever_part_the_shop_lists_the_whole_is_the_same(numbers: set[int], page: int) -> None:
    newest_first = [order(number) for number in sorted(numbers, reverse=True)]
    whole = completed(reading(newest_first[:page]), known(newest_first), stores=ALL)
    assert list(whole.history) == newest_first
