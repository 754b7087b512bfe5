"""Answers in commercetools' shapes: https://docs.commercetools.com/api/errors"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sandbox.wire import Answer, as_json

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
