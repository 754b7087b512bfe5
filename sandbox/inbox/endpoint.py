"""The product's two Canvas Kit URLs, called as Intercom calls them: signed bytes, a time limit, no second try."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import requests

from sandbox.inbox.intercom_json import body_signature, intercom_bytes

# Intercom publishes no limit for Canvas Kit calls; developers report 10 seconds.
TIME_LIMIT_S: Final = 10.0

Flow = Literal["initialize", "submit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One call and its answer. When the Inbox says "Something went wrong", `canvas` is None and `problem` tells why."""

    sent: bytes
    signature: str
    ms: int
    status: int | None
    answer: Any
    canvas: dict[str, Any] | None
    problem: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CanvasEndpoint:
    """Where the product listens, e.g. "http://127.0.0.1:8081", and the client secret of the Intercom app."""

    url: str
    secret: str = field(repr=False)
    clock: Callable[[], float] = time.monotonic

    def call(self, flow: Flow, body: Mapping[str, Any]) -> Exchange:
        """POST `body` to /canvas/initialize or /canvas/submit. Raises nothing: every failure is an `Exchange`."""
        sent = intercom_bytes(body)
        signature = body_signature(sent, self.secret)
        started = self.clock()
        status, answer, problem = self._post(flow, sent, signature)
        canvas = _canvas_of(answer) if problem is None else None
        if problem is None and canvas is None:
            problem = "The answer holds no canvas."
        return Exchange(
            sent=sent,
            signature=signature,
            ms=round((self.clock() - started) * 1000),
            status=status,
            answer=answer,
            canvas=canvas,
            problem=problem,
        )

    def _post(self, flow: Flow, sent: bytes, signature: str) -> tuple[int | None, Any, str | None]:
        headers = {"Content-Type": "application/json; charset=utf-8", "X-Body-Signature": signature}
        try:
            response = requests.post(
                f"{self.url}/canvas/{flow}", data=sent, headers=headers, timeout=TIME_LIMIT_S, allow_redirects=False
            )
        except requests.Timeout:
            return None, None, f"No answer within {TIME_LIMIT_S:.0f} seconds."
        except requests.RequestException as error:
            return None, None, f"No answer: {type(error).__name__}."
        if response.status_code != 200:
            return response.status_code, response.text, f"Status {response.status_code} instead of 200."
        try:
            return 200, response.json(), None
        except requests.JSONDecodeError:
            return 200, response.text, "The answer is not JSON."


def _canvas_of(answer: Any) -> dict[str, Any] | None:
    canvas = answer.get("canvas") if isinstance(answer, dict) else None
    return canvas if isinstance(canvas, dict) and isinstance(canvas.get("content"), dict) else None
