"""Everything that goes wrong on the wire, as `clients.errors`.

The reasons name classes, statuses and the platform's own error codes: never a message, which
could quote what was asked.

https://docs.commercetools.com/api/errors
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import requests
import urllib3

from clients.commercetools.answers import Answer, codes_of, retry_after
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
_OUR_MISTAKES: Final = (
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidHeader,
    requests.exceptions.InvalidSchema,
    requests.exceptions.MissingSchema,
    requests.exceptions.URLRequired,
)
_UNREADABLE: Final = (
    requests.exceptions.ContentDecodingError,
    requests.exceptions.InvalidJSONError,
    requests.exceptions.TooManyRedirects,
)


def of_exception(error: Exception, *, late: bool) -> PlatformError:
    """What an exception of `requests`, `urllib3` or the operating system means; `late` = the deadline has passed."""
    names = [type(cause).__name__ for cause in _causes(error)]
    reason = " < ".join(dict.fromkeys(names))
    if late:
        return TimedOut(f"the time given for the call ran out: {reason}")
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return Unreachable(f"no connection: {reason}")
    if isinstance(error, requests.exceptions.Timeout) or "ReadTimeoutError" in names:
        return TimedOut(f"no answer in time: {reason}")
    if isinstance(error, _OUR_MISTAKES):
        return Rejected(f"the request cannot be sent: {reason}")
    if isinstance(error, _UNREADABLE):
        return BadAnswer(f"the answer cannot be read: {reason}")
    return Unreachable(f"connection failed: {reason}")


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


def is_worth_one_more_try(error: PlatformError) -> bool:
    """Whether the very same read may succeed within the next moments.

    Not after 429 or 504 and time-outs: those would only get worse.
    """
    if isinstance(error, Unreachable):
        return error.status in (None, 502, 503)
    return isinstance(error, Overloaded) and error.status == 503


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The exception and what it was raised for, as urllib3 wraps it (in `args` and `reason`)."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting and len(seen) < 10:
        cause = waiting.pop(0)
        if isinstance(cause, BaseException) and id(cause) not in seen:
            seen.add(id(cause))
            yield cause
            waiting += [*cause.args, getattr(cause, "reason", None), cause.__cause__]


WIRE_EXCEPTIONS: Final = (requests.exceptions.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError)
