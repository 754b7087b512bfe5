"""What travels through a browser or an address bar and must come back as it was: signed, for one purpose, for a time.

Signed, not hidden: whoever holds a token can read it.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from itsdangerous import BadData, URLSafeSerializer

_EXPIRES: Final = "exp"


class TokenForged(Exception):
    """Not one of ours, or of another purpose."""


class TokenExpired(Exception):
    """One of ours, of a time that is over."""


class Tokens:
    """Of one purpose. `keys`: newest first; older ones still open."""

    def __init__(self, keys: Sequence[str], *, purpose: str) -> None:
        if not keys:
            raise ValueError("no key to sign with")
        self._serializer = URLSafeSerializer(
            list(reversed(keys)),
            salt=f"commercetools-for-intercom/{purpose}",
            signer_kwargs={"digest_method": hashlib.sha256, "key_derivation": "hmac"},
        )

    def sign(self, content: Mapping[str, str], *, expires: datetime) -> str:
        return self._serializer.dumps({**content, _EXPIRES: int(expires.timestamp())})

    def read(self, token: str, *, now: datetime) -> dict[str, str]:
        """What was signed. Raises `TokenForged`, `TokenExpired`."""
        try:
            content = self._serializer.loads(token)
        except (BadData, ValueError) as error:
            raise TokenForged from error
        if not isinstance(content, dict) or not isinstance(expires := content.pop(_EXPIRES, None), int):
            raise TokenForged
        if now >= datetime.fromtimestamp(expires, UTC):
            raise TokenExpired
        return {str(name): str(value) for name, value in content.items()}


def nonce() -> str:
    """A value that nobody can guess."""
    return secrets.token_urlsafe(24)


def digest_of(value: str) -> bytes:
    """What is kept of something that may be used once: enough to know it again, and not the thing itself."""
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).digest()
