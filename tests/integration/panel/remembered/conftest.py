"""The panel beside the sync's database: a real PostgreSQL, filled from the sample shop as the sync does it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeAlias

import pytest

from clients.commercetools.settings import ShopSettings
from clients.commercetools.source import ShopSource
from clients.intercom.calls import Intercom
from clients.intercom.door import Door
from clients.intercom.settings import IntercomSettings
from clients.intercom.spending import Allowance, InMemoryStore
from clients.wire.http import Http
from sandbox.commercetools import CommercetoolsStandIn
from sync.installation import Installation
from sync.mapping.rules import SyncMapping
from sync.sources.backfill import Backfill
from sync.storage.database import Database
from sync.storage.installations import SINGLE, ensure_installation
from tests.integration.panel.agent import Agent
from tests.integration.sync.conftest import database, database_url, postgres_url, template_database

__all__ = ["database", "database_url", "postgres_url", "template_database"]

AgentAt: TypeAlias = Callable[..., Agent]
Backfilling: TypeAlias = Callable[[], None]


@pytest.fixture
def agent_at(agents: Callable[..., Agent], mapping: str) -> AgentAt:
    """`agent_at(url)` is an agent in front of a fresh panel process that uses the database at `url`."""
    return lambda url, **environment: agents(mapping, DATABASE_URL=url, **environment)


@pytest.fixture
def backfill(database: Database, stand_in: CommercetoolsStandIn) -> Callable[[], None]:
    """Brings the whole shop into the database, as the sync's command does. Nothing of it counts as asked."""

    def run() -> None:
        http = Http()
        source = ShopSource(_settings(stand_in), http=http)
        at = Installation(id=SINGLE, database=database, mapping=_mapping(database), shop=source, intercom=_nobody(http))
        for _ in Backfill(at, source).run():
            pass
        http.close()
        stand_in.log.clear()

    return run


def _mapping(database: Database) -> SyncMapping:
    with database.transaction() as connection:
        row = ensure_installation(connection, SINGLE, workspace_id=None, project_key="any", now=datetime.now(UTC))
    return SyncMapping(hash_key=row.hash_key)


def _nobody(http: Http) -> Intercom:
    """A backfill tells Intercom nothing."""
    settings = IntercomSettings(access_token="unused", api_url="http://127.0.0.1:9")
    return Intercom(Door(settings, http=http, allowance=Allowance(InMemoryStore())))


def _settings(stand_in: CommercetoolsStandIn) -> ShopSettings:
    return ShopSettings(
        project_key=stand_in.project_key,
        client_id=stand_in.client_id,
        client_secret=stand_in.client_secret,
        auth_url=stand_in.auth_url,
        api_url=stand_in.api_url,
    )
