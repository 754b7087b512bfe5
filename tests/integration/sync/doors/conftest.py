"""The web side's doors, with a database behind them that is empty at the beginning of each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from canvas_app.ingest.intake import Intake
from sync.storage.database import Database
from tests.integration.sync.doors.house import House, house, intake_of


@pytest.fixture(scope="module")
def intake(shared_database: Database) -> Iterator[Intake]:
    with intake_of(shared_database.url) as intake:
        yield intake


@pytest.fixture
def kept(shared_database: Database) -> Database:
    """Where the doors keep what they take; nothing so far."""
    with shared_database.transaction() as connection:
        connection.execute("TRUNCATE hint, dead_letter")
    return shared_database


@pytest.fixture
def doors(intake: Intake, kept: Database) -> Iterator[House]:
    with house(intake) as doors:
        yield doors
