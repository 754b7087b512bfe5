"""The one thing that an agent must not overlook."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from commerce.order import Order
from commerce.payments import PaymentLabel, payment_summary
from commerce.returns import returns_summary
from commerce.shipments import ShipmentLabel, shipment_summary


class AlertKind(StrEnum):
    """What can be wrong with an order, the most serious first."""

    CHARGED_BACK = "charged_back"
    PAYMENT_FAILED = "payment_failed"
    DELAYED = "delayed"
    BACKORDER = "backorder"
    RETURN_AWAITS_REFUND = "return_awaits_refund"  # the goods are back, the money is not
    REFUND_PENDING = "refund_pending"  # asked of the payment provider, not confirmed
    BALANCE_DUE = "balance_due"


@dataclass(frozen=True, slots=True)
class Alert:
    """What is wrong, and with which order."""

    kind: AlertKind
    order: Order


def most_serious(orders: Iterable[Order]) -> Alert | None:
    """The most serious alert of all orders, of the newest order among equals; None when all is well."""
    alerts = [Alert(kind, order) for order in orders for kind in _alerts(order)]
    newest_first = sorted(alerts, key=lambda alert: (alert.order.placed_at, alert.order.id), reverse=True)
    return min(newest_first, key=lambda alert: list(AlertKind).index(alert.kind), default=None)


def _alerts(order: Order) -> set[AlertKind]:
    return _payment_alerts(order) | _shipment_alerts(order) | _return_alerts(order)


def _payment_alerts(order: Order) -> set[AlertKind]:
    payments = payment_summary(order)
    holds = {
        AlertKind.CHARGED_BACK: payments.label is PaymentLabel.CHARGED_BACK,
        AlertKind.PAYMENT_FAILED: payments.label is PaymentLabel.FAILED and _in_progress(order),
        AlertKind.REFUND_PENDING: bool(payments.refund_pending),
        AlertKind.BALANCE_DUE: payments.label is PaymentLabel.BALANCE_DUE and not order.is_cancelled,
    }
    return {kind for kind, so in holds.items() if so}


def _shipment_alerts(order: Order) -> set[AlertKind]:
    shipment = shipment_summary(order)
    if shipment is None or not _in_progress(order):
        return set()
    holds = {
        AlertKind.DELAYED: shipment.label is ShipmentLabel.DELAYED,
        AlertKind.BACKORDER: shipment.label is ShipmentLabel.BACKORDER,
    }
    return {kind for kind, so in holds.items() if so}


def _return_alerts(order: Order) -> set[AlertKind]:
    """A return whose refund is open. Once all the money went back, its own state no longer matters."""
    returns = returns_summary(order)
    if returns is None or payment_summary(order).label is PaymentLabel.REFUNDED:
        return set()
    return {AlertKind.RETURN_AWAITS_REFUND} if returns.awaits_refund else set()


def _in_progress(order: Order) -> bool:
    return order.order_state not in ("Cancelled", "Complete")
