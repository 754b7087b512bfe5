"""How a workspace lets the app in: consent in the browser, a code for a token, and whose token it is.

https://developers.intercom.com/docs/build-an-integration/learn-more/authentication/setting-up-oauth

Scopes are chosen for the app in Intercom's Developer Hub and not asked for here. Tokens do not expire.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote_to_bytes, urlencode

from requests import PreparedRequest
from requests.auth import AuthBase

from clients.deadline import Call
from clients.errors import BadAnswer
from clients.intercom import failures
from clients.intercom.door import Bearer
from clients.intercom.settings import API_VERSION, DEFAULT_API_URL, REGION_OF_HOST, Region, access_token_problem
from clients.wire.answers import Answer
from clients.wire.http import Http, HttpLimits

LIMITS: Final = HttpLimits(connect_timeout=2.0, read_timeout=5.0, answer_bytes=256 * 1024, pool_maxsize=4)
_HEADERS: Final = {"Intercom-Version": API_VERSION}
_CONSENT: Final = {
    Region.US: "https://app.intercom.com",
    Region.EU: "https://app.eu.intercom.com",
    Region.AU: "https://app.au.intercom.com",
}
_API: Final = {region: f"https://{host}" for host, region in REGION_OF_HOST.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Whose token it is: an admin of a workspace. `is_verified`: Intercom vouches for the admin's e-mail address."""

    workspace_id: str
    workspace_name: str
    region: Region | None
    time_zone: str | None
    admin_id: str
    admin_name: str = field(repr=False)
    is_verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Hosts:
    """Where Intercom is. Given ones stand for all regions: a stand-in has one address."""

    consent: str | None = None
    api: str | None = None

    def consent_of(self, region: Region) -> str:
        """Where people meet Intercom."""
        return self.consent or _CONSENT[region]

    def api_of(self, region: Region) -> str:
        return self.api or _API[region]

    @property
    def all_consent(self) -> tuple[str, ...]:
        return (self.consent,) if self.consent else tuple(_CONSENT.values())

    @property
    def tokens(self) -> str:
        """One for all regions."""
        return self.api or DEFAULT_API_URL


class _NoCredentials(AuthBase):
    """They are in the body."""

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        return request


class OAuth:
    """Of one app. Thread-safe; every method that sends raises only `PlatformError`."""

    def __init__(self, *, client_id: str, client_secret: str, hosts: Hosts, http: Http) -> None:
        self.hosts = hosts
        self._client_id = client_id
        self._client_secret = client_secret
        self._http = http

    def authorize_url(self, region: Region, *, state: str) -> str:
        """Where an admin is asked for consent. Intercom answers at the app's first redirect URL."""
        return f"{self.hosts.consent_of(region)}/oauth?{urlencode({'client_id': self._client_id, 'state': state})}"

    def store_url(self, region: Region, *, error: str | None = None) -> str:
        """Where an installation that began in the App Store ends.

        https://developers.intercom.com/docs/build-an-integration/learn-more/authentication/installing-uninstalling-apps
        """
        outcome = {"install_success": "true"} if error is None else {"install_success": "false", "error_message": error}
        return f"{self.hosts.consent_of(region)}/appstore/redirect?{urlencode(outcome)}"

    def exchange(self, code: str, *, call: Call) -> str:
        """The token for `code`, which is sent as it came. Raises `CredentialsRefused` for one that is not good."""
        body = {"code": code, "client_id": self._client_id, "client_secret": self._client_secret}
        answer = self._http.send(
            "POST",
            f"{self.hosts.tokens}/auth/eagle/token",
            json.dumps(body).encode("ascii"),
            headers=_HEADERS | {"Content-Type": "application/json"},
            auth=_NoCredentials(),
            platform="intercom",
            purpose="oauth_token",
            call=call,
        )
        return _token(_granted(answer, "token"))

    def identity(self, token: str, *, region: Region, call: Call) -> Identity:
        """Raises `CredentialsRefused` for a token that does not work (any more)."""
        answer = self._http.send(
            "GET",
            f"{self.hosts.api_of(region)}/me",
            headers=_HEADERS,
            auth=Bearer(token),
            platform="intercom",
            purpose="me",
            call=call,
        )
        return identity_of(_granted(answer, "me"))


def code_of(query: bytes) -> str | None:
    """The code in the query of a callback, byte for byte: `+` is not a space in it, and `=` at its end belongs to it.

    None when there is none.
    """
    for part in query.split(b"&"):
        name, _, value = part.partition(b"=")
        if name == b"code":
            return unquote_to_bytes(value).decode("latin-1") or None
    return None


def identity_of(body: object) -> Identity:
    """Of the answer to `GET /me`. Raises `BadAnswer`."""
    me = body if isinstance(body, dict) else {}
    app = found if isinstance(found := me.get("app"), dict) else {}
    workspace_id, admin_id = _text(app.get("id_code")), _text(me.get("id"))
    if workspace_id is None or admin_id is None:
        raise BadAnswer("me: no admin of a workspace")
    return Identity(
        workspace_id=workspace_id,
        workspace_name=_text(app.get("name")) or workspace_id,
        region=_region(app.get("region")),
        time_zone=_text(app.get("timezone")),
        admin_id=admin_id,
        admin_name=_text(me.get("name")) or "Admin",
        is_verified=me.get("email_verified") is True,
    )


def _granted(answer: Answer, what: str) -> object:
    if not 200 <= answer.status < 300:
        raise failures.of_answer(answer)
    if (body := answer.json_or_none()) is None:
        raise BadAnswer(f"{what}: not JSON", status=answer.status)
    return body


def _token(body: object) -> str:
    given = body if isinstance(body, Mapping) else {}
    token = _text(given.get("access_token")) or _text(given.get("token"))
    if token is None or access_token_problem(token):
        raise BadAnswer("token: no access token")
    return token


def _region(value: object) -> Region | None:
    try:
        return Region(str(value).upper())
    except ValueError:
        return None


def _text(value: object) -> str | None:
    """Ids are sometimes numbers; an empty text is none."""
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) and value != "" else None
