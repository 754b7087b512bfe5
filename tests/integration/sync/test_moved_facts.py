"""A fact that goes to another subject says whose it was."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sync.storage.database import Database
from sync.storage.facts import Fact, FactKind, Stored, store_fact
from tests.integration.sync.working import SHOP

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def store(database: Database, kind: FactKind, subject: str, version: int) -> Stored:
    at = NOON + timedelta(seconds=version)
    fact = Fact(id="one", version=version, document={}, read_at=at, subject=subject)
    with database.transaction() as connection:
        return store_fact(connection, SHOP, kind, fact)


@pytest.mark.parametrize("kind", ["order", "customer"])
def test_a_moved_fact_names_its_subject_of_before(kind: FactKind, database: Database) -> None:
    assert store(database, kind, "g:guest", 1) == Stored(stored=True, previous_subject=None)
    assert store(database, kind, "c:anna", 2) == Stored(stored=True, previous_subject="g:guest")


def test_an_older_reading_moves_nothing(database: Database) -> None:
    store(database, "order", "c:anna", 2)
    assert store(database, "order", "g:guest", 1) == Stored(stored=False, previous_subject="c:anna")
