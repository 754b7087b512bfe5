"""A customer with three hundred orders: paging, "100+", and how much a history costs."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from sandbox.shop.payments import PaymentOf, Transaction
from sandbox.shop.sales import CartOf, OrderOf
from sandbox.shop.scenario import Scenario
from sandbox.shop.scenarios.ordinary import BOTTLE, LAMP, MAT, charged, of, order_for, payment_for, person

THREE_HUNDRED: Final = "three-hundred-orders"
HOW_MANY: Final = 300
_FIRST: Final = date(2024, 1, 2)
_CUSTOMER: Final = person(
    THREE_HUNDRED, "Klaus Großmann", email="klaus.grossmann@nordmail.example", number="C-00042", created="2023-11-30"
)


def _order(index: int) -> OrderOf:
    """Every tenth is cancelled, every seventh is refunded, the newest are on their way."""
    placed = (_FIRST + timedelta(hours=84 * index)).isoformat()
    shipped = "Shipped" if index > HOW_MANY - 4 else "Delivered"
    return order_for(
        _CUSTOMER,
        f"ORD-{100_001 + index}",
        placed,
        of((LAMP, MAT, BOTTLE)[index % 3], 1 + index % 4),
        order_state="Cancelled" if index % 10 == 9 else "Complete",
        payment_state=None if index % 2 else "Paid",
        shipment_state="Canceled" if index % 10 == 9 else shipped,
    )


def _payment(index: int, order: OrderOf) -> PaymentOf:
    paid = charged(order)
    if index % 7:
        return paid
    refund = Transaction("Refund", "Success", paid.planned, order.placed)
    return payment_for(order, *paid.transactions, refund)


_ORDERS: Final = tuple(_order(index) for index in range(HOW_MANY))
_CART: Final = CartOf(
    key="cart-grossmann",
    created="2026-11-01",
    modified="2026-11-20",
    items=(of(MAT, 10),),
    customer=_CUSTOMER.id,
    email=_CUSTOMER.email,
)
SCENARIO: Final = Scenario(
    name=THREE_HUNDRED,
    customers=(_CUSTOMER,),
    orders=_ORDERS,
    payments=tuple(_payment(index, order) for index, order in enumerate(_ORDERS)),
    carts=(_CART,),
)
