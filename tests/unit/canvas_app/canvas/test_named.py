"""Which orders a conversation is about, the first one first."""

from __future__ import annotations

from typing import Any

from canvas_app.canvas.named import orders_named
from canvas_app.mapping import Mapping, PanelOptions
from clients.intercom.conversation import conversation_of
from sync.mapping.expressions import Expression
from sync.mapping.rules import AttributeRule, ConversationRules

OURS = AttributeRule(name="Bestellung", expression=Expression("order.number"))
MAPPING = Mapping(
    panel=PanelOptions(order_number_attributes=("Order number",)),
    conversations=ConversationRules(attributes=(OURS,)),
)


def named(*, replies: tuple[str, ...] = (), mapping: Mapping = MAPPING, **attributes: str) -> tuple[str, ...]:
    parts = [{"body": body, "created_at": at} for at, body in enumerate(replies, start=1)]
    document: dict[str, Any] = {
        "id": "1",
        "title": "About #1001",
        "source": {"subject": "#1002", "body": "<p>It is #1003</p>"},
        "conversation_parts": {"conversation_parts": parts},
        "custom_attributes": {name.replace("_", " "): value for name, value in attributes.items()},
    }
    return orders_named(conversation_of(document), mapping)


def test_the_first_message_counts_more_than_the_title() -> None:
    assert named() == ("1003", "1002", "1001")


def test_the_newest_reply_counts_most_of_what_was_said() -> None:
    assert named(replies=("#1004", "#1005")) == ("1005", "1004", "1003")


def test_what_the_sync_has_decided_comes_first() -> None:
    assert named(replies=("#1004",), Order_number="1009", Bestellung="1006") == ("1006", "1009", "1004")


def test_it_is_named_once_however_it_is_spelt() -> None:
    assert named(replies=("#de-1004",), Bestellung="DE-1004") == ("DE-1004", "1003", "1002")


def test_without_conversations_in_the_mapping_attributes_come_first() -> None:
    alone = Mapping(panel=MAPPING.panel)
    assert named(mapping=alone, Order_number="1009", Bestellung="1006") == ("1009", "1003", "1002")
