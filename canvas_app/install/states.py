"""What travels to Intercom and back while somebody gives consent: signed, bound to one browser, good once, soon over.

https://developers.intercom.com/docs/build-an-integration/learn-more/authentication/setting-up-oauth
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Final

from flask import Response, request

from canvas_app.pages.site import Site
from clients.intercom.settings import Region
from sync.signing import TokenForged, digest_of, nonce

LASTS: Final = timedelta(minutes=10)
_COOKIE: Final = "consent"
_COOKIE_SECONDS: Final = 3600  # longer than a state, so that an old one is told from a foreign one


class Purpose(StrEnum):
    """What consent was asked for."""

    INSTALL = "install"
    SIGN_IN = "sign-in"


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """What was begun in the browser that `browser` is the digest of. `next`: the page to go on to."""

    purpose: Purpose
    region: Region
    next: str
    browser: str = field(repr=False)
    nonce: str = field(repr=False)


def begin(site: Site, *, purpose: Purpose, region: Region, next: str = "") -> tuple[str, str]:
    """The state, and the value of the cookie that goes with it: tabs of one browser share it."""
    browser = request.cookies.get(site.cookie(_COOKIE)) or nonce()
    content = {
        "purpose": purpose.value,
        "region": region.value,
        "next": next,
        "browser": digest_of(browser).hex(),
        "nonce": nonce(),
    }
    return site.tokens("consent").sign(content, expires=site.now() + LASTS), browser


def bind(response: Response, site: Site, browser: str) -> None:
    """Lax: the browser comes back from Intercom by a link."""
    response.set_cookie(
        site.cookie(_COOKIE),
        browser,
        max_age=_COOKIE_SECONDS,
        path="/",
        secure=site.is_https,
        httponly=True,
        samesite="Lax",
    )


def read(site: Site, state: str) -> Begun:
    """Raises `TokenForged`, `TokenExpired`."""
    match site.tokens("consent").read(state, now=site.now()):
        case {"purpose": purpose, "region": region, "next": following, "browser": browser, "nonce": once}:
            return Begun(purpose=Purpose(purpose), region=Region(region), next=following, browser=browser, nonce=once)
    raise TokenForged


def is_this_browser(site: Site, begun: Begun) -> bool:
    """Whether it was begun where it ends: else somebody may have been sent here to end what another one began."""
    browser = request.cookies.get(site.cookie(_COOKIE), "")
    return hmac.compare_digest(digest_of(browser).hex(), begun.browser)
