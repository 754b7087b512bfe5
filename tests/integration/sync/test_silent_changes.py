"""Changes of which the shop sends no message: polling alone finds them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest

from sync.storage.database import Database
from tests.integration.sync.acting import Actor
from tests.integration.sync.companion import MAPPING, Companion, companion
from tests.integration.sync.stepping import Steps

NUMBERS = count(1)
WITH_LOCALE = MAPPING.replace("[attributes]\n", '[attributes]\nct_locale = "order.locale"\n')


@pytest.fixture(scope="module")
def here(shared_database: Database) -> Iterator[Companion]:
    with companion(shared_database, worker=False, mapping=WITH_LOCALE) as here:
        here.sweep()
        yield here


@pytest.fixture
def steps(here: Companion) -> Steps:
    return Steps(here.at)


@pytest.fixture
def ada(here: Companion) -> Actor:
    """Of whom nobody tells."""
    ada = Actor(here, f"ada{next(NUMBERS)}x", is_heard=False)
    ada.registers()
    return ada


def polled(here: Companion, steps: Steps) -> None:
    here.sweep()
    steps.settle()


def test_a_return_that_is_marked_as_refunded_is_told_once(here: Companion, steps: Steps, ada: Actor) -> None:
    ada.orders()
    for act in ("capture", "ship", "request_return", "receive_return"):
        ada.on_order(act)
    polled(here, steps)
    assert ada.events["return-refunded"] == 0
    ada.on_order("refund", transaction=False)
    polled(here, steps)
    polled(here, steps)
    assert ada.events["return-refunded"] == 1


def test_an_order_number_that_is_set_late_arrives(here: Companion, steps: Steps, ada: Actor) -> None:
    ada.orders(number=None, numbered=False)
    polled(here, steps)
    assert "ct_last_order_number" not in ada.attributes
    ada.on_order("set_number", number=f"LATE-{ada.tag}")
    polled(here, steps)
    assert ada.attributes["ct_last_order_number"] == f"LATE-{ada.tag}"
    assert ada.events["order-placed"] == 1


def test_a_locale_that_is_set_later_arrives(here: Companion, steps: Steps, ada: Actor) -> None:
    ada.orders()
    polled(here, steps)
    ada.on_order("set_locale", locale="fr-FR")
    polled(here, steps)
    assert ada.attributes["ct_locale"] == "fr-FR"


def test_an_order_that_changes_hands_arrives_at_both(here: Companion, steps: Steps, ada: Actor) -> None:
    bob = Actor(here, f"bob{next(NUMBERS)}x", is_heard=False)
    bob.registers()
    ada.orders()
    bob.orders()
    polled(here, steps)
    ada.on_order("move", customer=bob.customer)
    polled(here, steps)
    assert ("ct_orders" in ada.attributes and ada.attributes["ct_orders"], bob.attributes["ct_orders"]) == (0, 2)
