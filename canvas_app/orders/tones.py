"""Which colour a state has, so that one sees from afar whether somebody has to do something. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from commerce.order import Order
from commerce.payments import PaymentLabel, payment_summary
from commerce.shipments import ShipmentLabel, ShipmentSummary


class Tone(StrEnum):
    """As the pages' badges are called."""

    GOOD = "good"
    INFO = "info"
    WARN = "warn"
    BAD = "bad"
    PLAIN = "plain"


_OF_PAYMENT: Final[Mapping[PaymentLabel, Tone]] = {
    PaymentLabel.PAID: Tone.GOOD,
    PaymentLabel.NOTHING_TO_PAY: Tone.GOOD,
    PaymentLabel.AUTHORISED: Tone.INFO,
    PaymentLabel.REFUNDED: Tone.INFO,
    PaymentLabel.PARTLY_REFUNDED: Tone.INFO,
    PaymentLabel.PARTLY_PAID: Tone.WARN,
    PaymentLabel.PENDING: Tone.WARN,
    PaymentLabel.BALANCE_DUE: Tone.WARN,
    PaymentLabel.CREDIT_OWED: Tone.WARN,
    PaymentLabel.FAILED: Tone.BAD,
    PaymentLabel.CHARGED_BACK: Tone.BAD,
}
_OF_SHIPMENT: Final[Mapping[ShipmentLabel, Tone]] = {
    ShipmentLabel.SHIPPED: Tone.GOOD,
    ShipmentLabel.DELIVERED: Tone.GOOD,
    ShipmentLabel.PARTLY_SHIPPED: Tone.INFO,
    ShipmentLabel.READY: Tone.INFO,
    ShipmentLabel.DELAYED: Tone.WARN,
    ShipmentLabel.BACKORDER: Tone.WARN,
}
_OF_ORDER: Final[Mapping[str, Tone]] = {"Confirmed": Tone.INFO, "Complete": Tone.GOOD, "Cancelled": Tone.BAD}


def order_tone(order: Order) -> Tone:
    return _OF_ORDER.get(order.order_state, Tone.PLAIN)


def payment_tone(order: Order) -> Tone:
    return _OF_PAYMENT.get(payment_summary(order).label, Tone.PLAIN)


def shipment_tone(shipment: ShipmentSummary | None) -> Tone:
    return _OF_SHIPMENT.get(shipment.label, Tone.PLAIN) if shipment else Tone.PLAIN
