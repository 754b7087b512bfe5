"""From what a queue hands over to hints that are durable."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from sync.sources.notifications import Taken, is_all_foreign, masked_body, take_notifications
from sync.storage.database import Database
from sync.storage.dead_letters import discard, list_dead_letters, replay
from sync.storage.hints import ResourceType, begin_read, said
from sync.storage.installations import SINGLE

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
PROJECT = "shop-eu"


def message(**changed: object) -> dict[str, Any]:
    return {
        "notificationType": "Message",
        "projectKey": PROJECT,
        "id": "m-1",
        "resource": {"typeId": "order", "id": "o-1"},
        "resourceVersion": 12,
        "type": "OrderStateChanged",
        "createdAt": "2026-11-01T10:00:00.123Z",
    } | changed


def take(database: Database, body: object) -> Taken:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return take_notifications(database, SINGLE, raw, project_key=PROJECT, source="sqs", now=NOW)


def test_a_message_becomes_a_hint_with_its_version_and_its_moment(database: Database) -> None:
    assert take(database, message()).hints == 1
    with database.transaction() as connection:
        read = begin_read(connection, SINGLE, ResourceType.ORDER, "o-1")
        (heard,) = said(connection, SINGLE, [(ResourceType.ORDER, "o-1")])
    assert read is not None
    assert (read.wanted_version, read.correlation_id, heard.message_type) == (12, "m-1", "OrderStateChanged")


@pytest.mark.parametrize(
    "deleted",
    [
        {"notificationType": "ResourceDeleted", "version": 13, "modifiedAt": "2026-11-01T10:00:00Z"},
        {"type": "OrderDeleted"},
    ],
)
def test_what_is_deleted_is_not_waited_for_in_its_last_version(database: Database, deleted: dict[str, object]) -> None:
    take(database, message(**deleted))
    with database.transaction() as connection:
        read = begin_read(connection, SINGLE, ResourceType.ORDER, "o-1")
    assert read is not None
    assert read.wanted_version is None


@pytest.mark.parametrize("type_id", ["subscription", "customer-email-token", "cart", "product", "novelty"])
def test_what_we_do_not_look_at_is_passed_over(database: Database, type_id: str) -> None:
    taken = take(database, message(resource={"typeId": type_id, "id": "x"}))
    assert (taken.hints, taken.passed_over, taken.unreadable) == (0, 1, False)


def test_another_projects_notification_is_none_of_ours(database: Database) -> None:
    taken = take(database, message(projectKey="shop-us"))
    assert (taken.hints, taken.foreign, is_all_foreign(taken)) == (0, 1, True)


def test_rubbish_is_kept_without_what_it_said_and_only_once(database: Database) -> None:
    for _ in range(2):
        assert take(database, b'{"email": "anna.1@example.com"').unreadable
    with database.transaction() as connection:
        (letter,) = list_dead_letters(connection, SINGLE)
    assert letter.times == 2
    assert letter.answer is not None
    assert letter.answer["body"] == '{"xxxxx": "xxxx.9@xxxxxxx.xxx"'


def test_rubbish_can_be_discarded_and_not_replayed(database: Database) -> None:
    take(database, b"{")
    with database.transaction() as connection:
        (letter,) = list_dead_letters(connection, SINGLE)
        assert replay(connection, letter.id, now=NOW) is None
        assert discard(connection, letter.id, now=NOW) is not None


def test_a_batch_of_many_is_taken_whole(database: Database) -> None:
    batch = [message(resource={"typeId": "order", "id": f"o-{number}"}) for number in range(250)]
    assert take(database, batch).hints == 250


@pytest.mark.parametrize("raw", [b"", b"\xff" * 10_000, b"\x00"])
def test_any_bytes_can_be_masked_and_kept(database: Database, raw: bytes) -> None:
    assert len(masked_body(raw)) <= 2_000
    assert take(database, raw).unreadable
