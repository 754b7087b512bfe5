"""`HEAD, POST /intercom/webhooks`: what Intercom tells of contacts and conversations.

200 is said only when it is durable. 401 goes to whoever did not sign with the app's secret, 403 to another workspace's
notifications, 503 when nothing could be kept: then Intercom brings it once more, a minute later. Never 410, which
would end the subscription.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import structlog
from flask import Blueprint, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from canvas_app.bodies import whole_body
from canvas_app.metrics import Metrics
from canvas_app.webhooks.hearing import Hearing
from clients.errors import PlatformError
from clients.intercom.notifications import PING, TOPICS, NotANotification, Notification, news_in, notification_in
from clients.intercom.signatures import HUB_SIGNATURE_HEADER, verify_hub_signature

PATH: Final = "/intercom/webhooks"
MOST_BYTES: Final = 1024 * 1024
RETRY_SECONDS: Final = 1
UNKNOWN: Final = "unknown"  # the label of topics that we do not act on

log = structlog.get_logger(__name__)


class Outcome(StrEnum):
    """What became of a notification."""

    HEARD = "heard"
    IGNORED = "ignored"  # of a topic that we do not act on, or a ping
    UNREADABLE = "unreadable"  # kept as a dead letter
    REFUSED = "refused"  # not signed with our secret
    FOREIGN = "foreign"  # of another workspace
    TOO_LARGE = "too_large"
    UNAVAILABLE = "unavailable"  # to be brought again
    BROKE = "broke"


STATUS: Final = {
    Outcome.REFUSED: 401,
    Outcome.FOREIGN: 403,
    Outcome.UNAVAILABLE: 503,
}
"""All others are answered with 200."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookDoor:
    """`secrets`: the app's client secrets, newest first. `workspace_id` None: whichever workspace it is."""

    secrets: Sequence[str] = field(repr=False)
    workspace_id: str | None
    hearing: Hearing
    metrics: Metrics

    def answer(self) -> Response:
        started = time.perf_counter()
        topic, outcome = UNKNOWN, Outcome.BROKE
        try:
            body = whole_body(MOST_BYTES)
            topic, outcome = self._heard(body)
        except RequestEntityTooLarge:
            outcome = Outcome.TOO_LARGE
            raise
        finally:
            self.metrics.webhooks_total.labels(topic, outcome.value).inc()
            self.metrics.webhook_seconds.observe(time.perf_counter() - started)
        headers = {"Retry-After": str(RETRY_SECONDS)} if outcome is Outcome.UNAVAILABLE else {}
        return Response(status=STATUS.get(outcome, 200), headers=headers)

    def _heard(self, body: bytes) -> tuple[str, Outcome]:
        if not verify_hub_signature(body, request.headers.get(HUB_SIGNATURE_HEADER), self.secrets):
            self.metrics.rejected_signatures_total.labels("webhooks").inc()
            log.warning("webhooks.signature_rejected", length=len(body))
            return UNKNOWN, Outcome.REFUSED
        topic = UNKNOWN
        try:
            notification = notification_in(body)
            topic = notification.topic if notification.topic in (*TOPICS, PING) else UNKNOWN
            return topic, self._outcome(notification)
        except NotANotification as error:
            return topic, self._unreadable(body, str(error))
        except PlatformError as error:
            return topic, _not_kept(topic, error)

    def _outcome(self, notification: Notification) -> Outcome:
        """Raises `NotANotification` and `PlatformError`."""
        if self.workspace_id not in (None, notification.app_id):
            log.warning("webhooks.another_workspace", workspace=notification.app_id)
            return Outcome.FOREIGN
        news = news_in(notification)
        if news is None:
            return Outcome.IGNORED
        woken = self.hearing.hear(notification, news)
        if woken:
            log.info("webhooks.heard", topic=notification.topic, delivery=notification.id, subjects=len(woken))
        return Outcome.HEARD

    def _unreadable(self, body: bytes, reason: str) -> Outcome:
        try:
            self.hearing.bury(body, reason)
        except PlatformError as error:
            return _not_kept(UNKNOWN, error)
        log.warning("webhooks.unreadable", reason=reason)
        return Outcome.UNREADABLE


def _not_kept(topic: str, error: PlatformError) -> Outcome:
    log.warning("webhooks.not_kept", topic=topic, reason=error.reason_code, why=error.reason)
    return Outcome.UNAVAILABLE


def webhooks_blueprint(door: WebhookDoor) -> Blueprint:
    """`HEAD` is what Intercom asks when the address is saved; it is signed by nobody, and opens nothing."""
    blueprint = Blueprint("webhooks", __name__)
    blueprint.add_url_rule(
        PATH,
        endpoint="listening",
        view_func=lambda: Response(status=200),
        methods=["HEAD"],
        provide_automatic_options=False,
    )
    blueprint.add_url_rule(
        PATH, endpoint="heard", view_func=door.answer, methods=["POST"], provide_automatic_options=False
    )
    return blueprint
