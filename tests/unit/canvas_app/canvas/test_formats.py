from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from canvas_app.canvas.formats import Formats
from commerce.money import Money

ENGLISH = Formats.of("en", UTC)
GERMAN = Formats.of("de", ZoneInfo("Europe/Berlin"))
MOMENT = datetime(2026, 11, 21, 14, 2, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    ("money", "english", "german"),
    [
        (Money(12990, "EUR", 2), "129.90 EUR", "129,90 EUR"),
        (Money(128450, "EUR", 2), "1,284.50 EUR", "1.284,50 EUR"),
        (Money(12900, "JPY", 0), "12,900 JPY", "12.900 JPY"),
        (Money(12500, "KWD", 3), "12.500 KWD", "12,500 KWD"),
        (Money(4990, "HUF0", 0), "4,990 HUF", "4.990 HUF"),
        (Money(-550, "EUR", 2), "-5.50 EUR", "-5,50 EUR"),
        (Money(0, "EUR", 2), "0.00 EUR", "0,00 EUR"),
    ],
)
def test_money_has_exactly_the_decimals_it_was_delivered_with(money: Money, english: str, german: str) -> None:
    assert (ENGLISH.money(money), GERMAN.money(money)) == (english, german)


@pytest.mark.parametrize(
    ("minor", "shown"), [(12345, "0.12345 EUR"), (12000, "0.12 EUR"), (12300, "0.123 EUR"), (100000, "1.00 EUR")]
)
def test_a_high_precision_amount_shows_the_digits_that_say_something(minor: int, shown: str) -> None:
    assert ENGLISH.money(Money(minor, "EUR", 5)) == shown


def test_a_high_precision_amount_of_a_currency_without_decimals_loses_no_digit() -> None:
    assert ENGLISH.money(Money(123450, "JPY", 4)) == "12.345 JPY"


@given(minor=st.integers(-(2**63), 2**63 - 1), digits=st.integers(0, 20))
@settings(max_examples=60)
def test_no_digit_of_an_amount_is_lost_or_invented(minor: int, digits: int) -> None:
    shown = ENGLISH.money(Money(minor, "EUR", digits)).removesuffix(" EUR").replace(",", "")
    whole, _, decimals = shown.partition(".")
    assert int(whole + decimals.ljust(digits, "0")) == minor


def test_dates_are_absolute_and_spelled_in_the_language() -> None:
    assert (ENGLISH.date(MOMENT), GERMAN.date(MOMENT)) == ("21 Nov 2026", "21. Nov. 2026")


def test_the_day_is_the_one_of_the_configured_zone() -> None:
    late = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert (ENGLISH.date(late), GERMAN.date(late)) == ("31 Dec 2026", "1. Jan. 2027")
    assert (ENGLISH.year(late), GERMAN.year(late)) == ("2026", "2027")


def test_the_time_of_day_has_seconds_and_the_configured_zone() -> None:
    assert (ENGLISH.time(MOMENT), GERMAN.time(MOMENT)) == ("14:02:11", "15:02:11")


def test_a_date_with_time_stops_at_minutes() -> None:
    assert GERMAN.date_and_time(MOMENT) == "21. Nov. 2026, 15:02"


def test_counts_are_grouped() -> None:
    assert (ENGLISH.count(1204), GERMAN.count(1204)) == ("1,204", "1.204")
