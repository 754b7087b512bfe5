"""What is said in a conversation is heard when it is said; and if nobody tells us, the sweep finds it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from sync.conversations.sweep import ConversationSweep
from tests.integration.sync.webhooks.town import Customer, Town


def talk(town: Town) -> tuple[Customer, str, str]:
    """Somebody with a second order, the newest, and a conversation about the first one."""
    customer, contact = town.linked()
    newest = f"{customer.number}-2"
    town.place(customer.id, newest)
    return customer, newest, town.says(contact, f"Where is {customer.number}?")


def test_a_conversation_that_begins_is_about_the_order_it_names(town: Town) -> None:
    customer, _, conversation = talk(town)
    assert town.named(conversation) == customer.number


@pytest.mark.parametrize("lost", [False, True])
def test_an_order_named_in_a_later_reply_is_what_it_is_about(town: Town, lost: bool) -> None:
    customer, contact = town.linked()
    town.intercom.switches.set(webhooks_lost=lost)
    failed = town.place(customer.id, f"{customer.number}-2")
    town.place(customer.id, f"{customer.number}-3")
    town.running.act("fail_payment", order=failed)
    town.catch_up()
    conversation = town.says(contact, f"Where is {customer.number}?")
    look(town, lost)
    assert (town.named(conversation), town.tags(conversation)) == (customer.number, [])
    town.replies(conversation, f"And the payment for {customer.number}-2?")
    look(town, lost)
    assert (town.named(conversation), town.tags(conversation)) == (f"{customer.number}-2", ["Order payment failed"])
    town.running.act("capture", order=failed)
    town.catch_up()
    assert town.tags(conversation) == []
    assert town.conversation(conversation)["custom_attributes"]["ct_order_payment"] == "paid"


def look(town: Town, lost: bool = True) -> None:
    """The sweep comes by if nobody told us. Intercom counts seconds: what was read before is older than what is now."""
    if lost:
        with town.database.transaction() as connection:
            connection.execute("UPDATE conversation_link SET read_version = read_version - 1")
        town.running.look()
        town.quiet()


def test_what_is_said_in_the_second_of_the_reading_is_not_overlooked(town: Town) -> None:
    customer, contact = town.linked()
    town.place(customer.id, f"{customer.number}-2")
    town.intercom.switches.set(webhooks_lost=True)
    conversation = town.says(contact, customer.number)
    for _ in range(2):  # what we write ourselves is a change as well, and is read once more
        second: int = town.conversation(conversation)["updated_at"]
        look_at(town, second)
    assert town.named(conversation) == customer.number
    with town.intercom.lock:
        assert town.conversation(conversation)["updated_at"] == second
        town.intercom.workspace.conversations.reply(conversation, f"<p>{customer.number}-2</p>", now=second)
    look_at(town, second)
    assert town.named(conversation) == f"{customer.number}-2"


def look_at(town: Town, second: int) -> None:
    """A sweep within that second, and what follows from it."""
    town.running.conversations.release()
    sweep = ConversationSweep(replace(town.running.at, now=lambda: datetime.fromtimestamp(second, UTC)))
    sweep.sweep()
    sweep.release()
    town.quiet()


def test_a_closed_conversation_is_left_alone_at_once(town: Town) -> None:
    customer, _, conversation = talk(town)
    town.does("close", conversation=conversation)
    town.running.act("fail_payment", order=customer.order)
    town.catch_up()
    assert town.tags(conversation) == []


def test_a_deleted_conversation_is_forgotten(town: Town) -> None:
    *_, conversation = talk(town)
    town.does("delete_conversation", conversation=conversation)
    with town.database.transaction() as connection:
        found = connection.execute("SELECT FROM conversation_link WHERE conversation_id = %s", (conversation,))
        assert found.fetchone() is None


def test_what_we_write_into_a_conversation_leads_to_nothing(town: Town) -> None:
    *_, conversation = talk(town)
    before = town.writes()
    item = dict(town.conversation(conversation))
    for topic in ("conversation.user.replied", "conversation.admin.opened", "conversation.contact.attached"):
        assert town.ear.told(topic, item) == 200
    town.quiet()
    assert town.writes() == before


def test_replies_that_come_twice_and_out_of_order_end_with_the_last(town: Town) -> None:
    customer, newest, conversation = talk(town)
    town.intercom.switches.set(webhooks_doubled=True, webhooks_shuffled=True)
    for number in (newest, customer.number, newest):
        town.intercom.reply(conversation, f"<p>{number}</p>")
    town.quiet()
    look(town)
    assert town.named(conversation) == newest
