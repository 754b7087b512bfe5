"""JSON as Intercom writes it, and its signature: what a receiver that verifies raw bytes has to cope with."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

# Captured Inbox bodies carry the HTML of a message escaped like this; who signs re-serialised JSON fails on it.
_ESCAPES = {
    "<": "\\u003c",
    ">": "\\u003e",
    "&": "\\u0026",
    "\u2028": "\\u2028",
    "\u2029": "\\u2029",
}


def intercom_bytes(body: Mapping[str, Any]) -> bytes:
    """`body` as compact UTF-8 JSON with `<`, `>` and `&` escaped. Those characters occur inside JSON strings only."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    for character, escape in _ESCAPES.items():
        text = text.replace(character, escape)
    return text.encode()


def body_signature(body: bytes, secret: str) -> str:
    """The value of `X-Body-Signature`: https://developers.intercom.com/docs/canvas-kit#signing-notifications"""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
