"""Who is signed in: a signed cookie of eight hours, bound to one installation and one admin."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from flask import Response, request

from canvas_app.pages.site import Site
from sync.signing import TokenExpired, TokenForged, nonce

LASTS: Final = timedelta(hours=8)
OPERATOR: Final = "operator"
"""The admin id of whoever came by a one-time link."""

_COOKIE: Final = "session"


@dataclass(frozen=True, slots=True, kw_only=True)
class Admin:
    """Somebody who may see and change what belongs to `installation`, and to no other one."""

    installation: str
    admin_id: str
    began: datetime
    name: str = field(repr=False)
    session: str = field(repr=False)


def begin(response: Response, site: Site, *, installation: str, admin_id: str, name: str) -> None:
    """From now on this browser is that admin's."""
    now = site.now()
    who = {"installation": installation, "admin": admin_id, "name": name[:80]}
    content = {**who, "session": nonce(), "began": now.isoformat()}
    token = site.tokens("session").sign(content, expires=now + LASTS)
    response.set_cookie(
        site.cookie(_COOKIE),
        token,
        max_age=int(LASTS.total_seconds()),
        path="/",
        secure=site.is_https,
        httponly=True,
        samesite="Lax",
    )


def end(response: Response, site: Site) -> None:
    response.delete_cookie(site.cookie(_COOKIE), path="/", secure=site.is_https, httponly=True, samesite="Lax")


def present(site: Site) -> Admin | None:
    """Whoever sends this request, if anybody is signed in. Whether the installation is still there is not asked."""
    token = request.cookies.get(site.cookie(_COOKIE), "")
    try:
        content = site.tokens("session").read(token, now=site.now())
    except (TokenForged, TokenExpired):
        return None
    match content:
        case {"installation": installation, "admin": admin_id, "name": name, "session": session, "began": began}:
            at = datetime.fromisoformat(began)
            return Admin(installation=installation, admin_id=admin_id, began=at, name=name, session=session)
    return None


def form_token(site: Site, admin: Admin) -> str:
    """What every form carries: nobody else's page can know it."""
    return site.tokens("form").sign({"session": admin.session}, expires=site.now() + LASTS)


def is_own_form(site: Site, admin: Admin, token: str) -> bool:
    """Whether this came from a form that we showed to this admin in this session."""
    try:
        content = site.tokens("form").read(token, now=site.now())
    except (TokenForged, TokenExpired):
        return False
    return hmac.compare_digest(content.get("session", "").encode(), admin.session.encode())
