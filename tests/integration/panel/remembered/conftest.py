"""The panel beside the sync's database: a real PostgreSQL, filled from the sample shop as the sync does it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeAlias

import pytest

from clients.commercetools.settings import ShopSettings
from clients.commercetools.source import ShopSource
from clients.deadline import Call, Deadline
from sandbox.commercetools import CommercetoolsStandIn
from sync.keeping import keep_order
from sync.storage.database import Database
from sync.storage.installations import SINGLE
from tests.integration.panel.agent import Agent
from tests.integration.sync.conftest import database, database_url, postgres_url, template_database

__all__ = ["database", "database_url", "postgres_url", "template_database"]

AgentAt: TypeAlias = Callable[..., Agent]
Backfilled: TypeAlias = Callable[[str], int]


@pytest.fixture
def agent_at(agents: Callable[..., Agent], mapping: str) -> AgentAt:
    """`agent_at(url)` is an agent in front of a fresh panel process that uses the database at `url`."""
    return lambda url, **environment: agents(mapping, DATABASE_URL=url, **environment)


@pytest.fixture
def keep_orders(database: Database, stand_in: CommercetoolsStandIn) -> Backfilled:
    """`keep_orders(customer_id)` reads and keeps all their orders; returns how many."""

    def keep(customer_id: str) -> int:
        source = ShopSource(_settings(stand_in))
        ids = [order["id"] for order in stand_in.shop.all("order") if order.get("customerId") == customer_id]
        with database.transaction() as connection:
            for id_ in ids:
                node = source.order(id_, call=Call(Deadline.after(10.0), "test"))
                assert node is not None
                keep_order(connection, SINGLE, node, hash_key=b"key", read_at=datetime.now(UTC))
        stand_in.log.clear()
        return len(ids)

    return keep


@pytest.fixture
def finish_backfill(database: Database) -> Callable[[], None]:
    """The whole shop was read."""

    def finish() -> None:
        with database.transaction() as connection:
            connection.execute("INSERT INTO backfill (installation, finished_at) VALUES (%s, now())", (SINGLE,))

    return finish


def _settings(stand_in: CommercetoolsStandIn) -> ShopSettings:
    return ShopSettings(
        project_key=stand_in.project_key,
        client_id=stand_in.client_id,
        client_secret=stand_in.client_secret,
        auth_url=stand_in.auth_url,
        api_url=stand_in.api_url,
    )
