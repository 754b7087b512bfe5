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

MOST: Final = 2_000  # orders of one customer: reading more takes longer than an agent should wait


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredOrder:
    """One order as read. `document`: those fields of the GraphQL node that were asked for and are known."""

    version: int
    document: Mapping[str, Any] = field(repr=False)
    read_at: datetime


def order_history(
    connection: Connection, installation: str, customer_id: str, *, fields: Collection[str]
) -> tuple[StoredOrder, ...] | None:
    """Every order of a customer, of all stores, in any sequence; None when not all may be known here, or too many.

    They all are once a backfill has gone through all orders of the shop, and those that it left to be read were. What
    changed since then is up to the sources to notice.
    """
    parameters = {
        "installation": installation,
        "subject": f"{CUSTOMER_KEY}{customer_id}",
        "backfill": int(Priority.BACKFILL),
        "fields": sorted(fields),
    }
    found = connection.execute(statement("order_history", "is_complete"), parameters).fetchone()
    assert found is not None
    is_complete, orders = found
    if not is_complete or orders > MOST:
        return None
    with connection.cursor(row_factory=class_row(StoredOrder)) as cursor:
        return tuple(cursor.execute(statement("order_history", "orders"), parameters))
