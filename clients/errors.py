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
    + VersionRefused        the API version that we ask for is not what answers
    + PlanRestricted        the workspace's plan does not include this
    + NotFound              what the request is about does not exist (any more)
    + Conflict              somebody else already is who this was to become
    + Merged                the contact went into another one
    + UnknownAttribute      a custom attribute that the workspace does not have

No exception of `requests`, `urllib3` or `json` leaves this package.
"""

from __future__ import annotations


class PlatformError(Exception):
    """A call to a platform failed. `reason` is safe to log: no secret, no personal data.

    `code` is the platform's own word for it and `request_id` its own name for the request, which its support asks
    for. `said` is its message: that may quote what was sent, so it is for people who may see that, never for logs.
    """

    reason_code = "platform_error"
    code: str | None = None
    request_id: str | None = None
    said: str | None = None

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


class VersionRefused(Refused):
    """The platform does not know the API version that we ask for, or answers as another one."""

    reason_code = "version_refused"


class PlanRestricted(Refused):
    """The workspace's plan, or what was agreed with the platform, does not include this."""

    reason_code = "plan_restricted"


class NotFound(Refused):
    """What the request is about does not exist, or not any more."""

    reason_code = "not_found"


class Conflict(Refused):
    """A contact with these details exists. `contact_id` is None when the platform does not say which one."""

    reason_code = "conflict"

    def __init__(self, reason: str, *, contact_id: str | None, archived: bool, status: int | None = None) -> None:
        super().__init__(reason, status=status)
        self.contact_id = contact_id
        self.archived = archived


class Merged(Refused):
    """The contact was merged; `into` is the id of the one that it is now, None when the platform does not say.

    That one may have been merged as well: follow three times at most, which is what Intercom resolves.
    """

    reason_code = "merged"

    def __init__(self, reason: str, *, into: str | None, status: int | None = None) -> None:
        super().__init__(reason, status=status)
        self.into = into


class UnknownAttribute(Refused):
    """The workspace has no custom attribute `name`; nothing of the request was kept."""

    reason_code = "unknown_attribute"

    def __init__(self, reason: str, *, name: str, status: int | None = None) -> None:
        super().__init__(reason, status=status)
        self.name = name
