"""HTTP to commercetools: keep-alive, a total deadline, a size limit, and one tree of errors.

Proxies and certificate bundles of the environment (`HTTPS_PROXY`, `REQUESTS_CA_BUNDLE`) are
honoured, because operators need them, but never for loopback hosts. A `.netrc` is never read:
every request brings its own credentials, and credentials of somewhere else have no place here.
Redirects are not followed: a token must not travel to where an answer points.
"""

from __future__ import annotations

import logging
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from http.cookiejar import DefaultCookiePolicy
from typing import Final
from urllib.parse import urlsplit

import requests
from requests.auth import AuthBase

from clients.commercetools import failures
from clients.commercetools.answers import Answer
from clients.commercetools.deadline_sockets import DeadlineAdapter, within
from clients.commercetools.settings import is_loopback
from clients.deadline import Call
from clients.errors import BadAnswer, PlatformError, TimedOut

USER_AGENT: Final = (
    f"commercetools-for-intercom/0.1.0 python/{platform.python_version()} requests/{requests.__version__}"
)
_CHUNK: Final = 64 * 1024

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpLimits:
    """Seconds and bytes. The total time is not here: it travels with every call."""

    connect_timeout: float = 0.5  # for TCP, and again for TLS
    read_timeout: float = 2.0  # between two receives
    answer_bytes: int = 16 * 1024 * 1024  # unpacked; commercetools' documents have the same limit
    pool_maxsize: int = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and how it ended, for logs and metrics. No personal data."""

    purpose: str  # "token", or the name of the GraphQL operation
    outcome: str  # the status, or the error's reason code
    seconds: float
    correlation_id: str
    answered_correlation_id: str | None = None  # the platform's own, which its support asks for


def log_exchange(exchange: Exchange) -> None:
    """The default observer: one line per request to the platform."""
    log.info(
        "commercetools.request",
        extra={
            "purpose": exchange.purpose,
            "outcome": exchange.outcome,
            "milliseconds": round(exchange.seconds * 1000, 1),
            "correlation_id": exchange.correlation_id,
            "answered_correlation_id": exchange.answered_correlation_id,
        },
    )


class Http:
    """A pool of connections that threads share. Raises only `PlatformError`."""

    def __init__(self, limits: HttpLimits | None = None, *, observe: Callable[[Exchange], None] = log_exchange) -> None:
        self._limits = limits or HttpLimits()
        self._observe = observe
        self._session = requests.Session()
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))  # threads share the session
        adapter = DeadlineAdapter(pool_connections=8, pool_maxsize=self._limits.pool_maxsize, max_retries=0)
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)
        self._surroundings: dict[str, dict[str, object]] = {}

    def post(self, url: str, body: bytes, *, content_type: str, auth: AuthBase, purpose: str, call: Call) -> Answer:
        """Sends `body`, waits for the whole answer, whatever its status. Raises `TryAgain` or `Refused`."""
        if call.deadline.passed:
            raise TimedOut("the time given for the call ran out before it was sent")
        started = time.monotonic()
        seen = partial(Exchange, purpose=purpose, correlation_id=call.correlation_id)
        try:
            answer = self._exchange(url, body, content_type, auth, call)
        except PlatformError as error:
            self._observe(seen(outcome=error.reason_code, seconds=time.monotonic() - started))
            raise
        self._observe(
            seen(
                outcome=str(answer.status),
                seconds=time.monotonic() - started,
                answered_correlation_id=answer.headers.get("x-correlation-id"),
            )
        )
        return answer

    def close(self) -> None:
        self._session.close()

    def _exchange(self, url: str, body: bytes, content_type: str, auth: AuthBase, call: Call) -> Answer:
        headers = {
            "Content-Type": content_type,
            "Accept": "application/json",
            "Accept-Encoding": "gzip",
            "User-Agent": USER_AGENT,
            "X-Correlation-ID": call.correlation_id,
        }
        limits = self._limits
        try:
            with within(call.deadline, read_timeout=limits.read_timeout):
                request = requests.Request("POST", url, data=body, headers=headers, auth=auth).prepare()
                left = max(0.001, call.deadline.remaining())
                response = self._session.send(
                    request,
                    timeout=(min(limits.connect_timeout, left), min(limits.read_timeout, left)),
                    allow_redirects=False,
                    **self._surroundings_of(url),  # type: ignore[arg-type]
                )
                with response:
                    return Answer(
                        status=response.status_code,
                        headers={name.lower(): value for name, value in response.headers.items()},
                        body=_read(response, limits.answer_bytes),
                    )
        except failures.WIRE_EXCEPTIONS as error:
            # `from None`: the chain quotes headers and addresses, and its class names are in the reason
            raise failures.of_exception(error, late=call.deadline.passed) from None

    def _surroundings_of(self, url: str) -> dict[str, object]:
        """Proxies and certificates for `url`, looked up in the environment once per host."""
        host = urlsplit(url).netloc
        if host not in self._surroundings:
            found = dict(self._session.merge_environment_settings(url, {}, True, None, None))
            if is_loopback(urlsplit(url).hostname or ""):
                found["proxies"] = {}
            self._surroundings[host] = found
        return self._surroundings[host]


def _read(response: requests.Response, limit: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    for part in response.iter_content(_CHUNK):
        size += len(part)
        if size > limit:
            raise BadAnswer(f"HTTP {response.status_code}: larger than {limit} bytes", status=response.status_code)
        parts.append(part)
    return b"".join(parts)
