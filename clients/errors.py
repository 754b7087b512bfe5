"""What can go wrong on a wire, cut by the one question a caller asks: will trying again help?

* PlatformError
  x TryAgain              the same request may succeed later
    + Unreachable           no connection, reset, truncated answer, 5xx
    + TimedOut              the time given for it ran out
    + Overloaded            429, OverCapacity: wait `retry_after` seconds
  x Refused               the same request will be refused again
    + CredentialsRefused    id, secret or token are not accepted (any more)
    + ScopeMissing          the API client lacks a scope
    + Rejected              the platform says that the request is wrong
    + BadAnswer             an answer that is not what the platform promises

No exception of `requests`, `urllib3` or `json` leaves this package.
"""

from __future__ import annotations


class PlatformError(Exception):
    """A call to a platform failed. `reason` is safe to log: no secret, no personal data."""

    reason_code = "platform_error"

    def __init__(self, reason: str, *, status: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status


class TryAgain(PlatformError):
    """The same request may succeed later."""

    reason_code = "try_again"


class Unreachable(TryAgain):
    """No answer, or one that says the platform is in trouble: connection error, reset, truncation, 5xx."""

    reason_code = "unreachable"


class TimedOut(TryAgain):
    """The total time given for the call ran out, wherever it was spent."""

    reason_code = "timed_out"


class Overloaded(TryAgain):
    """The platform asks for a pause (429, 503 OverCapacity); `retry_after` in seconds when it said how long."""

    reason_code = "overloaded"

    def __init__(self, reason: str, *, retry_after: float | None = None, status: int | None = None) -> None:
        super().__init__(reason, status=status)
        self.retry_after = retry_after


class Refused(PlatformError):
    """The same request will be refused again until a person changes something."""

    reason_code = "refused"


class CredentialsRefused(Refused):
    """The client id, the secret or the token is not accepted; also a suspended project."""

    reason_code = "credentials_refused"


class ScopeMissing(Refused):
    """The API client lacks a scope that this request needs."""

    reason_code = "scope_missing"


class Rejected(Refused):
    """The platform says that the request itself is wrong (400, 404 of the project, complexity)."""

    reason_code = "rejected"


class BadAnswer(Refused):
    """An answer that we cannot read: not JSON, or without what the platform promises."""

    reason_code = "bad_answer"
