"""Intercom's own fields of a contact, all the way: from a change in the shop to the contact."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sandbox.intercom import Contact
from sync.storage.database import Database
from sync.storage.hints import ResourceType
from tests.integration.sync.companion import Companion, companion

TAKEN = "taken@nordmail.example"


@pytest.fixture
def running(database: Database) -> Iterator[Companion]:
    with companion(database) as running:
        yield running


@pytest.fixture
def anna(running: Companion) -> str:
    """A new customer with an order, and a contact that was made for her."""
    customer = running.act("create_account", email="anna.new@nordmail.example").ids["customer"]
    placed = running.act("place", customer=customer)
    running.hint(ResourceType.CUSTOMER, customer)
    running.hint(ResourceType.ORDER, placed.ids["order"])
    assert running.settled()
    assert running.contact_of(customer).email == "anna.new@nordmail.example"
    return customer


def change(running: Companion, customer: str, **fields: str) -> Contact:
    running.act("rename", customer=customer, **fields)
    running.hint(ResourceType.CUSTOMER, customer)
    assert running.settled()
    return running.contact_of(customer)


def conflicts(running: Companion) -> int:
    return sum(count for (_, status), count in running.intercom.log.refused.items() if status == 409)


def test_a_new_name_and_address_reach_the_contact_that_was_made_here(running: Companion, anna: str) -> None:
    contact = change(running, anna, first_name="Joanna", last_name="Nowak", email="joanna@nordmail.example")
    assert (contact.name, contact.email) == ("Joanna Nowak", "joanna@nordmail.example")


def test_an_address_that_another_contact_has_stays_there_and_is_asked_for_once(running: Companion, anna: str) -> None:
    running.intercom.switches.set(email_only_conflicts=True)
    running.intercom.put(Contact(id="0" * 23 + "1", workspace_id="w", role="user", born=1.0, updated_at=1, email=TAKEN))
    contact = change(running, anna, first_name="Joanna", last_name="Nowak", email=TAKEN)
    assert (contact.name, contact.email) == ("Joanna Nowak", "anna.new@nordmail.example")
    change(running, anna, last_name="Kowalska")
    assert conflicts(running) == 1
