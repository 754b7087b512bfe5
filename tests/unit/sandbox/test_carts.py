"""Which of a customer's carts is "the" cart."""

from __future__ import annotations

from sandbox.commercetools.reading import active_cart
from sandbox.shop import SampleShop
from sandbox.shop.identifiers import customer_id, stable_id
from sandbox.shop.scenarios.carts import SEVERAL_CARTS


def cart_id(name: str) -> str:
    return stable_id("cart", name)


def test_the_active_cart_is_the_newest_active_one_of_the_customers_own(sample_shop: SampleShop) -> None:
    cart = active_cart(sample_shop.all("cart"), customer_id(SEVERAL_CARTS))
    assert cart is not None
    assert cart["id"] == cart_id("lotte-active")


def test_carts_of_merchants_and_carts_that_were_ordered_or_merged_do_not_count(sample_shop: SampleShop) -> None:
    names = ("lotte-merchant", "lotte-ordered", "lotte-merged")
    others = [cart for name in names if (cart := sample_shop.get("cart", cart_id(name)))]
    assert len(others) == 3
    assert active_cart(others, customer_id(SEVERAL_CARTS)) is None


def test_a_customer_without_carts_has_none(sample_shop: SampleShop) -> None:
    assert active_cart(sample_shop.all("cart"), customer_id("nobody")) is None
