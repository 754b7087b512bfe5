from __future__ import annotations

from tests.builders import a_delivery, a_shipping, an_order, at, money, taxed


def test_an_order_was_placed_when_it_was_created() -> None:
    assert an_order(completed_at=None).placed_at == at(0)


def test_an_imported_order_was_placed_before_it_was_created() -> None:
    assert an_order(completed_at=at(-900)).placed_at == at(-900)


def test_a_later_completion_is_not_when_the_order_was_placed() -> None:
    assert an_order(completed_at=at(200)).placed_at == at(0)


def test_the_gross_total_is_the_taxed_one() -> None:
    assert an_order(total="100.00", taxed_price=taxed("100.00", "119.00")).gross == money("119.00")


def test_without_computed_tax_the_total_is_the_gross() -> None:
    assert an_order(total="100.00").gross == money("100.00")


def test_an_order_without_a_customer_is_a_guests() -> None:
    assert an_order(customer_id=None).is_guest


def test_deliveries_of_all_shipping_methods_are_the_orders() -> None:
    order = an_order(shippings=(a_shipping(a_delivery("a")), a_shipping(a_delivery("b"))))
    assert [delivery.id for delivery in order.deliveries] == ["a", "b"]
