"""`POST /ingest/pubsub`, `POST /ingest/sns`, `OPTIONS, POST /ingest/eventgrid`. A door that is closed is not there.

Where workspaces install the app by themselves, each has a key of its own behind these, `/ingest/pubsub/<door key>`: it
says whom a push is for, and that it may come in. Amazon's signature is looked at all the same: a handshake has us act.

2xx is said only when everything is durable. 401 and 403 go to whoever we have no reason to believe, 503 when nothing
could be kept: then the queue brings it again.
"""

from __future__ import annotations

import json
import re
import time
from enum import StrEnum
from typing import Final

import structlog
from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import RequestEntityTooLarge

from canvas_app.bodies import whole_body
from canvas_app.ingest.doors import Doors, EventGridKeys
from canvas_app.ingest.intake import Recipient, Taking
from canvas_app.metrics import Metrics
from clients.amazon.sns import SnsMessage, SnsTopics, SnsType
from clients.authenticity import NotAuthentic
from clients.errors import PlatformError
from clients.google.pubsub import pushed
from clients.google.push_tokens import PushTokens
from sync.sources.notifications import Taken, is_all_foreign

MOST_BYTES: Final = (
    1024 * 1024
)  # commercetools' limit is 256 KB, base64 and wrappings not counted; Event Grid's is 1 MB
KEY_HEADER: Final = "X-Eventgrid-Key"
RETRY_SECONDS: Final = 1

_HOST: Final = re.compile(r"[A-Za-z0-9.-]{1,253}")
_VALIDATION: Final = "Microsoft.EventGrid.SubscriptionValidationEvent"

log = structlog.get_logger(__name__)


class Outcome(StrEnum):
    """What became of a push."""

    TAKEN = "taken"
    UNREADABLE = "unreadable"  # kept as a dead letter
    CONFIRMED = "confirmed"  # a handshake, not a push
    REFUSED = "refused"  # nobody we believe
    FOREIGN = "foreign"  # of another project
    TOO_LARGE = "too_large"
    UNAVAILABLE = "unavailable"  # to be brought again
    BROKE = "broke"


def ingest_blueprint(doors: Doors, intake: Taking, metrics: Metrics) -> Blueprint:
    """The routes of those doors that are open."""
    blueprint = Blueprint("ingest", __name__, url_prefix="/ingest")
    recipient = _always(intake)
    if doors.pubsub is not None:
        blueprint.add_url_rule(
            "/pubsub", view_func=_PubSub(doors.pubsub, recipient, metrics), methods=["POST"], endpoint="pubsub"
        )
    if doors.sns is not None:
        blueprint.add_url_rule("/sns", view_func=_Sns(doors.sns, recipient, metrics), methods=["POST"], endpoint="sns")
    if doors.eventgrid is not None:
        blueprint.add_url_rule(
            "/eventgrid",
            view_func=_EventGrid(doors.eventgrid, recipient, metrics),
            methods=["OPTIONS", "POST"],
            endpoint="eventgrid",
            provide_automatic_options=False,
        )
    return blueprint


def keyed_blueprint(recipient: Recipient, topics: SnsTopics, metrics: Metrics) -> Blueprint:
    """The routes of all doors, with a key that says whom a push is for. `topics`: any."""
    blueprint = Blueprint("ingest", __name__, url_prefix="/ingest")
    pubsub, sns = _PubSub(None, recipient, metrics), _Sns(topics, recipient, metrics)
    blueprint.add_url_rule("/pubsub/<door_key>", view_func=pubsub, methods=["POST"], endpoint="pubsub")
    blueprint.add_url_rule("/sns/<door_key>", view_func=sns, methods=["POST"], endpoint="sns")
    blueprint.add_url_rule(
        "/eventgrid/<door_key>",
        view_func=_EventGrid(None, recipient, metrics),
        methods=["OPTIONS", "POST"],
        endpoint="eventgrid",
        provide_automatic_options=False,
    )
    return blueprint


def _always(intake: Taking) -> Recipient:
    """Whoever comes through a door without a key comes to the same one."""
    return lambda _door_key: intake


class _Door:
    """What all doors have in common; `_answer` is each one's own."""

    name: str

    def __init__(self, recipient: Recipient, metrics: Metrics) -> None:
        self._recipient = recipient
        self._metrics = metrics

    def __call__(self, door_key: str = "") -> Response:
        started = time.perf_counter()
        outcome = Outcome.BROKE
        try:
            outcome, answer = self._answered(door_key)
        except RequestEntityTooLarge:
            outcome = Outcome.TOO_LARGE
            raise
        finally:
            self._metrics.ingest_total.labels(self.name, outcome.value).inc()
            self._metrics.ingest_seconds.labels(self.name).observe(time.perf_counter() - started)
        return answer

    def _answered(self, door_key: str) -> tuple[Outcome, Response]:
        try:
            return self._answer(whole_body(MOST_BYTES), self._recipient(door_key))
        except NotAuthentic as error:
            log.warning("ingest.refused", door=self.name, reason=error.reason)
            return Outcome.REFUSED, Response(status=403 if error.is_misaddressed else 401)
        except PlatformError as error:
            log.warning("ingest.not_kept", door=self.name, reason=error.reason_code, why=error.reason)
            return Outcome.UNAVAILABLE, Response(status=503, headers={"Retry-After": str(RETRY_SECONDS)})

    def _answer(self, body: bytes, intake: Taking) -> tuple[Outcome, Response]:
        raise NotImplementedError

    def _take(self, body: bytes | str, intake: Taking) -> tuple[Outcome, Response]:
        taken = intake.take(body, source=self.name)
        self._metrics.ingest_hints_total.labels(self.name).inc(taken.hints)
        return self._told(taken)

    def _told(self, taken: Taken) -> tuple[Outcome, Response]:
        if taken.foreign:
            log.warning("ingest.foreign_project", door=self.name, notifications=taken.foreign)
        if is_all_foreign(taken):
            return Outcome.FOREIGN, Response(status=403)
        if taken.unreadable:
            log.warning("ingest.unreadable", door=self.name)
            return Outcome.UNREADABLE, Response(status=204)
        return Outcome.TAKEN, Response(status=204)


class _PubSub(_Door):
    name = "pubsub"

    def __init__(self, tokens: PushTokens | None, recipient: Recipient, metrics: Metrics) -> None:
        super().__init__(recipient, metrics)
        self._tokens = tokens

    def _answer(self, body: bytes, intake: Taking) -> tuple[Outcome, Response]:
        if self._tokens is not None:
            self._tokens.verify(request.headers.get("Authorization"))
        return self._take(pushed(body), intake)


class _Sns(_Door):
    name = "sns"

    def __init__(self, topics: SnsTopics, recipient: Recipient, metrics: Metrics) -> None:
        super().__init__(recipient, metrics)
        self._topics = topics

    def _answer(self, body: bytes, intake: Taking) -> tuple[Outcome, Response]:
        message = self._topics.verified(body)
        match message.type:
            case SnsType.NOTIFICATION:
                return self._take(message.message, intake)
            case SnsType.SUBSCRIPTION:
                return self._confirm(message)
            case SnsType.UNSUBSCRIPTION:  # not undone: somebody who may do so wants it
                log.warning("ingest.unsubscribed", topic=message.topic)
        return Outcome.CONFIRMED, Response(status=204)

    def _confirm(self, message: SnsMessage) -> tuple[Outcome, Response]:
        self._topics.confirm(message)
        log.info("ingest.subscribed", topic=message.topic)
        return Outcome.CONFIRMED, Response(status=204)


class _EventGrid(_Door):
    name = "eventgrid"

    def __init__(self, keys: EventGridKeys | None, recipient: Recipient, metrics: Metrics) -> None:
        super().__init__(recipient, metrics)
        self._keys = keys

    def _answer(self, body: bytes, intake: Taking) -> tuple[Outcome, Response]:
        given = request.args.get("key") or request.headers.get(KEY_HEADER)
        if request.method == "OPTIONS":
            return self._shake_hands(given)
        if self._keys is not None:
            self._keys.verify(given)
        if (code := _validation_code(body)) is not None:
            return Outcome.CONFIRMED, jsonify(validationResponse=code)
        return self._take(body, intake)

    def _shake_hands(self, given: str | None) -> tuple[Outcome, Response]:
        """https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/http-webhook.md#4-abuse-protection

        Without a key as well, for that may come as a header, which handshakes do not have: it opens nothing.
        """
        if given is not None and self._keys is not None:
            self._keys.verify(given)
        origin = request.headers.get("WebHook-Request-Origin", "")
        if not _HOST.fullmatch(origin):
            return Outcome.CONFIRMED, Response(status=200, headers={"Allow": "OPTIONS, POST"})
        granted = {"WebHook-Allowed-Origin": origin, "WebHook-Allowed-Rate": "*", "Allow": "OPTIONS, POST"}
        return Outcome.CONFIRMED, Response(status=200, headers=granted)


def _validation_code(body: bytes) -> str | None:
    """What topics that do not speak CloudEvents ask to have said back.

    https://learn.microsoft.com/azure/event-grid/end-point-validation-event-grid-events-schema
    """
    if _VALIDATION.encode() not in body[:4096]:
        return None
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return None
    match content:
        case [{"eventType": event_type, "data": {"validationCode": str() as code}}] if event_type == _VALIDATION:
            return code
        case _:
            return None
