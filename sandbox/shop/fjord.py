"""A second shop, of other people: for two workspaces side by side.

One of its customers has the e-mail address of somebody in the first shop, and is a customer of its own: whoever finds
the one for the other has mixed up the shops.
"""

from __future__ import annotations

from typing import Final

from sandbox.shop.resources import Project, SampleShop
from sandbox.shop.sales import Item, Shipping
from sandbox.shop.scenario import Scenario
from sandbox.shop.scenarios.anna import ANNA
from sandbox.shop.scenarios.ordinary import STANDARD, charged, order_for, person, sent
from sandbox.shop.setting import furnish

PROJECT: Final = Project(
    key="fjord-field",
    name="Fjord & Field (sample shop)",
    languages=("en",),
    currencies=("EUR",),
    countries=("DE", "NO", "SE"),
)
_KAYAK: Final = Item(name="Folding kayak Sund", sku="FF-KYK-0001", price="899.00")
_REEL: Final = Item(name="Fly reel Elv", sku="FF-REL-0020", price="119.50")

FREYA: Final = person(
    "fjord-freya", "Freya Lindholm", email="freya.lindholm@fjordmail.example", number="FF-0007", created="2022-06-01"
)
SAME_ADDRESS: Final = person("fjord-anna", "Anna Kowalska", email=ANNA.email, number="FF-0031", created="2025-02-11")

_SENT: Final = Shipping(price=STANDARD.price, deliveries=(sent("2026-11-18", {0: 1}, "00340434161094700451"),))
_ORDERS: Final = (
    order_for(
        FREYA, "FF-1001", "2026-11-17", _KAYAK, shipping=(_SENT,), payment_state="Paid", shipment_state="Shipped"
    ),
    order_for(FREYA, "FF-1002", "2026-11-20", _REEL, payment_state="Paid", shipment_state="Pending"),
    order_for(SAME_ADDRESS, "FF-1003", "2026-11-19", _REEL, payment_state="Paid", shipment_state="Ready"),
)
SCENARIO: Final = Scenario(
    name="fjord",
    customers=(FREYA, SAME_ADDRESS),
    orders=_ORDERS,
    payments=tuple(charged(order) for order in _ORDERS),
)


def fjord_shop() -> SampleShop:
    """A fresh one; it shares nothing with the first shop but an e-mail address."""
    shop = SampleShop(project=PROJECT)
    furnish(shop)
    SCENARIO.put_into(shop)
    return shop
