"""All orders, a page at a time."""

from __future__ import annotations

import pytest

from canvas_app.canvas import screens
from canvas_app.canvas.components import Canvas
from canvas_app.canvas.screens import Whose
from clients.commercetools.readings import OrdersPage, Section
from tests.builders import NOON
from tests.gallery import FRESH, a_look, ids_of, older, texts_of


def _page(
    offset: int = 0, *, count: int = 10, has_more: bool = False, missing: frozenset[Section] = frozenset()
) -> OrdersPage:
    return OrdersPage(tuple(older(f"N-{n}") for n in range(count)), offset, has_more, NOON, missing)


def _drawn(page: OrdersPage, whose: Whose = Whose.CUSTOMER, total: str | None = None, back: str = "overview") -> Canvas:
    return screens.orders(page, whose, FRESH, a_look(), memory={}, total=total, back=back)


def _turns(canvas: Canvas) -> list[str]:
    return [name for name in ids_of(canvas) if name.startswith(("orders:", "guest:"))]


@pytest.mark.parametrize(
    ("offset", "has_more", "turns"),
    [
        (0, False, []),
        (0, True, ["orders:10"]),
        (10, True, ["orders:0", "orders:20"]),
        (20, False, ["orders:10"]),
        (4, False, ["orders:0"]),
    ],
)
def test_pages_turn_where_there_is_more(offset: int, has_more: bool, turns: list[str]) -> None:
    assert _turns(_drawn(_page(offset, has_more=has_more))) == turns


def test_guest_orders_turn_among_themselves() -> None:
    assert _turns(_drawn(_page(10, has_more=True), Whose.GUEST)) == ["guest:0", "guest:20"]


def test_a_page_says_which_orders_it_shows_and_of_how_many() -> None:
    assert "11 to 20 of 100+" in texts_of(_drawn(_page(10), total="100+"))


def test_a_page_of_an_unknown_number_says_which_orders_it_shows() -> None:
    assert "1 to 3" in texts_of(_drawn(_page(count=3)))


def test_an_empty_page_says_so() -> None:
    assert "No orders here" in texts_of(_drawn(_page(count=0)))


def test_an_empty_page_behind_the_last_leads_to_the_one_before() -> None:
    assert _turns(_drawn(_page(30, count=0))) == ["orders:20"]


def test_the_way_back_is_out_of_the_list() -> None:
    assert ids_of(_drawn(_page(20, has_more=True), back="orders:10"))[-1] == "overview"


def test_orders_that_could_not_be_read_name_the_scope() -> None:
    texts = texts_of(_drawn(_page(count=0, missing=frozenset({Section.ORDERS}))))
    assert "Orders could not be read. Check that the API client has the scope view_orders." in texts
