"""What commercetools' codes and statuses mean."""

from __future__ import annotations

import pytest

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
