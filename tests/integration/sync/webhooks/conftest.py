"""One workspace that tells of everything, and listens; each test has people of its own in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sync.storage.database import Database
from tests.integration.sync.companion import companion
from tests.integration.sync.stepping import Steps
from tests.integration.sync.webhooks.listening import told_of_everything
from tests.integration.sync.webhooks.town import MAPPING, Town


@pytest.fixture(scope="module")
def settled_town(shared_database: Database) -> Iterator[Town]:
    with companion(shared_database, mapping=MAPPING, worker=False) as running, told_of_everything(running) as ear:
        yield Town(running, ear, Steps(running.at))


@pytest.fixture
def town(settled_town: Town) -> Iterator[Town]:
    settled_town.intercom.switches.set(webhook_retry_s=0.2)
    yield settled_town
    settled_town.intercom.switches.reset()
