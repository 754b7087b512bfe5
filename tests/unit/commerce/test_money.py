from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commerce.money import CurrencyMismatch, Money, total
from tests.builders import money

_AMOUNTS = st.builds(Money, st.integers(-(10**12), 10**12), st.just("EUR"), st.integers(0, 6))


def test_amounts_of_different_digits_add_up_exactly() -> None:
    assert money("1.10") + money("0.00005", digits=5) == money("1.10005", digits=5)


def test_forint_without_decimals_is_not_added_to_forint() -> None:
    with pytest.raises(CurrencyMismatch):
        money("100", "HUF0") + money("100.00", "HUF")


def test_a_code_with_a_trailing_zero_is_shown_as_its_iso_code() -> None:
    assert money("100", "HUF0").iso_currency == "HUF"


def test_nothing_sums_to_zero_of_the_currency() -> None:
    assert total((), like=money("5.00", "KWD")) == money("0", "KWD")


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [("0.125", "0.12"), ("0.135", "0.14"), ("-0.125", "-0.12"), ("-0.135", "-0.14"), ("0.1251", "0.13"), ("7", "7")],
)
def test_halves_are_rounded_to_even(exact: str, rounded: str) -> None:
    assert money(exact, digits=4).rounded(2) == money(rounded)


@given(_AMOUNTS, st.integers(0, 6))
def test_rounding_is_that_of_decimal(amount: Money, digits: int) -> None:
    expected = amount.amount.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_EVEN)
    assert (amount.rounded(digits).amount, amount.rounded(digits).digits) == (expected, digits)


@given(_AMOUNTS, _AMOUNTS)
def test_sums_and_comparisons_are_those_of_decimal(one: Money, other: Money) -> None:
    assert (one + other).amount == one.amount + other.amount
    assert (one - other).amount == one.amount - other.amount
    assert (one < other) == (one.amount < other.amount)
    assert (one >= other) == (one.amount >= other.amount)
