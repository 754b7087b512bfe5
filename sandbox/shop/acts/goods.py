"""What can be bought by an act: a few things of the sample shop, priced in every currency it knows."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from sandbox.shop.amounts import DIGITS, NO_TAX_KW, TAX_JP, TAX_NY, VAT_DE, VAT_HU, Tax
from sandbox.shop.sales import Item

_GOODS: Final = (
    ({"en": "Rain jacket Brandung", "de": "Regenjacke Brandung"}, "NL-JKT-0041", "49.90"),
    ({"en": "Headlamp Polaris", "de": "Stirnlampe Polaris"}, "NL-LMP-0007", "54.00"),
    ({"en": "Wool hat Flocke", "de": "Wollmütze Flocke"}, "NL-HAT-0031", "25.00"),
    ({"en": "Gaiters Morast", "de": "Gamaschen Morast"}, "NL-GTR-0009", "34.50"),
    ({"en": "Daypack Pfad", "de": "Tagesrucksack Pfad"}, "NL-BAG-0004", "99.00"),
)
_RATE: Final = {"JPY": 160, "HUF": 400, "HUF0": 400}  # per EUR, where an amount of EUR would look like a mistake
_TAXES: Final[Mapping[str, Tax]] = {"USD": TAX_NY, "JPY": TAX_JP, "KWD": NO_TAX_KW, "HUF": VAT_HU, "HUF0": VAT_HU}
_CURRENCY_OF_STORE: Final = {"us": "USD", "jp": "JPY", "kw": "KWD", "hu": "HUF"}
_COUNTRY_OF: Final = {"USD": "US", "JPY": "JP", "KWD": "KW", "HUF": "HU", "HUF0": "HU", "PLN": "PL"}
CURRENCIES: Final = tuple(DIGITS)


def currency_of(store: str | None) -> str:
    """What is paid with in a store."""
    return _CURRENCY_OF_STORE.get(store or "", "EUR")


def country_of(currency: str) -> str:
    """Where it is paid with that currency."""
    return _COUNTRY_OF.get(currency, "DE")


def tax_of(currency: str) -> Tax:
    return _TAXES.get(currency, VAT_DE)


def price_in(currency: str, euros: str) -> str:
    """An amount in major units of `currency` that buys about as much as `euros`."""
    amount = Decimal(euros) * _RATE.get(currency, 1)
    return str(amount.quantize(Decimal(1).scaleb(-DIGITS[currency])))


def item(number: int, *, currency: str, quantity: int = 1) -> Item:
    """The thing of that number; they repeat."""
    name, sku, euros = _GOODS[number % len(_GOODS)]
    return Item(name=name, sku=sku, price=price_in(currency, euros), quantity=quantity)


def money(document: Mapping[str, Any] | None) -> int:
    """The minor units of a Money document; 0 of none."""
    return 0 if document is None else int(document["centAmount"])
