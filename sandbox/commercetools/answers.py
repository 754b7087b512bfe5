"""Answers in commercetools' shapes: https://docs.commercetools.com/api/errors"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

_CODES: Final[Mapping[int, tuple[str, str]]] = {
    400: ("InvalidInput", "Request body does not contain valid JSON."),
    401: ("invalid_token", "invalid_token"),
    403: ("insufficient_scope", "Insufficient scope."),
    404: ("ResourceNotFound", "The requested resource was not found."),
    429: ("TooManyRequests", "Too many requests."),
    500: ("General", "Internal server error."),
    502: ("BadGateway", "Bad gateway."),
    503: ("OverCapacity", "Over capacity."),
    504: ("QueryTimedOut", "The query timed out."),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer before it goes out on the wire."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


def as_json(content: object, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    """A JSON answer."""
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return Answer(status, body, {"Content-Type": "application/json; charset=utf-8", **(headers or {})})


def error(
    status: int, *, code: str | None = None, message: str | None = None, headers: Mapping[str, str] | None = None
) -> Answer:
    """The error envelope of the API: `statusCode`, `message` and `errors[].code`."""
    usual_code, usual_message = _CODES[status]
    code, message = code or usual_code, message or usual_message
    content = {"statusCode": status, "message": message, "errors": [{"code": code, "message": message}]}
    return as_json(content, status=status, headers=headers)


def oauth_error(status: int, code: str, message: str, *, headers: Mapping[str, str] | None = None) -> Answer:
    """The error envelope plus OAuth's own `error` and `error_description`."""
    content: dict[str, Any] = {
        "statusCode": status,
        "message": message,
        "errors": [{"code": code, "message": message}],
        "error": code,
        "error_description": message,
    }
    return as_json(content, status=status, headers=headers)
