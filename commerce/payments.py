"""What an order's payments come to, in one label and a handful of sums.

The platform computes neither: `paymentState` is set by the merchant's code, often never,
and knows no refund; payment providers' connectors write transactions only. So:

1. money that went back is always read from the transactions: a chargeback, then refunds;
2. else the merchant's word counts, when there is one (`paymentState`);
3. else the transactions decide.

Sums are over successful transactions of all the order's payments, in the order's own
currency (compared by code: `HUF0` is not `HUF`). See https://docs.commercetools.com/api/projects/payments
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from commerce.money import Money, total
from commerce.order import Order
from commerce.payment import (
    AUTHORIZATION,
    CANCEL_AUTHORIZATION,
    CHARGE,
    CHARGEBACK,
    FAILURE,
    INITIAL,
    PENDING,
    REFUND,
    SUCCESS,
    Transaction,
)


class PaymentLabel(StrEnum):
    """How an order stands with money, in one word."""

    PAID = "paid"
    PARTLY_PAID = "partly_paid"
    AUTHORISED = "authorised"  # reserved, not taken yet
    PENDING = "pending"
    FAILED = "failed"
    BALANCE_DUE = "balance_due"
    CREDIT_OWED = "credit_owed"  # the shop owes the customer
    REFUNDED = "refunded"
    PARTLY_REFUNDED = "partly_refunded"
    CHARGED_BACK = "charged_back"  # the bank took it back
    NOTHING_TO_PAY = "nothing_to_pay"
    UNKNOWN = "unknown"


# https://docs.commercetools.com/api/projects/orders#paymentstate
_LABEL_OF_STATE: Final[Mapping[str, PaymentLabel]] = {
    "Paid": PaymentLabel.PAID,
    "BalanceDue": PaymentLabel.BALANCE_DUE,
    "Failed": PaymentLabel.FAILED,
    "Pending": PaymentLabel.PENDING,
    "CreditOwed": PaymentLabel.CREDIT_OWED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentSummary:
    """An order's payments in short.

    The sums are None when the payments are not known (not asked for, or not readable):
    that is not the same as nothing. `foreign` are transactions in another currency than the
    order's: to be listed, never summed.
    """

    label: PaymentLabel
    unknown_state: str | None = None  # a `paymentState` we do not know: to be shown as it is, in place of the label
    authorised: Money | None = None  # reserved and not cancelled since; stays when it is charged
    charged: Money | None = None
    refunded: Money | None = None
    charged_back: Money | None = None
    refund_pending: Money | None = None  # asked of the provider, not confirmed
    foreign: tuple[Transaction, ...] = ()


def payment_summary(order: Order) -> PaymentSummary:
    """The label and the sums of an order's payments."""
    if order.payments is None:
        return PaymentSummary(label=_stated(order) or PaymentLabel.UNKNOWN, unknown_state=_unknown_state(order))
    every = tuple(transaction for payment in order.payments for transaction in payment.transactions)
    own = tuple(transaction for transaction in every if transaction.amount.currency == order.gross.currency)
    authorised = _sum(own, AUTHORIZATION, order) - _sum(own, CANCEL_AUTHORIZATION, order)
    charged = _sum(own, CHARGE, order)
    refunded = _sum(own, REFUND, order)
    returned = _label_of_money_returned(every, charged=charged, refunded=refunded, gross=order.gross)
    stated = _stated(order)
    return PaymentSummary(
        label=returned or stated or _label_of_attempts(own, charged, authorised, order.gross),
        unknown_state=None if returned else _unknown_state(order),
        authorised=max(authorised, Money.zero(authorised)),
        charged=charged,
        refunded=refunded,
        charged_back=_sum(own, CHARGEBACK, order),
        refund_pending=_sum(own, REFUND, order, states=(INITIAL, PENDING)),
        foreign=tuple(transaction for transaction in every if transaction.amount.currency != order.gross.currency),
    )


def _sum(transactions: Iterable[Transaction], type: str, order: Order, states: tuple[str, ...] = (SUCCESS,)) -> Money:
    return total((t.amount for t in transactions if t.type == type and t.state in states), like=order.gross)


def _stated(order: Order) -> PaymentLabel | None:
    """What the merchant says in `paymentState`; UNKNOWN for a word we have never seen."""
    if not order.payment_state:
        return None
    return _LABEL_OF_STATE.get(order.payment_state, PaymentLabel.UNKNOWN)


def _unknown_state(order: Order) -> str | None:
    return order.payment_state if order.payment_state and order.payment_state not in _LABEL_OF_STATE else None


def _label_of_money_returned(
    transactions: Iterable[Transaction], *, charged: Money, refunded: Money, gross: Money
) -> PaymentLabel | None:
    """The label once money went back. What was charged elsewhere is measured against the order's total."""
    if any(t.type == CHARGEBACK and t.state == SUCCESS for t in transactions):
        return PaymentLabel.CHARGED_BACK
    if refunded.minor <= 0:
        return None
    return PaymentLabel.REFUNDED if refunded >= (charged or gross) else PaymentLabel.PARTLY_REFUNDED


def _label_of_attempts(
    transactions: Iterable[Transaction], charged: Money, authorised: Money, gross: Money
) -> PaymentLabel:
    """What charges and authorisations come to: an attempt that failed says nothing once another succeeded."""
    attempts = {t.state for t in transactions if t.type in (AUTHORIZATION, CHARGE)}
    steps = (
        (not charged and gross.minor <= 0, PaymentLabel.NOTHING_TO_PAY),
        (charged >= gross, PaymentLabel.PAID),
        (charged.minor > 0, PaymentLabel.PARTLY_PAID),
        (authorised.minor > 0, PaymentLabel.AUTHORISED),
        (not attempts.isdisjoint((INITIAL, PENDING)), PaymentLabel.PENDING),
        (FAILURE in attempts, PaymentLabel.FAILED),
    )
    return next((label for holds, label in steps if holds), PaymentLabel.UNKNOWN)
