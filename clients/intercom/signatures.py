"""Whether a request really comes from Intercom, and how a stand-in signs one.

Two schemes that must never stand in for each other: each has a function of its own, bound to
its header, so that no route can let a SHA-1 signature pass where SHA-256 is promised.

* `X-Body-Signature`: Canvas Kit, health check, uninstall notice
  (https://developers.intercom.com/docs/canvas-kit)
* `X-Hub-Signature`: webhooks (https://developers.intercom.com/docs/webhooks/webhook-notifications)

Both are keyed with the app's client secret and cover the bytes of the body as they came:
parsing and writing JSON again loses escapes and spacing, and with them the signature.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from typing import Final

BODY_SIGNATURE_HEADER: Final = "X-Body-Signature"
HUB_SIGNATURE_HEADER: Final = "X-Hub-Signature"


def sign_body(body: bytes, secret: str) -> str:
    """The value of `X-Body-Signature`: HMAC-SHA256 as 64 lower-case hex digits, no prefix."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def sign_hub(body: bytes, secret: str) -> str:
    """The value of `X-Hub-Signature`: `sha1=` and HMAC-SHA1 as 40 lower-case hex digits."""
    return "sha1=" + hmac.new(secret.encode(), body, hashlib.sha1).hexdigest()


def verify_body_signature(body: bytes, header: str | None, secrets: Sequence[str]) -> bool:
    """Whether `header` (`X-Body-Signature`) signs exactly these bytes with one of `secrets`.

    Several secrets are accepted at a time so that one can be replaced without an outage.
    """
    return _is_one_of(header, [sign_body(body, secret) for secret in secrets if secret])


def verify_hub_signature(body: bytes, header: str | None, secrets: Sequence[str]) -> bool:
    """Whether `header` (`X-Hub-Signature`) signs exactly these bytes with one of `secrets`."""
    return _is_one_of(header, [sign_hub(body, secret) for secret in secrets if secret])


def _is_one_of(header: str | None, expected: Sequence[str]) -> bool:
    """Compares with every expected value whatever the outcome: time tells neither secret nor position."""
    if header is None:
        return False
    given = header.encode("utf-8", "surrogatepass")  # compare_digest refuses text outside ASCII
    matches = [hmac.compare_digest(given, value.encode("ascii")) for value in expected]
    return any(matches)
