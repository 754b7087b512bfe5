"""Personal values made fit to be shown, by the mask that the merchant chose.

A mask may show less than its name says, never more: a value too short to hide anything is
hidden altogether.
"""

from __future__ import annotations

import hashlib
import hmac
from enum import StrEnum
from typing import Final

HIDDEN: Final = "…"
_HASH_LENGTH: Final = 16  # hex digits: 64 bits tell a shop's customers apart, and a canvas has little room


class Mask(StrEnum):
    """What is left of a value."""

    LAST4 = "last4"  # …5678: the last four characters, and never more than half of them
    DOMAIN = "domain"  # …@example.com: an e-mail address without its owner
    INITIALS = "initials"  # A. K.
    HASH = "hash"  # the same value always gives the same, and nothing leads back without the key


def mask(kind: Mask, value: str, *, key: bytes = b"") -> str:
    """`value` as `kind` allows it to be shown; nothing stays nothing.

    `key` is the secret of the HASH mask, which raises ValueError without one: an unkeyed hash
    of an e-mail address is found by trying addresses.
    """
    text = value.strip()
    if not text:
        return ""
    match kind:
        case Mask.LAST4:
            return _last4(text)
        case Mask.DOMAIN:
            return _domain(text)
        case Mask.INITIALS:
            return _initials(text)
        case Mask.HASH:
            return _keyed_hash(text, key)


def _last4(text: str) -> str:
    shown = min(4, len(text) // 2)
    return HIDDEN + text[len(text) - shown :]


def _domain(text: str) -> str:
    _, at, domain = text.rpartition("@")
    is_domain = at and domain and not any(character.isspace() for character in domain)
    return f"{HIDDEN}@{domain}" if is_domain else HIDDEN


def _initials(text: str) -> str:
    words = [word for word in text.split() if word[0].isalpha()]
    if all(len(word) == 1 for word in words):
        return HIDDEN
    return " ".join(f"{word[0]}." for word in words)


def _keyed_hash(text: str, key: bytes) -> str:
    if not key:
        raise ValueError("the hash mask needs a key")
    return hmac.new(key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:_HASH_LENGTH]
