"""An SQS queue, and SNS and EventBridge in front of it; AWS is moto's server on loopback."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import replace
from uuid import uuid4

import boto3  # type: ignore[import-untyped]
import pytest

from clients.amazon.sqs import SqsQueue
from clients.errors import NotFound, PlatformError, Unreachable
from sandbox.shop import Project
from sync.rounds import Round, Rounds
from sync.sources.sqs import SqsSource
from sync.storage.database import Database
from sync.storage.installations import SINGLE
from tests.integration.sync.doors.house import hinted, letters, mail, now
from tests.integration.sync.doors.queues import KEYS, Shelf, source
from tests.integration.sync.working import eventually


def test_a_message_is_a_hint_and_is_deleted(shelf: Shelf, kept: Database) -> None:
    told = mail()
    shelf.put(told.text())
    assert source(shelf, kept).look().hints == 1
    assert (hinted(kept), shelf.left()) == ([(told.id, "sqs")], 0)


def test_a_cloud_event_and_what_eventbridge_wraps_are_taken(shelf: Shelf, kept: Database) -> None:
    events, bridged = mail(), mail()
    shelf.put(json.dumps(events.cloud_event()), json.dumps(bridged.event_bridge()))
    look_until_empty(shelf, kept)
    assert sorted(hinted(kept)) == sorted([(events.id, "sqs"), (bridged.id, "sqs")])


def look_until_empty(shelf: Shelf, database: Database) -> None:
    looking = source(shelf, database)
    assert eventually(lambda: looking.look().received == 0 and shelf.left() == 0)


def test_many_messages_are_taken_ten_at_a_time(shelf: Shelf, kept: Database) -> None:
    told = [mail() for _ in range(23)]
    shelf.put(*(each.text() for each in told))
    look_until_empty(shelf, kept)
    assert [id_ for id_, _ in hinted(kept)] == sorted(each.id for each in told)


@pytest.mark.parametrize("raw", [True, False], ids=["raw", "wrapped"])
def test_what_sns_puts_into_the_queue_is_taken(shelf: Shelf, kept: Database, amazon: str, raw: bool) -> None:
    sns = boto3.client("sns", endpoint_url=amazon, **KEYS)
    topic = sns.create_topic(Name=f"t-{uuid4().hex[:8]}")["TopicArn"]
    attributes = shelf.client.get_queue_attributes(QueueUrl=shelf.settings.queue_url, AttributeNames=["QueueArn"])
    sns.subscribe(
        TopicArn=topic,
        Protocol="sqs",
        Endpoint=attributes["Attributes"]["QueueArn"],
        Attributes={"RawMessageDelivery": str(raw).lower()},
    )
    told = mail()
    sns.publish(TopicArn=topic, Message=told.text())
    sns.close()
    assert source(shelf, kept).look().hints == 1
    assert hinted(kept) == [(told.id, "sqs")]


def test_what_eventbridge_puts_into_the_queue_is_taken(shelf: Shelf, kept: Database, amazon: str) -> None:
    events = boto3.client("events", endpoint_url=amazon, **KEYS)
    attributes = shelf.client.get_queue_attributes(QueueUrl=shelf.settings.queue_url, AttributeNames=["QueueArn"])
    rule = f"r-{uuid4().hex[:8]}"
    events.put_rule(Name=rule, EventPattern=json.dumps({"source": [rule]}), State="ENABLED")
    events.put_targets(Rule=rule, Targets=[{"Id": "1", "Arn": attributes["Attributes"]["QueueArn"]}])
    told = mail()
    events.put_events(Entries=[{"Source": rule, "DetailType": "ResourceUpdated", "Detail": told.text()}])
    events.close()
    assert source(shelf, kept).look().hints == 1
    assert hinted(kept) == [(told.id, "sqs")]


def test_rubbish_is_a_dead_letter_and_deleted(shelf: Shelf, kept: Database) -> None:
    shelf.put("anna@example.com", "{", "[1]")
    look_until_empty(shelf, kept)
    assert [letter.reason for letter in letters(kept)] == ["not_a_notification"] * 3


def test_another_projects_message_is_left_where_it_is(shelf: Shelf, kept: Database) -> None:
    shelf.put(mail(project_key="shop-of-others").text())
    assert source(shelf, kept).look().left == 1
    assert (shelf.left(), hinted(kept), letters(kept)) == (1, [], [])


def test_an_empty_queue_is_no_failure(shelf: Shelf, kept: Database) -> None:
    assert source(shelf, kept).look().received == 0


def test_what_cannot_be_kept_stays_in_the_queue(shelf: Shelf, kept: Database) -> None:
    shelf.put(mail().text())
    closed = Database("postgresql://nobody@127.0.0.1:9/nothing")
    with pytest.raises(PlatformError):
        source(shelf, closed).look()
    assert shelf.left() == 1


def test_messages_that_could_not_be_deleted_do_no_harm(shelf: Shelf, kept: Database) -> None:
    shelf.client.set_queue_attributes(QueueUrl=shelf.settings.queue_url, Attributes={"VisibilityTimeout": "0"})
    told = mail()
    shelf.put(told.text())
    (held,) = shelf.queue.receive()
    assert shelf.queue.delete([replace(held, receipt="no-receipt-at-all"), held]) == 1
    assert shelf.left() == 0


def test_a_queue_that_does_not_exist_says_so(shelf: Shelf) -> None:
    nowhere = replace(shelf.settings, queue_url=shelf.settings.queue_url + "-gone")
    with pytest.raises(NotFound):
        SqsQueue(nowhere, wait_seconds=1).receive()


def test_an_amazon_that_is_away_is_asked_again_later(shelf: Shelf) -> None:
    away = replace(shelf.settings, endpoint_url="http://127.0.0.1:9")
    with pytest.raises(Unreachable):
        SqsQueue(away, wait_seconds=1).receive()


def test_the_wait_for_a_message_ends_when_the_worker_stops(shelf: Shelf, kept: Database) -> None:
    stopping = threading.Event()
    waiting = SqsSource(
        SINGLE,
        kept,
        SqsQueue(shelf.settings, wait_seconds=20),
        project_key=Project().key,
        now=now,
        stopping=stopping,
    )
    rounds = Rounds([Round(name="sqs", run=waiting.look, every=0.0)], stopping=stopping)
    rounds.start()
    time.sleep(0.3)
    assert rounds.stop(within=15.0)


def test_a_secret_is_in_no_repr(shelf: Shelf) -> None:
    assert "sandbox-secret" not in repr(shelf.settings)
