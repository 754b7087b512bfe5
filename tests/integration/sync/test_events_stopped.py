"""What was there before us is not told, and neither is anything while nobody knows what was told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from sandbox.shop.acts import Acts
from sync.sources.backfill import Backfill, BackfillSettings
from sync.storage.database import Database
from sync.storage.installations import LEDGER_LOST, SINGLE, ensure_installation, start_events
from tests.integration.sync.acting import Actor
from tests.integration.sync.companion import Companion, companion
from tests.integration.sync.stepping import Steps

NUMBERS = count(1)
LONG_AGO = datetime.now(UTC) - timedelta(days=30)


@pytest.fixture
def here(database: Database) -> Iterator[Companion]:
    with companion(database, worker=False) as here:
        here.sweep()
        yield here


@pytest.fixture
def steps(here: Companion) -> Steps:
    return Steps(here.at)


def old_customer(here: Companion) -> Actor:
    """With an order that was placed and paid long before we came."""
    actor = Actor(here, f"old{next(NUMBERS)}x", is_heard=False)
    actor.acts = Acts(here.shop.shop, clock=lambda: LONG_AGO)
    actor.registers()
    actor.orders()
    actor.on_order("capture")
    actor.acts = Acts(here.shop.shop, clock=lambda: datetime.now(UTC))
    return actor


def rows(here: Companion, table: str) -> int:
    with here.database.transaction() as connection:
        row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    assert row is not None
    return int(row[0])


def lose_the_ledger(here: Companion) -> str | None:
    """And start anew; the reason for which events are stopped."""
    with here.database.transaction() as connection:
        connection.execute("DELETE FROM ledger")
        connection.execute("DELETE FROM intent")
        row = ensure_installation(
            connection, SINGLE, workspace_id=None, project_key=here.shop.project_key, now=datetime.now(UTC)
        )
    return row.events_stopped_reason


def test_the_next_shipment_of_an_old_order_that_is_found_by_polling_is_told_and_nothing_else(
    here: Companion, steps: Steps
) -> None:
    ada = old_customer(here)
    ada.on_order("ship", quantity=1)
    here.sweep()
    steps.settle()
    assert ada.events == {"parcel-shipped": 1}
    assert ada.attributes["ct_last_order_payment"] == "paid"


def test_a_backfill_is_quiet_and_the_next_shipment_of_an_old_order_is_told_once(here: Companion, steps: Steps) -> None:
    ada = old_customer(here)
    for _ in Backfill(here.at, here.source, settings=BackfillSettings(pause=0.001, longest_pause=0.01)).run():
        pass
    steps.settle()
    assert len(here.intercom.events()) == 0
    assert ada.attributes["ct_last_order_payment"] == "paid"
    ada.on_order("ship", quantity=1)
    here.sweep()
    steps.settle()
    assert ada.events == {"parcel-shipped": 1}


def test_without_its_ledger_an_installation_plans_no_event_and_says_why(here: Companion, steps: Steps) -> None:
    ada = Actor(here, "ada")
    ada.registers()
    ada.orders()
    steps.settle()
    told = ada.events
    assert lose_the_ledger(here) == LEDGER_LOST
    ada.on_order("capture")
    steps.settle()
    assert ada.attributes["ct_last_order_payment"] == "paid"
    assert (ada.events, rows(here, "intent"), rows(here, "ledger")) == (told, 0, 0)


def test_when_events_are_started_again_what_is_there_is_the_baseline_and_the_next_change_is_told_once(
    here: Companion, steps: Steps
) -> None:
    ada = Actor(here, "ada")
    ada.registers()
    ada.orders()
    steps.settle()
    told = ada.events
    lose_the_ledger(here)
    ada.on_order("capture")
    steps.settle()
    with here.database.transaction() as connection:
        start_events(connection, SINGLE, now=datetime.now(UTC))
    steps.wake(ada.subject)
    steps.settle()
    assert ada.events == told
    ada.on_order("ship", quantity=1)
    steps.settle()
    assert ada.events == told + type(told)({"parcel-shipped": 1})
