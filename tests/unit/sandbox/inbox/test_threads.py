"""What the page shows of a conversation."""

from __future__ import annotations

import pytest

from sandbox.inbox.threads import thread_of

BODY = {
    "contact": {"id": "c", "name": "Anna", "email": "anna@example.com", "role": "user", "phone": "+49"},
    "conversation": {
        "title": None,
        "created_at": 1_700_000_000,
        "custom_attributes": {"Order number": "DE-1", "Empty": None},
        "source": {"subject": "<p>Late</p>", "body": "<p>Where is it?</p>", "author": {"type": "user", "name": "Anna"}},
        "conversation_parts": {
            "conversation_parts": [
                {"part_type": "note", "body": "<p>VIP</p>", "author": {"type": "admin", "name": "Mara"}},
                {"part_type": "assignment", "body": None, "author": {"type": "bot"}},
            ]
        },
    },
}


def test_messages_are_in_order_and_without_markup() -> None:
    assert [(message["author"], message["text"]) for message in thread_of(BODY)["messages"]] == [
        ("Anna", "Where is it?"),
        ("Mara", "VIP"),
    ]


def test_a_note_is_marked() -> None:
    assert [message["note"] for message in thread_of(BODY)["messages"]] == [False, True]


def test_the_subject_is_the_title_when_there_is_none() -> None:
    assert thread_of(BODY)["title"] == "Late"


def test_empty_attributes_are_left_out() -> None:
    assert thread_of(BODY)["attributes"] == {"Order number": "DE-1"}


def test_the_contact_is_cut_to_what_the_page_shows() -> None:
    assert "phone" not in thread_of(BODY)["contact"]


@pytest.mark.parametrize("body", [{}, {"contact": None, "conversation": "rubbish"}, {"conversation": {"source": [1]}}])
def test_a_body_without_a_conversation_has_no_messages(body: dict[str, object]) -> None:
    assert thread_of(body)["messages"] == []
