"""A preview says exactly what is sent then, and changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any

import pytest

from sync.plan.result import WithheldKind
from sync.previewing import Preview, preview_customer, preview_guest
from sync.storage.database import Database
from sync.storage.hints import ResourceType
from tests.integration.sync.acting import Actor
from tests.integration.sync.companion import Companion, companion
from tests.integration.sync.stepping import Steps

NUMBERS = count(1)


@pytest.fixture(scope="module")
def here(shared_database: Database) -> Iterator[Companion]:
    with companion(shared_database, worker=False) as here:
        yield here


@pytest.fixture
def steps(here: Companion) -> Steps:
    return Steps(here.at)


@pytest.fixture
def ada(here: Companion, steps: Steps) -> Actor:
    """Linked, and much has happened since of which nothing was read."""
    ada = Actor(here, f"ada{next(NUMBERS)}x")
    ada.registers()
    ada.orders()
    steps.settle()
    ada.is_heard = False
    for act in ("fail_payment", "ship", "request_return"):
        ada.on_order(act)
    ada.does("change_cart", customer=ada.customer, items=2)
    ada.does("rename", customer=ada.customer, first_name="Eva")
    return ada


def heard_of(here: Companion, steps: Steps, ada: Actor) -> list[tuple[str, Mapping[str, Any]]]:
    """What is sent when all of it is read: route and body."""
    before = len(here.intercom.requests)
    ada.does("set_locale", heard=1, order=ada.order, locale="de-DE")
    ada.does("rename", heard=1, customer=ada.customer, first_name="Eva")
    here.hint(ResourceType.CART, ada.customer)
    steps.settle()
    return [(each.route, each.body) for each in here.intercom.requests[before:]]


def tables(here: Companion) -> dict[str, list[str]]:
    with here.database.transaction() as connection:
        names = [
            str(name)
            for (name,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        ]
        return {
            name: sorted(str(row) for row in connection.execute(f'SELECT t::text FROM "{name}" AS t').fetchall())
            for name in names
        }


def preview(here: Companion, ada: Actor) -> Preview:
    return preview_customer(here.at, ada.customer)


def test_attributes_and_fields_are_sent_as_the_preview_said(here: Companion, steps: Steps, ada: Actor) -> None:
    said = preview(here, ada).plan
    sent = heard_of(here, steps, ada)
    writes = [body for route, body in sent if route == "PUT /contacts/{id}"]
    attributes = {name: value for body in writes for name, value in body.get("custom_attributes", {}).items()}
    fields = {name: value for body in writes for name, value in body.items() if name != "custom_attributes"}
    assert len(said.attributes) > 2
    assert attributes == said.attributes
    assert fields == said.fields == {"name": "Eva Moreno"}


def test_tags_are_put_on_as_the_preview_said(here: Companion, steps: Steps, ada: Actor) -> None:
    said = preview(here, ada).plan
    before = set(ada.tags)
    heard_of(here, steps, ada)
    assert set(ada.tags) - before == set(said.tags_add) == {"Open return", "Payment failed"}


def test_events_are_sent_as_the_preview_said(here: Companion, steps: Steps, ada: Actor) -> None:
    said = preview(here, ada)
    sent = [body for route, body in heard_of(here, steps, ada) if route == "POST /events"]
    told = sorted((body["event_name"], body["created_at"], str(body["metadata"])) for body in sent)
    assert said.plan.intents
    assert told == sorted((each.name, each.second, str(dict(each.metadata))) for each in said.plan.intents)


def test_what_the_preview_says_is_withheld_is_not_sent(here: Companion, steps: Steps, ada: Actor) -> None:
    ada.on_order("delay")
    withheld = [each for each in preview(here, ada).plan.withheld if each.kind is WithheldKind.EVENT]
    assert "the mapping names no event shipment_delayed" in [each.reason for each in withheld]
    heard_of(here, steps, ada)
    assert not any("delay" in name for name in ada.events)


def test_a_preview_of_a_customer_changes_nothing_and_sends_nothing(here: Companion, ada: Actor) -> None:
    before, asked = tables(here), len(here.intercom.requests)
    preview(here, ada)
    assert tables(here) == before
    assert len(here.intercom.requests) == asked


def test_a_preview_of_a_guest_changes_nothing_and_says_what_is_sent(here: Companion, steps: Steps) -> None:
    guest = Actor(here, f"guest{next(NUMBERS)}x", is_heard=False)
    guest.orders(as_guest=True)
    before, asked = tables(here), len(here.intercom.requests)
    said = preview_guest(here.at, guest.email)
    assert (tables(here), len(here.intercom.requests)) == (before, asked)
    guest.does("set_locale", heard=1, order=guest.order, locale="de-DE")
    steps.settle()
    (contact,) = [each for each in here.intercom.contacts if each.email == guest.email]
    held = {name: value for name, value in contact.custom_attributes.items() if value is not None}
    assert held == said.plan.desired
    assert sorted(event.name for event in here.intercom.events(contact.id)) == sorted(
        each.name for each in said.plan.intents
    )
