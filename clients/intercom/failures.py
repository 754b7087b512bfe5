"""What Intercom's refusals and failures mean, as `clients.errors`.

Reasons name statuses and Intercom's own codes, never a message: "A contact matching those details already
exists" is harmless, but others quote what was sent. The message goes into `said`, for people who may see it.

https://developers.intercom.com/docs/references/rest-api/errors/error-codes
https://developers.intercom.com/docs/references/rest-api/errors/http-responses
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote

from clients.errors import (
    Conflict,
    CredentialsRefused,
    Merged,
    NotFound,
    Overloaded,
    PlanRestricted,
    PlatformError,
    Rejected,
    ScopeMissing,
    TryAgain,
    UnknownAttribute,
    Unreachable,
    VersionRefused,
)
from clients.intercom.announcements import announcement
from clients.wire.answers import Answer

PAUSE: Final = 10.0  # seconds after a 429 that does not say how long: the length of Intercom's windows
_MOST_SAID: Final = 500  # characters of a message

_BY_CODE: Final[dict[str, type[PlatformError]]] = {
    **dict.fromkeys(
        (
            "unauthorized",
            "token_not_found",
            "token_revoked",
            "token_blocked",
            "token_expired",
            "token_unauthorized",
            "missing_authorization",
        ),
        CredentialsRefused,
    ),
    "api_plan_restricted": PlanRestricted,
    **dict.fromkeys(("forbidden", "action_forbidden"), ScopeMissing),
    **dict.fromkeys(("conflict", "resource_conflict", "unique_user_constraint"), Conflict),
    "contact_merged": Merged,
    "intercom_version_invalid": VersionRefused,
    **dict.fromkeys(("rate_limit_exceeded", "too_many_requests"), Overloaded),
    **dict.fromkeys(("server_error", "internal_error", "service_unavailable", "request_timeout"), Unreachable),
}
_BY_STATUS: Final[dict[int, type[PlatformError]]] = {
    **dict.fromkeys((400, 405, 406, 411, 413, 414, 415, 422), Rejected),
    401: CredentialsRefused,
    402: PlanRestricted,
    403: ScopeMissing,
    404: NotFound,
    408: Unreachable,
    409: Conflict,
    410: Merged,
    429: Overloaded,
}
_SETTLED_BY_STATUS: Final = (404, 409, 410, 429)  # whatever the code says

_UNKNOWN_ATTRIBUTE: Final = re.compile(r"attribute ['\"‘“`](.+?)['\"’”`] does not exist", re.IGNORECASE)
_CONTACT_ID: Final = re.compile(r"\bid\s*=\s*([0-9a-f]{24})\b", re.IGNORECASE)
_SOME_ID: Final = re.compile(r"\bid\s*=\s*['\"]?([\w-]+)")
_LINK: Final = re.compile(r"<([^>]*)>([^,<]*)")
_CONTACT_PATH: Final = re.compile(r"(?:^|/)contacts/([^/?#]+)")
_CODE: Final = re.compile(r"[A-Za-z][\w.-]{0,63}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """`error.list`, or as much of it as there was: the body may be anything, or HTML of something in between."""

    codes: tuple[str, ...] = ()
    messages: tuple[str, ...] = field(default=(), repr=False)
    request_id: str | None = None

    @property
    def said(self) -> str | None:
        return "; ".join(self.messages)[:_MOST_SAID] or None


def of_answer(answer: Answer) -> PlatformError:
    """What an answer that is not 2xx means. What we do not know is worth another try."""
    envelope = envelope_of(answer)
    error = _error(answer, envelope)
    error.code = next(iter(envelope.codes), None)
    error.request_id = envelope.request_id
    error.said = envelope.said
    return error


def envelope_of(answer: Answer) -> Envelope:
    """The codes, messages and request id of an answer; empty where it has none."""
    body = answer.json_or_none()
    body = body if isinstance(body, dict) else {}
    errors = body.get("errors")
    entries = [entry for entry in errors if isinstance(entry, dict)] if isinstance(errors, list) else []
    request_id = body.get("request_id")
    return Envelope(
        codes=tuple(dict.fromkeys(code for entry in entries if (code := _code(entry)) is not None)),
        messages=tuple(message for entry in entries if isinstance(message := entry.get("message"), str)),
        request_id=request_id if isinstance(request_id, str) else answer.headers.get("x-request-id"),
    )


def _code(entry: Mapping[str, object]) -> str | None:
    """Older endpoints call it `type`. What does not look like a code could quote anything, and is none."""
    for name in ("code", "type"):
        value = entry.get(name)
        if isinstance(value, str) and _CODE.fullmatch(value):
            return value
    return None


def _error(answer: Answer, envelope: Envelope) -> PlatformError:
    status = answer.status
    reason = f"HTTP {status}: {', '.join(envelope.codes) or 'no error code'}"
    kind = _kind(status, envelope)
    if kind is Conflict:
        return _conflict(reason, status, envelope)
    if kind is Merged:
        return Merged(reason, into=merged_into(answer.headers), status=status)
    if kind is Overloaded:
        pause = announcement(answer.headers, took=0.0, refused=True).pause
        return Overloaded(reason, retry_after=PAUSE if pause is None else pause, status=status)
    if kind is Rejected and (name := _unknown_attribute(envelope)) is not None:
        return UnknownAttribute(f"{reason} (custom attribute {name!r} does not exist)", name=name, status=status)
    return kind(reason, status=status)


def _kind(status: int, envelope: Envelope) -> type[PlatformError]:
    if status in _SETTLED_BY_STATUS:
        return _BY_STATUS[status]
    if status >= 500:
        return Unreachable
    by_code = next((_BY_CODE[code] for code in envelope.codes if code in _BY_CODE), None)
    return by_code or _BY_STATUS.get(status, TryAgain)


def _conflict(reason: str, status: int, envelope: Envelope) -> Conflict:
    """There is no field for the id of the contact that is in the way: it stands in the message, if at all."""
    for message in envelope.messages:
        found = _CONTACT_ID.search(message) or _SOME_ID.search(message)
        if found is not None:
            archived = re.search(r"\barchived\b", message[: found.start()], re.IGNORECASE) is not None
            return Conflict(reason, contact_id=found.group(1), archived=archived, status=status)
    return Conflict(reason, contact_id=None, archived=False, status=status)


def _unknown_attribute(envelope: Envelope) -> str | None:
    """The name is one that our own mapping declares, so it may be logged."""
    found = (_UNKNOWN_ATTRIBUTE.search(message) for message in envelope.messages)
    return next((match.group(1) for match in found if match is not None), None)


def merged_into(headers: Mapping[str, str]) -> str | None:
    """The contact that `Link: </contacts/{id}>; rel="canonical"` leads to."""
    for target, parameters in _LINK.findall(headers.get("link", "")):
        contact = _CONTACT_PATH.search(target)
        if contact is not None and re.search(r"rel\s*=\s*\"?canonical\b", parameters, re.IGNORECASE):
            return unquote(contact.group(1))
    return None
