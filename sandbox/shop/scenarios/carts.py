"""Carts that are not "the" cart: merged, ordered, a merchant's, an older active one; and the one that is."""

from __future__ import annotations

from typing import Any, Final

from sandbox.shop.sales import CartOf, Item
from sandbox.shop.scenario import Scenario
from sandbox.shop.scenarios.ordinary import BOOTS, BOTTLE, LAMP, MAT, TENT, charged, of, order_for, person

SEVERAL_CARTS: Final = "several-carts"
CART_ONLY: Final = "cart-without-orders"

_LOTTE: Final = person(SEVERAL_CARTS, "Lotte Arndt")
_LOTTE_ORDER: Final = order_for(_LOTTE, "DE-20801", "2026-11-01", LAMP, payment_state="Paid", shipment_state="Shipped")
_MANFRED: Final = person(CART_ONLY, "Manfred Ohm", created="2026-11-20")


def _cart(key: str, modified: str, *items: Item, **more: Any) -> CartOf:
    return CartOf(
        key=key,
        created="2026-10-01",
        modified=modified,
        items=items,
        customer=_LOTTE.id,
        email=_LOTTE.email,
        **more,
    )


SCENARIOS: Final = (
    Scenario(
        name=SEVERAL_CARTS,
        customers=(_LOTTE,),
        orders=(_LOTTE_ORDER,),
        payments=(charged(_LOTTE_ORDER),),
        carts=(
            _cart("lotte-active", "2026-11-15", of(BOTTLE, 2), codes=("WELCOME10",)),
            _cart("lotte-older", "2026-11-10", TENT),
            _cart("lotte-merchant", "2026-11-21", BOOTS, origin="Merchant"),
            _cart("lotte-ordered", "2026-11-20", LAMP, cart_state="Ordered"),
            _cart("lotte-merged", "2026-11-22", MAT, cart_state="Merged"),
        ),
    ),
    Scenario(
        name=CART_ONLY,
        customers=(_MANFRED,),
        carts=(
            CartOf(
                key="cart-manfred",
                created="2026-11-20",
                modified="2026-11-22",
                items=(TENT, of(MAT, 2)),
                customer=_MANFRED.id,
                email=_MANFRED.email,
            ),
        ),
    ),
)
