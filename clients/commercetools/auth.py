"""Access tokens by client credentials: https://docs.commercetools.com/api/authorization

One token serves every thread. It is minted when first needed and renewed in the background
well before it expires, so nobody waits for a renewal; however many threads need a token at
once, one request is made and all wait for it, each no longer than its own deadline.
"""

from __future__ import annotations

import copy
import logging
import random
import re
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

import requests
from requests.auth import AuthBase, HTTPBasicAuth

from clients.commercetools import failures
from clients.commercetools.error_codes import codes_of
from clients.commercetools.settings import ShopSettings
from clients.deadline import Call, Deadline
from clients.errors import BadAnswer, CredentialsRefused, PlatformError, TimedOut, TryAgain
from clients.wire.answers import Answer
from clients.wire.http import Http
from clients.wire.retry import OneRetry

MINT_SECONDS: Final = 5.0  # a mint may outlive the call that began it: the next call finds the token
RENEWAL_PAUSE: Final = 30.0  # after a renewal that failed, while the token is still valid
_SAFE_IN_A_HEADER: Final = re.compile(r"[\x21-\x7e]+")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """An access token. Times are of the monotonic clock, in seconds.

    `scopes` are what was granted, None when the answer did not say.
    """

    value: str = field(repr=False)
    scopes: frozenset[str] | None
    renew_at: float
    expires_at: float


@dataclass(frozen=True)
class Bearer(AuthBase):
    """Puts the token into a request."""

    token: Token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self.token.value}"
        return request


class TokenMint:
    """Asks for a token, once per call. Raises `PlatformError`; `CredentialsRefused` also for a suspended project."""

    def __init__(
        self,
        settings: ShopSettings,
        http: Http,
        *,
        retry: OneRetry,
        clock: Callable[[], float] = time.monotonic,
        random: Callable[[], float] = random.random,
    ) -> None:
        self._settings = settings
        self._http = http
        self._retry = retry
        self._clock = clock
        self._random = random

    def __call__(self, call: Call) -> Token:
        form = {"grant_type": "client_credentials"}
        if self._settings.scopes:
            form["scope"] = " ".join(self._settings.scopes)
        asked_at = self._clock()
        return self._token(self._retry(lambda: self._ask(form, call), call.deadline), asked_at)

    def _ask(self, form: Mapping[str, str], call: Call) -> Mapping[str, object]:
        answer = self._http.send(
            "POST",
            self._settings.token_url,
            urlencode(form).encode("ascii"),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
            auth=HTTPBasicAuth(self._settings.client_id.encode(), self._settings.client_secret.encode()),
            platform="commercetools",
            purpose="token",
            call=call,
        )
        if answer.status != 200:
            raise _refusal(answer)
        granted = answer.json()
        if not isinstance(granted, dict):
            raise BadAnswer("token: not an object")
        return granted

    def _token(self, granted: Mapping[str, object], asked_at: float) -> Token:
        value, lifetime, scope = (granted.get(name) for name in ("access_token", "expires_in", "scope"))
        if not isinstance(value, str) or _SAFE_IN_A_HEADER.fullmatch(value) is None:
            raise BadAnswer("token: no access_token")
        if type(lifetime) is not int or lifetime <= 0:
            raise BadAnswer("token: no expires_in")
        return Token(
            value=value,
            scopes=frozenset(scope.split()) or None if isinstance(scope, str) else None,
            # 80 to 90 % of the lifetime: processes that began together do not renew together
            renew_at=asked_at + lifetime * (0.8 + 0.1 * self._random()),
            expires_at=asked_at + lifetime,
        )


def _refusal(answer: Answer) -> PlatformError:
    """A suspended project is reported as 400 `invalid_token`."""
    error = failures.of_answer(answer)
    if answer.status == 400 and failures.INVALID_TOKEN in codes_of(answer.json_or_none()):
        return CredentialsRefused(f"{error.reason} (the project may be suspended)", status=answer.status)
    return error


class TokenSource:
    """The current token, shared by all threads."""

    def __init__(
        self,
        mint: Callable[[Call], Token],
        *,
        clock: Callable[[], float] = time.monotonic,
        spawn: Callable[[Callable[[], None]], None] | None = None,
    ) -> None:
        self._mint = mint
        self._clock = clock
        self._spawn = spawn or _in_a_thread
        self._lock = threading.Lock()
        self._token: Token | None = None
        self._minting: Future[Token] | None = None
        self._no_renewal_before = float("-inf")

    def token(self, call: Call) -> Token:
        """A valid token; waits for one only when there is none. Raises `PlatformError`."""
        with self._lock:
            now = self._clock()
            token = self._token
            if token is not None and now < token.expires_at:
                if now >= max(token.renew_at, self._no_renewal_before):
                    self._begin(call)
                return token
            minting = self._begin(call)
        return self._await(minting, call)

    def reject(self, token: Token) -> None:
        """The platform no longer accepts `token`: the next one who asks gets a new one."""
        with self._lock:
            if self._token is token:  # else somebody has already replaced it
                self._token = None

    def _begin(self, call: Call) -> Future[Token]:
        """The mint in flight, begun if there is none. The lock is held."""
        if self._minting is not None:
            return self._minting
        minting: Future[Token] = Future()
        try:
            self._spawn(lambda: self._run(minting, call.correlation_id))
        except RuntimeError:  # no more threads to be had
            minting.set_exception(TryAgain("no thread for a token"))
        else:
            self._minting = minting
        return minting

    def _run(self, minting: Future[Token], correlation_id: str) -> None:
        call = Call(Deadline.after(MINT_SECONDS), correlation_id)
        try:
            token = self._mint(call)
        except BaseException as error:
            facts = {"reason": _reason(error), "correlation_id": correlation_id}  # this thread has no context
            log.warning("commercetools.token_not_minted", extra=facts)
            self._finish(None)
            minting.set_exception(error)
            if not isinstance(error, Exception):
                raise
        else:
            self._finish(token)
            minting.set_result(token)

    def _finish(self, token: Token | None) -> None:
        with self._lock:
            self._minting = None
            if token is None:
                self._no_renewal_before = self._clock() + RENEWAL_PAUSE
            else:
                self._token = token

    def _await(self, minting: Future[Token], call: Call) -> Token:
        try:
            return minting.result(timeout=call.deadline.remaining())
        except PlatformError as error:
            raise copy.copy(error) from None  # many threads raise it: each its own
        except NotYet:
            raise TimedOut("the time given for the call ran out while waiting for a token") from None


def _reason(error: BaseException) -> str:
    return error.reason if isinstance(error, PlatformError) else type(error).__name__


def _in_a_thread(work: Callable[[], None]) -> None:
    threading.Thread(target=work, name="commercetools-token", daemon=True).start()
