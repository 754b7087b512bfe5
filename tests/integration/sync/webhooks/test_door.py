"""What the door for Intercom's notifications answers, and what it keeps."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests

from sandbox.intercom.webhooks import hub_signature
from sync.sources.webhooks import WebhookRules
from sync.storage.database import Database
from sync.storage.dead_letters import DeadLetter
from tests.integration.sync.doors.house import letters
from tests.integration.sync.doors.test_database_down import away
from tests.integration.sync.webhooks.listening import OLDER_SECRET, SECRET, Ear, ear

CONTACT = {"type": "contact", "id": "6900000000000000000000aa", "external_id": None, "email": "anna@example.com"}


@pytest.fixture(scope="module")
def door(shared_database: Database) -> Iterator[Ear]:
    with ear(shared_database.url, WebhookRules()) as listening:
        yield listening


@pytest.fixture
def kept(shared_database: Database) -> Database:
    with shared_database.transaction() as connection:
        connection.execute("TRUNCATE dead_letter")
    return shared_database


def test_intercom_may_save_the_address(door: Ear) -> None:
    answer = requests.head(door.url, timeout=10)
    assert (answer.status_code, answer.content) == (200, b"")


def test_nobody_else_may_look_at_it(door: Ear) -> None:
    assert requests.get(door.url, timeout=10).status_code == 405


@pytest.mark.parametrize("secret", [SECRET, OLDER_SECRET])
def test_what_is_signed_with_one_of_our_secrets_is_heard(door: Ear, secret: str) -> None:
    assert door.told("contact.user.created", CONTACT, secret=secret) == 200


def test_what_is_not_signed_by_us_is_refused_and_not_kept(door: Ear, kept: Database) -> None:
    forged = [
        door.post(b"{}", None).status_code,
        door.post(b"{}", hub_signature(b"{} ", SECRET)).status_code,
        door.post(b"{}", hub_signature(b"{}", "another secret")).status_code,
        door.post(b"{}", hub_signature(b"{}", SECRET).removeprefix("sha1=")).status_code,
        door.post(b"{}", "sha1=").status_code,
        door.post(b"{}", "sha1=ü".encode().decode("latin-1")).status_code,
    ]
    assert forged == [401] * 6
    assert door.count("refused") >= 6
    assert letters(kept) == []


def test_another_workspaces_notifications_are_refused(door: Ear) -> None:
    before = door.count("foreign", "contact.deleted")
    assert door.told("contact.deleted", CONTACT, app_id="somebody") == 403
    assert door.count("foreign", "contact.deleted") == before + 1


def test_without_a_workspace_id_every_workspace_is_ours(shared_database: Database) -> None:
    with ear(shared_database.url, WebhookRules(), workspace_id=None) as door:
        assert door.told("contact.deleted", CONTACT, app_id="somebody") == 200


@pytest.mark.parametrize("topic", ["ping", "contact.user.updated", "contact.unsubscribed", "something.new"])
def test_what_is_not_acted_on_is_counted_and_passed_over(door: Ear, kept: Database, topic: str) -> None:
    label = "ping" if topic == "ping" else "unknown"
    before = door.count("ignored", label)
    assert door.told(topic, {"type": "whatever"}) == 200
    assert door.count("ignored", label) == before + 1
    assert letters(kept) == []


@pytest.mark.parametrize(
    "body",
    [b"", b"no json", b"[]", b'"text"', b"{}", b'{"topic": 7}', b'{"topic": ""}', b"\xff\xfe", b"[" * 50_000],
)
def test_rubbish_that_is_truly_signed_is_kept_masked_and_acknowledged(door: Ear, kept: Database, body: bytes) -> None:
    assert door.post(body, hub_signature(body, SECRET)).status_code == 200
    assert [(letter.part, letter.reason) for letter in letters(kept)] == [("notification", "not_a_notification")]


def test_a_notification_of_nobody_is_kept_without_what_it_says(door: Ear, kept: Database) -> None:
    assert door.told("contact.deleted", {"email": "anna@example.com"}) == 200
    (letter,) = letters(kept)
    assert said(letter)["source"] == "webhooks"
    assert "anna" not in str(said(letter))


def said(letter: DeadLetter) -> dict[str, object]:
    assert letter.answer is not None
    return dict(letter.answer)


@pytest.mark.parametrize(
    "item",
    [
        None, [], {"id": None}, {"id": {}}, {"id": ""}, {"id": "x" * 300},
    ],
)  # fmt: skip
@pytest.mark.parametrize("topic", ["contact.merged", "conversation.user.replied", "conversation.deleted"])
def test_an_item_without_an_id_is_unreadable(door: Ear, kept: Database, topic: str, item: object) -> None:
    assert door.told(topic, item) == 200
    assert len(letters(kept)) == 1


def test_what_is_too_large_is_refused(door: Ear, kept: Database) -> None:
    body = b'{"topic": "ping", "x": "' + b"x" * 1024 * 1024 + b'"}'
    assert door.post(body, hub_signature(body, SECRET)).status_code == 413
    assert door.count("too_large") == 1


def test_it_is_brought_again_when_nothing_can_be_kept(database_url: str, postgres_url: str) -> None:
    with ear(database_url, WebhookRules(), patience=1.0) as door, away(postgres_url, database_url):
        answer = door.told("contact.deleted", CONTACT)
        rubbish = door.post(b"{}", hub_signature(b"{}", SECRET))
        assert (answer, rubbish.status_code, rubbish.headers["Retry-After"]) == (503, 503, "1")
        assert door.post(b"{}", None).status_code == 401


def test_a_contact_that_somebody_else_holds_is_not_waited_for(shared_database: Database) -> None:
    """What takes too long is given up, and the door is open for the next one."""
    with ear(shared_database.url, WebhookRules(), patience=1.0) as door, shared_database.transaction() as connection:
        connection.execute("LOCK TABLE subject IN ACCESS EXCLUSIVE MODE")
        assert door.told("contact.deleted", CONTACT) == 503
