"""Payments and their transactions: https://docs.commercetools.com/api/projects/payments

State names are kept as commercetools spells them, as plain strings: the API is versionless
and may send a value we have never seen, which must cost a label and not the panel.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from commerce.money import Money

AUTHORIZATION: Final = "Authorization"
CANCEL_AUTHORIZATION: Final = "CancelAuthorization"
CHARGE: Final = "Charge"
REFUND: Final = "Refund"
CHARGEBACK: Final = "Chargeback"

INITIAL: Final = "Initial"
PENDING: Final = "Pending"
SUCCESS: Final = "Success"
FAILURE: Final = "Failure"


@dataclass(frozen=True, slots=True)
class Transaction:
    """One movement of money, or the attempt at one. `type` and `state` in commercetools' words."""

    id: str
    type: str  # Authorization, CancelAuthorization, Charge, Refund, Chargeback
    state: str  # Initial, Pending, Success, Failure
    amount: Money
    timestamp: datetime | None = None  # when it happened, by the payment provider; often missing
    interaction_id: str | None = None


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment as far as the merchant allows us to read it; an order may have many."""

    id: str
    planned: Money
    transactions: tuple[Transaction, ...] = ()
    version: int | None = None
    interface: str | None = None  # the payment service provider
    interface_id: str | None = None  # the provider's reference
    method: str | None = None
    method_name: str | None = None
    status_code: str | None = None
    status_text: str | None = None
    created_at: datetime | None = None
