from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commerce.money import Money, total
from commerce.order import LineItem, Order, Shipping, TaxedPrice
from commerce.payment import Payment
from commerce.receipt import Receipt, receipt
from tests.builders import (
    a_charge,
    a_chargeback,
    a_line_item,
    a_payment,
    a_refund,
    a_shipping,
    an_order,
    digits_of,
    money,
    taxed,
)


def receipt_of(order: Order) -> Receipt:
    made = receipt(order)
    assert made is not None
    return made


def lines(made: Receipt) -> Money:
    return made.subtotal + made.discounts + made.shipping + made.other + made.tax_added


# --- the lines ----------------------------------------------------------------------------------


def test_without_items_there_is_no_receipt() -> None:
    assert receipt(an_order(items=None)) is None


def test_items_and_shipping_make_the_total() -> None:
    order = an_order(total="24.90", items=(a_line_item(quantity=2),), shippings=(a_shipping(),))
    made = receipt_of(order)
    assert (made.subtotal, made.shipping, made.total) == (money("20.00"), money("4.90"), money("24.90"))


def test_every_shipping_method_is_charged() -> None:
    order = an_order(total="19.80", items=(a_line_item(),), shippings=(a_shipping(), a_shipping()))
    assert receipt_of(order).shipping == money("9.80")


def test_a_discounted_item_shows_its_discount() -> None:
    order = an_order(total="15.00", items=(a_line_item(quantity=2, total="15.00"),), shippings=())
    made = receipt_of(order)
    assert (made.subtotal, made.discounts, made.other) == (money("20.00"), money("-5.00"), money("0"))


def test_a_gift_is_discounted_to_nothing() -> None:
    gift = a_line_item("gift", price="9.90", total="0.00", is_gift=True)
    made = receipt_of(an_order(total="10.00", items=(a_line_item(), gift), shippings=()))
    assert (made.subtotal, made.discounts) == (money("19.90"), money("-9.90"))


def test_a_discount_on_the_total_is_a_discount() -> None:
    order = an_order(total="8.00", items=(a_line_item(),), shippings=(), discount_on_total=money("2.00"))
    made = receipt_of(order)
    assert (made.discounts, made.other) == (money("-2.00"), money("0"))


def test_a_negative_position_lowers_the_subtotal_and_is_no_discount() -> None:
    voucher = a_line_item("voucher", price="-4.00", is_custom=True)
    made = receipt_of(an_order(total="6.00", items=(a_line_item(), voucher), shippings=()))
    assert (made.subtotal, made.discounts, made.other) == (money("6.00"), money("0"), money("0"))


def test_an_item_without_a_total_counts_price_times_quantity() -> None:
    order = an_order(total="30.00", items=(a_line_item(quantity=3, total=None),), shippings=())
    assert receipt_of(order).subtotal == money("30.00")


def test_an_item_dearer_than_price_times_quantity_has_no_discount() -> None:
    made = receipt_of(an_order(total="12.00", items=(a_line_item(total="12.00"),), shippings=()))
    assert (made.subtotal, made.discounts) == (money("12.00"), money("0"))


@pytest.mark.parametrize("total", ["0.12", "0.13"])
def test_either_way_of_rounding_a_precise_price_is_no_discount(total: str) -> None:
    item = a_line_item(unit_price=money("0.12500", digits=5), total=total)
    made = receipt_of(an_order(total=total, items=(item,), shippings=()))
    assert (made.subtotal, made.discounts) == (money(total), money("0"))


def test_what_the_lines_do_not_explain_is_shown_as_other() -> None:
    order = an_order(total="17.00", items=(a_line_item(),), shippings=(a_shipping(),))
    assert receipt_of(order).other == money("2.10")


def test_unknown_shipping_is_shown_as_other() -> None:
    made = receipt_of(an_order(total="14.90", items=(a_line_item(),), shippings=None))
    assert (made.shipping, made.other) == (money("0"), money("4.90"))


def test_an_item_in_another_currency_is_not_summed() -> None:
    made = receipt_of(an_order(total="10.00", items=(a_line_item(), a_line_item("b", currency="USD")), shippings=()))
    assert (made.subtotal, made.other) == (money("10.00"), money("0"))


# --- tax ----------------------------------------------------------------------------------------


def test_tax_within_the_prices_adds_nothing() -> None:
    made = receipt_of(an_order(total="119.00", taxed_price=taxed("100.00", "119.00"), items=()))
    assert (made.tax_added, made.tax_included, made.tax_total) == (money("0"), money("19.00"), money("19.00"))


def test_tax_on_top_of_the_prices_is_a_line() -> None:
    made = receipt_of(an_order(total="100.00", taxed_price=taxed("100.00", "119.00"), items=()))
    assert (made.tax_added, made.tax_included, made.total) == (money("19.00"), money("0"), money("119.00"))


def test_tax_that_was_not_computed_is_unknown() -> None:
    made = receipt_of(an_order(items=()))
    assert (made.tax_added, made.tax_included, made.tax_total) == (money("0"), None, None)


# --- paid, refunded, due ------------------------------------------------------------------------


def settled(*payments: Payment, **fields: Any) -> Receipt:
    return receipt_of(an_order(items=(), payments=payments, **fields))


def test_what_is_not_paid_is_due() -> None:
    made = settled(a_payment(a_charge("30.00")))
    assert (made.paid, made.due, made.overpaid) == (money("30.00"), money("70.00"), money("0"))


def test_what_is_paid_too_much_is_overpaid_and_not_a_negative_debt() -> None:
    made = settled(a_payment(a_charge("120.00")))
    assert (made.due, made.overpaid) == (money("0"), money("20.00"))


def test_what_was_overpaid_and_given_back_is_not_overpaid() -> None:
    assert settled(a_payment(a_charge("120.00"), a_refund("20.00"))).overpaid == money("0")


def test_a_refund_makes_no_new_debt() -> None:
    made = settled(a_payment(a_charge(), a_refund("40.00")))
    assert (made.refunded, made.due) == (money("40.00"), money("0"))


def test_a_chargeback_is_shown_apart() -> None:
    assert settled(a_payment(a_charge(), a_chargeback())).charged_back == money("100.00")


def test_a_cancelled_order_owes_nothing() -> None:
    assert settled(order_state="Cancelled").due == money("0")


@pytest.mark.parametrize("state", ["Paid", "CreditOwed"])
def test_money_taken_elsewhere_is_not_due_and_not_called_nothing(state: str) -> None:
    made = settled(payment_state=state)
    assert (made.paid, made.due) == (None, money("0"))


def test_with_unknown_payments_nothing_is_said_about_them() -> None:
    made = receipt_of(an_order(items=(), payments=None, payment_state="Paid"))
    assert {made.paid, made.refunded, made.charged_back, made.due, made.overpaid} == {None}


# --- laws ---------------------------------------------------------------------------------------

_CURRENCIES = st.sampled_from(["EUR", "JPY", "KWD", "HUF0"])
_ROUNDINGS = st.sampled_from([ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_HALF_DOWN])


def _as_the_platform_rounds(exact: Money, digits: int, rounding: str) -> Money:
    rounded = exact.amount.quantize(Decimal(1).scaleb(-digits), rounding=rounding)
    return Money(int(rounded.scaleb(digits)), exact.currency, digits)


@st.composite
def _positions(draw: st.DrawFn, currency: str, rounding: str) -> LineItem:
    """A position summed as the platform sums: (discounted) price x quantity, rounded to the currency's digits."""
    digits = digits_of(currency)
    precise = digits + draw(st.sampled_from([0, 0, 1, 3, 10]))
    is_custom = draw(st.booleans())
    minor = draw(st.integers(-(10**6) if is_custom else 0, 10**6)) * 10 ** draw(st.integers(0, precise - digits))
    price = Money(minor, currency, precise)
    quantity = draw(st.integers(1, 30))
    taken_off = draw(st.integers(0, 100))
    charged = Money(price.minor - price.minor * taken_off // 100, currency, precise) if price.minor > 0 else price
    return LineItem(
        id=f"item-{draw(st.integers(0, 999))}",
        quantity=quantity,
        unit_price=price,
        total=_as_the_platform_rounds(charged * quantity, digits, rounding),
        is_custom=is_custom,
        is_gift=taken_off == 100,
    )


@st.composite
def _orders_as_the_platform_sums(draw: st.DrawFn) -> Order:
    currency, rounding = draw(_CURRENCIES), draw(_ROUNDINGS)
    digits = digits_of(currency)
    items = tuple(draw(st.lists(_positions(currency, rounding), max_size=5)))
    prices = draw(
        st.lists(st.none() | st.builds(Money, st.integers(0, 9999), st.just(currency), st.just(digits)), max_size=3)
    )
    taken_off = draw(st.none() | st.builds(Money, st.integers(0, 9999), st.just(currency), st.just(digits)))
    zero = Money(0, currency, digits)
    total_price = (
        total((item.total for item in items if item.total is not None), like=zero)
        + total((price for price in prices if price is not None), like=zero)
        - (taken_off or zero)
    )
    tax = Money(draw(st.integers(0, 10**5)), currency, digits)
    return replace(
        an_order(),
        total_price=total_price,
        taxed_price=draw(
            st.sampled_from(
                [
                    None,
                    TaxedPrice(net=total_price - tax, gross=total_price),
                    TaxedPrice(net=total_price, gross=total_price + tax),
                ]
            )
        ),
        items=items,
        shippings=tuple(Shipping(price=price) for price in prices),
        discount_on_total=taken_off,
    )


@st.composite
def _money(draw: st.DrawFn, currencies: st.SearchStrategy[str], extra_digits: int = 0) -> Money:
    currency = draw(currencies)
    more = draw(st.integers(0, extra_digits))
    return Money(draw(st.integers(-(10**15), 10**15)), currency, digits_of(currency) + more)


@st.composite
def _orders_that_make_no_sense(draw: st.DrawFn) -> Order:
    """Totals that have nothing to do with items, in any currency."""
    own = st.just(draw(_CURRENCIES))
    taxed_price = draw(st.none() | st.builds(TaxedPrice, net=_money(own), gross=_money(own)))
    item = st.builds(
        LineItem,
        id=st.just("item"),
        quantity=st.integers(-5, 10**6),
        unit_price=_money(_CURRENCIES, 18),
        total=st.none() | _money(_CURRENCIES),
    )
    return replace(
        an_order(),
        total_price=draw(_money(own)),
        taxed_price=taxed_price,
        items=tuple(draw(st.lists(item, max_size=4))),
        shippings=draw(
            st.none() | st.lists(st.builds(Shipping, price=st.none() | _money(_CURRENCIES)), max_size=2).map(tuple)
        ),
        discount_on_total=draw(st.none() | _money(_CURRENCIES, 18)),
        payments=(),
    )


@settings(max_examples=80)
@given(_orders_as_the_platform_sums() | _orders_that_make_no_sense())
def test_the_lines_always_add_up_to_the_total(order: Order) -> None:
    made = receipt_of(order)
    assert lines(made) == made.total == order.gross


@settings(max_examples=80)
@given(_orders_as_the_platform_sums())
def test_an_order_summed_by_the_platforms_rules_has_no_other(order: Order) -> None:
    assert not receipt_of(order).other


@settings(max_examples=40)
@given(_orders_as_the_platform_sums())
def test_discounts_never_raise_the_price(order: Order) -> None:
    assert receipt_of(order).discounts.minor <= 0


_LINES: dict[str, Callable[[Receipt], Money]] = {
    "subtotal": lambda made: made.subtotal,
    "discounts": lambda made: made.discounts,
    "shipping": lambda made: made.shipping,
    "other": lambda made: made.other,
    "tax_added": lambda made: made.tax_added,
}


@settings(max_examples=40)
@given(_orders_as_the_platform_sums(), st.sampled_from(sorted(_LINES)))
def test_every_line_is_in_the_digits_of_the_currency(order: Order, line: str) -> None:
    amount = _LINES[line](receipt_of(order))
    assert (amount.currency, amount.digits) == (order.gross.currency, order.gross.digits)
