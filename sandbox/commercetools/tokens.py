"""Access tokens by client credentials: https://docs.commercetools.com/api/authorization"""

from __future__ import annotations

import base64
import binascii
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, unquote_plus

from sandbox.commercetools.answers import oauth_error
from sandbox.commercetools.switches import Switches
from sandbox.wire import Answer, as_json

SCOPES: Final = (
    "view_orders",
    "view_customers",
    "view_payments",
    "view_states",
    "view_customer_groups",
    "view_stores",
    "view_discount_codes",
    "view_business_units",
    "view_project_settings",
    "view_messages",
    "view_products",
    "manage_subscriptions",
)


@dataclass(frozen=True, slots=True)
class ApiClient:
    """The API client that the Merchant Center would have made; it owns every scope in `SCOPES`."""

    project_key: str
    client_id: str = "sandbox-client"
    client_secret: str = "sandbox-secret"

    @property
    def scopes(self) -> frozenset[str]:
        return frozenset(f"{scope}:{self.project_key}" for scope in SCOPES)


@dataclass(frozen=True, slots=True)
class _Grant:
    scopes: frozenset[str]
    expires_at: float


class TokenDoor:
    """`POST /oauth/token`, and the book of tokens that are good. `clock` is monotonic, in seconds."""

    def __init__(self, client: ApiClient, clock: Callable[[], float]) -> None:
        self._client = client
        self._clock = clock
        self._lock = threading.Lock()
        self._grants: dict[str, _Grant] = {}
        self.minted = 0
        self.asked: list[str] = []  # the scopes of each request, as they came

    def answer(self, headers: Mapping[str, str], body: bytes, switches: Switches) -> Answer:
        """Mint a token, or refuse to in OAuth's words."""
        if not self._knows(headers.get("Authorization", "")):
            refused = {"WWW-Authenticate": 'Basic realm="commercetools"'}
            text = "Please provide valid client credentials using HTTP Basic Authentication."
            return oauth_error(401, "invalid_client", text, headers=refused)
        form = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
        if form.get("grant_type") != ["client_credentials"]:
            return oauth_error(400, "unsupported_grant_type", "Only client_credentials is served here.")
        self.asked.append(form.get("scope", [""])[0])
        asked = frozenset(self.asked[-1].split())
        foreign = asked - self._client.scopes - self._store_scopes(asked)
        if switches.missing_scope_at_token:
            foreign |= {scope for scope in asked if scope.split(":")[0] in switches.missing_scopes}
        if foreign:
            return oauth_error(400, "invalid_scope", f"Permissions exceeded. Not granted: {' '.join(sorted(foreign))}")
        return self._mint(asked or self._client.scopes, switches)

    def scopes_of(self, token: str) -> frozenset[str] | None:
        """What a token is good for; None when it is unknown, expired or revoked."""
        grant = self._grants.get(token)
        if grant is None or self._clock() >= grant.expires_at:
            return None
        return grant.scopes

    def revoke_all(self) -> None:
        """Every token minted so far is dead on the server from now on."""
        with self._lock:
            self._grants = {}

    def _mint(self, scopes: frozenset[str], switches: Switches) -> Answer:
        token = secrets.token_urlsafe(24)
        granted = frozenset(scope for scope in scopes if scope.split(":")[0] not in switches.missing_scopes)
        with self._lock:
            self._grants[token] = _Grant(granted, self._clock() + switches.token_lifetime_s)
            self.minted += 1
        return as_json(
            {
                "access_token": token,
                "token_type": "Bearer",
                "expires_in": switches.token_lifetime_s,
                **({"scope": " ".join(sorted(granted))} if switches.token_names_scopes else {}),
            }
        )

    def _store_scopes(self, asked: frozenset[str]) -> frozenset[str]:
        """A scope for one store is part of the scope for the project: `view_orders:project:store`."""
        return frozenset(scope for scope in asked if scope.rpartition(":")[0] in self._client.scopes)

    def _knows(self, authorization: str) -> bool:
        kind, _, encoded = authorization.partition(" ")
        if kind.lower() != "basic":
            return False
        try:
            decoded = base64.b64decode(encoded, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return False
        client_id, _, secret = decoded.partition(":")
        given = {(client_id, secret), (unquote_plus(client_id), unquote_plus(secret))}
        return (self._client.client_id, self._client.client_secret) in given
