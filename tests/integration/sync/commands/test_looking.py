"""What a worker looks at beside its jobs, as a process of its own or beside a backfill: everything that is set up."""

from __future__ import annotations

import threading

from sync.composition import Surroundings, at_home
from sync.looking import Lookouts, LookSettings
from tests.integration.sync.commands.conftest import MAPPING, Desk

CONVERSATIONS = """
[conversations.attributes]
ct_order_number = "order.number"
"""
QUEUE = {"SQS_QUEUE_URL": "https://sqs.eu-central-1.amazonaws.com/123456789012/commercetools"}


def looked_at(desk: Desk, settings: LookSettings | None = None) -> set[str]:
    with at_home(Surroundings(environ=desk.environ, directory=desk.directory)) as home:
        return {each.name for each in Lookouts(home, stopping=threading.Event(), settings=settings).rounds()}


def test_conversations_and_queue_are_looked_at_once_they_are_set_up(desk: Desk) -> None:
    without = looked_at(desk)
    desk.mapping(MAPPING + CONVERSATIONS)
    assert looked_at(desk.having(**QUEUE)) - without == {"conversations", "sqs"}


def test_the_shop_is_left_to_other_workers_when_told_so(desk: Desk) -> None:
    assert looked_at(desk) - looked_at(desk, LookSettings(poll_seconds=None)) == {"poll"}
