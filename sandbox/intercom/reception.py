"""What happens to every request around what it asks for: token, allowance, version, errors, records."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sandbox.intercom.access import Access
from sandbox.intercom.asked import Asked, Done
from sandbox.intercom.identity import Identity
from sandbox.intercom.rate_limit import Allowance, RateLimit
from sandbox.intercom.records import ReceivedRequest, RequestLog
from sandbox.intercom.refusals import Refusal, usual_refusal
from sandbox.intercom.routes import Route
from sandbox.intercom.switches import Fault, Switches
from sandbox.intercom.webhooks import Webhooks
from sandbox.intercom.workspace import Workspace
from sandbox.wire import Answer, as_json

VERSION: Final = "2.16"
_ACCEPTABLE: Final = ("application/json", "application/*", "*/*")
_NOT_JSON: Final = b'{"type": "contact", "id": <html>'


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A request as it came in, with the route that its path leads to; `headers` is case-insensitive."""

    id: str
    method: str
    path: str
    route: Route
    ids: tuple[str, ...]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def version(self) -> str | None:
        return self.headers.get("Intercom-Version")


class Reception:
    """Carries requests out, one at a time, under `lock`."""

    def __init__(
        self, clock: Callable[[], float], switches: Callable[[], Switches], *, identity: Identity, access: Access
    ) -> None:
        self.lock = threading.RLock()
        self.access = access
        self.identity = identity
        self.webhooks = Webhooks(identity.id, clock, switches)
        self.log = RequestLog()
        self.rate_limit = RateLimit()
        self.workspace = Workspace(clock, switches, self.webhooks.tell, identity=identity)
        self._clock = clock
        self._switches = switches

    def empty(self) -> None:
        """Another workspace of which nothing was asked."""
        with self.lock:
            self.workspace = Workspace(self._clock, self._switches, self.webhooks.tell, identity=self.identity)
            self.rate_limit = RateLimit()
            self.log.clear()

    def spend(self, count: int = 1) -> Allowance:
        """Use up so much of the present window."""
        now = self._switches()
        return self.rate_limit.spend(self._clock(), limit=now.rate_limit, window_s=now.rate_window_s, count=count)

    def note(self, incoming: Incoming) -> Answer:
        """The request is known to have come, and costs its share; nothing is carried out."""
        with self.lock:
            allowance = self.spend() if self.access.opens(_authorization(incoming)) else None
            self._record(incoming, Done(None, status=0), {}, is_lost=True)
        return Answer(500, b"", self._headers(incoming, allowance))

    def carry_out(self, incoming: Incoming, *, is_lost: bool) -> Answer:
        """The true answer; `is_lost` when the client will not see it."""
        allowance: Allowance | None = None
        content: Mapping[str, Any] = {}
        with self.lock:
            try:
                self.access.require(_authorization(incoming), self._switches())
                allowance = self.spend()
                self._refuse_excess(allowance)
                _check_headers(incoming)
                content = _content(incoming.body)
                done = incoming.route.handle(self.workspace, Asked(incoming.ids, incoming.query, content))
                answer = Answer(done.status, b"") if done.content is None else as_json(done.content, status=done.status)
            except Refusal as refusal:
                done, answer = Done(None, status=refusal.status), refusal.answer(incoming.id)
            self._record(incoming, done, content, is_lost=is_lost)
        return Answer(answer.status, answer.body, {**answer.headers, **self._headers(incoming, allowance)})

    def _refuse_excess(self, allowance: Allowance) -> None:
        if not allowance.is_exceeded:
            return
        now = self._switches()
        wait = max(1, round(allowance.reset - self._clock() + 0.5))
        headers = {"Retry-After": str(wait)} if now.retry_after_with_429 else {}
        text = f"Exceeded rate limit of {now.rate_limit} in {now.rate_window_s:g}_seconds"
        raise Refusal(429, "rate_limit_exceeded", text, headers=headers)

    def _headers(self, incoming: Incoming, allowance: Allowance | None) -> dict[str, str]:
        version = self._switches().echoed_version or (VERSION if incoming.version == VERSION else "1.0")
        limits = allowance.headers if allowance is not None else {}
        return {"X-Request-Id": incoming.id, "Intercom-Version": version, **limits}

    def _record(self, incoming: Incoming, done: Done, content: Mapping[str, Any], *, is_lost: bool) -> None:
        self.log.add(
            ReceivedRequest(
                at=self._clock(),
                method=incoming.method,
                path=incoming.path,
                route=incoming.route.name,
                status=done.status,
                request_id=incoming.id,
                body=content,
                version=incoming.version,
                changed=done.changed,
                is_lost=is_lost,
            )
        )


def _authorization(incoming: Incoming) -> str:
    return incoming.headers.get("Authorization", "")


def _check_headers(incoming: Incoming) -> None:
    """What every request must say of itself, once it is known who asks."""
    accept = incoming.headers.get("Accept", "*/*")
    if not any(kind in accept for kind in _ACCEPTABLE):
        raise Refusal(406, "not_acceptable", f"Cannot serve {accept}")
    if incoming.version is None:
        text = "Intercom-Version is not set, which makes this a request of version 1.0; only 2.16 is served here"
        raise Refusal(400, "intercom_version_invalid", text)
    if incoming.version != VERSION:
        raise Refusal(400, "intercom_version_invalid", f"The requested version {incoming.version} could not be found")


def _content(body: bytes) -> Mapping[str, Any]:
    if not body:
        return {}
    try:
        content = json.loads(body)
    except ValueError as error:
        raise Refusal(400, "bad_request", "The request body is not valid JSON") from error
    if not isinstance(content, dict):
        raise Refusal(400, "bad_request", "The request body must be a JSON object")
    return content


def as_sent(answer: Answer, fault: Fault | None, request_id: str) -> Answer:
    """The answer that a fault puts in the place of the true one."""
    if fault is None or fault.kind not in ("status", "invalid_json"):
        return answer
    if fault.kind == "invalid_json":
        return Answer(200, _NOT_JSON, {**answer.headers, "Content-Type": "application/json; charset=utf-8"})
    refused = usual_refusal(fault.status, request_id)
    headers = {**answer.headers, **refused.headers}
    if fault.status == 429:
        headers["X-RateLimit-Remaining"] = "0"
    if fault.retry_after is not None:
        headers["Retry-After"] = str(fault.retry_after)
    return Answer(refused.status, refused.body, headers)
