"""Payments: https://docs.commercetools.com/api/projects/payments"""

from __future__ import annotations

from clients.commercetools.decode.fields import Node
from clients.commercetools.decode.money import money_at
from commerce.payment import Payment, Transaction


def payment(node: Node) -> Payment:
    method = node.part("paymentMethodInfo")
    status = node.part("paymentStatus")
    return Payment(
        id=node.text("id"),
        planned=money_at(node, "amountPlanned"),
        transactions=tuple(_transaction(found) for found in node.children("transactions")),
        version=node.optional_integer("version"),
        interface=method.optional_text("paymentInterface"),
        interface_id=node.optional_text("interfaceId"),
        method=method.optional_text("method"),
        method_name=method.optional_text("name"),
        status_code=status.optional_text("interfaceCode"),
        status_text=status.optional_text("interfaceText"),
        created_at=node.optional_moment("createdAt"),
    )


def _transaction(node: Node) -> Transaction:
    return Transaction(
        id=node.text("id"),
        type=node.optional_text("type") or "",  # nullable in GraphQL, although REST always has one
        state=node.text("state"),
        amount=money_at(node, "amount"),
        timestamp=node.optional_moment("timestamp"),
        interaction_id=node.optional_text("interactionId"),
    )
