"""How an order was paid, transaction by transaction. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from canvas_app.canvas.screens.look import Look
from canvas_app.canvas.screens.personal import Sight
from canvas_app.canvas.screens.spending import masked_reference, movement, payment_method
from canvas_app.orders.texts import bare, shown
from canvas_app.words.labels import TRANSACTION_STATES, label
from commerce.order import Order
from commerce.payment import FAILURE, SUCCESS, Payment, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionShown:
    """`tone`: of its state. `reference`: the end of what the provider calls it, where that may be seen."""

    what: str
    state: str
    tone: str
    when: str | None
    reference: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentShown:
    """`note`: what is said where there is no transaction. `said`: the provider's own words, where they may be seen."""

    method: str
    reference: str | None
    transactions: tuple[TransactionShown, ...]
    note: str | None
    said: str | None


def payments(order: Order, sight: Sight, look: Look) -> tuple[PaymentShown, ...] | None:
    """None when nobody knows whether there are any."""
    if order.payments is None:
        return None
    return tuple(_payment(each, sight, look) for each in order.payments)


def _payment(payment: Payment, sight: Sight, look: Look) -> PaymentShown:
    said = look.personal("order.payment_status_text", payment.status_text) if sight.personal else None
    planned = look.formats.money(payment.planned)
    return PaymentShown(
        method=bare(payment_method(payment)) or look.words.t("Payment"),
        reference=_reference(payment.interface_id, sight, look),
        transactions=tuple(_transaction(each, sight, look) for each in payment.transactions),
        note=None if payment.transactions else look.words.t("No transaction yet, {amount} planned", amount=planned),
        said=shown(said) if said else None,
    )


def _transaction(transaction: Transaction, sight: Sight, look: Look) -> TransactionShown:
    at = transaction.timestamp
    return TransactionShown(
        what=bare(movement(transaction, look)),
        state=shown(label(TRANSACTION_STATES, transaction.state, look.words)),
        tone={SUCCESS: "good", FAILURE: "bad"}.get(transaction.state, "plain"),
        when=look.formats.date_and_time(at) if at else None,
        reference=_reference(transaction.interaction_id, sight, look),
    )


def _reference(given: str | None, sight: Sight, look: Look) -> str | None:
    masked = masked_reference(given, sight, look)
    return bare(masked) if masked else None
