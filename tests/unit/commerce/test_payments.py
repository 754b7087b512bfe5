from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commerce.order import Order
from commerce.payment import Transaction
from commerce.payments import PaymentLabel, PaymentSummary, payment_summary
from tests.builders import (
    a_cancelled_authorization,
    a_charge,
    a_chargeback,
    a_payment,
    a_refund,
    a_transaction,
    an_authorization,
    an_order,
    money,
    taxed,
)


def paid_by(*transactions: Transaction, **fields: Any) -> Order:
    return an_order(payments=(a_payment(*transactions),), **fields)


def label(*transactions: Transaction, **fields: Any) -> PaymentLabel:
    return payment_summary(paid_by(*transactions, **fields)).label


# --- from transactions, `paymentState` being empty ----------------------------------------------


def test_a_full_charge_is_paid() -> None:
    assert label(an_authorization(), a_charge()) is PaymentLabel.PAID


def test_charges_of_several_payments_are_summed() -> None:
    order = an_order(payments=(a_payment(a_charge("60.00")), a_payment(a_charge("40.00"), id="payment-2")))
    assert payment_summary(order).label is PaymentLabel.PAID


def test_half_a_charge_is_partly_paid() -> None:
    assert label(an_authorization(), a_charge("50.00")) is PaymentLabel.PARTLY_PAID


def test_the_total_to_be_charged_is_the_gross_one() -> None:
    assert label(a_charge("100.00"), taxed_price=taxed("100.00", "119.00")) is PaymentLabel.PARTLY_PAID


def test_a_reservation_is_authorised() -> None:
    assert label(an_authorization()) is PaymentLabel.AUTHORISED


def test_a_cancelled_reservation_is_not_authorised() -> None:
    assert label(an_authorization(), a_cancelled_authorization()) is PaymentLabel.UNKNOWN


def test_a_reservation_cancelled_twice_over_is_not_below_zero() -> None:
    order = paid_by(an_authorization("10.00"), a_cancelled_authorization("20.00"))
    assert payment_summary(order).authorised == money("0")


@pytest.mark.parametrize("state", ["Initial", "Pending"])
def test_a_charge_under_way_is_pending(state: str) -> None:
    assert label(a_charge(state=state)) is PaymentLabel.PENDING


def test_failures_alone_are_failed() -> None:
    assert label(an_authorization(state="Failure"), a_charge(state="Failure")) is PaymentLabel.FAILED


def test_a_failed_attempt_followed_by_a_charge_is_paid() -> None:
    assert label(a_charge(state="Failure"), a_charge()) is PaymentLabel.PAID


def test_a_failed_attempt_followed_by_another_under_way_is_pending() -> None:
    assert label(a_charge(state="Failure"), a_charge(state="Pending")) is PaymentLabel.PENDING


def test_a_failed_refund_is_not_a_failed_payment() -> None:
    assert label(a_charge(), a_refund(state="Failure")) is PaymentLabel.PAID


def test_an_order_for_nothing_has_nothing_to_pay() -> None:
    assert label(total="0.00") is PaymentLabel.NOTHING_TO_PAY


def test_no_payment_at_all_is_unknown() -> None:
    assert payment_summary(an_order(payments=())).label is PaymentLabel.UNKNOWN


def test_a_transaction_type_never_seen_before_counts_for_nothing() -> None:
    assert label(a_transaction("Escheat"), a_transaction("Charge", state="Levitating")) is PaymentLabel.UNKNOWN


# --- money that went back, whatever `paymentState` says -----------------------------------------


@pytest.mark.parametrize("state", [None, "Paid", "CreditOwed", "Pending", "Failed", "Never heard of"])
def test_a_full_refund_is_refunded_whatever_the_merchant_says(state: str | None) -> None:
    assert label(a_charge(), a_refund(), payment_state=state) is PaymentLabel.REFUNDED


def test_part_of_a_refund_is_partly_refunded() -> None:
    assert label(a_charge(), a_refund("30.00"), payment_state="Paid") is PaymentLabel.PARTLY_REFUNDED


def test_refunds_are_measured_against_what_was_charged() -> None:
    assert label(a_charge("40.00"), a_refund("40.00")) is PaymentLabel.REFUNDED


def test_a_refund_of_money_taken_elsewhere_is_measured_against_the_total() -> None:
    assert label(a_refund("99.99"), payment_state="Paid") is PaymentLabel.PARTLY_REFUNDED
    assert label(a_refund("100.00"), payment_state="Paid") is PaymentLabel.REFUNDED


def test_a_chargeback_outranks_a_refund() -> None:
    assert label(a_charge(), a_refund(), a_chargeback("1.00")) is PaymentLabel.CHARGED_BACK


def test_a_chargeback_not_yet_decided_is_none() -> None:
    assert label(a_charge(), a_chargeback(state="Pending")) is PaymentLabel.PAID


def test_a_refund_under_way_is_summed_apart() -> None:
    summary = payment_summary(
        paid_by(a_charge(), a_refund("5.00"), a_refund("7.00", "Pending"), a_refund("2.00", "Initial"))
    )
    assert (summary.refunded, summary.refund_pending) == (money("5.00"), money("9.00"))


# --- the merchant's word ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("Paid", PaymentLabel.PAID),
        ("BalanceDue", PaymentLabel.BALANCE_DUE),
        ("Failed", PaymentLabel.FAILED),
        ("Pending", PaymentLabel.PENDING),
        ("CreditOwed", PaymentLabel.CREDIT_OWED),
    ],
)
def test_the_merchants_word_counts_before_the_transactions(state: str, expected: PaymentLabel) -> None:
    assert label(an_authorization(), payment_state=state) is expected


def test_a_word_we_do_not_know_is_kept_as_text() -> None:
    assert payment_summary(paid_by(a_charge(), payment_state="InEscrow")) == PaymentSummary(
        label=PaymentLabel.UNKNOWN,
        unknown_state="InEscrow",
        authorised=money("0"),
        charged=money("100.00"),
        refunded=money("0"),
        charged_back=money("0"),
        refund_pending=money("0"),
    )


def test_a_word_we_do_not_know_gives_way_to_a_refund() -> None:
    assert payment_summary(paid_by(a_charge(), a_refund(), payment_state="InEscrow")).unknown_state is None


# --- payments that are not known ----------------------------------------------------------------


def test_sums_of_unknown_payments_are_unknown() -> None:
    assert payment_summary(an_order(payments=None, payment_state="Paid")) == PaymentSummary(label=PaymentLabel.PAID)


def test_unknown_payments_without_the_merchants_word_are_unknown() -> None:
    assert payment_summary(an_order(payments=None)) == PaymentSummary(label=PaymentLabel.UNKNOWN)


# --- other currencies ---------------------------------------------------------------------------


def test_a_transaction_in_another_currency_is_listed_and_not_summed() -> None:
    dollars = a_charge("60.00", currency="USD")
    summary = payment_summary(paid_by(dollars, a_charge("40.00")))
    assert (summary.foreign, summary.charged, summary.label) == ((dollars,), money("40.00"), PaymentLabel.PARTLY_PAID)


def test_forint_are_foreign_to_an_order_in_forint_without_decimals() -> None:
    order = paid_by(a_charge("5000.00", currency="HUF"), total="5000", currency="HUF0")
    assert payment_summary(order).charged == money("0", "HUF0")


def test_a_chargeback_in_another_currency_is_a_chargeback() -> None:
    assert label(a_charge(), a_chargeback("110.00", currency="USD")) is PaymentLabel.CHARGED_BACK


# --- laws ---------------------------------------------------------------------------------------

_TRANSACTIONS = st.builds(
    a_transaction,
    st.sampled_from(["Authorization", "CancelAuthorization", "Charge", "Refund", "Chargeback", "Else"]),
    st.sampled_from(["0.00", "0.01", "33.34", "66.66", "100.00", "250.00"]),
    st.sampled_from(["Initial", "Pending", "Success", "Failure", "Else"]),
    currency=st.sampled_from(["EUR", "EUR", "USD"]),
)


@settings(max_examples=60)
@given(st.lists(st.lists(_TRANSACTIONS, max_size=5), max_size=4), st.randoms(use_true_random=False))
def test_neither_the_sequence_of_transactions_nor_their_payment_matters(
    payments: list[list[Transaction]], random: Random
) -> None:
    shuffled = [transaction for payment in payments for transaction in payment]
    random.shuffle(shuffled)
    several = payment_summary(an_order(payments=tuple(a_payment(*payment) for payment in payments)))
    one = payment_summary(an_order(payments=(a_payment(*shuffled),)))
    sums = ("label", "authorised", "charged", "refunded", "charged_back", "refund_pending")
    assert [getattr(several, name) for name in sums] == [getattr(one, name) for name in sums]


@settings(max_examples=60)
@given(st.lists(_TRANSACTIONS, max_size=8))
def test_every_transaction_in_another_currency_is_listed(transactions: list[Transaction]) -> None:
    foreign = payment_summary(paid_by(*transactions)).foreign
    assert list(foreign) == [transaction for transaction in transactions if transaction.amount.currency == "USD"]
