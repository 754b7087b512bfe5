"""Values as Intercom takes them: https://developers.intercom.com/docs/references/rest-api/api.intercom.io/data-attributes

Whatever a path finds becomes a value of the type that the mapping declares, or nothing; never an error.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Final, TypedDict, TypeGuard

from commerce.masks import Mask, mask
from commerce.money import Money
from sync.mapping.rules import LONGEST_TEXT, AttributeType
from sync.plan.document import money_text
from sync.plan.result import EventMoney, EventValue
from sync.plan.subject import Value

_LONGEST_INTEGER: Final = 2**53  # beyond, JSON's readers lose digits
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")


class WrongType(ValueError):
    """A value cannot be what the mapping says that it is."""


def attribute_value(found: object, type_: AttributeType) -> Value:
    """`found` as a value of that type, None for nothing. Raises WrongType.

    Texts are cut to what Intercom keeps. A date is unix seconds, given as such or in ISO 8601 (a day: its first second
    in UTC).
    """
    if _is_money(found):
        found = found["amount"] if type_ is AttributeType.FLOAT else found["text"]
    if found is None or found == "":
        return None
    match type_:
        case AttributeType.STRING:
            return text(found)
        case AttributeType.INTEGER:
            return _integer(found)
        case AttributeType.FLOAT:
            return _float(found)
        case AttributeType.BOOLEAN:
            return _boolean(found)
        case AttributeType.DATE:
            return _date(found)


def text(found: object) -> str | None:
    """A text that fits, None for an empty one. Raises WrongType for a list or record."""
    if isinstance(found, bool):
        return "true" if found else "false"
    if isinstance(found, float) and found.is_integer():
        return str(int(found))
    if isinstance(found, int | float):
        return str(found)
    if not isinstance(found, str):
        raise WrongType("is not a single value")
    return _UNSTORABLE.sub("", found).strip()[:LONGEST_TEXT] or None


def masked(found: object, kind: Mask | None, *, hash_key: bytes) -> object:
    """What a mask leaves of a value, as a text; the value itself without a mask. Raises WrongType."""
    if kind is None or found is None:
        return found
    whole = _UNSTORABLE.sub("", found) if isinstance(found, str) else text(found)
    return mask(kind, whole or "", key=hash_key) or None


def event_money(amount: Money) -> EventValue:
    """An amount for an event.

    Intercom's own kind of money is hundredths and more than none. So it is used for currencies with two digits
    alone, and for everything else (yen, dinars, refunds below zero, nothing at all) a text that says the same.
    """
    if amount.digits == 2 and amount.minor > 0:
        return EventMoney(amount=amount.minor, currency=amount.iso_currency.lower())
    return money_text(amount)


def event_value(key: str, found: object) -> EventValue | None:
    """What a path found, for an event's key: events know texts, numbers and, under `*_date`, unix seconds."""
    if key.endswith("_date"):
        return _date(found) if found is not None and found != "" else None
    if _is_money(found):
        return event_money(_exact(found["text"]))
    if isinstance(found, int | float) and not isinstance(found, bool):
        return found if math.isfinite(found) and abs(found) <= _LONGEST_INTEGER else str(found)
    return None if found is None else text(found)


class _ToldMoney(TypedDict):
    """An amount as the document has it."""

    amount: float
    currency: str
    text: str


def _is_money(found: object) -> TypeGuard[_ToldMoney]:
    return isinstance(found, Mapping) and found.keys() == {"amount", "currency", "text"}


def _exact(told: str) -> Money:
    """The amount behind `129.90 EUR`."""
    amount, _, currency = told.partition(" ")
    digits = len(amount.partition(".")[2])
    return Money(int(Decimal(amount).scaleb(digits)), currency, digits)


def _number(found: object) -> Decimal:
    try:
        number = Decimal(str(found)) if isinstance(found, int | float | str) and not isinstance(found, bool) else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite() or abs(number) > _LONGEST_INTEGER:
        raise WrongType("is not a number")
    return number


def _integer(found: object) -> int:
    number = _number(found)
    if number != int(number):
        raise WrongType("is not a whole number")
    return int(number)


def _float(found: object) -> float:
    return float(_number(found))


def _boolean(found: object) -> bool:
    if isinstance(found, bool):
        return found
    if isinstance(found, str) and found.strip().lower() in ("true", "false"):
        return found.strip().lower() == "true"
    raise WrongType("is neither true nor false")


def _date(found: object) -> int:
    if isinstance(found, str) and not found.strip().isdigit():
        try:
            moment = datetime.fromisoformat(found.strip())
            return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
        except (ValueError, OverflowError) as error:
            raise WrongType("is not a date") from error
    return _integer(found)
