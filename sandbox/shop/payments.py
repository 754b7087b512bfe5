"""Payments and what happened to them: https://docs.commercetools.com/api/projects/payments"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sandbox.shop.amounts import cents, minor
from sandbox.shop.identifiers import payment_id, stable_id
from sandbox.shop.resources import Document


@dataclass(frozen=True, slots=True)
class Transaction:
    """One movement of money or the attempt at one; `at` is a date or None (many providers give none)."""

    type: str  # Authorization, CancelAuthorization, Charge, Refund, Chargeback
    state: str  # Initial, Pending, Success, Failure
    amount: str
    at: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentOf:
    """A payment; orders refer to it by `name`."""

    name: str
    planned: str
    created: str
    transactions: tuple[Transaction, ...] = ()
    currency: str = "EUR"
    interface: str | None = "ADYEN"
    method: str | None = "CREDIT_CARD"
    label: str | None = "Credit card"
    interface_id: str | None = None
    interface_code: str | None = None
    interface_text: str | None = None
    customer: str | None = None

    def document(self) -> Document:
        """The `Payment`."""
        created = f"{self.created}T10:00:05.000Z"
        method = {"paymentInterface": self.interface, "method": self.method}
        status = {"interfaceCode": self.interface_code, "interfaceText": self.interface_text}
        return {
            "id": payment_id(self.name),
            "version": 2 + len(self.transactions),
            "createdAt": created,
            "lastModifiedAt": self._last_modified(created),
            "interfaceId": self.interface_id or f"PSP-{payment_id(self.name)[:13].upper()}",
            "amountPlanned": cents(minor(self.planned, self.currency), self.currency),
            "paymentMethodInfo": {
                **{name: value for name, value in method.items() if value},
                **({"name": {"en": self.label}} if self.label else {}),
            },
            "paymentStatus": {name: value for name, value in status.items() if value},
            "transactions": [self._transaction(number, given) for number, given in enumerate(self.transactions)],
            "interfaceInteractions": [],
            **({"customer": {"typeId": "customer", "id": self.customer}} if self.customer else {}),
        }

    def _last_modified(self, created: str) -> str:
        times = [f"{transaction.at}T10:05:00.000Z" for transaction in self.transactions if transaction.at]
        return max((created, *times))

    def _transaction(self, number: int, given: Transaction) -> dict[str, Any]:
        transaction_id = stable_id("transaction", f"{self.name}/{number}")
        return {
            "id": transaction_id,
            "type": given.type,
            "state": given.state,
            "amount": cents(minor(given.amount, self.currency), self.currency),
            "interactionId": f"TX-{transaction_id[:8].upper()}",
            **({"timestamp": f"{given.at}T10:05:00.000Z"} if given.at else {}),
        }
