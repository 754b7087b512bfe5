"""A commercetools project on loopback: tokens, GraphQL, faults, and a book of what was asked.

with CommercetoolsStandIn.serve(sample_shop()) as stand_in:
    ...  # stand_in.auth_url, .api_url, .project_key, .client_id, .client_secret
    stand_in.switches.set(latency_ms=50)
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlsplit

from sandbox.commercetools import graphql_door
from sandbox.commercetools.answers import error, oauth_error
from sandbox.commercetools.reading import Reading
from sandbox.commercetools.records import ReceivedRequest, RequestLog
from sandbox.commercetools.rest_door import read_resource
from sandbox.commercetools.schema import schema
from sandbox.commercetools.subscriptions import Subscriptions
from sandbox.commercetools.switches import Door, SwitchBoard, Switches
from sandbox.commercetools.tokens import ApiClient, TokenDoor
from sandbox.shop.acts import Acts, Done
from sandbox.shop.acts.offers import offers
from sandbox.shop.resources import SampleShop
from sandbox.wire import Answer, Fault, as_json, listening

CONTROL_PATH = "/_control"


class Told(Protocol):
    """Who brings word of acts to queues outside: `sandbox.doors.Deliveries`."""

    def tell(self, done: Done) -> None: ...

    def change(self, change: object) -> None:
        """Raises `ValueError` that names what is wrong with it."""

    def to_json(self) -> dict[str, Any]: ...


class CommercetoolsStandIn:
    """What commercetools would answer, for a `SampleShop`. Thread-safe.

    `clock` (monotonic, seconds) decides when tokens expire; `sleep` makes the latency; `now` (UTC) dates what
    is done to the shop through the control door.
    """

    def __init__(
        self,
        shop: SampleShop,
        switches: Switches | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.shop = shop
        self._now = now
        self.acts = Acts(shop, clock=now)
        self.switches = SwitchBoard(switches)
        self.log = RequestLog()
        self.client = ApiClient(shop.project.key)
        self.tokens = TokenDoor(self.client, clock)
        self.subscriptions = Subscriptions(shop.project.key, now=now)
        self._told: Told | None = None
        self._graphql = graphql_door.GraphQLDoor()
        self.url = ""
        self._sleep = sleep

    @classmethod
    @contextmanager
    def serve(
        cls, shop: SampleShop, switches: Switches | None = None, *, port: int = 0
    ) -> Iterator[CommercetoolsStandIn]:
        """The stand-in, listening on 127.0.0.1 (any free port unless told) until the block ends."""
        schema()  # built now, not within the first request
        stand_in = cls(shop, switches)
        with listening(port, stand_in, name="commercetools-stand-in") as url:
            stand_in.url = url
            yield stand_in

    @property
    def auth_url(self) -> str:
        """`CTP_AUTH_URL`."""
        return self.url

    @property
    def api_url(self) -> str:
        """`CTP_API_URL`."""
        return self.url

    @property
    def project_key(self) -> str:
        return self.client.project_key

    @property
    def client_id(self) -> str:
        return self.client.client_id

    @property
    def client_secret(self) -> str:
        return self.client.client_secret

    def tell(self, told: Told) -> None:
        """From now on of what the control door does in the shop; how it is brought is set there as well."""
        self._told = told

    def reset(self, shop: SampleShop | None = None) -> None:
        """Healthy again, nothing counted, no token good; with `shop`, other documents."""
        if shop is not None:
            self.shop = shop
            self.acts = Acts(shop, clock=self._now)
        self.subscriptions.reset()
        self._graphql.forget()
        self.switches.reset()
        self.tokens.revoke_all()
        self.tokens.minted = 0
        self.log.clear()

    @property
    def requests(self) -> tuple[ReceivedRequest, ...]:
        """The last requests to the platform, oldest first; `/_control` is not among them."""
        return self.log.requests

    @property
    def graphql_requests(self) -> tuple[ReceivedRequest, ...]:
        return tuple(request for request in self.log.requests if request.is_graphql)

    def fault_is_on(self, fault: Fault) -> bool:
        return self.switches.is_on(fault)

    def respond(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> tuple[Answer, Fault | None]:
        """The answer to one request and the fault to send it with; `headers` is case-insensitive."""
        path, query = urlsplit(path).path, urlsplit(path).query
        if path == CONTROL_PATH:
            return self._control(method, dict(parse_qsl(query, keep_blank_values=True)), body), None
        door = self._door(path)
        asked = graphql_door.read_request(body) if door == "graphql" else None
        self._record(method, path, headers, asked)
        switches = self.switches.now
        fault = self.switches.take_fault(door)
        self._sleep((switches.latency_ms + (switches.token_latency_ms if door == "token" else 0)) / 1000)
        answer = _faulty(fault) or self._answer(method, path, headers, body, asked, switches)
        correlation_id = headers.get("X-Correlation-ID") or f"{self.project_key}/{uuid.uuid4()}"
        return Answer(answer.status, answer.body, {**answer.headers, "X-Correlation-ID": correlation_id}), fault

    def _door(self, path: str) -> Door:
        if path == "/oauth/token":
            return "token"
        return "graphql" if path == f"/{self.project_key}/graphql" else "rest"

    def _record(
        self, method: str, path: str, headers: Mapping[str, str], asked: graphql_door.GraphQLRequest | None
    ) -> None:
        request = ReceivedRequest(
            method=method,
            path=path,
            headers=headers,
            operation=asked.operation if asked else "",
            query=asked.query if asked else "",
            variables=asked.variables if asked else {},
        )
        self.log.add(request)

    def _answer(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes,
        asked: graphql_door.GraphQLRequest | None,
        switches: Switches,
    ) -> Answer:
        if switches.project_suspended:
            return oauth_error(400, "invalid_token", f"Project '{self.project_key}' is suspended.")
        door = self._door(path)
        if door == "token":
            return self.tokens.answer(headers, body, switches) if method == "POST" else error(404)
        return self._answer_at(door, method, path, headers, body, asked, switches)

    def _answer_at(
        self,
        door: Door,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes,
        asked: graphql_door.GraphQLRequest | None,
        switches: Switches,
    ) -> Answer:
        if (health := self.subscriptions.health(method, path)) is not None:
            return health
        scopes = self._scopes(headers)
        if scopes is None:
            refused = {"WWW-Authenticate": f'Bearer realm="{self.project_key}", error="invalid_token"'}
            return oauth_error(401, "invalid_token", "invalid_token", headers=refused)
        reading = Reading(self.shop.now(), switches, scopes)
        if door == "rest":
            return self._rest(method, path, body, reading)
        if method != "POST" or asked is None:
            return error(400, code="InvalidJsonInput", message="Request body does not contain valid JSON.")
        return self._graphql.answer(asked, body, reading)

    def _rest(self, method: str, path: str, body: bytes, reading: Reading) -> Answer:
        if self.subscriptions.is_asked(path):
            return self.subscriptions.answer(method, path, body, reading)
        return read_resource(method, path, reading)

    def _scopes(self, headers: Mapping[str, str]) -> frozenset[str] | None:
        kind, _, token = headers.get("Authorization", "").partition(" ")
        return self.tokens.scopes_of(token) if kind.lower() == "bearer" else None

    def _control(self, method: str, query: Mapping[str, str], body: bytes) -> Answer:
        """`POST` changes switches by name; `reset`, `expire_tokens` and `clear_log` are acts. Both answer the state.

        `{"act": "ship", "order": "<id>"}` does something in the shop (see `sandbox.shop.acts`) and answers what it
        did. `GET ?customer=<id>` or `?email=` answers what can be done for them. `{"subscription": "<key>", "status":
        "TemporaryError"}` makes one as healthy as that. `{"delivery": {"pubsub": {"times": 2, "late_ms": 500}}}`
        is how a door's queue brings what it is told of.
        """
        if method == "POST":
            try:
                done = self._apply(json.loads(body or b"{}"))
            except ValueError as problem:
                return as_json({"error": str(problem)}, status=400)
            return as_json(self.state() if done is None else done)
        if query:
            return as_json(offers(self.acts, customer=query.get("customer"), email=query.get("email")))
        return as_json(self.state())

    def _apply(self, change: object) -> dict[str, object] | None:
        """What was done in the shop, None when only switches were set."""
        if not isinstance(change, dict):
            raise ValueError("switches are set by a JSON object")
        if "subscription" in change:
            self.subscriptions.set_status(change["subscription"], change.get("status", ""))
            return None
        if "delivery" in change:
            self._change_delivery(change["delivery"])
            return None
        if "act" in change:
            return self._act(**change)
        acts: Mapping[str, Callable[[], None]] = {
            "reset": self.reset,
            "expire_tokens": self.tokens.revoke_all,
            "clear_log": self.log.clear,
        }
        for name, act in acts.items():
            if change.pop(name, False):
                act()
        self.switches.set(**change)
        return None

    def _act(self, act: object, **arguments: Any) -> dict[str, object]:
        done = self.acts.do(str(act), **arguments)
        if self._told is not None:
            self._told.tell(done)
        return done.to_json()

    def _change_delivery(self, change: object) -> None:
        if self._told is None:
            raise ValueError("no door is open: nobody is told of what happens here")
        self._told.change(change)

    def state(self) -> dict[str, object]:
        """The switches, the counts and the last requests, as JSON."""
        return {
            "project_key": self.project_key,
            "switches": self.switches.now.to_json(),
            "tokens_minted": self.tokens.minted,
            "subscriptions": self.subscriptions.state(),
            "delivery": self._told.to_json() if self._told else {},
            "requests_by_path": self.log.by_path,
            "requests_by_operation": self.log.by_operation,
            "requests": [request.to_json() for request in self.log.requests[-50:]],
        }


def _faulty(fault: Fault | None) -> Answer | None:
    if fault is None:
        return None
    if fault.kind == "invalid_json":
        return Answer(200, b'{"data": {"customer": <html>', {"Content-Type": "application/json; charset=utf-8"})
    if fault.kind == "status":
        headers = {"Retry-After": str(fault.retry_after)} if fault.retry_after is not None else {}
        if fault.status == 401:
            return oauth_error(401, "invalid_token", "invalid_token", headers=headers)
        return error(fault.status, headers=headers)
    return None
