"""`paymentState` is often empty: what was paid, failed, refunded or charged back stands in the transactions alone."""

from __future__ import annotations

from typing import Any, Final

from sandbox.shop.payments import Transaction
from sandbox.shop.scenario import Scenario
from sandbox.shop.scenarios.ordinary import MAT, TENT, order_for, payment_for, person

CAPTURED: Final = "captured"
PARTLY_CAPTURED: Final = "partly-captured"
AUTHORISED: Final = "authorised-only"
FAILED: Final = "payment-failed"
REFUNDED: Final = "refunded"
PARTLY_REFUNDED: Final = "partly-refunded"
CHARGED_BACK: Final = "charged-back"
REFUND_PENDING: Final = "refund-pending"
PAID_WITHOUT_PAYMENTS: Final = "paid-without-payments"
SEVERAL_PAYMENTS: Final = "several-payments"
PAYMENT_IN_ANOTHER_CURRENCY: Final = "payment-in-another-currency"

_PRICE: Final = "83.95"  # MAT with standard shipping


def _one(name: str, full_name: str, number: str, *transactions: Transaction, **more: Any) -> Scenario:
    """A customer with one order of 83.95 EUR, no `paymentState`, and these transactions on one payment."""
    customer = person(name, full_name)
    given: dict[str, Any] = {"shipment_state": "Shipped", "order_state": "Confirmed", **more}
    order = order_for(customer, number, "2026-11-16", MAT, **given)
    return Scenario(name=name, customers=(customer,), orders=(order,), payments=(payment_for(order, *transactions),))


def _paid_without_payments() -> Scenario:
    customer = person(PAID_WITHOUT_PAYMENTS, "Rolf Seidel")
    order = order_for(
        customer, "DE-20209", "2026-11-04", MAT, payments=(), payment_state="Paid", shipment_state="Delivered"
    )
    return Scenario(name=PAID_WITHOUT_PAYMENTS, customers=(customer,), orders=(order,))


def _several_payments() -> Scenario:
    """A gift card, a first card that was declined, a second one that paid the rest."""
    customer = person(SEVERAL_PAYMENTS, "Sabine Krause")
    names = ("DE-20210-gift", "DE-20210-declined", "DE-20210-card")
    order = order_for(customer, "DE-20210", "2026-11-14", TENT, payments=names, shipment_state="Ready")
    gift = Transaction("Charge", "Success", "50.00", "2026-11-14")
    declined = Transaction("Authorization", "Failure", "203.95", "2026-11-14")
    paid = Transaction("Charge", "Success", "203.95", "2026-11-14")
    return Scenario(
        name=SEVERAL_PAYMENTS,
        customers=(customer,),
        orders=(order,),
        payments=(
            payment_for(
                order, gift, name=names[0], planned="50.00", interface="GIFTCARD", method="GIFT_CARD", label="Gift card"
            ),
            payment_for(order, declined, name=names[1], planned="203.95", interface_text="Refused: insufficient funds"),
            payment_for(order, paid, name=names[2], planned="203.95"),
        ),
    )


def _other_currency() -> Scenario:
    """Ordered in EUR, paid in USD: the two must never be added up."""
    customer = person(PAYMENT_IN_ANOTHER_CURRENCY, "Tom Becker")
    order = order_for(customer, "DE-20211", "2026-11-13", MAT, shipment_state="Pending")
    paid = payment_for(
        order,
        Transaction("Charge", "Success", "91.20", "2026-11-13"),
        planned="91.20",
        currency="USD",
        interface="PAYPAL",
        method="PAYPAL",
        label="PayPal",
    )
    return Scenario(name=PAYMENT_IN_ANOTHER_CURRENCY, customers=(customer,), orders=(order,), payments=(paid,))


_CHARGE: Final = Transaction("Charge", "Success", _PRICE, "2026-11-16")
_AUTHORISATION: Final = Transaction("Authorization", "Success", _PRICE)

SCENARIOS: Final = (
    _one(CAPTURED, "Erika Sommer", "DE-20201", _AUTHORISATION, _CHARGE),
    _one(
        PARTLY_CAPTURED,
        "Frank Winter",
        "DE-20202",
        _AUTHORISATION,
        Transaction("Charge", "Success", "40.00", "2026-11-17"),
    ),
    _one(AUTHORISED, "Greta Herbst", "DE-20203", _AUTHORISATION, shipment_state="Pending"),
    _one(
        FAILED,
        "Heiko Lenz",
        "DE-20204",
        Transaction("Charge", "Failure", _PRICE, "2026-11-16"),
        shipment_state=None,
        order_state="Open",
    ),
    _one(
        REFUNDED,
        "Ida Frost",
        "DE-20205",
        _CHARGE,
        Transaction("Refund", "Success", _PRICE, "2026-11-20"),
        shipment_state="Delivered",
    ),
    _one(PARTLY_REFUNDED, "Jan Reif", "DE-20206", _CHARGE, Transaction("Refund", "Success", "20.00", "2026-11-21")),
    _one(CHARGED_BACK, "Kai Hagel", "DE-20207", _CHARGE, Transaction("Chargeback", "Success", _PRICE, "2026-11-22")),
    _one(REFUND_PENDING, "Lea Schnee", "DE-20208", _CHARGE, Transaction("Refund", "Pending", _PRICE)),
    _paid_without_payments(),
    _several_payments(),
    _other_currency(),
)
