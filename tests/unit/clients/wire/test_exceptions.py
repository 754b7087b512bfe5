"""Nothing of `requests`, `urllib3` or the operating system leaves the client."""

from __future__ import annotations

import inspect

import pytest
import requests
import urllib3

from clients.errors import BadAnswer, PlatformError, Rejected, TimedOut, Unreachable
from clients.wire import exceptions

OF_REQUESTS = [
    kind
    for _, kind in inspect.getmembers(requests.exceptions, inspect.isclass)
    if issubclass(kind, Exception) and not issubclass(kind, Warning)
]
OF_URLLIB3 = [
    kind
    for _, kind in inspect.getmembers(urllib3.exceptions, inspect.isclass)
    if issubclass(kind, Exception) and not issubclass(kind, Warning)
]
OF_THE_SYSTEM = [ConnectionResetError, ConnectionRefusedError, BrokenPipeError, TimeoutError, OSError, UnicodeError]


def made(kind: type[Exception]) -> Exception:
    """An instance without calling a constructor that wants to know more."""
    return kind.__new__(kind)


@pytest.mark.parametrize("kind", [*OF_REQUESTS, *OF_URLLIB3, *OF_THE_SYSTEM])
def test_every_exception_of_the_wire_is_caught_and_has_a_meaning(kind: type[Exception]) -> None:
    assert issubclass(kind, exceptions.WIRE_EXCEPTIONS) or kind.__module__ != "requests.exceptions"
    assert isinstance(exceptions.of_exception(made(kind), late=False), PlatformError)


@pytest.mark.parametrize("kind", OF_REQUESTS)
def test_after_the_deadline_everything_is_a_time_out(kind: type[Exception]) -> None:
    assert isinstance(exceptions.of_exception(made(kind), late=True), TimedOut)


@pytest.mark.parametrize(
    ("kind", "meaning"),
    [
        (requests.exceptions.ConnectTimeout, Unreachable),
        (requests.exceptions.ReadTimeout, TimedOut),
        (requests.exceptions.ConnectionError, Unreachable),
        (requests.exceptions.SSLError, Unreachable),
        (requests.exceptions.ProxyError, Unreachable),
        (requests.exceptions.ChunkedEncodingError, Unreachable),
        (requests.exceptions.ContentDecodingError, BadAnswer),
        (requests.exceptions.InvalidHeader, Rejected),
        (requests.exceptions.InvalidURL, Rejected),
        (requests.exceptions.RequestException, Unreachable),
    ],
)
def test_an_exception_means(kind: type[Exception], meaning: type[PlatformError]) -> None:
    assert type(exceptions.of_exception(made(kind), late=False)) is meaning


def test_a_time_out_inside_a_connection_error_is_a_time_out() -> None:
    inner = urllib3.exceptions.ReadTimeoutError(None, "", "Read timed out.")  # type: ignore[arg-type]  # no pool here
    assert type(exceptions.of_exception(requests.exceptions.ConnectionError(inner), late=False)) is TimedOut


def test_a_reason_quotes_nothing_of_the_exception() -> None:
    error = requests.exceptions.InvalidHeader("Invalid header value: 'Bearer planted'")
    assert "planted" not in exceptions.of_exception(error, late=False).reason
