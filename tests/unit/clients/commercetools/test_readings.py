"""What it costs to keep what was read."""

from __future__ import annotations

from datetime import UTC, datetime

from clients.commercetools.readings import CartReading, CustomerReading, EmailReading, OrderReading, OrdersPage
from tests.builders import a_cart, a_customer, a_line_item, an_order

READ_AT = datetime(2026, 11, 21, tzinfo=UTC)
THREE_ITEMS = tuple(a_line_item(f"item-{number}") for number in range(3))


def test_nothing_found_costs_next_to_nothing() -> None:
    assert CustomerReading(customer=None, read_at=READ_AT).size == 1


def test_a_long_history_costs_as_much_as_it_has_orders() -> None:
    reading = CustomerReading(customer=a_customer(), read_at=READ_AT, history=(an_order(items=None),) * 100)
    assert reading.size == 101


def test_the_items_of_a_cart_count() -> None:
    reading = CustomerReading(customer=a_customer(), read_at=READ_AT, cart=a_cart(items=THREE_ITEMS))
    assert reading.size == CartReading(cart=a_cart(items=THREE_ITEMS), read_at=READ_AT).size == 4


def test_every_kind_of_order_of_a_customer_counts() -> None:
    one = (an_order(items=None),)
    assert CustomerReading(None, READ_AT, orders=one, named=one, guest_orders=one).size == 4


def test_an_order_costs_as_much_as_it_has_items() -> None:
    assert OrderReading(order=an_order(items=THREE_ITEMS), read_at=READ_AT).size == 5


def test_a_page_costs_as_much_as_it_has_orders() -> None:
    page = OrdersPage(orders=(an_order(items=None),) * 10, offset=0, has_more=True, read_at=READ_AT)
    assert page.size == 11


def test_several_customers_of_one_address_count() -> None:
    assert EmailReading(customers=(a_customer(), a_customer()), read_at=READ_AT).size == 3
