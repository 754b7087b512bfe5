"""The shop's queues bring each notification as often, as late and in as much disorder as they are told to."""

from __future__ import annotations

import itertools
import queue
import random
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import requests

from sandbox.doors import Deliveries, Habits, Mail
from sandbox.shop.acts import Changed, Done

PATIENCE = 20.0


def placed(*ids: str) -> Done:
    changed = tuple(Changed(type_id="order", id=each, version=1) for each in ids)
    return Done(act="place", at=datetime(2026, 11, 23, tzinfo=UTC), ids={}, changed=changed)


def taking(came: queue.Queue[str]) -> Callable[[Mail], bool]:
    def way(mail: Mail) -> bool:
        came.put(mail.id)
        return True

    return way


def test_every_door_is_told_once_and_in_order_unless_it_is_said_otherwise() -> None:
    pubsub, sns = queue.Queue[str](), queue.Queue[str]()
    with Deliveries.running({"pubsub": taking(pubsub), "sns": taking(sns)}, project_key="shop") as deliveries:
        deliveries.tell(placed("a", "b", "c"))
        assert [pubsub.get(timeout=PATIENCE) for _ in range(3)] == ["a", "b", "c"]
        assert [sns.get(timeout=PATIENCE) for _ in range(3)] == ["a", "b", "c"]
    assert pubsub.empty()
    assert sns.empty()


def test_one_door_can_have_everything_twice_and_another_nothing() -> None:
    pubsub, sns = queue.Queue[str](), queue.Queue[str]()
    with Deliveries.running({"pubsub": taking(pubsub), "sns": taking(sns)}, project_key="shop") as deliveries:
        deliveries.change({"pubsub": {"times": 2, "late_ms": 5, "shuffled": True}, "sns": {"times": 0}})
        deliveries.tell(placed("a", "b"))
        assert sorted(pubsub.get(timeout=PATIENCE) for _ in range(4)) == ["a", "a", "b", "b"]
    assert sns.empty()


def test_what_a_door_does_not_take_is_brought_again() -> None:
    came = queue.Queue[str]()
    times = itertools.count(1)

    def way(mail: Mail) -> bool:
        came.put(mail.id)
        time = next(times)
        if time == 2:
            raise requests.ConnectionError
        return time == 3

    deliveries = Deliveries({"sns": way}, project_key="shop", again=0.01)
    with deliveries.at_work():
        deliveries.tell(placed("a"))
        assert [came.get(timeout=PATIENCE) for _ in range(3)] == ["a"] * 3
    assert deliveries.to_json()["sns"]["told to try again"] == 2


def test_late_in_order_is_the_same_for_all_and_shuffled_is_any_moment_until_then() -> None:
    chance = random.Random(1)
    assert Habits(times=2, late_ms=500).delays(chance) == [0.5, 0.5]
    shuffled = [delay for _ in range(50) for delay in Habits(late_ms=500, shuffled=True).delays(chance)]
    assert shuffled != sorted(shuffled)
    assert 0 <= min(shuffled) < max(shuffled) <= 0.5


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"fax": {"times": 2}}, "no such door: fax; there are sns"),
        ({"sns": {"often": 2}}, "no such switch: often"),
        ({"sns": {"times": -1}}, "times is a whole number"),
        ({"sns": {"times": True}}, "times is a whole number"),
        ({"sns": {"late_ms": 10**9}}, "late_ms is a whole number"),
        ({"sns": {"shuffled": "yes"}}, "shuffled is true or false"),
        ({"sns": 2}, "JSON object"),
        ([], "JSON object"),
    ],
)
def test_what_makes_no_sense_is_said_and_changes_nothing(change: object, words: str) -> None:
    deliveries = Deliveries({"sns": lambda mail: True}, project_key="shop")
    with pytest.raises(ValueError, match=words):
        deliveries.change(change)
    assert deliveries.queues["sns"].habits == Habits()
