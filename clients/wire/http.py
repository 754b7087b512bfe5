"""HTTP to a platform: keep-alive, a total deadline, a size limit, and one tree of errors.

Proxies and certificate bundles of the environment (`HTTPS_PROXY`, `REQUESTS_CA_BUNDLE`) are
honoured, because operators need them, but never for loopback hosts. A `.netrc` is never read:
every request brings its own credentials, and credentials of somewhere else have no place here.
Redirects are not followed: a token must not travel to where an answer points.
"""

from __future__ import annotations

import logging
import platform
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from http.cookiejar import DefaultCookiePolicy
from typing import Final, Literal, TypeAlias
from urllib.parse import urlsplit

import requests
from requests.auth import AuthBase

from clients.deadline import Call, Reply
from clients.errors import BadAnswer, PlatformError, TimedOut
from clients.wire import exceptions
from clients.wire.answers import Answer
from clients.wire.deadline_sockets import DeadlineAdapter, within
from clients.wire.hosts import is_loopback

USER_AGENT: Final = (
    f"commercetools-for-intercom/0.1.0 python/{platform.python_version()} requests/{requests.__version__}"
)
Method: TypeAlias = Literal["GET", "POST", "PUT", "DELETE"]

_HEADERS: Final = {"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": USER_AGENT}
_CHUNK: Final = 64 * 1024

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpLimits:
    """Seconds and bytes. The total time is not here: it travels with every call."""

    connect_timeout: float = 0.5  # for TCP, and again for TLS
    read_timeout: float = 2.0  # between two receives
    answer_bytes: int = 16 * 1024 * 1024  # unpacked
    pool_maxsize: int = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and how it ended, for logs and metrics. No personal data."""

    platform: str  # "commercetools", "intercom"
    purpose: str  # "token", the name of a GraphQL operation, the name of a REST call
    outcome: str  # the status, or the error's reason code
    seconds: float
    correlation_id: str
    answered_correlation_id: str | None = None  # X-Correlation-ID or X-Request-Id: the platform's support asks for it


def log_exchange(exchange: Exchange) -> None:
    """The default observer: one line per request to a platform."""
    log.info(
        "platform.request",
        extra={
            "platform": exchange.platform,
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

    def send(
        self,
        method: Method,
        url: str,
        body: bytes | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        auth: AuthBase,
        platform: str,
        purpose: str,
        call: Call,
    ) -> Answer:
        """Sends one request, waits for the whole answer, whatever its status. Raises `TryAgain` or `Refused`.

        `headers` are the platform's own, the type of `body` among them. The path of `url` must be percent-encoded.
        """
        if call.deadline.passed:
            raise TimedOut("the time given for the call ran out before it was sent")
        started = time.monotonic()
        seen = partial(Exchange, platform=platform, purpose=purpose, correlation_id=call.correlation_id)
        request = requests.Request(method, url, data=body, headers=_HEADERS | dict(headers or {}), auth=auth)
        request.headers["X-Correlation-ID"] = call.correlation_id
        try:
            answer = self._exchange(request, call)
        except PlatformError as error:
            self._tell(seen(outcome=error.reason_code, seconds=time.monotonic() - started), call)
            raise
        reference = answer.headers.get("x-correlation-id") or answer.headers.get("x-request-id")
        seconds = time.monotonic() - started
        self._tell(seen(outcome=str(answer.status), seconds=seconds, answered_correlation_id=reference), call)
        return answer

    def _tell(self, exchange: Exchange, call: Call) -> None:
        self._observe(exchange)
        if call.heard is not None:
            call.heard(
                Reply(
                    platform=exchange.platform,
                    purpose=exchange.purpose,
                    outcome=exchange.outcome,
                    reference=exchange.answered_correlation_id,
                )
            )

    def close(self) -> None:
        self._session.close()

    def _exchange(self, unprepared: requests.Request, call: Call) -> Answer:
        limits = self._limits
        try:
            with within(call.deadline, read_timeout=limits.read_timeout):
                request = unprepared.prepare()
                left = max(0.001, call.deadline.remaining())
                response = self._session.send(
                    request,
                    timeout=(min(limits.connect_timeout, left), min(limits.read_timeout, left)),
                    allow_redirects=False,
                    **self._surroundings_of(unprepared.url),  # type: ignore[arg-type]
                )
                with response:
                    return Answer(
                        status=response.status_code,
                        headers={name.lower(): value for name, value in response.headers.items()},
                        body=_read(response, limits.answer_bytes),
                    )
        except exceptions.WIRE_EXCEPTIONS as error:
            # `from None`: the chain quotes headers and addresses, and its class names are in the reason
            raise exceptions.of_exception(error, late=call.deadline.passed) from None

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
