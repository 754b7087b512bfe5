"""Nothing of `requests`, `urllib3` or the operating system leaves the client."""

from __future__ import annotations

import inspect

import pytest
import requests
import urllib3

from clients.commercetools import failures
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
    assert issubclass(kind, failures.WIRE_EXCEPTIONS) or kind.__module__ != "requests.exceptions"
    assert isinstance(failures.of_exception(made(kind), late=False), PlatformError)


@pytest.mark.parametrize("kind", OF_REQUESTS)
def test_after_the_deadline_everything_is_a_time_out(kind: type[Exception]) -> None:
    assert isinstance(failures.of_exception(made(kind), late=True), TimedOut)


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
    assert type(failures.of_exception(made(kind), late=False)) is meaning


def test_a_time_out_inside_a_connection_error_is_a_time_out() -> None:
    inner = urllib3.exceptions.ReadTimeoutError(None, "", "Read timed out.")  # type: ignore[arg-type]  # no pool here
    assert type(failures.of_exception(requests.exceptions.ConnectionError(inner), late=False)) is TimedOut


def test_a_reason_quotes_nothing_of_the_exception() -> None:
    error = requests.exceptions.InvalidHeader("Invalid header value: 'Bearer planted'")
    assert "planted" not in failures.of_exception(error, late=False).reason


@pytest.mark.parametrize(
    ("status", "codes", "meaning"),
    [
        (400, ["InvalidInput"], Rejected),
        (400, [], Rejected),
        (400, ["invalid_token"], CredentialsRefused),
        (400, ["OverCapacity"], Overloaded),
        (401, [], CredentialsRefused),
        (403, ["insufficient_scope"], ScopeMissing),
        (404, ["ResourceNotFound"], Rejected),
        (429, [], Overloaded),
        (500, ["General"], Unreachable),
        (502, [], Unreachable),
        (503, [], Unreachable),
        (503, ["OverCapacity"], Overloaded),
        (504, [], TimedOut),
        (200, ["QueryTimedOut"], TimedOut),
        (200, ["NeverHeardOf"], TryAgain),
        (200, [], TryAgain),
        (302, [], BadAnswer),
        (200, ["NeverHeardOf", "insufficient_scope"], ScopeMissing),
    ],
)
def test_an_answer_means(status: int, codes: list[str], meaning: type[PlatformError]) -> None:
    assert type(failures.of_codes(codes, status=status)) is meaning


@pytest.mark.parametrize(
    ("error", "again"),
    [
        (Unreachable("reset"), True),
        (Unreachable("", status=502), True),
        (Unreachable("", status=503), True),
        (Unreachable("", status=500), False),
        (Overloaded("", status=503), True),
        (Overloaded("", status=429), False),
        (TimedOut("", status=504), False),
        (TimedOut(""), False),
        (Rejected(""), False),
        (BadAnswer(""), False),
    ],
)
def test_only_what_may_pass_in_a_moment_is_tried_again(error: PlatformError, again: bool) -> None:
    assert failures.is_worth_one_more_try(error) == again
