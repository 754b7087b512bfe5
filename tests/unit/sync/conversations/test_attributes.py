"""The attributes of conversations that the mapping names, against what the workspace has."""

from __future__ import annotations

import pytest

from clients.intercom.resources import ConversationAttribute
from sync.conversations.attributes import conversation_difference
from sync.mapping.reading import parse_sync_mapping
from sync.mapping.rules import ConversationRules

MAPPING = '[conversations.attributes]\nct_number = "order.number"\nct_at = { path = "order.placed_at", type = "date" }'
RULES: ConversationRules = parse_sync_mapping(MAPPING, hash_key=b"k").conversations


def an_attribute(name: str, data_type: str, *, archived: bool = False) -> ConversationAttribute:
    return ConversationAttribute(id="1", name=name, data_type=data_type, archived=archived)


NUMBER, AT = an_attribute("ct_number", "string"), an_attribute("ct_at", "datetime")


def test_what_is_there_with_its_type_is_no_difference() -> None:
    found = conversation_difference(RULES, [NUMBER, AT])
    assert (found.missing, found.faults) == ((), ())


def test_what_is_archived_is_made_anew() -> None:
    found = conversation_difference(RULES, [an_attribute("ct_number", "string", archived=True), AT])
    assert [rule.name for rule in found.missing] == ["ct_number"]


@pytest.mark.parametrize("present", [[NUMBER, NUMBER, AT], [an_attribute("ct_number", "integer"), AT]])
def test_two_of_one_name_and_another_type_are_faults_of_their_line(present: list[ConversationAttribute]) -> None:
    found = conversation_difference(RULES, present)
    assert [(fault.line, fault.key) for fault in found.faults] == [(2, "conversations.attributes.ct_number")]
    assert found.missing == ()
