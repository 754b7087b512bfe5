"""Money as commercetools sends it, exact to the last digit; no float ever touches an amount.

Source of the rules: https://docs.commercetools.com/api/types#money
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal


class CurrencyMismatch(ValueError):
    """Two amounts of different currencies met in one sum: a mistake in our code, never in the data."""


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount: `minor` units of 10^-`digits` in `currency`.

    `currency` keeps commercetools' own code, the non-standard ones with a trailing zero
    (`HUF0`, `CZK0`: no decimals) included. `digits` is what the platform delivered: 0 for
    JPY, 2 for EUR, 3 for KWD, up to 20 for a high-precision unit price.
    """

    minor: int
    currency: str
    digits: int

    @classmethod
    def zero(cls, like: Money) -> Money:
        """No money, in the currency and digits of `like`."""
        return cls(0, like.currency, like.digits)

    @property
    def iso_currency(self) -> str:
        """The ISO 4217 code to show: `HUF0` is HUF without decimals."""
        return self.currency[:3]

    @property
    def amount(self) -> Decimal:
        """The amount in major units, exact."""
        return Decimal(self.minor).scaleb(-self.digits)

    def rounded(self, digits: int) -> Money:
        """The amount in 10^-`digits` units; where digits are lost, half to even, the platform's default rounding."""
        if digits >= self.digits:
            return self + Money(0, self.currency, digits)
        unit = 10 ** (self.digits - digits)
        minor, rest = divmod(self.minor, unit)
        upwards = 2 * rest > unit or (2 * rest == unit and minor % 2 == 1)
        return Money(minor + upwards, self.currency, digits)

    def __add__(self, other: Money) -> Money:
        digits = max(self.digits, other.digits)
        return Money(self._at(digits, other) + other._at(digits, self), self.currency, digits)

    def __sub__(self, other: Money) -> Money:
        return Money(self._less(other), self.currency, max(self.digits, other.digits))

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency, self.digits)

    def __mul__(self, quantity: int) -> Money:
        return Money(self.minor * quantity, self.currency, self.digits)

    def __lt__(self, other: Money) -> bool:
        return self._less(other) < 0

    def __le__(self, other: Money) -> bool:
        return self._less(other) <= 0

    def __gt__(self, other: Money) -> bool:
        return self._less(other) > 0

    def __ge__(self, other: Money) -> bool:
        return self._less(other) >= 0

    def __bool__(self) -> bool:
        return self.minor != 0

    def _less(self, other: Money) -> int:
        """`self` less `other`, in the finer units of the two."""
        digits = max(self.digits, other.digits)
        return self._at(digits, other) - other._at(digits, self)

    def _at(self, digits: int, other: Money) -> int:
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self.currency} with {other.currency}")
        if digits == self.digits:
            return self.minor
        factor: int = 10 ** (digits - self.digits)
        return self.minor * factor


def total(amounts: Iterable[Money], *, like: Money) -> Money:
    """The sum of `amounts`, zero of `like`'s currency when there are none.

    Raises `CurrencyMismatch` when one is of another currency.
    """
    summed = Money.zero(like)
    for amount in amounts:
        summed = summed + amount
    return summed
