"""A scenario: the documents of one hard case, put into the shop together."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.shop.payments import PaymentOf
from sandbox.shop.people import CustomerOf
from sandbox.shop.resources import SampleShop
from sandbox.shop.sales import CartOf, OrderOf


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One hard case by its name."""

    name: str
    customers: tuple[CustomerOf, ...] = ()
    orders: tuple[OrderOf, ...] = ()
    payments: tuple[PaymentOf, ...] = ()
    carts: tuple[CartOf, ...] = ()

    def put_into(self, shop: SampleShop) -> None:
        """Add this scenario's documents to the shop."""
        shop.add("customer", *(customer.document() for customer in self.customers))
        shop.add("order", *(order.document() for order in self.orders))
        shop.add("payment", *(payment.document() for payment in self.payments))
        shop.add("cart", *(cart.document() for cart in self.carts))
