"""Stage 2 is stopped at every line while it tells a conversation, and the conversation ends as if nothing had happened.

At each request to Intercom and at each transaction: after it, with a kill that nothing catches, and before it, with an
error. In between the order goes on, so that what was about to be sent is no longer what is to be sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from typing import Any, Final

import pytest

from clients.errors import TryAgain
from sync.storage.conversations import open_conversations
from sync.storage.database import Database
from sync.storage.installations import SINGLE
from tests.integration.sync.companion import Companion, companion
from tests.integration.sync.stepping import (
    Killed,
    Steps,
    Stop,
    Trap,
    Traps,
    no_answer,
    no_database,
    trapped_steps,
)

MAPPING: Final = """
[sync]
create_contacts = "all"

[attributes]
ct_orders = { path = "lifetime.orders", type = "integer" }

[conversations.attributes]
ct_order_number = "order.number"
ct_order_payment = "order.payment_status"

[conversations.tags]
"Payment failed" = "order.payment_status == 'failed'"
"""
NUMBERS = count(1)
STOPS: Final = (Stop("after", Killed), Stop("before", no_answer))
COMMIT_STOPS: Final = (Stop("after", Killed), Stop("before", no_database))


@dataclass(frozen=True)
class Stage:
    here: Companion
    steps: Steps
    traps: Traps

    def plays(self, trap: Trap | None = None, *, goes_on: bool) -> Any:
        """A payment fails, which is stopped, and comes after all if it `goes_on`; what the conversation shows then."""
        tag = f"crash-{next(NUMBERS)}"
        customer = self.does("create_account", email=f"{tag}@kunden.example", name=tag)["customer"]
        order = self.does("place", customer=customer, number=f"{tag}-1001", name=tag)["order"]
        self.steps.settle()
        contact = self.here.contact_of(customer)
        conversation = self.here.intercom.converse(contact, "<p>Hello?</p>")
        self.here.look()
        self.steps.settle()
        self.does("fail_payment", order=order)
        self.steps.read_all()
        if trap is not None:
            with trap.set(), suppress(Killed, TryAgain):
                self.steps.settle()
        if goes_on:
            self.does("capture", order=order)
        self.steps.wake(f"c:{customer}")
        self.steps.settle()
        return self.shown(conversation), self.on_record(contact.id)

    def does(self, act: str, **arguments: Any) -> Any:
        done = self.here.act(act, **arguments)
        self.here.hint_at(done, customer=arguments.get("customer"))
        return done.ids

    def shown(self, conversation: str) -> tuple[str, list[str]]:
        found = self.here.intercom.conversation(conversation)
        assert found is not None
        return found["custom_attributes"]["ct_order_payment"], [tag["name"] for tag in found["tags"]["tags"]]

    def on_record(self, contact_id: str) -> tuple[str, list[str], list[str]]:
        with self.here.database.transaction() as connection:
            (row,) = open_conversations(connection, SINGLE, contact_id)
        return row.fingerprint["ct_order_payment"], list(row.tags_added), list(row.tags_unsure)


@pytest.fixture(scope="module")
def stage(shared_database: Database) -> Iterator[Stage]:
    with companion(shared_database, mapping=MAPPING, worker=False) as here, trapped_steps(here) as (steps, traps):
        yield Stage(here=here, steps=steps, traps=traps)


def each_stop(stage: Stage, trap: Trap, stop: Stop, *, goes_on: bool) -> int:
    """How many stops there were; after each the conversation ended as in a calm run."""
    calm = stage.plays(goes_on=goes_on)
    for at in count(1):
        trap.prepare(at, stop)
        ended = stage.plays(trap, goes_on=goes_on)
        if not trap.has_sprung:
            return at - 1
        assert ended == calm, f"stopped {stop.when} number {at}"
    raise AssertionError("it never ends")


def test_a_calm_run_ends_as_the_order_says(stage: Stage) -> None:
    failed: tuple[str, list[str]] = ("failed", ["Payment failed"])
    paid: tuple[str, list[str]] = ("paid", [])
    assert stage.plays(goes_on=False) == (failed, (*failed, []))
    assert stage.plays(goes_on=True) == (paid, (*paid, []))


@pytest.mark.parametrize("goes_on", [False, True], ids=["as it is", "the order goes on"])
@pytest.mark.parametrize("stop", STOPS, ids=lambda stop: stop.when)
def test_stopped_at_any_request_the_conversation_ends_true(stage: Stage, stop: Stop, goes_on: bool) -> None:
    assert each_stop(stage, stage.traps.calls, stop, goes_on=goes_on) >= 3  # attributes, making the tag, tagging


@pytest.mark.parametrize("stop", COMMIT_STOPS, ids=lambda stop: stop.when)
def test_stopped_at_any_transaction_the_conversation_ends_true(stage: Stage, stop: Stop) -> None:
    assert each_stop(stage, stage.traps.commits, stop, goes_on=True) >= 4  # plans, attributes, tag, end
