"""What a customer has spent: per currency, and never summed across currencies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from commerce.money import Money
from commerce.order import Order
from commerce.payment import REFUND, SUCCESS
from commerce.payments import payment_summary


@dataclass(frozen=True, slots=True)
class Lifetime:
    """Gross of all orders that were not cancelled, less successful refunds.

    One amount a currency, sorted by currency code; none when nothing was ordered.
    `refunds_known` is False when there may be refunds that we could not subtract: the payments
    of an order are not known, or a refund was made in another currency than its order's. The
    amounts are then an upper bound.
    """

    amounts: tuple[Money, ...]
    refunds_known: bool = True


def lifetime(orders: Iterable[Order]) -> Lifetime:
    """The lifetime value of the customer whose orders these are, whatever their sequence."""
    by_currency: dict[str, Money] = {}
    refunds_known = True
    for order in orders:
        if order.is_cancelled:
            continue
        payments = payment_summary(order)
        spent = order.gross - payments.refunded if payments.refunded is not None else order.gross
        by_currency[spent.currency] = by_currency.get(spent.currency, Money.zero(spent)) + spent
        elsewhere = any(t.type == REFUND and t.state == SUCCESS for t in payments.foreign)
        refunds_known = refunds_known and payments.refunded is not None and not elsewhere
    return Lifetime(tuple(by_currency[currency] for currency in sorted(by_currency)), refunds_known)
