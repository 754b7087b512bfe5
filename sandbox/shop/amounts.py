"""Amounts of the sample shop as commercetools computes them: minor units, rounded half to even, tax by line.

https://docs.commercetools.com/api/types#money · https://docs.commercetools.com/api/projects/carts#tax-calculation
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, Final

DIGITS: Final[Mapping[str, int]] = {"EUR": 2, "USD": 2, "PLN": 2, "HUF": 2, "HUF0": 0, "JPY": 0, "KWD": 3}


def minor(amount: str, currency: str) -> int:
    """`amount` ("129.90") in the currency's minor units, exact; raises `ValueError` for digits it does not have."""
    scaled = Decimal(amount).scaleb(DIGITS[currency])
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{amount} has more digits than {currency}")
    return int(scaled)


def rounded(value: Decimal) -> int:
    """Half to even: the platform's default rounding."""
    return int(value.quantize(Decimal(1), rounding=ROUND_HALF_EVEN))


def cents(amount: int, currency: str) -> dict[str, Any]:
    """A `CentPrecisionMoney`."""
    return {
        "type": "centPrecision",
        "currencyCode": currency,
        "centAmount": amount,
        "fractionDigits": DIGITS[currency],
    }


def precise(amount: str, currency: str) -> dict[str, Any]:
    """A `HighPrecisionMoney`: its `centAmount` is rounded to the currency's own digits."""
    value = Decimal(amount)
    exponent = value.as_tuple().exponent
    digits = -int(exponent)
    return {
        "type": "highPrecision",
        "currencyCode": currency,
        "centAmount": rounded(value.scaleb(DIGITS[currency])),
        "preciseAmount": int(value.scaleb(digits)),
        "fractionDigits": digits,
    }


@dataclass(frozen=True, slots=True)
class Tax:
    """A tax rate; `included` says whether prices contain it (Europe) or not (United States)."""

    rate: str
    name: str
    country: str
    included: bool = True

    @property
    def factor(self) -> Decimal:
        return 1 + Decimal(self.rate)

    def net_and_gross(self, price: int) -> tuple[int, int]:
        """Of one line's price in minor units."""
        if self.included:
            return rounded(price / self.factor), price
        return price, rounded(price * self.factor)

    def document(self) -> dict[str, Any]:
        """The `TaxRate` on a line."""
        return {
            "name": self.name,
            "amount": float(self.rate),
            "includedInPrice": self.included,
            "country": self.country,
            "subRates": [],
        }


VAT_DE: Final = Tax("0.19", "VAT 19%", "DE")
VAT_PL: Final = Tax("0.23", "VAT 23%", "PL")
VAT_HU: Final = Tax("0.27", "AFA 27%", "HU")
TAX_JP: Final = Tax("0.10", "Consumption tax 10%", "JP")
TAX_NY: Final = Tax("0.08875", "NY sales tax", "US", included=False)
NO_TAX_KW: Final = Tax("0", "No VAT", "KW")


@dataclass(frozen=True, slots=True)
class Taxed:
    """Net and gross in minor units; sums are made of lines, never of rates."""

    net: int
    gross: int

    @classmethod
    def of(cls, price: int, tax: Tax) -> Taxed:
        return cls(*tax.net_and_gross(price))

    @classmethod
    def sum(cls, parts: Iterable[Taxed]) -> Taxed:
        parts = tuple(parts)
        return cls(sum(part.net for part in parts), sum(part.gross for part in parts))

    def __sub__(self, other: Taxed) -> Taxed:
        return Taxed(self.net - other.net, self.gross - other.gross)

    def document(self, currency: str, tax: Tax) -> dict[str, Any]:
        """A `TaxedPrice` or `TaxedItemPrice`."""
        amount = cents(self.gross - self.net, currency)
        return {
            "totalNet": cents(self.net, currency),
            "totalGross": cents(self.gross, currency),
            "totalTax": amount,
            "taxPortions": [{"rate": float(tax.rate), "name": tax.name, "amount": amount}],
        }
