"""What commercetools' refusals and failures mean, as `clients.errors`.

The reasons name statuses and the platform's own error codes: never a message, which could quote
what was asked.

https://docs.commercetools.com/api/errors
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from clients.commercetools.error_codes import codes_of, retry_after
from clients.errors import (
    BadAnswer,
    CredentialsRefused,
    Overloaded,
    PlatformError,
    Rejected,
    ScopeMissing,
    TimedOut,
    TryAgain,
    Unreachable,
)
from clients.wire.answers import Answer

INSUFFICIENT_SCOPE: Final = "insufficient_scope"
INVALID_TOKEN: Final = "invalid_token"  # noqa: S105 - the name of an error
INVALID_INPUT: Final = "InvalidInput"
TOO_COMPLEX: Final = "QueryComplexityLimitExceeded"

_BY_CODE: Final[dict[str, type[PlatformError]]] = {
    "OverCapacity": Overloaded,
    "QueryTimedOut": TimedOut,
    "BadGateway": Unreachable,
    "PendingOperation": Unreachable,
    "General": Unreachable,
    INSUFFICIENT_SCOPE: ScopeMissing,
    "invalid_scope": ScopeMissing,
    INVALID_TOKEN: CredentialsRefused,
    "invalid_client": CredentialsRefused,
    "unauthorized_client": CredentialsRefused,
    "access_denied": CredentialsRefused,
    **dict.fromkeys(
        (INVALID_INPUT, TOO_COMPLEX, "InvalidField", "InvalidJsonInput", "RequiredField", "InvalidOperation"), Rejected
    ),
    **dict.fromkeys(("SemanticError", "SyntaxError", "ResourceNotFound", "ContentTooLarge"), Rejected),
}
_BY_STATUS: Final[dict[int, type[PlatformError]]] = {
    401: CredentialsRefused,
    403: ScopeMissing,
    408: TimedOut,
    429: Overloaded,
    504: TimedOut,
}


def of_codes(codes: Iterable[str], *, status: int | None = None, retry_after: float | None = None) -> PlatformError:
    """What the platform's error codes and the HTTP status mean; the code is the more precise of the two."""
    known = tuple(codes)
    reason = f"HTTP {status}: {', '.join(known) or 'no error code'}" if status else f"{', '.join(known)}"
    kind = next((_BY_CODE[code] for code in known if code in _BY_CODE), None) or _of_status(status)
    if kind is Overloaded:
        return Overloaded(reason, retry_after=retry_after, status=status)
    return kind(reason, status=status)


def _of_status(status: int | None) -> type[PlatformError]:
    if status is None or status == 200:
        return TryAgain  # an error that we do not know may pass
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if status >= 500:
        return Unreachable
    return Rejected if status >= 400 else BadAnswer


def of_answer(answer: Answer) -> PlatformError:
    """What an answer that is not 200 means."""
    return of_codes(codes_of(answer.json_or_none()), status=answer.status, retry_after=retry_after(answer.headers))
