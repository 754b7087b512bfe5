"""The one way to Intercom's REST API: within the allowance, with one version, and with one tree of errors.

https://developers.intercom.com/docs/build-an-integration/learn-more/rest-apis
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias
from urllib.parse import quote, urlencode

import requests
from requests.auth import AuthBase

from clients.deadline import Call, Deadline
from clients.errors import Rejected, VersionRefused
from clients.intercom import failures
from clients.intercom.allowance import LONGEST_CALL
from clients.intercom.announcements import announcement
from clients.intercom.settings import API_VERSION, IntercomSettings
from clients.intercom.spending import Allowance
from clients.wire.answers import Answer
from clients.wire.http import Http, Method

Json: TypeAlias = Mapping[str, object]
_HEADERS: Final = {"Intercom-Version": API_VERSION}
_HEADERS_OF_A_BODY: Final = _HEADERS | {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Bearer(AuthBase):
    """Puts the workspace's token into a request."""

    token: str = field(repr=False)

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self.token}"
        return request


class Door:
    """One workspace. Thread-safe."""

    def __init__(
        self,
        settings: IntercomSettings,
        *,
        http: Http,
        allowance: Allowance,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._origin = settings.api_url.rstrip("/")
        self._auth = Bearer(settings.access_token)
        self._http = http
        self._allowance = allowance
        self._clock = clock

    def send(
        self,
        method: Method,
        path: str,
        body: Json | None = None,
        *,
        query: Mapping[str, str] | None = None,
        live: bool,
        purpose: str,
        call: Call,
    ) -> Answer:
        """The answer, which is 2xx; anything else is raised as one of `clients.errors`.

        Never repeats a request: each one is to be accounted for, and the queue knows better when.
        `path` comes from `path_of`. `purpose` names the call in logs and figures.
        """
        url = self._origin + path + (f"?{urlencode(query)}" if query else "")
        content = None if body is None else _encoded(body)
        answer = self._within_allowance(method, url, content, live=live, purpose=purpose, call=call)
        if not 200 <= answer.status < 300:
            raise failures.of_answer(answer)
        _require_version(answer)
        return answer

    def _within_allowance(
        self, method: Method, url: str, content: bytes | None, *, live: bool, purpose: str, call: Call
    ) -> Answer:
        permit = self._allowance.acquire(live=live, deadline=call.deadline)
        started = self._clock()
        try:
            answer = self._http.send(
                method,
                url,
                content,
                headers=_HEADERS if content is None else _HEADERS_OF_A_BODY,
                auth=self._auth,
                platform="intercom",
                purpose=purpose,
                call=_soon_over(call),
            )
        except BaseException:
            self._allowance.lost(permit)
            raise
        took = self._clock() - started
        self._allowance.answered(permit, announcement(answer.headers, took=took, refused=answer.status == 429))
        return answer


def path_of(*segments: str) -> str:
    """`/contacts/<id>/tags`, percent-encoded. Raises `Rejected` for a segment that would lead elsewhere."""
    if not all(segments) or not {".", ".."}.isdisjoint(segments):
        raise Rejected("an id that cannot stand in a path")
    return "".join("/" + quote(segment, safe="", errors="replace") for segment in segments)


def _encoded(body: Json) -> bytes:
    try:
        return json.dumps(body, allow_nan=False).encode("ascii")
    except (ValueError, TypeError):
        raise Rejected("the request cannot be written as JSON") from None


def _soon_over(call: Call) -> Call:
    """The allowance forgets calls that take longer."""
    clock = call.deadline.clock
    return replace(call, deadline=Deadline(min(call.deadline.at, clock() + LONGEST_CALL), clock))


def _require_version(answer: Answer) -> None:
    """Another version means other rules (a merged contact is 404, ids are numbers): better to stop than to guess."""
    answered_as = answer.headers.get("intercom-version")
    if answered_as is not None and answered_as.strip() != API_VERSION:
        error = VersionRefused(
            f"Intercom answered as version {answered_as[:20]!r} though {API_VERSION} was asked for",
            status=answer.status,
        )
        error.request_id = answer.headers.get("x-request-id")
        raise error
