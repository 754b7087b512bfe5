"""Subscriptions over REST: read, made, changed; and whether one delivers, which anybody may ask.

It takes the scope `manage_subscriptions`, for which there is no reading counterpart.
https://docs.commercetools.com/api/projects/subscriptions
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final
from urllib.parse import quote

from requests.auth import AuthBase

from clients.commercetools import failures
from clients.commercetools.auth import Bearer, TokenMint, TokenSource
from clients.commercetools.error_codes import codes_of
from clients.commercetools.settings import ShopSettings
from clients.commercetools.subscription import Draft, Status, Subscription, Update, subscription, subscriptions
from clients.deadline import Call
from clients.errors import CredentialsRefused, PlatformError
from clients.wire.answers import Answer
from clients.wire.http import Http, Method
from clients.wire.published import NoCredentials
from clients.wire.retry import OneRetry

MOST: Final = 50
"""A project has room for so many: https://docs.commercetools.com/api/limits"""
HEALTH: Final = "SubscriptionHealth"  # the purpose by which logs know this question
CHANGED_MEANWHILE: Final = "ConcurrentModification"
KEY_TAKEN: Final = "DuplicateField"

_OVERLOADED: Final = frozenset({"OverCapacity", "PendingOperation"})


class Subscriptions:
    """Of one project. Thread-safe; raises only `PlatformError`, with the platform's own `code` and what it `said`."""

    def __init__(self, settings: ShopSettings, http: Http, *, retry: OneRetry | None = None) -> None:
        self._url = _url(settings)
        self._http = http
        self._retry = retry or OneRetry()
        self._tokens = TokenSource(TokenMint(with_scope(settings), http, retry=self._retry))

    def by_key(self, key: str, *, call: Call) -> Subscription | None:
        """None when the project has none of that key."""
        answer = self._ask(f"/key={quote(key, safe='')}", "ReadSubscription", call)
        return None if answer.status == 404 else subscription(_accepted(answer).json())

    def listed(self, *, call: Call) -> tuple[Subscription, ...]:
        """All that the project has."""
        return subscriptions(_accepted(self._ask(f"?limit={MOST}", "ListSubscriptions", call)).json())

    def create(self, draft: Draft, *, call: Call) -> Subscription:
        """Makes it, once commercetools could deliver a test notification. Raises `Rejected`, with what it said, if not.

        Another failure leaves open whether it was made: read again.
        """
        return subscription(_accepted(self._write("", draft.to_json(), "CreateSubscription", call)).json())

    def update(self, present: Subscription, updates: Sequence[Update], *, call: Call) -> Subscription:
        """As `create`. The code is `CHANGED_MEANWHILE` when `present` is not its newest version."""
        body = {"version": present.version, "actions": [each.to_json() for each in updates]}
        answer = self._write(f"/{quote(present.id, safe='')}", body, "UpdateSubscription", call)
        return subscription(_accepted(answer).json())

    def _ask(self, path: str, purpose: str, call: Call) -> Answer:
        return self._authorised(lambda auth: self._read(path, purpose, auth, call), call)

    def _read(self, path: str, purpose: str, auth: AuthBase, call: Call) -> Answer:
        def once() -> Answer:
            answer = self._send("GET", path, None, purpose, auth, call)
            if answer.status >= 500:
                raise _refusal(answer)
            return answer

        return self._retry(once, call.deadline)

    def _write(self, path: str, body: Mapping[str, Any], purpose: str, call: Call) -> Answer:
        written = json.dumps(body).encode("ascii")
        return self._authorised(lambda auth: self._send("POST", path, written, purpose, auth, call), call)

    def _authorised(self, ask: Callable[[AuthBase], Answer], call: Call) -> Answer:
        """Once more with a new token when the old one is refused: nothing was done then."""
        token = self._tokens.token(call)
        answer = ask(Bearer(token))
        if answer.status in (400, 401) and isinstance(failures.of_answer(answer), CredentialsRefused):
            self._tokens.reject(token)
            answer = ask(Bearer(self._tokens.token(call)))
        return answer

    def _send(self, method: Method, path: str, body: bytes | None, purpose: str, auth: AuthBase, call: Call) -> Answer:
        return self._http.send(
            method,
            f"{self._url}{path}",
            body,
            headers={"Content-Type": "application/json"} if body is not None else None,
            auth=auth,
            platform="commercetools",
            purpose=purpose,
            call=call,
        )


class SubscriptionHealth:
    """Asks without a token, so that whoever watches needs no scope. Thread-safe."""

    def __init__(self, settings: ShopSettings, http: Http, *, retry: OneRetry | None = None) -> None:
        self._url = _url(settings)
        self._http = http
        self._retry = retry or OneRetry()

    def of(self, subscription_id: str, *, call: Call) -> Status | None:
        """None when there is none of that id. The answer tells wrong configurations, stopped or suspended deliveries
        not apart: all are `CONFIGURATION_ERROR`. Raises `PlatformError` when it says something else.
        """
        return self._retry(lambda: self._once(subscription_id, call), call.deadline)

    def _once(self, subscription_id: str, call: Call) -> Status | None:
        answer = self._http.send(
            "GET",
            f"{self._url}/{quote(subscription_id, safe='')}/health",
            auth=NoCredentials(),
            platform="commercetools",
            purpose=HEALTH,
            call=call,
        )
        match answer.status:
            case 200:
                return Status.HEALTHY
            case 400:
                return Status.CONFIGURATION_ERROR
            case 503 if not _OVERLOADED & set(codes_of(answer.json_or_none())):
                return Status.TEMPORARY_ERROR
            case 404:
                return None
        raise _refusal(answer)


def with_scope(settings: ShopSettings) -> ShopSettings:
    """To ask for a token that is good for subscriptions and for nothing else, whatever the environment lists.

    A client that may do everything is asked for everything: the parts of that cannot be told beforehand.
    """
    everything = f"manage_project:{settings.project_key}"
    is_for_all = everything in settings.scopes
    return replace(settings, scopes=(everything if is_for_all else scope_of(settings.project_key),))


def scope_of(project_key: str) -> str:
    return f"manage_subscriptions:{project_key}"


def _url(settings: ShopSettings) -> str:
    return f"{settings.api_url.rstrip('/')}/{settings.project_key}/subscriptions"


def _accepted(answer: Answer) -> Answer:
    if answer.status not in (200, 201):
        raise _refusal(answer)
    return answer


def _refusal(answer: Answer) -> PlatformError:
    error = failures.of_answer(answer)
    body = answer.json_or_none()
    error.code = next(iter(codes_of(body)), None)
    error.said = _said(body)
    return error


def _said(body: object) -> str | None:
    """The first error's message, which may be more precise than the whole answer's."""
    if not isinstance(body, dict):
        return None
    errors = body.get("errors")
    first = errors[0] if isinstance(errors, list) and errors else None
    said = (first.get("message") if isinstance(first, dict) else None) or body.get("message")
    return said if isinstance(said, str) and said else None
