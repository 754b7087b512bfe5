"""Receipts that are hard to add up: fees, negative lines, gifts, discounts, prices without tax."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from sandbox.shop.amounts import TAX_NY
from sandbox.shop.sales import Extra, Item, OrderOf, Shipping
from sandbox.shop.scenario import Scenario
from sandbox.shop.scenarios.ordinary import BOOTS, BOTTLE, LAMP, MAT, TENT, charged, of, order_for, person

CUSTOM_LINE_ITEMS: Final = "custom-line-items"
GIFT: Final = "gift-item"
DISCOUNTS: Final = "discount-code-and-total-discount"
TAX_NOT_INCLUDED: Final = "tax-not-included"
NO_TAX_YET: Final = "without-taxed-price"


def _one(name: str, full_name: str, number: str, *items: Item, **more: Any) -> Scenario:
    customer = person(name, full_name)
    given: dict[str, Any] = {"payment_state": "Paid", "shipment_state": "Shipped", "order_state": "Confirmed", **more}
    order: OrderOf = order_for(customer, number, "2026-11-07", *items, **given)
    return Scenario(name=name, customers=(customer,), orders=(order,), payments=(charged(order),))


SCENARIOS: Final = (
    _one(
        CUSTOM_LINE_ITEMS,
        "Tanja Wolf",
        "DE-20401",
        BOOTS,
        extras=(
            Extra(name={"en": "Gift wrapping", "de": "Geschenkverpackung"}, slug="gift-wrap", price="3.50", quantity=2),
            Extra(name={"en": "Cash on delivery fee", "de": "Nachnahmegebühr"}, slug="cod", price="5.90"),
            Extra(name={"en": "Goodwill", "de": "Kulanz"}, slug="goodwill", price="-10.00"),
        ),
    ),
    _one(
        GIFT,
        "Uwe Zander",
        "DE-20402",
        TENT,
        replace(BOTTLE, gift=True, name={"en": "Bottle, a gift", "de": "Flasche, geschenkt"}),
    ),
    _one(
        DISCOUNTS,
        "Vera Maurer",
        "DE-20403",
        replace(BOOTS, reduced="119.95", cart_price="107.96"),
        replace(of(MAT, 3), cart_price="71.10"),
        codes=("WELCOME10", "FREESHIP"),
        discount_on_total="15.00",
        shipping=(Shipping(price="4.95", reduced="0.00"),),
    ),
    _one(
        TAX_NOT_INCLUDED,
        "Wyatt Earl",
        "US-50404",
        replace(of(LAMP, 3), price="49.99"),
        replace(BOTTLE, price="19.95"),
        currency="USD",
        tax=TAX_NY,
        country="US",
        locale="en-US",
        store="us",
        shipping=(Shipping(price="7.95", method="UPS Ground"),),
    ),
    _one(NO_TAX_YET, "Xenia Pohl", "DE-20405", LAMP, of(BOTTLE, 2), tax=None, shipment_state="Pending"),
)
