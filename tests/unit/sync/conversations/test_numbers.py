"""Which of the numbers that a conversation names counts most."""

from __future__ import annotations

from typing import Any

from clients.intercom.conversation import Conversation, conversation_of
from sync.conversations.numbers import Numbers, numbers_in
from sync.mapping.rules import ConversationRules
from sync.plan.subject import UNSURE

RULES = ConversationRules()


def talk(*messages: str, subject: str = "", title: str = "", **attributes: Any) -> Conversation:
    """`messages` in the order in which they were written."""
    first, *replies = messages
    parts = [{"body": body, "created_at": number} for number, body in enumerate(replies, start=1)]
    return conversation_of(
        {
            "id": "1",
            "title": title,
            "source": {"subject": subject, "body": first},
            "conversation_parts": {"conversation_parts": parts},
            "custom_attributes": attributes,
        }
    )


def numbers(conversation: Conversation, before: Numbers | None = None, **more: Any) -> Numbers:
    return numbers_in(conversation, RULES, before=before, told=more.pop("told", {}), **more)


def test_the_newest_message_counts_most() -> None:
    found = numbers(talk("#1001", "#1002", "thanks", "#1003", subject="#1004", title="#1005"))
    assert found.all == ("1003", "1002", "1001", "1004", "1005")


def test_what_others_wrote_into_an_attribute_counts_more() -> None:
    assert numbers(talk("#1001", order_number="1009")).all == ("1009", "1001")


def test_what_we_wrote_names_nothing() -> None:
    conversation = talk("#1001", ct_order_number="1009")
    assert numbers(conversation, told={"ct_order_number": "1009"}).all == ("1001",)
    assert numbers(conversation, told={"ct_order_number": UNSURE}).all == ("1001",)
    assert numbers(conversation, told={"ct_order_number": "1001"}).all == ("1009", "1001")


def test_a_new_reply_counts_more_than_an_attribute_of_before() -> None:
    before = numbers(talk("#1001", order_number="1009"))
    assert numbers(talk("#1001", "#1002", order_number="1009"), before).all == ("1002", "1001", "1009")


def test_an_attribute_that_has_become_ours_changes_nothing() -> None:
    before = numbers(talk("#1001", ct_order_number="1009"), told={"ct_order_number": "1001"})
    after = numbers(talk("#1001", ct_order_number="1009"), before, told={"ct_order_number": "1009"})
    assert after.all == before.all == ("1009", "1001")


def test_a_reply_without_a_number_changes_nothing() -> None:
    before = numbers(talk("#1001"))
    assert numbers(talk("#1001", "thank you"), before) == before


def test_what_is_not_whole_can_only_add() -> None:
    before = numbers(talk("#1001", "#1002"))
    assert numbers(talk("#1001"), before, is_whole=False) == before
    added = numbers(talk("#1003"), before, is_whole=False)
    assert added.all == ("1003", "1002", "1001")
    assert added.said == before.said
