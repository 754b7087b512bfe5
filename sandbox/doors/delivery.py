"""Brings what happens in the shop through each open door, as reliably or as badly as it is told to.

with Deliveries.running({"pubsub": through_pubsub(courier)}, project_key=stand_in.project_key) as deliveries:
    stand_in.tell(deliveries)
    deliveries.change({"pubsub": {"times": 2, "late_ms": 500, "shuffled": True}})
"""

from __future__ import annotations

import dataclasses
import heapq
import itertools
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, Final

import requests

from sandbox.doors.courier import EventGridCourier, PubSubCourier, SnsCourier
from sandbox.doors.mail import Mail, mail_of
from sandbox.shop.acts import Done
from sandbox.wire.switches import refuse_unknown

AGAIN_S: Final = 0.5  # after a push that was not taken
MOST_TIMES: Final = 10
MOST_LATE_MS: Final = 60_000

Way = Callable[[Mail], bool]
"""Brings one notification to a door; whether it was taken."""


def through_pubsub(courier: PubSubCourier) -> Way:
    return lambda mail: _taken(courier.push(mail.text()))


def through_sns(courier: SnsCourier) -> Way:
    return lambda mail: _taken(courier.post(mail.text()))


def through_eventgrid(courier: EventGridCourier) -> Way:
    return lambda mail: _taken(courier.post(mail.cloud_event()))


def through_sqs(put: Callable[[str], object]) -> Way:
    """`put` puts a message into the queue; whoever reads it tells nobody what became of it."""

    def way(mail: Mail) -> bool:
        put(mail.text())
        return True

    return way


def _taken(status: int) -> bool:
    return status // 100 == 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """Of one queue: how often it brings each notification, and when.

    `late_ms`: so long after the change; with `shuffled` at any moment until then, in any order.
    """

    times: int = 1
    late_ms: int = 0
    shuffled: bool = False

    def __post_init__(self) -> None:
        if type(self.times) is not int or not 0 <= self.times <= MOST_TIMES:
            raise ValueError(f"times is a whole number from 0 (nothing comes) to {MOST_TIMES}")
        if type(self.late_ms) is not int or not 0 <= self.late_ms <= MOST_LATE_MS:
            raise ValueError(f"late_ms is a whole number from 0 to {MOST_LATE_MS}")
        if type(self.shuffled) is not bool:
            raise ValueError("shuffled is true or false")

    def changed(self, change: object) -> Habits:
        """With the JSON `change` applied; raises `ValueError` that names what is wrong with it."""
        if not isinstance(change, dict):
            raise ValueError("a door's delivery is set by a JSON object")
        refuse_unknown(change, Habits)
        return dataclasses.replace(self, **change)

    def delays(self, chance: random.Random) -> list[float]:
        """Seconds until each time that a notification comes."""
        latest = self.late_ms / 1000
        return [chance.uniform(0, latest) if self.shuffled else latest for _ in range(self.times)]


class Queue:
    """One cloud's: brings what is due, and brings again what was not taken. Thread-safe."""

    def __init__(self, way: Way, *, chance: random.Random, again: float) -> None:
        self.habits = Habits()
        self.counts = Counter[str]()
        self._way = way
        self._chance = chance
        self._again = again
        self._numbers = itertools.count()
        self._waiting: list[tuple[float, int, Mail]] = []
        self._changed = threading.Condition()
        self._stopping = False

    def put(self, mail: Mail) -> None:
        with self._changed:
            for delay in self.habits.delays(self._chance):
                self._put(mail, delay)
            self._changed.notify()

    def run(self) -> None:
        """Until it is stopped."""
        while (mail := self._next()) is not None:
            if self._brought(mail):
                self.counts["taken"] += 1
            else:
                self.counts["told to try again"] += 1
                with self._changed:
                    self._put(mail, self._again)

    def stop(self) -> None:
        """What still waits is forgotten."""
        with self._changed:
            self._stopping = True
            self._changed.notify()

    def to_json(self) -> dict[str, Any]:
        return {**dataclasses.asdict(self.habits), "waiting": len(self._waiting), **self.counts}

    def _put(self, mail: Mail, delay: float) -> None:
        heapq.heappush(self._waiting, (time.monotonic() + delay, next(self._numbers), mail))

    def _next(self) -> Mail | None:
        with self._changed:
            while not self._stopping:
                now = time.monotonic()
                if self._waiting and self._waiting[0][0] <= now:
                    return heapq.heappop(self._waiting)[2]
                self._changed.wait(self._waiting[0][0] - now if self._waiting else None)
        return None

    def _brought(self, mail: Mail) -> bool:
        try:
            return self._way(mail)
        except requests.RequestException:
            return False


class Deliveries:
    """Every door of the shop, by name: each with a queue, and so with troubles, of its own."""

    def __init__(
        self,
        ways: Mapping[str, Way],
        *,
        project_key: str,
        chance: random.Random | None = None,
        again: float = AGAIN_S,
    ) -> None:
        chance = chance or random.Random()
        self.queues = {door: Queue(way, chance=chance, again=again) for door, way in ways.items()}
        self._project_key = project_key

    @classmethod
    @contextmanager
    def running(
        cls, ways: Mapping[str, Way], *, project_key: str, chance: random.Random | None = None
    ) -> Iterator[Deliveries]:
        """Until the block ends."""
        deliveries = cls(ways, project_key=project_key, chance=chance)
        with deliveries.at_work():
            yield deliveries

    @contextmanager
    def at_work(self) -> Iterator[None]:
        with ExitStack() as stack:
            for door, queue in self.queues.items():
                thread = threading.Thread(target=queue.run, name=f"delivery-{door}")
                thread.start()
                stack.callback(thread.join)
                stack.callback(queue.stop)
            yield

    def tell(self, done: Done) -> None:
        """Of what happened in the shop: each door gets all of it."""
        for mail in mail_of(done, project_key=self._project_key):
            for queue in self.queues.values():
                queue.put(mail)

    def change(self, change: object) -> None:
        """By door. Raises `ValueError` that names what is wrong; then nothing is changed."""
        if not isinstance(change, dict):
            raise ValueError("delivery is set by a JSON object of doors")
        if unknown := sorted(set(change) - set(self.queues)):
            raise ValueError(f"no such door: {', '.join(unknown)}; there are {', '.join(self.queues) or 'none'}")
        habits = {door: self.queues[door].habits.changed(each) for door, each in change.items()}
        for door, each in habits.items():
            self.queues[door].habits = each

    def to_json(self) -> dict[str, Any]:
        return {door: queue.to_json() for door, queue in self.queues.items()}
