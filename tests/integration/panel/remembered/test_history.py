"""A customer of more orders than the shop lists at once: counted and summed once the sync knows them all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sandbox.commercetools import CommercetoolsStandIn
from sandbox.shop.identifiers import order_id
from sync.storage.database import Database
from sync.storage.facts import mark_gone
from sync.storage.installations import SINGLE
from tests.integration.panel.remembered.conftest import AgentAt, Backfilling


def gross(order: Mapping[str, Any]) -> int:
    price = order["taxedPrice"]["totalGross"] if order.get("taxedPrice") else order["totalPrice"]
    return int(price["centAmount"])


def spent(stand_in: CommercetoolsStandIn) -> str:
    """What Klaus's orders come to, by the rule of his scenario: every tenth is cancelled, every seventh refunded."""
    orders = {order["orderNumber"]: gross(order) for order in stand_in.shop.all("order") if order.get("orderNumber")}
    cents = sum(orders[f"ORD-{100_001 + index}"] for index in range(300) if index % 10 != 9 and index % 7 != 0)
    return f"{cents / 100:,.2f} EUR"


def test_all_orders_are_counted_and_summed(
    agent_at: AgentAt, database_url: str, stand_in: CommercetoolsStandIn, backfill: Backfilling
) -> None:
    backfill()
    agent = agent_at(database_url)
    agent.open("three-hundred-orders").says(f"300 orders · {spent(stand_in)}", "All orders (300)")
    assert agent.upstream == 1
    agent.choose("All orders (300)").says("1 to 10 of 300")


def test_until_the_shop_was_read_in_full_it_stays_more_than_a_hundred(
    agent_at: AgentAt, database: Database, database_url: str, backfill: Backfilling
) -> None:
    backfill()
    with database.transaction() as connection:
        connection.execute("UPDATE backfill SET position = jsonb_build_object('stage', 'orders')")
    agent_at(database_url).open("three-hundred-orders").says("100+ orders", "All orders (100+)")


def test_an_order_that_is_gone_is_not_counted(
    agent_at: AgentAt, database: Database, database_url: str, backfill: Backfilling
) -> None:
    backfill()
    with database.transaction() as connection:
        mark_gone(connection, SINGLE, "order", order_id("ORD-100001"), at=datetime.now(UTC))
    agent_at(database_url).open("three-hundred-orders").says("All orders (299)")


def test_who_has_few_orders_is_shown_what_the_shop_says(
    agent_at: AgentAt, database: Database, database_url: str, backfill: Backfilling
) -> None:
    before = agent_at(database_url).open("anna").text
    backfill()
    with database.transaction() as connection:
        connection.execute("UPDATE order_fact SET id = id || '-of-the-past'")
    assert agent_at(database_url).open("anna").lines[:4] == tuple(before.splitlines()[:4])
