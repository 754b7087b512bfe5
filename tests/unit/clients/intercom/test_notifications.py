"""What a notification of Intercom says, and that rubbish says nothing."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clients.intercom.notifications import (
    TOPICS,
    ContactAppeared,
    ContactArchived,
    ContactDeleted,
    ContactMerged,
    ConversationDeleted,
    ConversationTold,
    News,
    NotANotification,
    news_in,
    notification_in,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "merged_from", "data"]), inner),
    max_leaves=8,
)


def told(topic: str, item: Any) -> News | None:
    body = {"id": "notif_1", "topic": topic, "app_id": "w1", "created_at": 1, "data": {"item": item}}
    return news_in(notification_in(json.dumps(body).encode()))


def test_a_merge_names_both() -> None:
    item = {"id": "b", "merged_from": {"type": "contact", "id": "a"}}
    assert told("contact.merged", item) == ContactMerged("a", into="b")


@pytest.mark.parametrize(
    "item", [{"id": "b"}, {"id": "b", "merged_from": None}, {"id": "b", "merged_from": {"id": "b"}}]
)
def test_a_merge_that_does_not_say_of_whom_tells_that_somebody_is_there(item: Any) -> None:
    assert told("contact.merged", item) == ContactAppeared("b", None, None)


@pytest.mark.parametrize("topic", ["contact.archived", "contact.archive"])
def test_archived_is_spelt_in_two_ways(topic: str) -> None:
    assert told(topic, {"id": "a"}) == ContactArchived("a")


def test_a_deletion_says_nothing_but_the_id() -> None:
    assert told("contact.deleted", {"id": 17}) == ContactDeleted("17")
    assert told("conversation.deleted", {"id": "1"}) == ConversationDeleted("1")


@pytest.mark.parametrize("topic", ["contact.user.created", "contact.lead.signed_up", "contact.unarchive"])
def test_whoever_appears_is_known_by_two_things(topic: str) -> None:
    item = {"id": "a", "external_id": "c-1", "email": " anna@example.com "}
    assert told(topic, item) == ContactAppeared("a", "c-1", "anna@example.com")


def test_a_conversation_is_told_with_its_newest_part() -> None:
    item = {"id": "1", "conversation_parts": {"conversation_parts": [{"body": "#1001"}]}}
    news = told("conversation.user.replied", item)
    assert isinstance(news, ConversationTold)
    assert [text.html for text in news.conversation.texts] == ["#1001"]


@pytest.mark.parametrize("topic", ["ping", "contact.user.updated", "contact.subscribed"])
def test_other_topics_tell_nothing(topic: str) -> None:
    assert told(topic, None) is None


def test_an_address_is_in_no_repr() -> None:
    assert "anna" not in repr(told("contact.user.created", {"id": "a", "email": "anna@example.com"}))


@given(topic=st.sampled_from(sorted(TOPICS)), item=JSON)
@settings(max_examples=25)
def test_whatever_the_item_is_it_is_read_or_refused(topic: str, item: Any) -> None:
    with suppress(NotANotification):
        assert told(topic, item) is not None


@pytest.mark.parametrize("body", [b"", b"{", b"null", b"[]", b"{}", b'{"topic": "ping"}', b'{"app_id": "w"}', b"\xff"])
def test_what_is_none_is_refused(body: bytes) -> None:
    with pytest.raises(NotANotification):
        notification_in(body)
