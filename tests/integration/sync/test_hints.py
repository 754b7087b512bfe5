"""A hint is stored, and one job waits for its resource, however many hints there are."""

from __future__ import annotations

from sync.storage.database import Database
from sync.storage.hints import Hint, ResourceType, record_hints

SHOP = "shop"
ORDER = Hint(source="poll", type=ResourceType.ORDER, id="order-1", version=3, correlation_id="c-1")


def jobs(database: Database) -> list[tuple[str, int]]:
    with database.transaction() as connection:
        rows = connection.execute("SELECT lock, priority FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id")
        return list(rows.fetchall())


def test_a_hundred_hints_of_one_order_are_one_job(database: Database) -> None:
    with database.transaction() as connection:
        assert record_hints(connection, SHOP, [ORDER] * 100) == 1
    with database.transaction() as connection:
        assert record_hints(connection, SHOP, [ORDER]) == 0
    assert jobs(database) == [("shop/order/order-1", 10)]
