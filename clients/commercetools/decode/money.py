"""Money, read strictly: an amount that is in doubt is refused, never guessed.

https://docs.commercetools.com/api/types#money
"""

from __future__ import annotations

import re
from typing import Final

from clients.commercetools.decode.fields import Node
from clients.errors import BadAnswer
from commerce.money import Money
from commerce.order import TaxedPrice

MAX_FRACTION_DIGITS: Final = 20
_CURRENCY: Final = re.compile(r"[A-Z]{3}0?")  # HUF0, CZK0 ...: without decimals


def money(node: Node) -> Money:
    """`Money` or `HighPrecisionMoney`; of the latter `preciseAmount`, because its `centAmount` is rounded."""
    currency = node.text("currencyCode")
    if _CURRENCY.fullmatch(currency) is None:
        raise BadAnswer(f"{node.at('currencyCode')}: no currency")
    digits = node.integer("fractionDigits")
    if not 0 <= digits <= MAX_FRACTION_DIGITS:
        raise BadAnswer(f"{node.at('fractionDigits')}: not 0 to {MAX_FRACTION_DIGITS}")
    precise = node.optional_text("type") == "highPrecision" or node.fields.get("preciseAmount") is not None
    return Money(node.integer("preciseAmount" if precise else "centAmount"), currency, digits)


def money_at(node: Node, name: str) -> Money:
    return money(node.child(name))


def optional_money_at(node: Node, name: str) -> Money | None:
    found = node.optional_child(name)
    return None if found is None else money(found)


def taxed_price_at(node: Node, name: str) -> TaxedPrice | None:
    found = node.optional_child(name)
    return None if found is None else TaxedPrice(net=money_at(found, "totalNet"), gross=money_at(found, "totalGross"))
