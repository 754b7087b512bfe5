"""Money, dates, times and counts as an agent reads them, by the rules of their language (Babel/CLDR).

Dates are always absolute: a panel cannot update itself, so "2 hours ago" would soon be a lie
(https://developers.intercom.com/docs/canvas-kit/canvas-kit-inbox-best-practices).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Final

from babel import Locale
from babel.dates import format_datetime, format_skeleton
from babel.numbers import format_decimal, get_currency_precision

from commerce.money import Money

_LONGEST_CENT_PRECISION: Final = 3  # KWD; an amount with more digits is of high precision
_LOCALES: Final = {"en": "en_GB"}  # day before month and 24 hours, as readers outside the US expect them


@dataclass(frozen=True, slots=True)
class Formats:
    """How numbers and times look in one language and one time zone.

    `zone` decides which day it was; every time given must be aware (they are UTC in `commerce`).
    """

    locale: Locale
    zone: tzinfo

    @classmethod
    def of(cls, language: str, zone: tzinfo) -> Formats:
        """The formats of a language of the panel (`en`, `de`). Raises `babel.UnknownLocaleError` for no language."""
        return cls(Locale.parse(_LOCALES.get(language, language).replace("-", "_")), zone)

    def money(self, money: Money) -> str:
        """`1,284.50 EUR`, in German `1.284,50 EUR`: exact, with as many decimals as the amount has."""
        decimals = _decimals(money)
        pattern = "#,##0." + "0" * decimals if decimals else "#,##0"
        number = format_decimal(money.amount, pattern, locale=self.locale)
        return f"{number} {money.iso_currency}"

    def count(self, number: int) -> str:
        """`1,204`."""
        return format_decimal(Decimal(number), "#,##0", locale=self.locale)

    def date(self, moment: datetime) -> str:
        """`21 Nov 2026`, in German `21. Nov. 2026`: the day in the panel's time zone."""
        return format_skeleton("yMMMd", moment.astimezone(self.zone), tzinfo=self.zone, locale=self.locale)

    def year(self, moment: datetime) -> str:
        """`2021`."""
        return str(moment.astimezone(self.zone).year)

    def date_and_time(self, moment: datetime) -> str:
        """`21 Nov 2026, 14:02`."""
        return f"{self.date(moment)}, {self._time(moment, 'HH:mm')}"

    def time(self, moment: datetime) -> str:
        """`14:02:11`."""
        return self._time(moment, "HH:mm:ss")

    def _time(self, moment: datetime, pattern: str) -> str:
        return format_datetime(moment, pattern, tzinfo=self.zone, locale=self.locale)


def _decimals(money: Money) -> int:
    """All digits of an ordinary amount; of a high-precision one as many as say something."""
    if money.digits <= _LONGEST_CENT_PRECISION:
        return money.digits
    shown, minor = money.digits, money.minor
    while shown > get_currency_precision(money.iso_currency) and minor % 10 == 0:
        shown, minor = shown - 1, minor // 10
    return shown
