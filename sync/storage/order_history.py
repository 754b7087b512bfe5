"""All orders that a customer ever placed, as far as the facts hold them all: what the shop alone says in many pages."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from psycopg import Connection
from psycopg.rows import class_row

from sync.priorities import Priority
from sync.storage.facts import CUSTOMER_KEY
from sync.storage.statements import statement

MOST: Final = 5_000  # orders of one customer; who has more is no person


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredOrder:
    """One order as read. `document`: those fields of the GraphQL node that were asked for and are known."""

    version: int
    document: Mapping[str, Any] = field(repr=False)
    read_at: datetime


def order_history(
    connection: Connection, installation: str, customer_id: str, *, fields: Collection[str]
) -> tuple[StoredOrder, ...] | None:
    """Every order of a customer, of all stores, newest first; None when some of them may not be known here.

    They all are once a backfill has gone through the whole shop and everything that it found was read. What
    changed since then is up to the sources to notice.
    """
    named = {"installation": installation, "backfill": int(Priority.BACKFILL)}
    known = connection.execute(statement("order_history", "is_complete"), named).fetchone()
    if known != (True,):
        return None
    parameters = named | {"subject": f"{CUSTOMER_KEY}{customer_id}", "fields": sorted(fields), "limit": MOST + 1}
    with connection.cursor(row_factory=class_row(StoredOrder)) as cursor:
        orders = tuple(cursor.execute(statement("order_history", "orders"), parameters))
    return orders if len(orders) <= MOST else None
