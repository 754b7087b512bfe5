"""`POST /ingest/pubsub`: what Google's subscription pushes, and what others try."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from sync.storage.database import Database
from tests.integration.sync.doors.house import AMAZON, SOMEBODY, House, hinted, letters, mail


@pytest.mark.parametrize("wrapped", [True, False], ids=["wrapped", "unwrapped"])
def test_a_push_is_a_hint_before_it_is_acknowledged(doors: House, kept: Database, wrapped: bool) -> None:
    told = mail()
    assert doors.pubsub.push(told.text(), wrapped=wrapped) == 204
    assert hinted(kept) == [(told.id, "pubsub")]


@pytest.mark.parametrize("wrapped", [True, False], ids=["wrapped", "unwrapped"])
def test_a_cloud_event_is_taken_as_well(doors: House, kept: Database, wrapped: bool) -> None:
    told = mail()
    assert doors.pubsub.push(json.dumps(told.cloud_event()), wrapped=wrapped) == 204
    assert hinted(kept) == [(told.id, "pubsub")]


def test_the_test_notification_of_a_new_subscription_is_acknowledged(doors: House, kept: Database) -> None:
    assert doors.pubsub.push(mail(type_id="subscription", version=1).text()) == 204
    assert (hinted(kept), letters(kept)) == ([], [])


def test_a_message_without_its_payload_is_a_hint(doors: House, kept: Database) -> None:
    told = mail().platform() | {
        "notificationType": "Message",
        "id": "m-1",
        "resourceVersion": 3,
        "payloadNotIncluded": {"reason": "Payload too large", "payloadType": "OrderCreated"},
    }
    assert doors.pubsub.push(json.dumps(told)) == 204
    assert len(hinted(kept)) == 1


NOW = int(time.time())
WRONG_CLAIMS: dict[str, dict[str, Any]] = {
    "expired": {"iat": NOW - 7200, "exp": NOW - 3600},
    "from the future": {"iat": NOW + 3600, "exp": NOW + 7200},
    "without an end": {"exp": None},
    "without a beginning": {"iat": None},
    "other issuer": {"iss": "https://accounts.example.com"},
    "no issuer": {"iss": None},
    "other audience": {"aud": "https://other.example.com"},
    "no audience": {"aud": None},
    "several audiences": {"aud": ["https://panel.example.com/ingest/pubsub"]},
    "other account": {"email": "thief@shop.iam.gserviceaccount.com"},
    "no account": {"email": None},
    "account not verified": {"email_verified": False},
    "account verified in words": {"email_verified": "true"},
}


@pytest.mark.parametrize("claims", WRONG_CLAIMS.values(), ids=WRONG_CLAIMS)
def test_a_token_that_says_something_else_opens_nothing(doors: House, kept: Database, claims: dict[str, Any]) -> None:
    assert doors.pubsub.push(mail().text(), **claims) in (401, 403)
    assert (hinted(kept), letters(kept)) == ([], [])
    assert doors.count("pubsub", "refused") == 1


def unsigned(doors: House) -> str:
    return doors.pubsub.token().rpartition(".")[0] + "."


def without_algorithm(doors: House) -> str:
    head, body, _ = doors.pubsub.token().split(".")
    told = json.loads(base64.urlsafe_b64decode(head + "=="))
    none = base64.urlsafe_b64encode(json.dumps(told | {"alg": "none"}).encode()).decode().rstrip("=")
    return f"{none}.{body}."


def with_a_list_for_a_head(doors: House) -> str:
    _, body, signature = doors.pubsub.token().split(".")
    return f"{base64.urlsafe_b64encode(b'[1]').decode()}.{body}.{signature}"


def signed_by_somebody_else_under_googles_key_id(doors: House) -> str:
    return replace(doors.pubsub, key=replace(SOMEBODY, id="google-1")).token()


def signed_by_somebody_else(doors: House) -> str:
    return replace(doors.pubsub, key=SOMEBODY).token()


def signed_by_amazon(doors: House) -> str:
    return replace(doors.pubsub, key=AMAZON).token()


FORGED: list[Callable[[House], str | None]] = [
    unsigned,
    without_algorithm,
    with_a_list_for_a_head,
    signed_by_somebody_else_under_googles_key_id,
    signed_by_somebody_else,
    signed_by_amazon,
    lambda _: None,
    lambda _: "x",
    lambda _: "a.b.c",
    lambda _: "A" * 9000,
]


@pytest.mark.parametrize("token", FORGED)
def test_a_forged_token_gets_401(doors: House, kept: Database, token: Callable[[House], str | None]) -> None:
    body = doors.pubsub.wrapped(mail().text())
    assert doors.pubsub.post(body, token(doors)) == 401
    assert (hinted(kept), letters(kept)) == ([], [])


def test_a_new_key_of_googles_is_asked_for_once(doors: House, kept: Database) -> None:
    assert doors.pubsub.push(mail().text()) == 204
    doors.published.google[SOMEBODY.id] = SOMEBODY
    newer = replace(doors.pubsub, key=SOMEBODY)
    assert newer.push(mail().text()) == 401  # within the pause
    assert doors.published.asked == ["/oauth2/v1/certs"]


def test_certificates_are_fetched_once_for_many_pushes(doors: House) -> None:
    assert {doors.pubsub.push(mail().text()) for _ in range(5)} == {204}
    assert len(doors.published.asked) == 1


def test_while_googles_certificates_are_not_to_be_had_pushes_are_to_come_again(doors: House, kept: Database) -> None:
    doors.published.status = 500
    assert [doors.pubsub.push(mail().text()) for _ in range(3)] == [503] * 3
    assert len(doors.published.asked) == 1
    assert (hinted(kept), doors.count("pubsub", "unavailable")) == ([], 3)


def test_rubbish_from_our_own_queue_is_kept_masked_and_acknowledged(doors: House, kept: Database) -> None:
    assert doors.pubsub.push('{"email": "anna@example.com"}') == 204
    (letter,) = letters(kept)
    assert letter.answer is not None
    assert letter.answer["body"] == '{"xxxxx": "xxxx@xxxxxxx.xxx"}'
    assert doors.count("pubsub", "unreadable") == 1


@pytest.mark.parametrize("body", [b"", b"\xff", b"[]]", b'{"message": {"data": "***"}, "subscription": "s"}', b"null"])
def test_any_rubbish_is_a_dead_letter_and_acknowledged(doors: House, kept: Database, body: bytes) -> None:
    assert doors.pubsub.post(body, doors.pubsub.token()) == 204
    assert len(letters(kept)) == 1


def test_another_projects_notification_is_not_taken(doors: House, kept: Database) -> None:
    assert doors.pubsub.push(mail(project_key="shop-of-others").text()) == 403
    assert (hinted(kept), letters(kept)) == ([], [])
    assert doors.count("pubsub", "foreign") == 1


def test_a_body_over_the_limit_gets_413(doors: House, kept: Database) -> None:
    assert doors.pubsub.post(b" " * (1024 * 1024 + 1), doors.pubsub.token()) == 413
    assert doors.count("pubsub", "too_large") == 1
    assert hinted(kept) == []
