"""The App Store's listing of our app, as a teammate of one workspace sees it, and the consent page.

`/oauth` and `/appstore/redirect` are where Intercom has them; everything else is under `/sandbox/`. Which workspace the
teammate is signed in to is kept in a cookie, as Intercom's session does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, get_args
from urllib.parse import quote, urlencode, urlsplit

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from sandbox.intercom.identity import Identity
from sandbox.intercom.platform import IntercomPlatform
from sandbox.intercom.platform_switches import Denied, TokensAgain
from sandbox.intercom.registration import Registration

COOKIE: Final = "workspace"
CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Merchant:
    """The commercetools project of a workspace: its name, and the `.env` that the Merchant Center would offer."""

    name: str
    dotenv: str = field(repr=False)


def store_pages(platform: IntercomPlatform, merchants: Mapping[str, Merchant]) -> Blueprint:
    """Register without a prefix. `merchants`: by workspace."""
    pages = Blueprint("appstore", __name__, template_folder="templates")
    _listing(pages, platform, merchants)
    _consent(pages, platform)
    pages.before_request(_refuse_foreign_forms)
    pages.after_request(_guarded)
    return pages


def _listing(pages: Blueprint, platform: IntercomPlatform, merchants: Mapping[str, Merchant]) -> None:
    def shown(**more: Any) -> str:
        here = _here(platform)
        return render_template(
            "appstore/listing.html",
            app=platform.app,
            here=here,
            workspaces=platform.identities,
            is_installed=platform.grants.is_installed(here.id),
            health=platform.health(here.id),
            told=[each for each in platform.told if here.id.encode() in each.sent],
            merchant=merchants[here.id],
            switches=platform.switches.now,
            workspace_switches=platform.workspace(here.id).switches.now,
            denied=get_args(Denied),
            tokens_again=get_args(TokensAgain),
            **{"outcome": None, "error_message": None, **more},
        )

    @pages.get("/sandbox/")
    def listing() -> Response:
        return make_response(shown())

    @pages.get("/appstore/redirect")
    def redirected() -> Response:
        outcome = request.args.get("install_success")
        if outcome not in ("true", "false"):
            abort(400, "install_success is true or false")
        return make_response(shown(outcome=outcome, error_message=request.args.get("error_message")))

    @pages.get("/sandbox/workspace/<workspace_id>")
    def enter(workspace_id: str) -> AnyResponse:
        response = redirect(url_for("appstore.listing"))
        response.set_cookie(COOKIE, _known(platform, workspace_id).id, httponly=True, samesite="Lax")
        return response

    @pages.get("/sandbox/merchant-center")
    def merchant_center() -> str:
        here = _here(platform)
        return render_template(
            "appstore/merchant_center.html", here=here, workspaces=platform.identities, merchant=merchants[here.id]
        )

    @pages.post("/sandbox/uninstall")
    def uninstall() -> AnyResponse:
        platform.uninstall(_here(platform).id)
        return redirect(url_for("appstore.listing"), code=303)

    @pages.post("/sandbox/health")
    def check_health() -> AnyResponse:
        platform.check_health(_here(platform).id)
        return redirect(url_for("appstore.listing"), code=303)

    @pages.post("/sandbox/behaviour")
    def behave() -> AnyResponse:
        form = request.form
        ticks = ("regional", "uninstall_notices_lost", "uninstall_notices_doubled", "code_encoded")
        chosen = {name: form[name] for name in ("denied", "tokens_again") if name in form}
        platform.switches.set(**chosen, **{name: name in form for name in ticks})
        platform.workspace(_here(platform).id).switches.set(
            token_suspended="token_suspended" in form, email_verified="email_unverified" not in form
        )
        return redirect(url_for("appstore.listing", _anchor="behaviour"), code=303)


def _consent(pages: Blueprint, platform: IntercomPlatform) -> None:
    @pages.get("/oauth")
    def authorize() -> Response:
        app, target = _asking(platform)
        response = make_response(
            render_template(
                "appstore/consent.html",
                app=app,
                target=urlsplit(target).netloc,
                here=_here(platform),
                workspaces=platform.identities,
                is_installed=platform.grants.is_installed,
            )
        )
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(target))
        response.headers["Content-Security-Policy"] = f"{CONTENT_SECURITY_POLICY} {origin}"
        return response

    @pages.post("/oauth")
    def decided() -> AnyResponse:
        _, target = _asking(platform)
        if request.form.get("answer") == "allow":
            return redirect(_with(target, code=_allowed(platform, request.form.get("workspace", ""))))
        denied = platform.switches.now.denied
        if denied == "stays":
            return redirect(url_for("appstore.listing"), code=303)
        return redirect(_with(target, error="access_denied") if denied == "access_denied" else _with(target))


def _allowed(platform: IntercomPlatform, workspace_id: str) -> str:
    code = platform.grants.allow(_known(platform, workspace_id).id)
    return quote(code, safe="") if platform.switches.now.code_encoded else code


def _asking(platform: IntercomPlatform) -> tuple[Registration, str]:
    """Which app asks for consent, and where the browser goes then. 400 for what was not registered."""
    app = platform.app
    if app is None or request.args.get("client_id") != app.client_id:
        abort(400, "No app has this client_id.")
    target = app.redirect_url(request.args.get("redirect_uri"))
    if target is None:
        abort(400, "This redirect_uri is not among the app's redirect URLs.")
    return app, target


def _with(target: str, **query: str) -> str:
    """`target` with `query` as it is, and the state that came with the request."""
    state = request.args.get("state")
    parts = [f"{name}={value}" for name, value in query.items()]
    parts += [urlencode({"state": state})] if state is not None else []
    return f"{target}?{'&'.join(parts)}"


def _here(platform: IntercomPlatform) -> Identity:
    """The workspace that the teammate is signed in to: the first one until another is chosen."""
    wanted = request.cookies.get(COOKIE)
    return next((each for each in platform.identities if each.id == wanted), platform.identities[0])


def _known(platform: IntercomPlatform, workspace_id: str) -> Identity:
    return next((each for each in platform.identities if each.id == workspace_id), None) or abort(404)


def _refuse_foreign_forms() -> None:
    if request.method == "POST" and request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        abort(403)


def _guarded(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    return response
