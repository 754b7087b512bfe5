"""Every exception of the wire as one of `clients.errors`.

The reasons name classes, never a message, which could quote headers and addresses.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import requests
import urllib3

from clients.errors import BadAnswer, PlatformError, Rejected, TimedOut, Unreachable

WIRE_EXCEPTIONS: Final = (requests.exceptions.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError)
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
