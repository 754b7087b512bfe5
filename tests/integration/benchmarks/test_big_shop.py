"""The big shop is one that the product's own client can read."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from benchmarks.big_shop import BigShop, Size
from benchmarks.stage import CLIENT
from clients.commercetools.settings import ShopSettings
from clients.commercetools.source import Kind, ShopSource
from clients.deadline import Call, Deadline
from sandbox.wire import listening

SIZE = Size(customers=30, orders_each=5)


@pytest.fixture(scope="module")
def big() -> BigShop:
    return BigShop(SIZE)


@pytest.fixture(scope="module")
def source(big: BigShop) -> Iterator[ShopSource]:
    with listening(0, big, name="big-shop") as url:
        settings = ShopSettings(
            project_key=CLIENT.project_key,
            client_id=CLIENT.client_id,
            client_secret=CLIENT.client_secret,
            auth_url=url,
            api_url=url,
        )
        yield ShopSource(settings, needs=frozenset({"customer.email", "order.email"}))


@pytest.fixture
def call() -> Callable[[], Call]:
    return lambda: Call(Deadline.after(10.0, clock=time.monotonic), "bench")


def test_its_pages_lead_from_the_first_order_to_the_last(
    big: BigShop, source: ShopSource, call: Callable[[], Call]
) -> None:
    seen, after = [], None
    while True:
        page = source.orders_page(after_id=after, limit=40, call=call())
        seen += [node["id"] for node in page.nodes]
        if (after := page.last_id) is None:
            break
    assert seen == [big.names.order(number) for number in range(1, SIZE.orders + 1)]


def test_an_order_read_by_its_id_is_the_one_of_the_page(
    big: BigShop, source: ShopSource, call: Callable[[], Call]
) -> None:
    (in_page,) = source.orders_page(after_id=big.names.order(6), limit=1, call=call()).nodes
    assert source.order(big.names.order(7), call=call()) == in_page


def test_no_part_of_two_orders_has_the_same_id(big: BigShop, source: ShopSource, call: Callable[[], Call]) -> None:
    first, second = (str(source.order(big.names.order(number), call=call())) for number in (1, 2))
    assert f"'{1:08x}-" in first
    assert f"'{2:08x}-" in second
    assert f"'{1:08x}-" not in second.replace(big.names.customer(1), "")


def test_a_customer_has_an_address_and_orders_of_their_own(
    big: BigShop, source: ShopSource, call: Callable[[], Call]
) -> None:
    customer = source.customer(big.names.customer(3), call=call())
    orders = source.orders_of_customer(big.names.customer(3), call=call())
    assert customer is not None
    assert customer["email"] == "customer-3@nordmail.example"
    assert orders == tuple(big.names.order(number) for number in (11, 12, 13, 14, 15))


def test_what_was_touched_costs_more_and_is_found_by_its_time(
    big: BigShop, source: ShopSource, call: Callable[[], Call]
) -> None:
    before = source.order(big.names.order(20), call=call())
    big.prices.touch(20)
    after = source.order(big.names.order(20), call=call())
    since = datetime.now(UTC) - timedelta(minutes=1)
    found = source.changed_since(Kind.ORDER, since, call=call()).changes
    assert before is not None
    assert after is not None
    assert after["version"] == 2
    assert after["totalPrice"]["centAmount"] == before["totalPrice"]["centAmount"] + 1  # type: ignore[index]
    assert [change.id for change in found] == [big.names.order(20)]


def test_there_is_nobody_behind_the_last_one(big: BigShop, source: ShopSource, call: Callable[[], Call]) -> None:
    assert source.order(big.names.order(SIZE.orders + 1), call=call()) is None
