"""Which tokens open a workspace. They do not expire: each is good until it is taken back."""

from __future__ import annotations

import hmac
import threading
from typing import Final

from sandbox.intercom.refusals import Refusal
from sandbox.intercom.switches import Switches

ACCESS_TOKEN: Final = "sandbox-access-token"


class Access:
    """The tokens of one workspace. Thread-safe."""

    def __init__(self, *tokens: str) -> None:
        self._tokens = frozenset(tokens)
        self._lock = threading.Lock()

    @property
    def tokens(self) -> frozenset[str]:
        return self._tokens

    def grant(self, token: str, *, alone: bool = False) -> None:
        """From now on this one opens the workspace; `alone`: and no other."""
        with self._lock:
            self._tokens = frozenset({token}) | (frozenset() if alone else self._tokens)

    def revoke_all(self) -> None:
        with self._lock:
            self._tokens = frozenset()

    def opens(self, authorization: str) -> bool:
        """Whether a value of the header `Authorization` names a token of ours."""
        kind, _, token = authorization.partition(" ")
        given = token.strip().encode()
        return kind.lower() == "bearer" and any(hmac.compare_digest(given, each.encode()) for each in self._tokens)

    def require(self, authorization: str, switches: Switches) -> None:
        """Raises `Refusal`."""
        if not authorization:
            raise Refusal(401, "missing_authorization", "Authorization header is missing")
        if switches.token_revoked:
            raise Refusal(401, "token_revoked", "Access Token Revoked")
        if not self.opens(authorization):
            raise Refusal(401, "unauthorized", "Access Token Invalid")
        if switches.token_suspended:
            raise Refusal(401, "token_suspended", "Unauthorized token, suspended application")
