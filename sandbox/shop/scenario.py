"""A scenario: the documents of one hard case, put into the shop together."""

from __future__ import annotations

from dataclasses import dataclass, field

from sandbox.shop.payments import PaymentOf
from sandbox.shop.people import CustomerOf
from sandbox.shop.resources import Document, SampleShop
from sandbox.shop.sales import CartOf, OrderOf


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One hard case by its name. `documents` are further resources by type."""

    name: str
    customers: tuple[CustomerOf, ...] = ()
    orders: tuple[OrderOf, ...] = ()
    payments: tuple[PaymentOf, ...] = ()
    carts: tuple[CartOf, ...] = ()
    raw_orders: tuple[Document, ...] = field(default=())  # documents that no builder would make

    def put_into(self, shop: SampleShop) -> None:
        shop.add("customer", *(customer.document() for customer in self.customers))
        shop.add("order", *(order.document() for order in self.orders), *self.raw_orders)
        shop.add("payment", *(payment.document() for payment in self.payments))
        shop.add("cart", *(cart.document() for cart in self.carts))
