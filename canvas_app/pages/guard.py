"""Lets admins in and nobody else, and takes forms from our own pages only."""

from __future__ import annotations

from typing import Final, cast

import structlog
from flask import Blueprint, Response, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from canvas_app.pages import sessions
from canvas_app.pages.limits import client_address
from canvas_app.pages.navigation import first_page
from canvas_app.pages.sessions import Admin
from canvas_app.pages.site import Site, site
from canvas_app.pages.trouble import Trouble, Way

FORM_TOKEN: Final = "form_token"  # noqa: S105 - the name of a field
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})

log = structlog.get_logger(__name__)


def admin_only(blueprint: Blueprint) -> Blueprint:
    """Every page of it is for signed-in admins, and every form of it needs its token. Gives it back."""
    blueprint.before_request(_require_admin)
    blueprint.before_request(require_own_form)
    blueprint.teardown_request(_leave_place)
    return blueprint


def signed_in() -> Admin:
    """The admin whose request this is, on a page that is `admin_only`."""
    return cast(Admin, g.admin)


def signed_in_or_none(here: Site) -> Admin | None:
    """For pages that everybody may see. Remembers who it is for the rest of the request."""
    admin = sessions.present(here)
    name = here.workplaces.name(admin.installation, since=admin.began) if admin else None
    if admin is None or name is None:  # uninstalled since, perhaps installed again
        return None
    g.admin, g.workplace = admin, name
    return admin


def require_own_form() -> None:
    """Raises `Trouble` for a form that did not come from a page that we showed to this admin."""
    if request.method in _SAFE:
        return
    admin: Admin | None = g.get("admin")
    if admin is None or not sessions.is_own_form(site(), admin, request.form.get(FORM_TOKEN, "")):
        log.warning("pages.form_refused", endpoint=request.endpoint)
        raise Trouble(
            403,
            "This form cannot be trusted",
            "It was opened in another session, or did not come from this site. Nothing was changed. "
            "Open the page again and repeat what you did.",
            Way("Open the page again", _page_of_form()),
            reason="form",
        )


def limited() -> None:
    """Raises `Trouble` for whoever knocks too often. For doors that anybody may knock at."""
    address = client_address(request.remote_addr, request.headers.get("X-Forwarded-For"))
    wait = site().limit.wait(address)
    if wait is not None:
        log.warning("pages.limited", endpoint=request.endpoint)
        raise Trouble(
            429,
            "Too many attempts",
            f"This address asked too often. Wait {wait} seconds, then try again.",
            reason="limited",
            retry_after=wait,
        )


def _require_admin() -> AnyResponse | None:
    admin = signed_in_or_none(site())
    if admin is not None:
        _take_place(admin)
        return None
    if request.headers.get("X-Fragment"):
        return Response(status=401)  # a live part of a page whose session is over
    return redirect(url_for("entrance.sign_in", next=_page_of_form()))


def _take_place(admin: Admin) -> None:
    """Raises `Trouble` when others of the workspace are at it in such numbers that nobody else would have room."""
    if not site().places.take(admin.installation):
        raise Trouble(
            503,
            "Too much at once",
            "Several pages of this workspace are still being made, perhaps because its shop or Intercom takes long. "
            "Nothing was changed. Try again in a moment.",
            Way("Try again", _page_of_form()),
            reason="no_place",
            retry_after=3,
        )
    g.place = admin.installation


def _leave_place(_error: BaseException | None) -> None:
    installation: str | None = g.pop("place", None)
    if installation is not None:
        site().places.leave(installation)


def _page_of_form() -> str:
    """The page of this request; of a form, the page that shows it, which is most often where it is sent."""
    if request.method in _SAFE:
        return request.full_path.rstrip("?")
    methods = request.url_rule.methods if request.url_rule else None
    return request.path if methods and "GET" in methods else url_for(first_page())
