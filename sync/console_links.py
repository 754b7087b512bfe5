"""A link that lets an operator into settings and console once, without signing in with Intercom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sync.signing import TokenForged, Tokens, nonce

LASTS: Final = timedelta(minutes=15)
_PURPOSE: Final = "console-link"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsoleLink:
    """Leads to `installation`. `nonce` says whether it was used before."""

    installation: str
    nonce: str = field(repr=False)


def console_link(keys: Sequence[str], *, public_url: str, installation: str, now: datetime) -> str:
    """The whole address. Whoever has it gets in, once, within `LASTS`."""
    content = {"installation": installation, "nonce": nonce()}
    token = Tokens(keys, purpose=_PURPOSE).sign(content, expires=now + LASTS)
    return f"{public_url.rstrip('/')}/enter/{token}"


def read_console_link(keys: Sequence[str], token: str, *, now: datetime) -> ConsoleLink:
    """Raises `TokenForged`, `TokenExpired`."""
    match Tokens(keys, purpose=_PURPOSE).read(token, now=now):
        case {"installation": str() as installation, "nonce": str() as once}:
            return ConsoleLink(installation=installation, nonce=once)
    raise TokenForged
