"""What `doctor` says of the queue that the worker reads."""

from __future__ import annotations

import json
from dataclasses import replace

from sync.doctor.doors import QUEUE, queue_findings
from sync.doctor.findings import Level
from tests.integration.sync.doors.queues import Shelf


def said(shelf: Shelf, **other: str) -> list[tuple[str, str]]:
    findings = list(queue_findings(replace(shelf.settings, **other)))
    assert {each.what for each in findings} == {QUEUE}
    return [(each.level.value, each.found) for each in findings]


def has_dead_letters(shelf: Shelf) -> None:
    arn = shelf.client.get_queue_attributes(QueueUrl=shelf.settings.queue_url, AttributeNames=["QueueArn"])
    policy = {"deadLetterTargetArn": arn["Attributes"]["QueueArn"], "maxReceiveCount": "5"}
    attributes = {"RedrivePolicy": json.dumps(policy)}
    shelf.client.set_queue_attributes(QueueUrl=shelf.settings.queue_url, Attributes=attributes)


def test_what_waits_is_counted_and_nothing_is_taken(shelf: Shelf) -> None:
    has_dead_letters(shelf)
    shelf.put("one", "two")
    assert said(shelf) == [("ok", "about 2 messages waiting, 0 taken")]
    assert len(shelf.queue.receive()) == 2


def test_a_queue_that_keeps_what_cannot_be_taken_is_a_warning(shelf: Shelf) -> None:
    assert ("warning", "has no dead-letter queue") in said(shelf)


def test_a_queue_that_is_not_there_fails(shelf: Shelf) -> None:
    ((level, found),) = said(shelf, queue_url=f"{shelf.settings.queue_url}-not")
    assert level == Level.FAILED
    assert found.startswith("cannot be read: SQS:")


def test_an_amazon_that_cannot_be_reached_fails(shelf: Shelf) -> None:
    ((level, _),) = said(shelf, endpoint_url="http://127.0.0.1:1")
    assert level == Level.FAILED


def test_without_a_queue_nothing_is_said() -> None:
    assert list(queue_findings(None)) == []
