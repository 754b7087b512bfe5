"""Answers to requests that Intercom refuses: its error list.

https://developers.intercom.com/docs/references/rest-api/errors/http-responses
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sandbox.wire import Answer, as_json

_USUAL: Final[Mapping[int, tuple[str, str]]] = {
    400: ("parameter_invalid", "Bad request"),
    401: ("unauthorized", "Access Token Invalid"),
    403: ("api_plan_restricted", "Active subscription needed."),
    404: ("not_found", "Resource Not Found"),
    406: ("not_acceptable", "Only application/json can be served"),
    408: ("request_timeout", "The request timed out"),
    409: ("conflict", "Resource conflict"),
    422: ("unprocessable_entity", "The request cannot be processed"),
    429: ("too_many_requests", "Too many requests"),
    500: ("server_error", "An unexpected error occurred"),
    503: ("service_unavailable", "Sorry, the API service is temporarily unavailable"),
}
_OF_A_LOAD_BALANCER: Final = {502: "Bad Gateway", 504: "Gateway Time-out"}
STATUSES: Final = frozenset(_USUAL) | frozenset(_OF_A_LOAD_BALANCER)


class Refusal(Exception):
    """A request that is not carried out. `code` and `message` are Intercom's; `field` names what was wrong."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str | None = None,
        *,
        field: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.field = field
        self.headers = headers or {}

    def answer(self, request_id: str) -> Answer:
        """The `error.list`."""
        error = {"code": self.code, "message": self.message, **({"field": self.field} if self.field else {})}
        content = {"type": "error.list", "request_id": request_id, "errors": [error]}
        return as_json(content, status=self.status, headers=self.headers)


def usual_refusal(status: int, request_id: str) -> Answer:
    """What a status of `STATUSES` usually comes with. A load balancer's errors are HTML."""
    if status in _OF_A_LOAD_BALANCER:
        text = f"{status} {_OF_A_LOAD_BALANCER[status]}"
        page = f"<html><head><title>{text}</title></head><body><h1>{text}</h1></body></html>"
        return Answer(status, page.encode(), {"Content-Type": "text/html"})
    return Refusal(status, *_USUAL[status]).answer(request_id)


def invalid(message: str, *, field: str | None = None) -> Refusal:
    """400 `parameter_invalid`, the most frequent one."""
    return Refusal(400, "parameter_invalid", message, field=field)


def missing(message: str) -> Refusal:
    """400 `parameter_not_found`."""
    return Refusal(400, "parameter_not_found", message)


def not_found(what: str = "Resource") -> Refusal:
    """404 `not_found`: "User Not Found", "Resource Not Found"."""
    return Refusal(404, "not_found", f"{what} Not Found")
