"""Agents at their Inboxes: sign what Intercom would send, over connections of their own, and time the answer."""

from __future__ import annotations

import http.client
import importlib.util
import json
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any
from urllib.parse import urlsplit

from clients.intercom.signatures import sign_body
from sandbox.conversations import conversation, initialize_body
from tests.contract.conftest import require_contract

INITIALIZE = "/canvas/initialize"
SUBMIT = "/canvas/submit"
PATIENCE_S = 60.0
CONTRACT_S = 3.5
TRIES = 3

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `seconds` from before the connection was made until the last byte."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    seconds: float
    submitted: bool = False

    @property
    def correlation_id(self) -> str:
        return self.headers["X-Correlation-ID"]

    @property
    def canvas(self) -> Body:
        canvas: Body = json.loads(self.body)["canvas"]
        return canvas

    @property
    def text(self) -> str:
        """Everything in the canvas, to look for words in."""
        return json.dumps(self.canvas["content"], ensure_ascii=False)

    @property
    def ids(self) -> set[str]:
        """Ids of everything that can be clicked or filled in."""
        components = self.canvas["content"]["components"]
        parts = [*components, *(item for component in components for item in component.get("items", []))]
        return {part["id"] for part in parts if part.get("id")}

    @property
    def is_live(self) -> bool:
        """The shop was read for it, now or within the cache time."""
        return "refresh" in self.ids

    @property
    def is_last_known(self) -> bool:
        return "Last known data, read" in self.text

    @property
    def problems(self) -> list[str]:
        """What is wrong with it by the contract: 200, and a canvas that Intercom's description allows."""
        if self.status != 200:
            return [f"status {self.status}"]
        return list(_canvases(self.submitted).problems(json.loads(self.body)))


@cache
def _canvases(submitted: bool) -> Any:
    spec = importlib.util.spec_from_file_location("check", require_contract("check.py"))
    assert spec
    assert spec.loader
    check = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(check)
    flow = "submit" if submitted else "initialize"
    return check.Canvases(require_contract(f"canvas-{flow}-response.schema.json"))


@dataclass(frozen=True, slots=True)
class Agents:
    """Whoever uses the panel at `url`; `secret` is the app's."""

    url: str
    secret: str = field(repr=False)

    def open(self, body: Mapping[str, Any]) -> Answer:
        return self.post(INITIALIZE, encoded(body))

    def click(self, component_id: str, canvas: Mapping[str, Any], body: Mapping[str, Any], **inputs: Any) -> Answer:
        """A click on `component_id` of `canvas`, which `body` had opened."""
        return self.post(SUBMIT, encoded(submit_body(component_id, canvas, body, **inputs)))

    def post(self, path: str, raw: bytes, *, signature: str | None = None, **headers: str) -> Answer:
        """`raw`, signed unless another `signature` is given ("" = none)."""
        signature = sign_body(raw, self.secret) if signature is None else signature
        signed = {"X-Body-Signature": signature} if signature else {}
        return self.send("POST", path, raw, {"Content-Type": "application/json", **signed, **headers})

    def get(self, path: str) -> Answer:
        return self.send("GET", path, None, {})

    def send(self, method: str, path: str, raw: Any, headers: Mapping[str, str]) -> Answer:
        parts = urlsplit(self.url)
        started = time.perf_counter()
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE_S)
        try:
            with suppress(BrokenPipeError, ConnectionResetError):  # refused while it was sent: the answer is there
                connection.request(method, path, raw, dict(headers))
            response = connection.getresponse()
            body = response.read()
        finally:
            connection.close()
        seconds = time.perf_counter() - started
        return Answer(response.status, dict(response.getheaders()), body, seconds, path == SUBMIT)

    def open_at_once(self, bodies: Sequence[Mapping[str, Any]]) -> list[Answer]:
        """Every body from a thread of its own, all at the same moment."""
        return at_once([partial(self.open, body) for body in bodies])


def at_once(asks: Sequence[Callable[[], Answer]]) -> list[Answer]:
    """All `asks`, begun at the same moment; their answers in the same order."""
    together = threading.Barrier(len(asks))

    def begin(ask: Callable[[], Answer]) -> Answer:
        together.wait(PATIENCE_S)
        return ask()

    with ThreadPoolExecutor(len(asks)) as pool:
        return list(pool.map(begin, asks))


def encoded(body: object) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()


def submit_body(component_id: str, canvas: Mapping[str, Any], body: Mapping[str, Any], **inputs: Any) -> Body:
    """A Submit body, as Intercom makes it of the Initialize body and what was clicked."""
    return {**body, "component_id": component_id, "input_values": inputs, "current_canvas": dict(canvas)}


def somebody(number: int, *, like: str = "anna") -> Body:
    """A contact of their own who is the customer of the sample conversation `like`: nothing is cached for them."""
    body = initialize_body(conversation(like))
    contact = {**body["contact"], "id": f"{number:024x}"}
    if contact["email"]:
        contact["email"] = contact["email"].replace("@", f"+{number}@")
    return {**body, "contact": contact}


def slowest(answers: Iterable[Answer]) -> float:
    return max(answer.seconds for answer in answers)


def in_time(ask: Callable[[], Sequence[Answer]]) -> Sequence[Answer]:
    """What `ask` gets: the first of three times that all came within the contract, because the panel's machine has
    other things to do here. A panel that is too slow by itself is so each time.
    """
    for _ in range(TRIES):
        if slowest(answers := ask()) <= CONTRACT_S:
            return answers
    raise AssertionError(f"{TRIES} times not within {CONTRACT_S} s: {slowest(answers):.2f} s")


def percentile(answers: Iterable[Answer], share: float) -> float:
    """In milliseconds."""
    seconds = sorted(answer.seconds for answer in answers)
    return seconds[min(len(seconds) - 1, int(share * len(seconds)))] * 1000
