"""One change all the way: from the shop, by polling alone, to the contact in Intercom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from sandbox.shop.identifiers import customer_id
from sync.storage.database import Database
from sync.storage.facts import load_facts
from sync.storage.hints import ResourceType
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
    assert attributes["ct_orders"] == len(orders_of(running, ANNA))
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


def test_a_customer_who_is_gone_from_the_shop_is_erased_here_and_in_intercom(running: Companion) -> None:
    customer = running.act("create_account", email="gone@example.com").ids["customer"]
    running.act("place", customer=customer)
    running.sweep()
    assert running.settled()
    contact = running.contact_of(customer)
    assert contact.custom_attributes
    running.act("erase", customer=customer)
    running.hint(ResourceType.CUSTOMER, customer)
    assert running.settled()
    cleared = running.contact_of(customer)
    assert {name: value for name, value in cleared.custom_attributes.items() if value is not None} == {}
    with running.database.transaction() as connection:
        assert load_facts(connection, running.at.id, f"c:{customer}").customer is None


def test_a_contact_that_is_made_here_has_its_attributes_from_the_start(running: Companion) -> None:
    customer = running.act("create_account", email="new@example.com").ids["customer"]
    running.act("place", customer=customer)
    running.sweep()
    assert running.settled()
    contact = running.contact_of(customer)
    (made,) = [each.body for each in running.intercom.requests if each.route == "POST /contacts"]
    assert made["custom_attributes"]["ct_orders"] == 1
    assert [each for each in running.intercom.requests if each.method == "PUT" and contact.id in each.path] == []


def test_a_contact_is_made_although_the_workspace_lacks_one_of_its_attributes(running: Companion) -> None:
    with running.intercom.lock:
        attributes = running.intercom.workspace.attributes
        known = next(each for each in attributes if each.name == "ct_orders")
        attributes.update(str(known.id), {"archived": True}, running.intercom.workspace.now)
    customer = running.act("create_account", email="lacking@example.com").ids["customer"]
    running.act("place", customer=customer)
    running.sweep()
    assert running.settled()
    assert running.attributes_of(customer)["ct_last_order_status"] == "Open"
    assert running.event_names_of(customer).count("order-placed") == 1
