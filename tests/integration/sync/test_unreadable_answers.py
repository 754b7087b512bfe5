"""An answer that nobody can read, a proxy's page for one: it is asked again, and nothing is lost or given up."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sandbox.commercetools.switches import Fault as ShopFault
from sandbox.intercom.switches import Door
from sandbox.intercom.switches import Fault as IntercomFault
from sandbox.shop.identifiers import customer_id
from sync.storage.database import Database
from sync.storage.dead_letters import list_dead_letters
from sync.storage.installations import SINGLE
from tests.integration.sync.companion import Companion, companion

ANNA = customer_id("vip")


@pytest.fixture
def running(database: Database) -> Iterator[Companion]:
    with companion(database) as running:
        running.sweep()
        yield running


@pytest.mark.parametrize("door", ["events", "contacts", "search", "any"])
def test_intercoms_unreadable_answers_lose_no_event(running: Companion, door: Door) -> None:
    running.intercom.switches.set(faults=[IntercomFault(kind="invalid_json", door=door, times=3)])
    running.act("place", customer=ANNA)
    running.sweep()
    assert running.settled()
    assert running.event_names_of(ANNA).count("order-placed") == 1
    assert dead_letters(running) == []


def test_the_shops_unreadable_answers_give_up_no_order(running: Companion) -> None:
    placed = running.act("place", customer=ANNA)
    running.sweep()
    assert running.settled()
    running.shop.switches.set(faults=[ShopFault(kind="invalid_json", times=3)])
    running.act("ship", order=placed.ids["order"])
    while running.poll.sweep().failed:
        pass
    assert running.settled()
    assert running.event_names_of(ANNA).count("parcel-shipped") == 1
    assert dead_letters(running) == []


def dead_letters(running: Companion) -> list[tuple[str, str]]:
    with running.database.transaction() as connection:
        return [(letter.part, letter.reason) for letter in list_dead_letters(connection, SINGLE)]
