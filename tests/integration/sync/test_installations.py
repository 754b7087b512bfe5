"""What an installation remembers of itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from psycopg import Connection

from sync.storage.database import Database
from sync.storage.installations import (
    LEDGER_LOST,
    SINGLE,
    InstallationRow,
    begin_ledger,
    clear_refusal,
    ensure_installation,
    load_installation,
    note_refusal,
    set_history_since,
    start_events,
    stop_events,
)
from sync.storage.ledger import LedgerEntry, save_ledger

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=3)


def ensured(connection: Connection, *, now: datetime = NOW) -> InstallationRow:
    return ensure_installation(connection, SINGLE, workspace_id="w1", project_key="shop", now=now)


def loaded(connection: Connection) -> InstallationRow:
    row = load_installation(connection, SINGLE)
    assert row is not None
    return row


def test_a_second_start_finds_the_first_ones_time_and_key(database: Database) -> None:
    with database.transaction() as connection:
        first = ensured(connection)
        assert ensured(connection, now=LATER) == first
        assert (first.live_since, len(first.hash_key)) == (NOW, 32)


def test_the_hash_key_is_in_no_repr(database: Database) -> None:
    with database.transaction() as connection:
        row = ensured(connection)
    assert repr(row.hash_key) not in repr(row)


def test_an_empty_ledger_is_fine_before_anything_was_recorded(database: Database) -> None:
    with database.transaction() as connection:
        ensured(connection)
        assert ensured(connection, now=LATER).events_stopped_reason is None


def test_an_empty_ledger_on_an_installation_that_had_one_stops_events(database: Database) -> None:
    with database.transaction() as connection:
        ensured(connection)
        begin_ledger(connection, SINGLE, now=NOW)
        assert ensured(connection, now=LATER).events_stopped_reason == LEDGER_LOST


def test_a_ledger_that_is_there_stops_nothing(database: Database) -> None:
    entry = LedgerEntry(resource_type="order", resource_id="o", subject="c:1", observation=None, milestones={})
    with database.transaction() as connection:
        ensured(connection)
        save_ledger(connection, SINGLE, "c:1", [entry])
        begin_ledger(connection, SINGLE, now=NOW)
        assert ensured(connection, now=LATER).events_stopped_reason is None


def test_events_that_are_started_again_begin_at_that_moment(database: Database) -> None:
    with database.transaction() as connection:
        ensured(connection)
        begin_ledger(connection, SINGLE, now=NOW)
        stop_events(connection, SINGLE, "asked to")
        start_events(connection, SINGLE, now=LATER)
        row = ensured(connection, now=LATER)
    assert (row.events_stopped_reason, row.live_since) == (None, LATER)


def test_the_first_reason_to_stop_is_kept(database: Database) -> None:
    with database.transaction() as connection:
        ensured(connection)
        stop_events(connection, SINGLE, "first")
        stop_events(connection, SINGLE, "second")
        assert loaded(connection).events_stopped_reason == "first"


@pytest.mark.parametrize("sequence", [(NOW, LATER), (LATER, NOW)])
def test_history_is_told_from_the_earliest_time_that_was_asked_for(
    database: Database, sequence: tuple[datetime, datetime]
) -> None:
    with database.transaction() as connection:
        ensured(connection)
        for since in sequence:
            set_history_since(connection, SINGLE, since)
        assert loaded(connection).history_since == NOW


def test_a_refusal_is_remembered_since_its_first_time_until_it_is_cleared(database: Database) -> None:
    with database.transaction() as connection:
        ensured(connection)
        note_refusal(connection, SINGLE, "intercom", "credentials_refused", now=NOW)
        note_refusal(connection, SINGLE, "intercom", "scope_missing", now=LATER)
        refused = loaded(connection).refused
        assert refused == {"intercom": {"reason": "scope_missing", "since": NOW.isoformat()}}
        assert [clear_refusal(connection, SINGLE, "intercom") for _ in range(2)] == [True, False]
        assert loaded(connection).refused == {}
