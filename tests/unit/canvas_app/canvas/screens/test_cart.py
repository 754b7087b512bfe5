"""The customer's cart."""

from __future__ import annotations

from canvas_app.canvas import screens
from canvas_app.canvas.components import Canvas
from clients.commercetools.readings import CartReading, Section
from commerce.cart import Cart
from tests.builders import NOON, a_cart, a_line_item, taxed
from tests.gallery import FRESH, a_look, texts_of


def _drawn(cart: Cart | None, missing: frozenset[Section] = frozenset()) -> Canvas:
    return screens.cart(CartReading(cart, NOON, missing), FRESH, a_look(), memory={})


def test_a_cart_shows_total_quantity_and_when_it_was_changed() -> None:
    cart = a_cart(total="70.59", quantity=3, taxed_price=taxed("70.59", "84.00"))
    assert texts_of(_drawn(cart))[:2] == ["Cart · 84.00 EUR", "3 items · changed 21 Nov 2026, 13:00"]


def test_a_cart_lists_its_items_with_prices() -> None:
    texts = texts_of(_drawn(a_cart(quantity=2, items=(a_line_item(quantity=2, price="42.00"),))))
    assert {"2 × Linen shirt", "84.00 EUR · 42.00 EUR each · SKU-1"} <= set(texts)


def test_a_cart_shows_its_discount_codes() -> None:
    texts = texts_of(_drawn(a_cart(discount_codes=("SPRING", "VIP"))))
    assert "SPRING, VIP" in texts


def test_a_customer_without_a_cart_has_none() -> None:
    assert "No active cart" in texts_of(_drawn(None))


def test_a_cart_that_could_not_be_read_is_not_called_missing() -> None:
    texts = texts_of(_drawn(None, frozenset({Section.CART})))
    assert ("No active cart" in texts, "view_orders" in " ".join(texts)) == (False, True)
