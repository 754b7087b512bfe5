from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from commerce.lifetime import Lifetime, lifetime
from commerce.money import Money
from commerce.order import Order
from commerce.payment import Payment, Transaction
from tests.builders import a_charge, a_payment, a_refund, an_order, digits_of, money, taxed


def test_no_orders_are_no_amounts() -> None:
    assert lifetime(()) == Lifetime(())


def test_refunds_are_subtracted() -> None:
    order = an_order(payments=(a_payment(a_charge(), a_refund("30.00")),))
    assert lifetime([order]) == Lifetime((money("70.00"),))


def test_a_refund_that_did_not_succeed_is_not_subtracted() -> None:
    order = an_order(payments=(a_payment(a_refund("10.00", "Pending"), a_refund("20.00", "Failure")),))
    assert lifetime([order]) == Lifetime((money("100.00"),))


def test_a_cancelled_order_counts_for_nothing_nor_do_its_refunds() -> None:
    cancelled = an_order(order_state="Cancelled", payments=(a_payment(a_charge(), a_refund()),))
    assert lifetime([cancelled, an_order(payments=())]) == Lifetime((money("100.00"),))


def test_the_gross_total_is_what_was_spent() -> None:
    assert lifetime([an_order(taxed_price=taxed("100.00", "119.00"), payments=())]).amounts == (money("119.00"),)


def test_currencies_are_never_summed_and_come_sorted() -> None:
    orders = [
        an_order(total=total, currency=code, payments=())
        for total, code in [("9", "JPY"), ("5.00", "EUR"), ("700", "HUF0"), ("2.00", "EUR"), ("8.00", "HUF")]
    ]
    assert lifetime(orders).amounts == (
        money("7.00"),
        money("8.00", "HUF"),
        money("700", "HUF0"),
        money("9", "JPY"),
    )


def test_unknown_payments_make_refunds_unknown() -> None:
    assert lifetime([an_order(payments=None)]) == Lifetime((money("100.00"),), refunds_known=False)


def test_unknown_payments_of_a_cancelled_order_do_not_matter() -> None:
    assert lifetime([an_order(payments=None, order_state="Cancelled")]) == Lifetime(())


def test_a_refund_in_another_currency_makes_refunds_unknown() -> None:
    order = an_order(payments=(a_payment(a_charge(), a_refund("10.00", currency="USD")),))
    assert lifetime([order]) == Lifetime((money("100.00"),), refunds_known=False)


_STATES = st.sampled_from(["Open", "Complete", "Cancelled"])


@st.composite
def _orders(draw: st.DrawFn) -> Order:
    currency = draw(st.sampled_from(["EUR", "JPY", "KWD", "HUF0"]))
    amounts = st.builds(Money, st.integers(0, 10**9), st.just(currency), st.just(digits_of(currency)))
    refunds = draw(st.lists(st.tuples(amounts, st.sampled_from(["Success", "Pending", "Failure"])), max_size=3))
    payment = Payment(
        id="payment",
        planned=draw(amounts),
        transactions=tuple(Transaction(id="t", type="Refund", state=state, amount=paid) for paid, state in refunds),
    )
    return an_order(total_price=draw(amounts), order_state=draw(_STATES), payments=(payment,))


def _naively(orders: list[Order]) -> dict[str, Decimal]:
    spent: dict[str, Decimal] = {}
    for order in orders:
        if order.order_state != "Cancelled":
            currency, price = order.total_price.currency, order.total_price
            spent[currency] = spent.get(currency, Decimal(0)) + Decimal(price.minor) / 10**price.digits
            for payment in order.payments or ():
                for back in payment.transactions:
                    if back.state == "Success":
                        spent[currency] -= Decimal(back.amount.minor) / 10**back.amount.digits
    return spent


@settings(max_examples=30)
@given(st.lists(_orders(), max_size=8))
def test_lifetime_equals_a_naive_sum_for_each_currency(orders: list[Order]) -> None:
    made = lifetime(orders)
    assert {amount.currency: amount.amount for amount in made.amounts} == _naively(orders)


@settings(max_examples=30)
@given(st.lists(_orders(), max_size=8))
def test_the_sequence_of_orders_does_not_matter(orders: list[Order]) -> None:
    assert lifetime(orders) == lifetime(reversed(orders))
