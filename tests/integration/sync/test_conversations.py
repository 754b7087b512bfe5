"""A conversation carries the order that it is about, and goes on telling the truth of it; every webhook is lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

import pytest

from clients.errors import Unreachable
from clients.intercom.conversation import conversation_of
from sandbox.intercom.switches import Fault
from sandbox.shop.identifiers import customer_id
from sync.conversations.noting import note_conversation
from sync.conversations.sweep import ConversationSweep
from sync.plan.subject import UNSURE
from sync.storage.conversations import ConversationRow, open_conversations
from sync.storage.database import Database
from sync.storage.dead_letters import list_dead_letters
from sync.storage.hints import ResourceType
from sync.storage.installations import SINGLE
from sync.storage.subjects import load_subject, wake_subjects
from tests.integration.sync.companion import MAPPING, Companion, companion
from tests.integration.sync.stepping import Steps

ANNA: Final = customer_id("vip")
WRITES: Final = ("PUT /conversations/{id}", "POST /conversations/{id}/tags", "DELETE /conversations/{id}/tags/{tag_id}")

CONVERSATIONS: Final = """
[conversations]
{options}

[conversations.attributes]
ct_order_number = "order.number"
ct_order_payment = "order.payment_status"
ct_order_total = "order.total"
ct_order_placed_at = {{ path = "order.placed_at", type = "date" }}

[conversations.tags]
"Order payment failed" = "order.payment_status == 'failed'"
"""


def mapping(options: str = "") -> str:
    return MAPPING + CONVERSATIONS.format(options=options)


class Talk:
    """Two customers with orders, whose contacts are linked."""

    def __init__(self, running: Companion) -> None:
        self.running = running
        self.steps = Steps(running.at)
        self.anna = running.act("create_account", email="anna.talk@example.com", name="talk-anna").ids["customer"]
        self.ben = running.act("create_account", email="ben.talk@example.com", name="talk-ben").ids["customer"]
        self.orders = {number: self.place(number, self.anna) for number in ("TALK-1001", "TALK-1002")}
        self.orders["TALK-2001"] = self.place("TALK-2001", self.ben)
        self.catch_up()

    def place(self, number: str, customer: str) -> str:
        return self.running.act("place", customer=customer, number=number, name=number).ids["order"]

    def catch_up(self) -> None:
        """What the shop and the conversations have of news arrives."""
        self.running.sweep()
        self.running.look()
        self.steps.settle()

    def says(self, text: str, *, who: str | None = None) -> str:
        contact = self.running.contact_of(who or self.anna)
        conversation = self.running.intercom.converse(contact, f"<p>{text}</p>")
        self.catch_up()
        return conversation

    def replies(self, conversation: str, text: str) -> None:
        self.later()
        self.running.intercom.reply(conversation, f"<p>{text}</p>")
        self.catch_up()

    def agent_writes(self, conversation: str, **values: str) -> None:
        self.later()
        stand_in = self.running.intercom
        with stand_in.lock:
            body = {"custom_attributes": values}
            stand_in.workspace.conversations.update(conversation, body, now=stand_in.workspace.now)
        self.catch_up()

    def later(self) -> None:
        """Intercom counts seconds: what was read before is older than what comes now."""
        with self.running.database.transaction() as connection:
            connection.execute("UPDATE conversation_link SET read_version = read_version - 1")

    def shown(self, conversation: str) -> Mapping[str, Any]:
        found = self.running.intercom.conversation(conversation)
        assert found is not None
        attributes: Mapping[str, Any] = found["custom_attributes"]
        return attributes

    def number(self, conversation: str) -> str | None:
        return self.shown(conversation).get("ct_order_number")

    def tags(self, conversation: str) -> list[str]:
        found = self.running.intercom.conversation(conversation)
        assert found is not None
        return [tag["name"] for tag in found["tags"]["tags"]]

    def writes(self) -> int:
        return sum(self.running.intercom.log.accepted[route] for route in WRITES)

    def row(self, conversation: str) -> ConversationRow | None:
        with self.running.database.transaction() as connection:
            contact = self.running.contact_of(self.anna).id
            rows = open_conversations(connection, SINGLE, contact)
        return next((row for row in rows if row.id == conversation), None)

    def wake(self) -> None:
        with self.running.database.transaction() as connection:
            wake_subjects(connection, SINGLE, [f"c:{self.anna}"])
        self.steps.settle()


@pytest.fixture(scope="module")
def shared(shared_database: Database) -> Iterator[Talk]:
    with companion(shared_database, mapping=mapping(), worker=False) as running:
        running.sweep()
        yield Talk(running)


@pytest.fixture
def talk(shared: Talk) -> Iterator[Talk]:
    yield shared
    shared.running.intercom.switches.set(faults=[])


def test_a_conversation_that_names_an_order_gets_its_attributes(talk: Talk) -> None:
    conversation = talk.says("Where is TALK-1001?")
    shown = talk.shown(conversation)
    assert shown["ct_order_number"] == "TALK-1001"
    assert shown["ct_order_total"].endswith(" EUR")
    assert shown["ct_order_placed_at"] > 1_600_000_000


def test_a_conversation_that_names_no_order_is_about_the_newest(talk: Talk) -> None:
    assert talk.number(talk.says("Hello?")) in ("TALK-1001", "TALK-1002")  # placed within one moment


def test_a_reply_that_names_another_order_moves_it_there_and_back(talk: Talk) -> None:
    conversation = talk.says("Where is TALK-1002?")
    talk.replies(conversation, "Sorry, I meant TALK-1001")
    assert talk.number(conversation) == "TALK-1001"
    talk.replies(conversation, "No, it is talk-1002 after all")
    assert talk.number(conversation) == "TALK-1002"


def test_a_tag_goes_when_the_payment_comes(talk: Talk) -> None:
    order = talk.place("TALK-1003", talk.anna)
    talk.running.act("fail_payment", order=order)
    talk.running.sweep()
    talk.steps.settle()
    conversation = talk.says("My payment for TALK-1003?")
    assert talk.tags(conversation) == ["Order payment failed"]
    talk.running.act("capture", order=order)
    talk.catch_up()
    assert talk.tags(conversation) == []
    assert talk.shown(conversation)["ct_order_payment"] != "failed"


def test_an_order_that_is_not_known_yet_is_asked_of_the_shop(talk: Talk) -> None:
    order = talk.place("TALK-1004", talk.anna)
    with talk.running.database.transaction() as connection:
        connection.execute("DELETE FROM order_fact WHERE id = %s", (order,))
    contact = talk.running.contact_of(talk.anna)
    conversation = talk.running.intercom.converse(contact, "TALK-1004 please")
    talk.running.look()
    talk.steps.settle()
    assert talk.number(conversation) == "TALK-1004"


def test_another_customers_order_is_never_shown(talk: Talk) -> None:
    conversation = talk.says("And TALK-2001?")
    assert talk.number(conversation) in ("TALK-1002", "TALK-1003", "TALK-1004")


def test_an_agents_edit_stays_until_the_order_says_something_new(talk: Talk) -> None:
    conversation = talk.says("Where is TALK-1001?")
    talk.agent_writes(conversation, ct_order_payment="cash in hand")
    talk.wake()
    assert talk.shown(conversation)["ct_order_payment"] == "cash in hand"
    talk.running.act("capture", order=talk.orders["TALK-1001"])
    talk.catch_up()
    assert talk.shown(conversation)["ct_order_payment"] == "paid"


def test_an_agent_can_say_which_order_it_is(talk: Talk) -> None:
    conversation = talk.says("Where is TALK-1002?")
    talk.agent_writes(conversation, ct_order_number="TALK-1001")
    before = talk.shown(conversation)
    talk.later()
    talk.catch_up()
    assert before["ct_order_number"] == "TALK-1001"
    assert talk.shown(conversation) == before


def test_a_closed_conversation_is_left_alone(talk: Talk) -> None:
    order = talk.place("TALK-1005", talk.anna)
    talk.running.sweep()
    conversation = talk.says("TALK-1005?")
    stand_in = talk.running.intercom
    talk.later()
    with stand_in.lock:
        stand_in.workspace.conversations.close(conversation, now=stand_in.workspace.now)
    talk.running.look()
    before = talk.shown(conversation)
    talk.running.act("capture", order=order)
    talk.catch_up()
    assert talk.shown(conversation) == before


def test_looking_and_planning_again_writes_nothing(talk: Talk) -> None:
    talk.says("Where is TALK-1001?")
    talk.catch_up()
    before = talk.writes()
    talk.later()
    talk.running.look()
    talk.wake()
    assert talk.writes() == before


def test_a_conversation_that_was_deleted_is_forgotten(talk: Talk) -> None:
    order = talk.place("TALK-1006", talk.anna)
    talk.running.sweep()
    conversation = talk.says("TALK-1006?")
    with talk.running.intercom.lock:
        talk.running.intercom.workspace.conversations.delete(conversation)
    talk.running.act("capture", order=order)
    talk.catch_up()
    assert talk.row(conversation) is None


def test_what_was_sent_without_an_answer_is_told_again(talk: Talk) -> None:
    order = talk.place(f"TALK-{len(talk.orders) + 3000}", talk.anna)
    talk.running.act("fail_payment", order=order)
    talk.running.sweep()
    conversation = talk.says("Where is my parcel?")
    assert talk.tags(conversation) == ["Order payment failed"]
    talk.running.intercom.switches.set(faults=[Fault(kind="reset", door="conversations", handled=True, times=2)])
    talk.running.act("capture", order=order)
    talk.running.sweep()
    talk.steps.read_all()
    for _ in range(2):  # first the attributes' answer is lost, then the tag's
        assert [type(error) for error in talk.steps.try_each()] == [Unreachable]
        row = talk.row(conversation)
        assert row is not None
        assert UNSURE in row.fingerprint.values() or row.tags_unsure
    talk.steps.settle()
    assert talk.tags(conversation) == []
    row = talk.row(conversation)
    assert row is not None
    assert row.tags_unsure == []
    assert row.fingerprint == talk.shown(conversation)


def test_a_plan_without_conversations_costs_the_conversation_alone(talk: Talk) -> None:
    talk.says("Hello?")
    talk.running.intercom.switches.set(faults=[Fault(kind="status", status=403, door="conversations")])
    talk.place("TALK-1009", talk.anna)
    talk.running.sweep()
    talk.steps.settle()
    assert talk.running.attributes_of(talk.anna)["ct_last_order_number"] == "TALK-1009"


def test_what_the_panel_saw_is_enough(talk: Talk) -> None:
    contact = talk.running.contact_of(talk.anna)
    conversation = talk.running.intercom.converse(contact, "<p>It is about TALK-1001</p>")
    found = talk.running.intercom.conversation(conversation)
    assert found is not None
    with talk.running.database.transaction() as connection:
        rules = talk.running.at.mapping.conversations
        assert note_conversation(connection, SINGLE, rules, conversation_of(found), is_whole=False)
    talk.steps.settle()
    assert talk.number(conversation) == "TALK-1001"


def test_a_refusal_is_a_dead_letter_and_heals(talk: Talk) -> None:
    stand_in = talk.running.intercom
    with stand_in.lock:
        stand_in.workspace.conversations.attributes.archive("ct_order_total")
    conversation = talk.says("TALK-1001?")
    assert talk.number(conversation) == "TALK-1001"
    assert [letter.part for letter in letters(talk)] == ["conversation"]
    with stand_in.lock:
        stand_in.workspace.conversations.attributes.add("ct_order_total")
    talk.wake()
    assert letters(talk) == []
    assert talk.shown(conversation)["ct_order_total"].endswith(" EUR")


def letters(talk: Talk) -> list[Any]:
    with talk.running.database.transaction() as connection:
        found = list_dead_letters(connection, SINGLE)
        assert load_subject(connection, SINGLE, f"c:{talk.anna}") is not None
        return [letter for letter in found if letter.subject == f"c:{talk.anna}"]


def test_with_leave_another_customers_order_is_told_of_and_kept_true(database: Database) -> None:
    with companion(database, mapping=mapping("others_orders = true\nnewest_order = false"), worker=False) as running:
        running.sweep()
        talk = Talk(running)
        assert talk.number(talk.says("Hello?")) is None
        conversation = talk.says("TALK-2001 is a gift for me")
        assert talk.number(conversation) == "TALK-2001"
        running.act("capture", order=talk.orders["TALK-2001"])
        talk.catch_up()
        assert talk.shown(conversation)["ct_order_payment"] == "paid"


def test_an_edit_is_put_back_if_the_mapping_says_so(database: Database) -> None:
    with companion(database, mapping=mapping('edits = "overwrite"'), worker=False) as running:
        running.sweep()
        talk = Talk(running)
        conversation = talk.says("TALK-1001?")
        payment = talk.shown(conversation)["ct_order_payment"]
        talk.agent_writes(conversation, ct_order_payment="cash in hand")
        assert talk.shown(conversation)["ct_order_payment"] == payment
        before = talk.writes()
        talk.catch_up()
        assert talk.writes() == before


def test_an_erased_customers_conversations_say_nothing_of_them_any_more(database: Database) -> None:
    with companion(database, mapping=mapping(), worker=False) as running:
        running.sweep()
        talk = Talk(running)
        running.act("fail_payment", order=talk.orders["TALK-1001"])
        conversation = talk.says("TALK-1001?")
        talk.catch_up()
        assert talk.shown(conversation)
        assert talk.tags(conversation) == ["Order payment failed"]
        running.act("erase", customer=talk.anna)
        running.hint(ResourceType.CUSTOMER, talk.anna)
        talk.steps.settle()
        assert (talk.shown(conversation), talk.tags(conversation)) == ({}, [])
        assert talk.row(conversation) is None


def test_what_search_sees_late_is_told_late_and_not_lost(talk: Talk) -> None:
    talk.running.intercom.switches.set(search_lag_s=600.0)
    conversation = talk.says("Where is TALK-1001?")
    assert talk.shown(conversation) == {}
    talk.running.intercom.switches.set(search_lag_s=0.0)
    talk.catch_up()
    assert talk.number(conversation) == "TALK-1001"


def test_one_process_at_a_time_looks(talk: Talk) -> None:
    talk.running.look()
    other = ConversationSweep(talk.running.at)
    assert not other.sweep().is_ours
    talk.running.conversations.release()
    assert other.sweep().is_ours
    other.release()


def test_without_leave_to_read_conversations_a_look_ends_in_peace(talk: Talk) -> None:
    talk.running.intercom.switches.set(faults=[Fault(kind="status", status=403, door="conversations")])
    assert talk.running.look().listed == 0


def test_a_contact_that_was_merged_takes_its_conversations_along(talk: Talk) -> None:
    customer = talk.running.act("create_account", email="merged.talk@example.com", name="talk-merged").ids["customer"]
    order = talk.place("TALK-4001", customer)
    talk.catch_up()
    conversation = talk.says("TALK-4001?", who=customer)
    contact = talk.running.contact_of(customer)
    into = replace(contact, id="a" * 24, external_id=None, email="other.talk@example.com", custom_attributes={})
    talk.running.intercom.put(into)
    talk.running.intercom.merge_away(contact.id, into.id)
    talk.running.act("fail_payment", order=order)
    talk.catch_up()
    assert talk.shown(conversation)["ct_order_payment"] == "failed"
