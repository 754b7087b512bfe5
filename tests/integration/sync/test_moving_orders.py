"""Orders that change hands, and people who share an address: every contact is true, every event is told once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import count

import pytest

from sandbox.intercom.contact import Contact
from sandbox.shop.identifiers import customer_id
from sync.storage.database import Database
from tests.integration.sync.acting import Actor
from tests.integration.sync.companion import Companion, companion
from tests.integration.sync.stepping import Steps

NUMBERS = count(1)
PLACED = ("order-placed", "payment-authorised")


@pytest.fixture(scope="module")
def here(shared_database: Database) -> Iterator[Companion]:
    with companion(shared_database, worker=False) as here:
        yield here


@pytest.fixture
def steps(here: Companion) -> Steps:
    return Steps(here.at)


def somebody(here: Companion) -> Actor:
    return Actor(here, f"somebody{next(NUMBERS)}x")


def contacts_with(here: Companion, email: str) -> list[Contact]:
    return [each for each in here.intercom.contacts if each.email == email and not each.archived]


def events_of_all(*contacts: Contact, here: Companion) -> Counter[str]:
    return Counter(event.name for contact in contacts for event in here.intercom.events(contact.id))


def test_an_order_that_goes_from_a_guest_to_an_account_and_on_is_told_once_in_all(
    here: Companion, steps: Steps
) -> None:
    guest, ada, bob = somebody(here), somebody(here), somebody(here)
    ada.registers()
    bob.registers()
    guest.orders(as_guest=True)
    steps.settle()
    (of_guest,) = contacts_with(here, guest.email)
    for owner in (ada, bob):
        guest.on_order("move", customer=owner.customer)
        steps.settle()
    guest.on_order("capture")
    steps.settle()
    told = events_of_all(of_guest, ada.contact, bob.contact, here=here)
    assert {name: told[name] for name in (*PLACED, "payment-captured")} == dict.fromkeys(
        (*PLACED, "payment-captured"), 1
    )


def test_both_contacts_are_true_when_an_order_went_from_one_to_the_other(here: Companion, steps: Steps) -> None:
    ada, bob = somebody(here), somebody(here)
    for actor in (ada, bob):
        actor.registers()
        actor.orders()
    steps.settle()
    ada.on_order("fail_payment")
    steps.settle()
    assert ada.tags == ["Payment failed"]
    ada.on_order("move", customer=bob.customer)
    steps.settle()
    assert (ada.attributes.get("ct_orders", 0), bob.attributes["ct_orders"]) == (0, 2)
    assert "ct_last_order_number" not in ada.attributes
    assert ada.tags == []


def test_an_order_that_goes_to_an_account_leaves_a_guest_with_the_others(here: Companion, steps: Steps) -> None:
    guest, ada = somebody(here), somebody(here)
    ada.registers()
    guest.orders(as_guest=True)
    first = guest.order
    guest.orders(as_guest=True)
    steps.settle()
    guest.does("move", order=first, customer=ada.customer, email=ada.email)
    steps.settle()
    (of_guest,) = contacts_with(here, guest.email)
    assert of_guest.custom_attributes["ct_orders"] == 1
    assert ada.attributes["ct_orders"] == 1


def test_a_guest_who_opens_an_account_with_the_same_address_stays_one_contact(here: Companion, steps: Steps) -> None:
    ada = somebody(here)
    ada.orders(as_guest=True)
    steps.settle()
    ada.registers()
    ada.orders()
    steps.settle()
    assert [each.external_id for each in contacts_with(here, ada.email)] == [ada.customer]
    assert ada.events == {"account-created": 1, "order-placed": 2, "payment-authorised": 2}


def test_a_guest_order_with_an_accounts_address_tells_its_events_to_the_accounts_contact(
    here: Companion, steps: Steps
) -> None:
    ada = somebody(here)
    ada.registers()
    ada.orders()
    steps.settle()
    ada.orders(as_guest=True)
    steps.settle()
    assert len(contacts_with(here, ada.email)) == 1
    assert ada.attributes["ct_orders"] == 1
    assert ada.events["order-placed"] == 2


def test_two_customers_with_one_address_are_kept_apart(here: Companion, steps: Steps) -> None:
    franz = somebody(here)
    franz.registers()
    other = f"{franz.tag}-store"
    franz.does("create_account", email=franz.email, first_name="Franziska", name=other, store="de")
    franz.orders()
    franz.does("place", customer=customer_id(other), number=f"{franz.tag}-de", pay="charge")
    steps.settle()
    two = [here.contact_of(id_) for id_ in (franz.customer, customer_id(other))]
    assert len({each.id for each in two}) == 2
    assert [each.custom_attributes["ct_last_order_number"] for each in two] == [f"{franz.tag}-1", f"{franz.tag}-de"]
    assert [here.event_names_of(str(each.external_id)).count("order-placed") for each in two] == [1, 1]
