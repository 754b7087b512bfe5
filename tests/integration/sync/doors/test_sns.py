"""`POST /ingest/sns`: what our topic posts, and what others try."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from sandbox.doors import SigningKey
from sandbox.doors.courier import SNS_REGION
from sync.storage.database import Database
from tests.integration.sync.doors.house import AMAZON, SOMEBODY, House, hinted, letters, mail

HOST = f"sns.{SNS_REGION}.amazonaws.com"


@pytest.mark.parametrize("version", ["1", "2"])
def test_a_notification_is_a_hint_before_it_is_acknowledged(doors: House, kept: Database, version: str) -> None:
    told = mail()
    assert replace(doors.sns, version=version).post(told.text()) == 204
    assert hinted(kept) == [(told.id, "sns")]


def test_a_cloud_event_in_a_notification_is_taken_as_well(doors: House, kept: Database) -> None:
    told = mail()
    assert doors.sns.post(json.dumps(told.cloud_event())) == 204
    assert hinted(kept) == [(told.id, "sns")]


def test_a_subject_is_part_of_what_is_signed(doors: House, kept: Database) -> None:
    signed = doors.sns.signed({"Type": "Notification", "Message": mail().text(), "Subject": "news"})
    assert doors.sns.send(signed) == 204
    assert doors.sns.send(signed | {"Subject": "other"}) == 401


@pytest.mark.parametrize("name", ["Message", "MessageId", "Timestamp", "Signature"])
def test_what_was_changed_on_the_way_opens_nothing(doors: House, kept: Database, name: str) -> None:
    signed = doors.sns.signed({"Type": "Notification", "Message": mail().text()})
    other = doors.sns.signed({"Type": "Notification", "Message": mail().text()}, at=a_while_ago(minutes=1))
    assert doors.sns.send(signed | {name: other[name]}) == 401
    assert (hinted(kept), letters(kept)) == ([], [])


@pytest.mark.parametrize("name", ["Type", "Message", "Timestamp", "TopicArn", "Signature", "SigningCertURL"])
def test_what_lacks_something_opens_nothing(doors: House, kept: Database, name: str) -> None:
    signed = doors.sns.signed({"Type": "Notification", "Message": mail().text()})
    assert doors.sns.send({key: value for key, value in signed.items() if key != name}) in (401, 403)
    assert hinted(kept) == []


def test_what_somebody_else_signed_opens_nothing(doors: House, kept: Database) -> None:
    assert replace(doors.sns, key=replace(SOMEBODY, id=AMAZON.id)).post(mail().text()) == 401
    assert (hinted(kept), doors.count("sns", "refused")) == ([], 1)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/SimpleNotificationService-1.pem",
        f"http://{HOST}/SimpleNotificationService-1.pem",
        f"https://{HOST}.example.com/SimpleNotificationService-1.pem",
        f"https://{HOST}@example.com/SimpleNotificationService-1.pem",
        f"https://{HOST}:8443/SimpleNotificationService-1.pem",
        f"https://example.com\\@{HOST}/SimpleNotificationService-1.pem",
        f"https://{HOST}/SimpleNotificationService-1.pem#x",
        f"https://{HOST}/x/../SimpleNotificationService-1.pem",
        f"https://{HOST}/?Action=ListTopics",
        "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-1.pem",
        "https://s3.eu-central-1.amazonaws.com/SimpleNotificationService-1.pem",
        "https://[",
        "",
    ],
)
def test_a_certificate_from_elsewhere_is_not_even_fetched(doors: House, url: str) -> None:
    signed = doors.sns.signed({"Type": "Notification", "Message": mail().text()})
    assert doors.sns.send(signed | {"SigningCertURL": url}) == 401
    assert doors.published.asked == []


def a_while_ago(**time: float) -> datetime:
    return datetime.now(UTC) - timedelta(**time)


def test_what_is_older_than_an_hour_is_not_taken_again(doors: House, kept: Database) -> None:
    assert doors.sns.post(mail().text(), at=a_while_ago(minutes=61)) == 403
    assert hinted(kept) == []


def test_what_is_nearly_an_hour_old_is_taken(doors: House, kept: Database) -> None:
    assert doors.sns.post(mail().text(), at=a_while_ago(minutes=58)) == 204


def test_what_comes_from_the_future_is_not_taken(doors: House) -> None:
    assert doors.sns.post(mail().text(), at=a_while_ago(minutes=-10)) == 403


def test_another_topic_is_not_believed_though_it_is_amazons(doors: House, kept: Database) -> None:
    other = f"arn:aws:sns:{SNS_REGION}:999999999999:commercetools"
    assert replace(doors.sns, topic=other).post(mail().text()) == 403
    assert (hinted(kept), doors.published.asked) == ([], [])


@pytest.mark.parametrize("version", ["0", "3", ""])
def test_an_unknown_signature_version_opens_nothing(doors: House, version: str) -> None:
    assert replace(doors.sns, version=version).post(mail().text()) == 401


def test_a_certificate_that_has_ended_opens_nothing(doors: House) -> None:
    ended = SigningKey.made("ended", days=-1)
    doors.published.amazon["ended"] = ended
    assert replace(doors.sns, key=ended).post(mail().text()) == 401


def test_while_the_certificate_is_not_to_be_had_notifications_are_to_come_again(doors: House, kept: Database) -> None:
    doors.published.status = 503
    assert [doors.sns.post(mail().text()) for _ in range(2)] == [503, 503]
    assert (len(doors.published.asked), hinted(kept)) == (1, [])


def test_a_subscription_is_confirmed(doors: House) -> None:
    assert doors.sns.ask_to_confirm() == 204
    assert [path for path in doors.published.asked if path.startswith("/?Action=ConfirmSubscription")]


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/?Action=ConfirmSubscription&TopicArn={topic}",
        f"http://{HOST}/?Action=ConfirmSubscription&TopicArn={{topic}}",
        f"https://{HOST}/?Action=DeleteTopic&TopicArn={{topic}}",
        f"https://{HOST}/?Action=ConfirmSubscription&TopicArn=arn:aws:sns:{SNS_REGION}:999999999999:other",
        f"https://{HOST}/elsewhere?Action=ConfirmSubscription&TopicArn={{topic}}",
    ],
)
def test_no_other_address_is_asked_even_if_it_is_signed(doors: House, url: str) -> None:
    assert doors.sns.ask_to_confirm(subscribe_url=url.format(topic=doors.sns.topic)) == 401
    assert [path for path in doors.published.asked if "?" in path] == []


def test_a_forged_subscription_is_not_confirmed(doors: House) -> None:
    forged = replace(doors.sns, key=replace(SOMEBODY, id=AMAZON.id))
    assert forged.ask_to_confirm() == 401
    assert [path for path in doors.published.asked if "?" in path] == []


def test_the_end_of_a_subscription_is_acknowledged_and_not_undone(doors: House) -> None:
    assert doors.sns.send(doors.sns.confirmation("UnsubscribeConfirmation")) == 204
    assert [path for path in doors.published.asked if "?" in path] == []


def test_rubbish_that_our_topic_sent_is_a_dead_letter_and_acknowledged(doors: House, kept: Database) -> None:
    assert doors.sns.post("anna@example.com") == 204
    assert len(letters(kept)) == 1


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"Type": 1}', b"\xff", b'{"notificationType": "Message"}'])
def test_rubbish_that_nobody_signed_is_not_kept(doors: House, kept: Database, body: bytes) -> None:
    answer = doors.sns.session.post(doors.sns.door, data=body, timeout=60)
    assert answer.status_code in (401, 403)
    assert letters(kept) == []


def test_another_projects_notification_is_not_taken(doors: House, kept: Database) -> None:
    assert doors.sns.post(mail(project_key="shop-of-others").text()) == 403
    assert (hinted(kept), doors.count("sns", "foreign")) == ([], 1)
