"""The keys of an event have an order, and keep it between being planned and being sent."""

from __future__ import annotations

from datetime import UTC, datetime

from sync.storage.database import Database
from sync.storage.installations import SINGLE
from sync.storage.intents import NewIntent, open_intents, plan_intents

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_keys_are_sent_in_the_order_in_which_they_were_planned(database: Database) -> None:
    metadata = {"order_number": "DE-1", "status": "Open", "total": "9.90", "kind": "ordinary", "channel": "Customer"}
    intent = NewIntent(
        resource_type="order",
        resource_id="o1",
        milestone_key="order/o1/placed",
        name="order-placed",
        second=int(NOW.timestamp()),
        metadata=metadata,
    )
    with database.transaction() as connection:
        plan_intents(connection, SINGLE, "c:1", [intent], now=NOW)
    with database.transaction() as connection:
        (kept,) = open_intents(connection, SINGLE, "c:1")
    assert list(kept.metadata) == list(metadata)
