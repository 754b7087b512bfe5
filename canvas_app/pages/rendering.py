"""How a page becomes an answer: template, headers, and what is said once after a form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, Literal, TypeAlias

from flask import Response, g, make_response, redirect, render_template, request, url_for

from canvas_app.pages.assets import asset_url
from canvas_app.pages.navigation import sections
from canvas_app.pages.sessions import Admin, form_token
from canvas_app.pages.site import Site, site
from sync.signing import TokenExpired, TokenForged

Tone: TypeAlias = Literal["good", "bad", "warn", "info"]
_NOTICE: Final = "notice"
_NOTICE_SECONDS: Final = 120


@dataclass(frozen=True, slots=True)
class Notice:
    """Said once, at the top of the next page."""

    tone: Tone
    text: str


def render(template: str, status: int = 200, **values: object) -> Response:
    """The page. Every template finds `admin`, `workplace`, `sections`, `notice`,
    `form_token` and `asset(name)`.
    """
    here = site()
    admin: Admin | None = g.get("admin")
    page = render_template(
        template,
        **{
            "admin": admin,
            "workplace": g.get("workplace"),
            "sections": sections() if admin else (),
            "notice": _notice(here),
            "form_token": form_token(here, admin) if admin else "",
            "asset": asset_url,
            **values,
        },
    )
    response = make_response(page, status)
    _protect(response, here)
    if request.cookies.get(here.cookie(_NOTICE)):
        response.delete_cookie(here.cookie(_NOTICE), path="/", secure=here.is_https, httponly=True, samesite="Lax")
    return response


def fragment(template: str, **values: Any) -> Response:
    """A part of a page, for `data-live`."""
    return render(template, 200, **values)


def go_to(endpoint: str, *, say: str | None = None, tone: Tone = "good", **values: Any) -> Response:
    """After a form: to the page that shows what it did. 303, so that the browser asks with GET."""
    response = make_response(redirect(url_for(endpoint, **values), code=303))
    if say is not None:
        notify(response, Notice(tone, say))
    return response


def notify(response: Response, notice: Notice) -> None:
    """Says it on whichever page comes next."""
    here = site()
    content = {"tone": notice.tone, "text": notice.text[:600]}
    response.set_cookie(
        here.cookie(_NOTICE),
        here.tokens("notice").sign(content, expires=here.now() + timedelta(seconds=_NOTICE_SECONDS)),
        max_age=_NOTICE_SECONDS,
        path="/",
        secure=here.is_https,
        httponly=True,
        samesite="Lax",
    )


def _notice(here: Site) -> Notice | None:
    try:
        content = here.tokens("notice").read(request.cookies.get(here.cookie(_NOTICE), ""), now=here.now())
    except (TokenForged, TokenExpired):
        return None
    match content:
        case {"tone": ("good" | "bad" | "warn" | "info") as tone, "text": text}:
            return Notice(tone, text)
    return None


def _protect(response: Response, here: Site) -> None:
    """No script and no style but our own files, and nobody may put our pages into theirs."""
    targets = " ".join(("'self'", *here.redirects_to))
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
        f"form-action {targets}; frame-ancestors 'none'; base-uri 'none'"
    )
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Vary"] = "Cookie"
    if here.is_https:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
