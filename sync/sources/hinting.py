"""From what a list of the shop names to hints."""

from __future__ import annotations

from collections.abc import Callable

from clients.commercetools.source import Change, Kind
from sync.storage.hints import Hint, ResourceType


def hint_of(kind: Kind, change: Change, *, source: str, correlation_id: str | None = None) -> Hint | None:
    """The hint to give of a change; None for an anonymous cart, which nobody can be told of.

    A cart is read by its customer, and its version says nothing of the cart that is the active one.
    """
    if kind is Kind.CART:
        if change.customer_id is None:
            return None
        return Hint(source=source, type=ResourceType.CART, id=change.customer_id, correlation_id=correlation_id)
    return Hint(
        source=source,
        type=ResourceType(kind.value),
        id=change.id,
        version=change.version,
        correlation_id=correlation_id,
    )


def telling(kind: Kind, source: str) -> Callable[[Change, str], Hint | None]:
    """`hint_of` for what one source finds of one kind."""
    return lambda change, correlation_id: hint_of(kind, change, source=source, correlation_id=correlation_id)
