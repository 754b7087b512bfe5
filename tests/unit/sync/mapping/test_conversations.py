"""The table `[conversations]`."""

from __future__ import annotations

import pytest

from clients.intercom.order_numbers import DEFAULT_PATTERNS
from sync.mapping.faults import MappingError
from sync.mapping.reading import parse_sync_mapping
from sync.mapping.rules import ConversationRules, Edits


def rules(text: str) -> ConversationRules:
    return parse_sync_mapping(text, hash_key=b"k").conversations


def faults(text: str) -> list[tuple[int, str]]:
    with pytest.raises(MappingError) as refused:
        parse_sync_mapping(text, hash_key=b"k")
    return [(fault.line, fault.key) for fault in refused.value.faults]


def test_without_the_table_no_conversation_is_told_anything() -> None:
    assert not rules("").is_on
    assert not rules("[conversations]\nothers_orders = true").is_on


def test_attributes_and_tags_are_read_with_their_options() -> None:
    read = rules(
        '[conversations]\nedits = "overwrite"\nadmin_id = "12"\n'
        '[conversations.attributes]\nct_a = "order.number"\n[conversations.tags]\n"Late" = "order.status"'
    )
    assert ([rule.name for rule in read.attributes], [rule.name for rule in read.tags]) == (["ct_a"], ["Late"])
    assert (read.edits, read.admin_id, read.is_on) == (Edits.OVERWRITE, "12", True)


def test_the_panels_way_of_finding_order_numbers_is_used() -> None:
    read = rules("[panel]\norder_number_patterns = ['SO-[0-9]{4}', '(']\norder_number_attributes = [\"Order\"]")
    assert [pattern.pattern for pattern in read.patterns] == ["SO-[0-9]{4}"]
    assert read.number_attributes == ("Order",)
    assert rules("").patterns == DEFAULT_PATTERNS


def test_what_is_named_for_conversations_is_asked_of_the_shop() -> None:
    text = '[conversations.attributes]\nct_tier = "customer.custom.tier"\n[conversations.tags]\nB = "customer.group"'
    assert parse_sync_mapping(text, hash_key=b"k").allowed == {"customer.custom.tier", "customer.group"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('[conversations.attributes]\nnumber = "order.number"', [(2, "conversations.attributes.number")]),
        (
            '[conversations.attributes]\nct_total = { path = "order.total", type = "float" }',
            [(2, "conversations.attributes.ct_total.type")],
        ),
        ('[conversations.tags]\nVIP = "order"\nvip = "order"', [(3, "conversations.tags.vip")]),
        ("[conversations]\nadmin_id = 12", [(2, "conversations.admin_id")]),
        ('[conversations]\nedits = "ignore"', [(2, "conversations.edits")]),
        ("[conversations]\ntags = 1", [(2, "conversations.tags")]),
    ],
)
def test_what_is_wrong_is_a_fault_of_its_line(text: str, found: list[tuple[int, str]]) -> None:
    assert faults(text) == found
