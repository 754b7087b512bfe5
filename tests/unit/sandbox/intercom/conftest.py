"""The Intercom stand-in without a socket, at a time of the test's own."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest
from requests.structures import CaseInsensitiveDict

from sandbox.intercom import IntercomStandIn

MONDAY = 1_795_424_400.0  # 2026-11-23 09:00 UTC, 10:00 in the workspace's own time zone


@dataclass
class Clock:
    """Unix seconds, moved by hand."""

    now: float = MONDAY

    def __call__(self) -> float:
        return self.now


@dataclass(frozen=True)
class Reply:
    status: int
    json: Any
    headers: Any

    @property
    def error(self) -> tuple[int, str, str]:
        """Status, code and message."""
        assert self.json["type"] == "error.list"
        first = self.json["errors"][0]
        return self.status, first["code"], first["message"]


@dataclass(frozen=True)
class Api:
    """Asks as a well-behaved client does; `headers` change that, None leaves a header out."""

    stand_in: IntercomStandIn

    def __call__(self, method: str, path: str, body: Any = None, **headers: str | None) -> Reply:
        usual = {
            "Authorization": f"Bearer {self.stand_in.access_token}",
            "Intercom-Version": "2.16",
            "Accept": "application/json",
        }
        given = usual | {name.replace("_", "-"): value for name, value in headers.items()}
        sent = CaseInsensitiveDict({name: value for name, value in given.items() if value is not None})
        content = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else b""
        answer, _ = self.stand_in.respond(method, path, sent, content)
        is_json = answer.headers.get("Content-Type", "").startswith("application/json")
        return Reply(answer.status, json.loads(answer.body) if is_json else None, CaseInsensitiveDict(answer.headers))

    def get(self, path: str) -> Reply:
        return self("GET", path)

    def post(self, path: str, body: Any = None) -> Reply:
        return self("POST", path, body)

    def put(self, path: str, body: Any) -> Reply:
        return self("PUT", path, body)

    def delete(self, path: str, body: Any = None) -> Reply:
        return self("DELETE", path, body)

    def made(self, **body: Any) -> str:
        """The id of a new contact."""
        reply = self.post("/contacts", body)
        assert reply.status == 200, reply
        return str(reply.json["id"])


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def intercom(clock: Clock) -> IntercomStandIn:
    """An empty workspace with three attributes of contacts."""
    stand_in = IntercomStandIn(clock=clock, sleep=lambda seconds: None)
    stand_in.declare(orders="integer", tier="string", since="date")
    return stand_in


@pytest.fixture
def api(intercom: IntercomStandIn) -> Api:
    return Api(intercom)
