"""Returns in every state. "NonRefundable" on an announced item means "not yet", not "never"."""

from __future__ import annotations

from typing import Any, Final

from sandbox.shop.payments import Transaction
from sandbox.shop.returned import Return, ReturnItem
from sandbox.shop.sales import Extra
from sandbox.shop.scenario import Scenario
from sandbox.shop.scenarios.ordinary import BOOTS, LAMP, gross_of, order_for, payment_for, person

RETURN_ADVISED: Final = "return-advised"
RETURN_RECEIVED: Final = "return-received"
RETURN_REFUNDED: Final = "return-refunded"
RETURN_NOT_REFUNDED: Final = "return-not-refunded"


def _one(name: str, full_name: str, number: str, returned: Return, refund: str | None = None, **more: Any) -> Scenario:
    customer = person(name, full_name)
    given: dict[str, Any] = {"payment_state": "Paid", "shipment_state": "Delivered", "order_state": "Complete", **more}
    order = order_for(customer, number, "2026-10-25", BOOTS, LAMP, returns=(returned,), **given)
    paid = [Transaction("Charge", "Success", gross_of(order), "2026-10-25")]
    if refund:
        paid.append(Transaction("Refund", "Success", refund, "2026-11-12"))
    return Scenario(name=name, customers=(customer,), orders=(order,), payments=(payment_for(order, *paid),))


SCENARIOS: Final = (
    _one(
        RETURN_ADVISED,
        "Yvonne Thal",
        "DE-20501",
        Return(at="2026-11-18", items=(ReturnItem(line=0, comment="Too small"),), tracking="RET-20501"),
    ),
    _one(
        RETURN_RECEIVED,
        "Zoe Adler",
        "DE-20502",
        Return(
            at="2026-11-10",
            returned="2026-11-17",
            items=(ReturnItem(line=0, shipment_state="Returned", payment_state="Initial", comment="Wrong colour"),),
        ),
    ),
    _one(
        RETURN_REFUNDED,
        "Albert Kuhn",
        "DE-20503",
        Return(
            at="2026-11-02",
            returned="2026-11-10",
            items=(
                ReturnItem(line=1, shipment_state="BackInStock", payment_state="Refunded"),
                ReturnItem(line=0, of_extra=True, shipment_state="Returned", payment_state="NonRefundable"),
            ),
        ),
        refund="54.05",
        extras=(Extra(name="Gift wrapping", slug="gift-wrap", price="3.50"),),
    ),
    _one(
        RETURN_NOT_REFUNDED,
        "Berta Engel",
        "DE-20504",
        Return(
            at="2026-11-03",
            returned="2026-11-11",
            items=(
                ReturnItem(line=0, shipment_state="Unusable", payment_state="NotRefunded", comment="Worn outdoors"),
            ),
        ),
    ),
)
