"""Many changes at once, with a worker at work: few requests, the newest state, each event once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from sandbox.intercom.switches import Fault
from sync.storage.database import Database
from tests.integration.sync.acting import Actor
from tests.integration.sync.companion import Companion, companion


@pytest.fixture
def running(database: Database) -> Iterator[Companion]:
    with companion(database) as running:
        yield running


@pytest.fixture
def ada(running: Companion) -> Actor:
    """Linked, with an order."""
    ada = Actor(running, "ada")
    ada.registers()
    ada.orders(items=6)
    assert running.settled()
    return ada


def ten_changes(ada: Actor) -> None:
    ada.on_order("capture")
    for _ in range(4):
        ada.on_order("ship", quantity=1)
    ada.on_order("set_locale", locale="fr-FR")
    ada.on_order("confirm")
    ada.on_order("request_return")
    ada.on_order("receive_return")
    ada.on_order("refund")


def test_ten_changes_within_a_second_are_two_updates_and_a_request_for_each_event(
    running: Companion, ada: Actor
) -> None:
    told, before = ada.events, len(running.intercom.requests)
    ten_changes(ada)
    assert running.settled()
    routes = Counter(each.route for each in running.intercom.requests[before:] if "tags" not in each.route)
    new = ada.events - told
    assert routes["PUT /contacts/{id}"] <= 2
    assert routes["POST /events"] == new.total() >= 7
    assert set(routes) == {"PUT /contacts/{id}", "POST /events"}


def test_what_fails_while_more_and_more_is_heard_ends_in_the_newest_state(running: Companion, ada: Actor) -> None:
    told = ada.events
    running.intercom.switches.set(
        faults=[
            Fault(kind="reset", door="contacts", handled=True, times=2),
            Fault(kind="status", status=503, door="events", times=2),
            Fault(kind="truncated", door="tags", times=1),
            Fault(kind="invalid_json", door="events", times=1),
        ]
    )
    ten_changes(ada)
    ada.does("change_cart", customer=ada.customer, items=3)
    ada.does("delete_cart", customer=ada.customer)
    assert running.settled()
    new = ada.events - told
    assert (new["payment-captured"], new["parcel-shipped"], new["refund-issued"]) == (1, 4, 1)
    assert ada.attributes["ct_last_order_payment"] == "partly_refunded"
    assert "ct_cart_items" not in ada.attributes
    assert ada.tags == []
