"""Notifications to an app: who subscribed, what was told, and how the deliveries went.

https://developers.intercom.com/docs/webhooks/webhook-notifications
"""

from __future__ import annotations

import hashlib
import heapq
import hmac
import math
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import requests

from sandbox.inbox.intercom_json import intercom_bytes
from sandbox.intercom.switches import Switches

PATIENCE_S: Final = 5.0  # for an answer
TRIES: Final = 2
OVERTAKEN_S: Final = 0.3  # how much later every other notification is, when they come out of order
KEPT: Final = 1_000
USER_AGENT: Final = "intercom-parrot-service-client/1.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """Where an app listens, the secret it was given, and the topics that were ticked. `ping` always comes."""

    url: str
    secret: str = field(repr=False)
    topics: frozenset[str]

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Subscription:
        """Raises `ValueError`."""
        url, secret, topics = given.get("url"), given.get("secret"), given.get("topics")
        if not isinstance(url, str) or not isinstance(secret, str) or not isinstance(topics, list):
            raise ValueError("webhooks need url, secret and topics")
        return cls(url=url, secret=secret, topics=frozenset(map(str, topics)))


@dataclass(slots=True, kw_only=True)
class Delivery:
    """One notification on its way. `statuses`: what each try was answered with, None for no answer at all."""

    id: str
    topic: str
    body: Mapping[str, Any] = field(repr=False)
    statuses: list[int | None] = field(default_factory=list)

    @property
    def is_delivered(self) -> bool:
        return any(status is not None and 200 <= status < 300 for status in self.statuses)


class Webhooks:
    """Thread-safe. `clock` dates what is told; deliveries run in a thread of their own."""

    def __init__(self, workspace_id: str, clock: Callable[[], float], switches: Callable[[], Switches]) -> None:
        self._workspace_id = workspace_id
        self._clock = clock
        self._switches = switches
        self._subscription: Subscription | None = None
        self._waiting: list[tuple[float, int, Delivery]] = []  # by when they are due, on the monotonic clock
        self._deliveries: deque[Delivery] = deque(maxlen=KEPT)
        self._on_the_way = 0
        self._count = 0
        self._queued = 0
        self._changed = threading.Condition()
        self._stopped = False
        self._session = requests.Session()
        self._thread: threading.Thread | None = None

    # what the app's owner does

    def subscribe(self, subscription: Subscription | None) -> None:
        """As the Developer Hub saves it: an address that does not answer to HEAD is refused by `ValueError`."""
        if subscription is not None and (status := self._probed(subscription.url)) != 200:
            raise ValueError(f"{subscription.url} answers HEAD with {status or 'nothing'}")
        with self._changed:
            self._subscription = subscription
            if subscription is not None and self._thread is None:
                self._thread = threading.Thread(target=self._deliver_all, name="intercom-webhooks", daemon=True)
                self._thread.start()
        self.tell("ping", {"type": "ping", "message": "something something interzen"})

    @property
    def deliveries(self) -> tuple[Delivery, ...]:
        """The last ones, in the order in which they were told; lost ones are not among them."""
        with self._changed:
            return tuple(self._deliveries)

    @property
    def is_idle(self) -> bool:
        """Whether nothing waits to be sent, or is being sent."""
        with self._changed:
            return not self._waiting and not self._on_the_way

    def to_json(self) -> dict[str, Any]:
        """As `GET /_control` shows it: no secret in it."""
        with self._changed:
            listens = self._subscription
            told = [{"id": each.id, "topic": each.topic, "statuses": list(each.statuses)} for each in self._deliveries]
        return {
            "url": listens.url if listens else None,
            "topics": sorted(listens.topics) if listens else [],
            "told": told[-50:],
        }

    # what the workspace says

    def tell(self, topic: str, item: Mapping[str, Any]) -> None:
        """Something has happened. Whoever did not subscribe to it hears nothing."""
        switches = self._switches()
        with self._changed:
            listens = self._subscription
            if listens is None or not (topic == "ping" or topic in listens.topics) or switches.webhooks_lost:
                return
            self._count += 1
            delivery = self._delivery(topic, item)
            self._deliveries.append(delivery)
            late = switches.webhook_delay_s
            if switches.webhooks_shuffled and self._count % 2:
                late += OVERTAKEN_S
            for _ in range(1 + switches.webhooks_doubled):
                self._queue(delivery, late)

    def stop(self) -> None:
        with self._changed:
            self._stopped = True
            self._waiting.clear()
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join()
        self._session.close()

    def _delivery(self, topic: str, item: Mapping[str, Any]) -> Delivery:
        now = math.floor(self._clock())
        id_ = f"notif_{uuid.uuid4()}"
        body = {
            "type": "notification_event",
            "app_id": self._workspace_id,
            "data": {"type": "notification_event_data", "item": item},
            "links": {},
            "id": id_,
            "topic": topic,
            "delivery_status": "pending",
            "delivery_attempts": 1,
            "delivered_at": 0,
            "first_sent_at": now,
            "created_at": now,
            "self": None,
        }
        return Delivery(id=id_, topic=topic, body=body)

    def _queue(self, delivery: Delivery, late: float) -> None:
        self._queued += 1
        heapq.heappush(self._waiting, (time.monotonic() + late, self._queued, delivery))
        self._changed.notify_all()

    # the thread

    def _deliver_all(self) -> None:
        while (delivery := self._next()) is not None:
            listens = self._subscription
            if listens is not None:
                self._deliver(delivery, listens)
            with self._changed:
                self._on_the_way = 0

    def _next(self) -> Delivery | None:
        """The next that is due; None at the end."""
        with self._changed:
            while not self._stopped:
                due = self._waiting[0][0] - time.monotonic() if self._waiting else None
                if due is not None and due <= 0:
                    self._on_the_way = 1
                    return heapq.heappop(self._waiting)[2]
                self._changed.wait(due)
        return None

    def _deliver(self, delivery: Delivery, listens: Subscription) -> None:
        """429, time-outs and errors are tried once more after a while; 410 ends the subscription."""
        attempt = len(delivery.statuses) + 1
        status = self._posted({**delivery.body, "delivery_attempts": attempt}, listens)
        with self._changed:
            delivery.statuses.append(status)
            if status == 410:
                self._subscription = None
            elif attempt < TRIES and not delivery.is_delivered:
                self._queue(delivery, self._switches().webhook_retry_s)

    def _posted(self, body: Mapping[str, Any], listens: Subscription) -> int | None:
        sent = intercom_bytes(body)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": USER_AGENT,
            "X-Hub-Signature": hub_signature(sent, listens.secret),
        }
        try:
            answer = self._session.post(
                listens.url, data=sent, headers=headers, timeout=PATIENCE_S, allow_redirects=False
            )
        except requests.RequestException:
            return None
        return answer.status_code

    def _probed(self, url: str) -> int | None:
        try:
            return requests.head(url, timeout=PATIENCE_S, allow_redirects=False).status_code
        except requests.RequestException:
            return None


def hub_signature(body: bytes, secret: str) -> str:
    """The value of `X-Hub-Signature`."""
    return "sha1=" + hmac.new(secret.encode(), body, hashlib.sha1).hexdigest()
