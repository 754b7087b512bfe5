"""A customer's active cart: https://docs.commercetools.com/api/projects/carts"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from commerce.money import Money
from commerce.order import LineItem, TaxedPrice


@dataclass(frozen=True, slots=True)
class Cart:
    """The most recently changed active cart of a customer. Prices may be stale until recalculated."""

    id: str
    version: int
    created_at: datetime
    last_modified_at: datetime
    total_price: Money
    quantity: int  # of all line items
    items: tuple[LineItem, ...] | None = None  # None = not asked for
    taxed_price: TaxedPrice | None = None
    discount_codes: tuple[str, ...] = ()
    store: str | None = None
    origin: str | None = None  # Customer, Merchant, Quote, RecurringOrder
    distribution_channels: tuple[str, ...] = ()  # keys of the different ones of its line items
    country: str | None = None
    locale: str | None = None

    @property
    def channel(self) -> str | None:
        """Where it would be sold: the one distribution channel of its items, else its origin."""
        return self.distribution_channels[0] if len(self.distribution_channels) == 1 else self.origin

    @property
    def gross(self) -> Money:
        return self.taxed_price.gross if self.taxed_price else self.total_price
