"""Whether a push really comes from our Pub/Sub subscription: the token that Google signs for it.

The subscription names a service account and an audience; Google signs a token with both for every push.
https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from google.auth import jwt

from clients.authenticity import NotAuthentic
from clients.wire.published import Fetch, Published

CERTIFICATES: Final = "https://www.googleapis.com/oauth2/v1/certs"
ISSUERS: Final = ("https://accounts.google.com", "accounts.google.com")
SKEW_SECONDS: Final = 10  # of two clocks
LONGEST: Final = 8192  # characters; Google's have about 900


class PushTokens:
    """Of one subscription. Thread-safe. `certificates` is where Google publishes those that it signs with."""

    def __init__(self, fetch: Fetch, *, audience: str, service_account: str, certificates: str = CERTIFICATES) -> None:
        self._published = Published(fetch, _read_certificates)
        self._certificates = certificates
        self._audience = audience
        self._service_account = service_account

    def verify(self, authorization: str | None) -> None:
        """Raises `NotAuthentic`, and `PlatformError` when Google's certificates are not to be had."""
        token = _bearer(authorization)
        claims = self._claims(token)
        if claims.get("iss") not in ISSUERS:
            raise NotAuthentic("wrong_issuer", is_misaddressed=True)
        if claims.get("aud") != self._audience:
            raise NotAuthentic("wrong_audience", is_misaddressed=True)
        if claims.get("email") != self._service_account or claims.get("email_verified") is not True:
            raise NotAuthentic("wrong_service_account", is_misaddressed=True)

    def _claims(self, token: str) -> Mapping[str, Any]:
        """What a token says that Google signed and that is valid now."""
        certificates = self._published.get(self._certificates)
        key_id = _key_id(token)
        if key_id not in certificates:  # Google takes new ones into use every few days
            certificates = self._published.get_again(self._certificates)
        if key_id not in certificates:
            raise NotAuthentic("unknown_key")
        try:
            claims = jwt.decode(  # type: ignore[no-untyped-call]
                token, certs=certificates, clock_skew_in_seconds=SKEW_SECONDS
            )
        except Exception as error:  # noqa: BLE001 - the library was not made for tokens that mean harm
            raise NotAuthentic("expired" if "expired" in str(error) else "bad_token") from None
        if not isinstance(claims, Mapping):
            raise NotAuthentic("bad_token")
        return claims


def _bearer(authorization: str | None) -> str:
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise NotAuthentic("no_token")
    if len(token) > LONGEST:
        raise NotAuthentic("bad_token")
    return token.strip()


def _key_id(token: str) -> str:
    try:
        key_id = jwt.decode_header(token)["kid"]  # type: ignore[no-untyped-call]
    except Exception:  # noqa: BLE001 - as above
        raise NotAuthentic("bad_token") from None
    if not isinstance(key_id, str):
        raise NotAuthentic("bad_token")
    return key_id


def _read_certificates(body: bytes) -> Mapping[str, str]:
    """Certificates (PEM) by key id."""
    content = json.loads(body)
    if not isinstance(content, dict) or not all(isinstance(each, str) for each in content.values()):
        raise ValueError("not certificates by key id")
    return content
