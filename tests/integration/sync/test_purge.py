"""What is forgotten by age, and what never is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from psycopg import Connection

from sync.storage.database import Database
from sync.storage.installations import SINGLE
from sync.storage.intents import NewIntent, confirm_intent, open_intents, plan_intents
from sync.storage.ledger import LedgerEntry, load_ledger, save_ledger
from sync.storage.purge import purge
from sync.storage.subjects import finish_update, link_contact, wake_subjects

NOW = datetime.now(UTC)
THEN = NOW - timedelta(days=31)
KEY = "order/o1/placed"
GUEST = "g:1"


def planned(connection: Connection, *, at: datetime = THEN) -> int:
    """One event of a guest, planned at that time; its id."""
    entry = LedgerEntry(
        resource_type="order", resource_id="o1", subject=GUEST, observation=None, milestones={KEY: "planned"}
    )
    intent = NewIntent(
        resource_type="order",
        resource_id="o1",
        milestone_key=KEY,
        name="order-placed",
        second=int(at.timestamp()),
        metadata={},
    )
    wake_subjects(connection, SINGLE, [GUEST])
    save_ledger(connection, SINGLE, GUEST, [entry])
    (made,) = plan_intents(connection, SINGLE, GUEST, [intent], now=at)
    return made.id


def status(connection: Connection) -> str:
    (entry,) = load_ledger(connection, SINGLE, [("order", "o1")])
    return entry.milestones[KEY]


def test_an_event_of_somebody_whom_intercom_does_not_have_is_given_up_after_a_month(database: Database) -> None:
    with database.transaction() as connection:
        planned(connection)
        finish_update(connection, SINGLE, GUEST)
    assert purge(database, now=NOW)["unaddressed"] == 1
    with database.transaction() as connection:
        assert status(connection) == "skipped"
        assert open_intents(connection, SINGLE, GUEST) == ()


@pytest.mark.parametrize("reason", ["young", "linked", "never looked for"])
def test_an_event_that_may_still_be_sent_is_kept(database: Database, reason: str) -> None:
    with database.transaction() as connection:
        planned(connection, at=NOW if reason == "young" else THEN)
        if reason != "never looked for":
            finish_update(connection, SINGLE, GUEST)
        if reason == "linked":
            link_contact(connection, SINGLE, GUEST, "contact", linked_by="email")
    assert purge(database, now=NOW)["unaddressed"] == 0
    with database.transaction() as connection:
        assert (status(connection), len(open_intents(connection, SINGLE, GUEST))) == ("planned", 1)


def test_a_purged_event_does_not_come_back(database: Database) -> None:
    with database.transaction() as connection:
        confirm_intent(connection, planned(connection), now=THEN)
    assert purge(database, now=NOW)["intents"] == 1
    with database.transaction() as connection:
        assert status(connection) == "confirmed"
