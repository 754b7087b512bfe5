"""A shop at work, a database, and clocks that may differ."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from clients.commercetools.settings import ShopSettings
from clients.commercetools.source import ShopSource
from clients.intercom.calls import Intercom
from clients.intercom.door import Door
from clients.intercom.settings import IntercomSettings
from clients.intercom.spending import Allowance, InMemoryStore
from clients.wire.http import Http, HttpLimits
from commerce.milestones import MilestoneName
from sandbox.commercetools.stand_in import CommercetoolsStandIn
from sync.installation import Installation
from sync.mapping.rules import EventRule, SyncMapping, SyncOptions
from sync.storage.database import Database
from sync.storage.installations import ensure_installation
from tests.integration.sync.sources.shop_times import IDLE, Clock
from tests.integration.sync.working import SHOP


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def source(stand_in: CommercetoolsStandIn) -> Iterator[ShopSource]:
    http = Http(HttpLimits(connect_timeout=0.5, read_timeout=2.0))
    settings = ShopSettings(
        project_key=stand_in.project_key,
        client_id=stand_in.client_id,
        client_secret=stand_in.client_secret,
        auth_url=stand_in.auth_url,
        api_url=stand_in.api_url,
    )
    yield ShopSource(settings, http=http, sleep=lambda _: None)
    http.close()


@pytest.fixture
def nobody() -> Iterator[Intercom]:
    """Polling tells Intercom nothing."""
    http = Http()
    settings = IntercomSettings(access_token="unused", api_url="http://127.0.0.1:9")
    yield Intercom(Door(settings, http=http, allowance=Allowance(InMemoryStore())))
    http.close()


@pytest.fixture
def installation(database: Database, source: ShopSource, clock: Clock, nobody: Intercom) -> Installation:
    with database.transaction() as connection:
        ensure_installation(connection, SHOP, workspace_id=None, project_key="shop", now=clock())
    events = {
        MilestoneName.CART_ABANDONED: EventRule(milestone=MilestoneName.CART_ABANDONED, name="Cart abandoned", keys=())
    }
    mapping = SyncMapping(hash_key=b"k" * 32, events=events, options=SyncOptions(cart_idle=IDLE))
    return Installation(id=SHOP, database=database, mapping=mapping, shop=source, intercom=nobody, now=clock)
