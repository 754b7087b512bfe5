"""Questions to the GraphQL endpoint: https://docs.commercetools.com/api/graphql

Every document we send is a query, so sending it once more does no harm.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from clients.commercetools import failures
from clients.commercetools.auth import Bearer, Token, TokenSource
from clients.commercetools.documents import Document
from clients.commercetools.error_codes import code_of
from clients.deadline import Call
from clients.errors import BadAnswer, CredentialsRefused, PlatformError
from clients.wire.answers import Answer
from clients.wire.http import Http
from clients.wire.retry import OneRetry

_SAID_IN_GRAPHQL: Final = (200, 400, 403)  # statuses whose errors say which part of the question failed


@dataclass(frozen=True, slots=True)
class Fault:
    """One entry of `errors`. `path` leads to the field that failed, empty when it is about the whole question."""

    code: str | None
    path: tuple[str | int, ...] = ()
    message: str = field(default="", repr=False)  # may quote what was asked: for decisions, not for logs


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the platform answered: data, errors, or both. `data` is None when everything was lost."""

    data: Mapping[str, object] | None = field(repr=False)
    faults: tuple[Fault, ...]
    status: int
    token: Token  # the one it was answered with
    answered_at: datetime | None = None  # by the platform's own clock, to the second

    @property
    def failure(self) -> PlatformError:
        """The errors as one of ours."""
        codes = (fault.code for fault in self.faults if fault.code is not None)
        return failures.of_codes(dict.fromkeys(codes), status=self.status)


class Endpoint:
    """One project's GraphQL endpoint. Thread-safe."""

    def __init__(self, url: str, http: Http, tokens: TokenSource, *, retry: OneRetry) -> None:
        self._url = url
        self._http = http
        self._tokens = tokens
        self._retry = retry

    def token(self, call: Call) -> Token:
        """The token that the next question will be asked with. Raises `PlatformError`."""
        return self._tokens.token(call)

    def ask(self, document: Document, variables: Mapping[str, object], call: Call) -> Reply:
        """Asks once; again after a new token when the old one is refused, and once when the connection fails.

        `variables` may hold more than the document takes. Raises `PlatformError` when there is
        no GraphQL answer; what the platform reports inside one is left to the caller.
        """
        taken = {name: value for name, value in variables.items() if name in document.variables}
        question = {"query": document.text, "operationName": str(document.operation), "variables": taken}
        body = json.dumps(question).encode("ascii")
        token = self._tokens.token(call)
        try:
            return self._send(body, document, token, call)
        except CredentialsRefused:
            self._tokens.reject(token)
        return self._send(body, document, self._tokens.token(call), call)

    def _send(self, body: bytes, document: Document, token: Token, call: Call) -> Reply:
        return self._retry(lambda: self._once(body, document, token, call), call.deadline)

    def _once(self, body: bytes, document: Document, token: Token, call: Call) -> Reply:
        answer = self._http.send(
            "POST",
            self._url,
            body,
            headers={"Content-Type": "application/json"},
            auth=Bearer(token),
            platform="commercetools",
            purpose=str(document.operation),
            call=call,
        )
        if answer.status not in _SAID_IN_GRAPHQL:
            raise failures.of_answer(answer)
        return _reply(answer, token)


def _reply(answer: Answer, token: Token) -> Reply:
    """Raises `CredentialsRefused` for `invalid_token` (which comes with 400 as well), `BadAnswer` for no GraphQL."""
    body = answer.json() if answer.status == 200 else answer.json_or_none()
    faults = _faults(body)
    if any(fault.code == failures.INVALID_TOKEN for fault in faults):
        raise CredentialsRefused(f"HTTP {answer.status}: {failures.INVALID_TOKEN}", status=answer.status)
    if answer.status != 200 and not faults:
        raise failures.of_answer(answer)
    data = body.get("data") if isinstance(body, dict) else None
    if not (isinstance(data, dict) or (data is None and faults)):
        raise BadAnswer("neither data nor errors", status=answer.status)
    return Reply(
        data=data, faults=faults, status=answer.status, token=token, answered_at=_date(answer.headers.get("date"))
    )


def _date(text: str | None) -> datetime | None:
    """The header `Date` (https://www.rfc-editor.org/rfc/rfc9110#field.date); None without a usable one."""
    try:
        moment = parsedate_to_datetime(text or "")
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _faults(body: object) -> tuple[Fault, ...]:
    errors = body.get("errors") if isinstance(body, dict) else None
    return tuple(_fault(error) for error in errors if isinstance(error, dict)) if isinstance(errors, list) else ()


def _fault(error: Mapping[str, object]) -> Fault:
    path, message = error.get("path"), error.get("message")
    return Fault(
        code=code_of(error),
        path=tuple(step for step in path if isinstance(step, str | int)) if isinstance(path, list) else (),
        message=message if isinstance(message, str) else "",
    )


def without_failed_fields(data: Mapping[str, object], faults: tuple[Fault, ...]) -> Mapping[str, object]:
    """`data` without the fields that are null only because something in them failed.

    A null that stays is a fact ("no such customer"), a field that is gone is one that we do
    not know. An error makes the nearest nullable field above it null, so each path is followed
    down to the first null. An error that names no path leaves every null root in doubt.
    """
    failed = {place for fault in faults if (place := _null_on_the_way(data, fault.path)) is not None}
    if any(not fault.path for fault in faults):
        failed |= {(root,) for root, value in data.items() if value is None}
    return _pruned(data, failed, ()) if failed else data  # type: ignore[return-value]  # an object stays an object


def _null_on_the_way(data: object, path: tuple[str | int, ...]) -> tuple[str | int, ...] | None:
    for depth, step in enumerate(path, start=1):
        if isinstance(data, dict) and isinstance(step, str):
            data = data.get(step)
        elif isinstance(data, list) and isinstance(step, int) and 0 <= step < len(data):
            data = data[step]
        else:
            return None
        if data is None:
            return path[:depth]
    return None


def _pruned(value: object, failed: set[tuple[str | int, ...]], at: tuple[str | int, ...]) -> object:
    if isinstance(value, dict):
        return {name: _pruned(part, failed, (*at, name)) for name, part in value.items() if (*at, name) not in failed}
    if isinstance(value, list):
        return [_pruned(part, failed, (*at, index)) for index, part in enumerate(value)]
    return value
