"""One change all the way: from the shop, by polling alone, to the contact in Intercom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from sandbox.shop.identifiers import customer_id
from sync.storage.database import Database
from tests.integration.sync.companion import Companion, companion

ANNA = customer_id("vip")


@pytest.fixture
def running(database: Database) -> Iterator[Companion]:
    with companion(database) as running:
        running.sweep()
        yield running


def test_an_order_that_is_placed_becomes_a_contact_with_attributes_and_one_event(running: Companion) -> None:
    placed = running.act("place", customer=ANNA)
    running.sweep()
    assert running.settled()
    attributes = running.attributes_of(ANNA)
    assert attributes["ct_orders"] == len(
        [each for each in orders_of(running, ANNA) if each["orderState"] != "Cancelled"]
    )
    assert running.event_names_of(ANNA).count("order-placed") == 1
    (event,) = [each for each in running.events_of(ANNA) if each.name == "order-placed"]
    assert event.metadata["order_number"] == attributes["ct_last_order_number"]
    assert event.metadata["order_number"] == order_of(running, placed.ids["order"])["orderNumber"]


def order_of(running: Companion, id_: str) -> Mapping[str, Any]:
    order = running.shop.shop.get("order", id_)
    assert order is not None
    return order


def orders_of(running: Companion, customer: str) -> list[Mapping[str, Any]]:
    return [each for each in running.shop.shop.all("order") if each.get("customerId") == customer]
