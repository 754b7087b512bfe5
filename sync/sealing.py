"""Secrets that are kept in the database, so that whoever reads it alone cannot read them.

Each value has a key of its own, derived (HKDF) from a key of the operator's and from what the value is for: sealed for
one installation or field, it opens for no other. A sealed value names the operator's key by a fingerprint, so that a
rotation knows what is left to do.

https://cryptography.io/en/latest/fernet/
https://cryptography.io/en/latest/hazmat/primitives/key-derivation-functions/#hkdf
"""

from __future__ import annotations

import base64
from typing import Final

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_PRODUCT: Final = b"commercetools-for-intercom/1/"
_FINGERPRINT_BYTES: Final = 6  # in front of what Fernet makes


class SealBroken(Exception):
    """It was sealed for something else or with a key that is gone, or somebody changed it."""


class Seal:
    """`secret_keys`: the operator's, the newest first. The newest seals; each of them opens. Thread-safe."""

    def __init__(self, secret_keys: tuple[str, ...]) -> None:
        if not secret_keys:
            raise ValueError("a seal needs a key")
        secrets = [each.encode() for each in secret_keys]
        self._secrets = {_fingerprint(each): each for each in reversed(secrets)}
        self._newest = _fingerprint(secrets[0])

    def __repr__(self) -> str:
        return f"Seal({len(self._secrets)} keys)"

    def seal(self, text: str, *, context: str) -> bytes:
        """`context`: what it is for, such as an installation and a field."""
        token = _fernet(self._secrets[self._newest], context).encrypt(text.encode())
        return self._newest + base64.urlsafe_b64decode(token)  # bare, for its decoding lets some changes pass

    def open(self, sealed: bytes, *, context: str) -> str:
        """Raises `SealBroken`."""
        secret = self._secrets.get(sealed[:_FINGERPRINT_BYTES])
        if secret is None:
            raise SealBroken("sealed with a key that is not among SECRET_KEY")
        try:
            token = base64.urlsafe_b64encode(sealed[_FINGERPRINT_BYTES:])
            return _fernet(secret, context).decrypt(token).decode()
        except (InvalidToken, UnicodeDecodeError) as error:
            raise SealBroken("changed, or sealed for something else") from error

    def is_old(self, sealed: bytes) -> bool:
        """Whether it was sealed with another key than the newest."""
        return sealed[:_FINGERPRINT_BYTES] != self._newest


def _fernet(secret: bytes, context: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_derived(secret, b"seal/" + context.encode(), 32)))


def _fingerprint(secret: bytes) -> bytes:
    return _derived(secret, b"fingerprint", _FINGERPRINT_BYTES)


def _derived(secret: bytes, purpose: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=_PRODUCT + purpose).derive(secret)
