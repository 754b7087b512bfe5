"""A customer's history out of what the shop lists, which is a part of it, and what the sync knows. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from clients.commercetools.readings import CustomerReading
from commerce.order import Order


@dataclass(frozen=True, slots=True)
class KnownOrder:
    """An order as the sync knows it, and when it read it (UTC)."""

    order: Order
    read_at: datetime


def completed(reading: CustomerReading, known: Iterable[KnownOrder], *, stores: frozenset[str]) -> CustomerReading:
    """The reading with the history that both together make; as it was, if that is no more than the shop gave.

    What the shop has just said wins unless it is the older version; and it lists the newest orders, so an order that is
    as new, was known before and is not listed is this customer's no more.
    """
    listed = {order.id: order for order in reading.history}
    if not listed:
        return reading
    since = min(order.created_at for order in reading.history)
    orders = dict(listed)
    for each in known:
        order = each.order
        if stores and order.store not in stores:
            continue
        if order.id in listed:
            orders[order.id] = max(listed[order.id], order, key=lambda either: either.version)
        elif order.created_at <= since or each.read_at > reading.read_at:
            orders[order.id] = order
    if len(orders) <= len(listed):
        return reading
    newest_first = sorted(orders.values(), key=lambda order: (order.created_at, order.id), reverse=True)
    return replace(reading, history=tuple(newest_first), history_complete=True)
