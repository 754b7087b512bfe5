"""How somebody gets in and out: the sign-in page, one-time links, and the way to sign out."""

from __future__ import annotations

import re
from typing import Final

import structlog
from flask import Blueprint, Response, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from canvas_app.pages import sessions
from canvas_app.pages.guard import limited, require_own_form, signed_in_or_none
from canvas_app.pages.navigation import first_page
from canvas_app.pages.rendering import render
from canvas_app.pages.sessions import OPERATOR
from canvas_app.pages.site import site
from canvas_app.pages.trouble import Trouble, Way
from sync.console_links import LASTS, ConsoleLink, read_console_link
from sync.signing import TokenExpired, TokenForged, digest_of
from sync.storage import once

_OWN_PATH: Final = re.compile(r"/(?![/\\])[^\\\x00-\x20]{0,500}")
_COMMAND: Final = "python -m sync console-link"

log = structlog.get_logger(__name__)

blueprint = Blueprint("entrance", __name__, template_folder="templates")


def own_path(wanted: str | None) -> str | None:
    """`wanted`, if it leads to a page of this site and nowhere else."""
    return wanted if wanted and _OWN_PATH.fullmatch(wanted) else None


@blueprint.get("/")
def start() -> AnyResponse:
    """Whoever types the bare address."""
    if signed_in_or_none(site()) is not None:
        return redirect(url_for(first_page()))
    return redirect(url_for("entrance.sign_in"))


@blueprint.get("/sign-in")
def sign_in() -> AnyResponse:
    """Says how to get in here."""
    here = site()
    wanted = own_path(request.args.get("next"))
    if signed_in_or_none(here) is not None:
        return redirect(wanted or url_for(first_page()))
    return render("pages/sign_in.html", next=wanted, signs_in=here.signs_in, command=_COMMAND)


@blueprint.post("/sign-out")
def sign_out() -> Response:
    here = site()
    signed_in_or_none(here)
    require_own_form()
    response = make_response(redirect(url_for("entrance.sign_in"), code=303))
    sessions.end(response, here)
    return response


@blueprint.get("/enter/<token>")
def enter(token: str) -> Response:
    """Asks before the link is used up: mail scanners and previews only look."""
    limited()
    link = _read(token)
    if (name := site().workplaces.name(link.installation)) is None:
        raise _gone()
    return render("pages/enter.html", name=name, minutes=int(LASTS.total_seconds() // 60))


@blueprint.post("/enter/<token>")
def use(token: str) -> Response:
    limited()
    here, link = site(), _read(token)
    if here.workplaces.name(link.installation) is None:
        raise _gone()
    with here.storage.transaction() as connection:
        is_first = once.use(connection, digest_of(link.nonce), expires=here.now() + LASTS, now=here.now())
    if not is_first:
        raise _unusable("This link was used already", "Each link lets somebody in once.", "link_reused")
    log.info("pages.entered", installation=link.installation)
    response = make_response(redirect(url_for(first_page()), code=303))
    sessions.begin(response, here, installation=link.installation, admin_id=OPERATOR, name="Operator")
    return response


def _read(token: str) -> ConsoleLink:
    try:
        return read_console_link(site().keys, token, now=site().now())
    except TokenExpired as error:
        minutes = int(LASTS.total_seconds() // 60)
        raise _unusable("This link has expired", f"Links work for {minutes} minutes.", "link_expired") from error
    except TokenForged as error:
        raise _unusable("This link is not complete", "Perhaps a part of it was cut off.", "link_forged") from error


def _unusable(title: str, text: str, reason: str) -> Trouble:
    again = f"{text} Make a new one on the machine that runs this service: {_COMMAND}"
    return Trouble(403, title, again, Way("Go to sign-in", url_for("entrance.sign_in")), reason=reason)


def _gone() -> Trouble:
    return _unusable("This workspace is not installed", "The link leads to nothing any more.", "link_gone")
