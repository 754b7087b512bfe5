"""An order's amounts as a receipt that always adds up, to the minor unit.

    subtotal         price x quantity of every position, before cart discounts
    discounts        what discounts took off, zero or negative
    shipping         all shipping methods, their own discounts applied
    other            whatever else the platform's total holds: normally zero
    tax_added        tax on top of the prices; zero where prices include it
    ---------------
    total            what the customer owes in all (`Order.gross`)

The law, for every order whatsoever: subtotal + discounts + shipping + other + tax_added == total.

How the platform sums: a position's `totalPrice` is its price (or discounted price) times quantity;
the order's `totalPrice` is the sum of those and of shipping, less the discount on the total price;
`taxedPrice.totalGross` adds the tax that the prices do not include.
https://docs.commercetools.com/api/projects/carts#cart

A discount on one position is the difference between price x quantity and its total: a gift is a
position that is discounted to zero. A position's price may have more digits than the currency; the
product is rounded position by position, as the platform does. A position that costs *more* than
price x quantity (a total set from outside) is taken at its total: that is no discount.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from commerce.money import Money, total
from commerce.order import LineItem, Order
from commerce.payments import payment_summary

# The merchant says that the money is there, wherever it was taken.
_SETTLED: Final = frozenset({"Paid", "CreditOwed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The amounts of an order, all in its currency and digits.

    `tax_total` is all tax, `tax_included` the part of it that the lines above already hold;
    both are None when the platform has computed no tax, and neither is a line of the sum.
    `paid`, `refunded`, `charged_back`, `due` and `overpaid` are None when the payments are
    not known.
    """

    subtotal: Money
    discounts: Money
    shipping: Money
    other: Money
    tax_added: Money
    total: Money
    tax_total: Money | None = None
    tax_included: Money | None = None
    paid: Money | None = None
    refunded: Money | None = None
    charged_back: Money | None = None
    due: Money | None = None
    overpaid: Money | None = None


def receipt(order: Order) -> Receipt | None:
    """The receipt of an order, None when its items are not known.

    Shipping that is not known (`order.shippings` is None) appears in `other`.
    """
    if order.items is None:
        return None
    gross, positions = order.gross, [_Position.of(item, order.gross) for item in _in_order_currency(order.items, order)]
    subtotal = total((position.before_discount for position in positions), like=gross)
    discounts = total((position.discount for position in positions), like=gross) - _discount_on_total(order)
    prices = (shipping.price for shipping in order.shippings or ())
    shipping = total((price for price in prices if price and price.currency == gross.currency), like=gross)
    tax_added = gross - order.total_price
    tax_total = order.taxed_price.gross - order.taxed_price.net if order.taxed_price else None
    payments = payment_summary(order)
    return Receipt(
        subtotal=subtotal,
        discounts=discounts,
        shipping=shipping,
        other=order.total_price - subtotal - discounts - shipping,
        tax_added=tax_added,
        total=gross,
        tax_total=tax_total,
        tax_included=tax_total - tax_added if tax_total is not None else None,
        paid=None if _settled_elsewhere(order) else payments.charged,
        refunded=payments.refunded,
        charged_back=payments.charged_back,
        due=_due(order, payments.charged),
        overpaid=_overpaid(order, payments.charged, payments.refunded),
    )


@dataclass(frozen=True, slots=True)
class _Position:
    """A line item's amounts in the order's digits; `discount` is never positive."""

    before_discount: Money
    discount: Money

    @classmethod
    def of(cls, item: LineItem, like: Money) -> _Position:
        exact = item.unit_price * item.quantity
        rounded = exact.rounded(like.digits)
        if item.total is None:
            return cls(rounded, Money.zero(like))
        return (
            cls(item.total, Money.zero(like))
            if _undiscounted(item.total, exact)
            else cls(rounded, item.total - rounded)
        )


def _undiscounted(item_total: Money, exact: Money) -> bool:
    """Whether a total is the plain price x quantity, in whichever way the project rounds, or more than that."""
    one_minor_unit = Money(1, item_total.currency, item_total.digits)
    return item_total > exact - one_minor_unit


def _in_order_currency(items: Iterable[LineItem], order: Order) -> tuple[LineItem, ...]:
    """The items in the order's currency: what is not cannot be summed, and shows in `other` if the total has it."""
    own = order.gross.currency
    return tuple(
        item for item in items if item.unit_price.currency == own and (item.total is None or item.total.currency == own)
    )


def _discount_on_total(order: Order) -> Money:
    discount, gross = order.discount_on_total, order.gross
    if discount is None or discount.currency != gross.currency:
        return Money.zero(gross)
    return discount.rounded(gross.digits)


def _settled_elsewhere(order: Order) -> bool:
    """The merchant says that it is paid, and no transaction tells how: what was paid is then not ours to say."""
    no_transactions = not any(payment.transactions for payment in order.payments or ())
    return order.payment_state in _SETTLED and no_transactions


def _due(order: Order, paid: Money | None) -> Money | None:
    """What is still to be paid. A refund makes no new debt, and a cancelled order owes nothing."""
    if paid is None:
        return None
    if order.is_cancelled or order.payment_state in _SETTLED:
        return Money.zero(order.gross)
    return _at_least_nothing(order.gross - paid)


def _overpaid(order: Order, paid: Money | None, refunded: Money | None) -> Money | None:
    """What was taken beyond the total and not given back since."""
    if paid is None or refunded is None:
        return None
    return _at_least_nothing(paid - refunded - order.gross)


def _at_least_nothing(amount: Money) -> Money:
    return max(amount, Money.zero(amount))
