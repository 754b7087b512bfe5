"""What a conversation is told, and what it is left."""

from __future__ import annotations

from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from sync.mapping.reading import parse_sync_mapping
from sync.mapping.rules import ConversationRules
from sync.plan.conversation import ConversationState, doubts, plan_conversation
from sync.plan.document import Document, about, document
from sync.plan.subject import UNSURE, Value
from tests.builders import an_order

MAPPING: Final = """
[conversations]
edits = "{edits}"
[conversations.attributes]
ct_number = "order.number"
ct_status = "order.status"
[conversations.tags]
"Open" = "order.status == 'Open'"
"""
NAMES: Final = ("ct_number", "ct_status")
VALUES: Final = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(["1001", "Open", "x", UNSURE]))
TAGS: Final = st.frozensets(st.sampled_from(["Open", "Other"]))


def rules(edits: str = "respect") -> ConversationRules:
    return parse_sync_mapping(MAPPING.format(edits=edits), hash_key=b"k").conversations


def said(number: str | None = "1001") -> Document:
    order = None if number is None else an_order(number=number)
    return about(document(None, [], None, allowed=frozenset()), order, allowed=frozenset())


def test_a_conversation_is_told_of_its_order() -> None:
    planned = plan_conversation(said(), ConversationState(), rules(), hash_key=b"k")
    assert planned.attributes == {"ct_number": "1001", "ct_status": "Open"}
    assert (planned.tags_add, planned.tags_remove) == (("Open",), ())


def test_without_an_order_what_was_told_is_taken_back() -> None:
    state = ConversationState(fingerprint={"ct_number": "1001"}, tags_added=frozenset({"Open"}))
    planned = plan_conversation(said(None), state, rules(), hash_key=b"k")
    assert (planned.attributes, planned.tags_remove) == ({"ct_number": None}, ("Open",))


def test_what_was_there_before_us_is_left_alone_and_remembered() -> None:
    state = ConversationState(held={"ct_status": "Escalated", "ct_number": "1001"})
    planned = plan_conversation(said(), state, rules(), hash_key=b"k")
    assert planned.attributes == {"ct_number": "1001"}
    assert planned.respected == {"ct_status": "Open"}


def test_what_was_there_before_us_is_overwritten_if_the_mapping_says_so() -> None:
    state = ConversationState(held={"ct_status": "Escalated"})
    planned = plan_conversation(said(), state, rules("overwrite"), hash_key=b"k")
    assert planned.attributes == {"ct_number": "1001", "ct_status": "Open"}


def test_an_edit_is_left_alone_until_the_order_says_something_new() -> None:
    edited = ConversationState(fingerprint={"ct_number": "1001", "ct_status": "Open"}, held={"ct_status": "Escalated"})
    assert plan_conversation(said(), edited, rules(), hash_key=b"k").attributes == {}
    assert plan_conversation(said("1002"), edited, rules(), hash_key=b"k").attributes == {"ct_number": "1002"}


def test_only_what_somebody_wrote_over_is_in_doubt_and_only_if_we_win() -> None:
    fingerprint: dict[str, Value] = {"ct_number": "1001", "ct_status": "Open"}
    held: dict[str, Value] = {"ct_number": 1001, "ct_status": "Escalated"}
    assert doubts(fingerprint, held, rules("overwrite")) == {"ct_status": UNSURE}
    assert doubts(fingerprint, held, rules()) == {}


@settings(max_examples=60)
@given(VALUES, VALUES, TAGS, TAGS, st.sampled_from(["respect", "overwrite"]))
def test_what_was_told_is_not_told_again(
    fingerprint: dict[str, Value],
    held: dict[str, Value],
    added: frozenset[str],
    unsure: frozenset[str],
    edits: str,
) -> None:
    state = ConversationState(fingerprint=fingerprint, held=held, tags_added=added, tags_unsure=unsure)
    first = plan_conversation(said(), state, rules(edits), hash_key=b"k")
    sent = {**fingerprint, **first.attributes, **first.respected}
    told = ConversationState(
        fingerprint={name: value for name, value in sent.items() if value is not None},
        held=held,
        tags_added=(added | set(first.tags_add)) - set(first.tags_remove),
    )
    again = plan_conversation(said(), told, rules(edits), hash_key=b"k")
    assert not again.has_work
    assert again.respected == {}
