"""Events that Intercom would not have wait for a person, whatever else goes well meanwhile."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sandbox.intercom.switches import Fault
from sandbox.shop.identifiers import customer_id
from sync.storage.database import Database
from sync.storage.dead_letters import list_dead_letters, replay
from sync.storage.installations import SINGLE
from tests.integration.sync.companion import Companion, companion

ANNA = customer_id("vip")


@pytest.fixture
def running(database: Database) -> Iterator[Companion]:
    with companion(database) as running:
        running.sweep()
        yield running


def open_parts(running: Companion) -> list[str]:
    with running.database.transaction() as connection:
        return [letter.part for letter in list_dead_letters(connection, SINGLE)]


def test_a_refused_event_stays_a_dead_letter_while_later_ones_arrive_and_is_sent_once_when_replayed(
    running: Companion,
) -> None:
    running.intercom.switches.set(faults=[Fault(kind="status", status=400, door="events", times=1)])
    order = running.act("place", customer=ANNA, pay="nothing").ids["order"]
    running.sweep()
    assert running.settled()
    assert open_parts(running) == ["events"]
    running.act("confirm", order=order)
    running.sweep()
    assert running.settled()
    assert running.event_names_of(ANNA) == ["order-confirmed"]
    assert open_parts(running) == ["events"]
    with running.database.transaction() as connection:
        (letter,) = list_dead_letters(connection, SINGLE)
        replay(connection, letter.id, now=running.at.now())
    assert running.settled()
    assert sorted(running.event_names_of(ANNA)) == ["order-confirmed", "order-placed"]
    assert open_parts(running) == []
