"""`/install`, `/sign-in/intercom` and `/oauth/callback`: consent is asked for in Intercom, and ends here.

Whatever comes back is believed only if we signed it for this browser a moment ago, and for the first time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final
from zoneinfo import ZoneInfo

import structlog
from flask import Blueprint, Response, make_response, redirect, request, url_for

from canvas_app.install import states
from canvas_app.install.kept_token import keep_working
from canvas_app.install.new_mapping import mapping_in
from canvas_app.install.sayings import SAID
from canvas_app.install.states import Begun, Purpose
from canvas_app.pages import sessions
from canvas_app.pages.entrance import own_path
from canvas_app.pages.guard import limited, signed_in_or_none
from canvas_app.pages.navigation import first_page
from canvas_app.pages.site import Site, site
from canvas_app.pages.trouble import Trouble, Way
from clients.deadline import Call, Deadline
from clients.errors import PlatformError, TryAgain
from clients.intercom.oauth import Identity, OAuth, code_of
from clients.intercom.settings import Region
from sync.credentials import seal_token
from sync.logs import correlation_id
from sync.sealing import Seal
from sync.signing import TokenExpired, TokenForged, digest_of
from sync.storage import audit, once
from sync.storage.installed import Region as StoredRegion
from sync.storage.installed import State, install, installation_id, installed_by_workspace

CALL_SECONDS = 10.0  # for both questions to Intercom together

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What the flow needs beside the site. `mapping`: what a new workspace begins with."""

    oauth: OAuth
    seal: Seal
    mapping: str = field(repr=False)


def consent_blueprint(consent: Consent) -> Blueprint:
    blueprint = Blueprint("install", __name__)
    blueprint.before_request(limited)
    begin = _beginning(consent)

    @blueprint.get("/install")
    def start() -> Response:
        """The app's Direct installation URL in Intercom's Developer Hub."""
        return begin(Purpose.INSTALL, "")

    @blueprint.get("/sign-in/intercom")
    def sign_in_with_intercom() -> Response:
        return begin(Purpose.SIGN_IN, own_path(request.args.get("next")) or "")

    @blueprint.get("/oauth/callback")
    def callback() -> Response:
        return _Ending(consent, site()).answer()

    return blueprint


def _beginning(consent: Consent) -> Callable[[Purpose, str], Response]:
    def begin(purpose: Purpose, following: str) -> Response:
        here, region = site(), _region(request.args.get("region"))
        state, browser = states.begin(here, purpose=purpose, region=region, next=following)
        response = make_response(redirect(consent.oauth.authorize_url(region, state=state)))
        states.bind(response, here, browser)
        return response

    return begin


def _region(named: str | None) -> Region:
    try:
        return Region((named or "us").upper())
    except ValueError:
        return Region.US


class _Ending:
    """One callback. Each step raises the page of its own that says what is wrong."""

    def __init__(self, consent: Consent, here: Site) -> None:
        self._consent = consent
        self._site = here

    def answer(self) -> Response:
        begun = self._begun()
        code = self._code(begun)
        self._use_up(begun)
        token, who = self._asked(begun, code)
        if not who.is_verified:
            raise self._trouble(begun, 403, "not_verified")
        if begun.purpose is Purpose.INSTALL:
            return self._installed(begun, token, who)
        return self._signed_in(begun, token, who)

    def _begun(self) -> Begun:
        try:
            begun = states.read(self._site, request.args.get("state", ""))
        except TokenExpired as error:
            raise _lost("expired") from error
        except (TokenForged, ValueError) as error:
            raise _lost("forged") from error
        if not states.is_this_browser(self._site, begun):
            raise _lost("other_browser")
        return begun

    def _code(self, begun: Begun) -> str:
        if request.args.get("error"):
            raise self._trouble(begun, 403, "denied")
        code = code_of(request.query_string)
        if code is None:
            raise self._trouble(begun, 400, "no_code")
        return code

    def _use_up(self, begun: Begun) -> None:
        now = self._site.now()
        with self._site.storage.transaction() as connection:
            is_first = once.use(connection, digest_of(begun.nonce), expires=now + states.LASTS, now=now)
        if not is_first:
            raise self._reused(begun)

    def _asked(self, begun: Begun, code: str) -> tuple[str, Identity]:
        call = Call(Deadline.after(CALL_SECONDS), correlation_id())
        try:
            token = self._consent.oauth.exchange(code, call=call)
            return token, self._consent.oauth.identity(token, region=begun.region, call=call)
        except TryAgain as error:
            log.warning("install.intercom_away", reason=error.reason_code, why=error.reason)
            raise self._trouble(begun, 503, "away") from error
        except PlatformError as error:
            log.warning("install.code_refused", reason=error.reason_code, why=error.reason)
            raise self._trouble(begun, 502, "refused") from error

    def _installed(self, begun: Begun, token: str, who: Identity) -> Response:
        id_, now, region = installation_id(who.workspace_id), self._site.now(), who.region or begun.region
        with self._site.storage.transaction() as connection:
            install(
                connection,
                workspace_id=who.workspace_id,
                workspace_name=who.workspace_name,
                region=_STORED[region],
                time_zone=_known_zone(who.time_zone),
                token=seal_token(self._consent.seal, id_, token),
                mapping=mapping_in(_known_zone(who.time_zone), self._consent.mapping),
                admin_id=who.admin_id,
                now=now,
            )
            detail = {"region": region.value}
            audit.note(connection, id_, admin_id=who.admin_id, action="app_installed", detail=detail, now=now)
        log.info("install.installed", installation=id_, region=region.value)
        return self._let_in(who, url_for("settings.overview", installed="1"))

    def _signed_in(self, begun: Begun, token: str, who: Identity) -> Response:
        with self._site.storage.transaction() as connection:
            row = installed_by_workspace(connection, who.workspace_id)
        if row is None or row.state is State.UNINSTALLED:
            raise self._not_installed(begun, who)
        keep_working(
            row,
            token,
            oauth=self._consent.oauth,
            seal=self._consent.seal,
            storage=self._site.storage,
            now=self._site.now(),
            call=Call(Deadline.after(CALL_SECONDS), correlation_id()),
        )
        log.info("install.signed_in", installation=row.id)
        return self._let_in(who, own_path(begun.next) or url_for(first_page()))

    def _let_in(self, who: Identity, where: str) -> Response:
        response = make_response(redirect(where))
        id_ = installation_id(who.workspace_id)
        sessions.begin(response, self._site, installation=id_, admin_id=who.admin_id, name=who.admin_name)
        return response

    def _trouble(self, begun: Begun, status: int, reason: str) -> Trouble:
        title, text = SAID[reason]
        return Trouble(status, title, text, *self._ways(begun, title), reason=reason)

    def _ways(self, begun: Begun, error: str) -> tuple[Way, ...]:
        region = begun.region.value.lower()
        if begun.purpose is Purpose.SIGN_IN:
            again = url_for("install.sign_in_with_intercom", region=region, next=begun.next or None)
            return (Way("Sign in again", again),)
        store = self._consent.oauth.store_url(begun.region, error=error)
        return Way("Install again", url_for("install.start", region=region)), Way("Back to Intercom", store)

    def _reused(self, begun: Begun) -> Trouble:
        title, text = SAID["reused"]
        if signed_in_or_none(self._site) is not None:
            return Trouble(409, title, text, Way("Go to the settings", url_for(first_page())), reason="reused")
        return Trouble(409, title, text, *self._ways(begun, title), reason="reused")

    def _not_installed(self, begun: Begun, who: Identity) -> Trouble:
        text = (
            f"You are signed in to {who.workspace_name} in Intercom, and the app is not installed there. "
            "Install it, or switch to the right workspace in Intercom and sign in again."
        )
        install_it = Way("Install the app", url_for("install.start", region=begun.region.value.lower()))
        ways = (install_it, *self._ways(begun, ""))
        return Trouble(403, "The app is not installed in this workspace", text, *ways, reason="not_installed")


def _lost(reason: str) -> Trouble:
    """Nobody knows what was begun, so both ways are shown."""
    title, text = SAID[reason]
    ways = Way("Sign in", url_for("entrance.sign_in")), Way("Install the app", url_for("install.start"))
    return Trouble(403 if reason == "other_browser" else 400, title, text, *ways, reason=reason)


_STORED: Final[Mapping[Region, StoredRegion]] = {Region.US: "us", Region.EU: "eu", Region.AU: "au"}


def _known_zone(name: str | None) -> str:
    try:
        return ZoneInfo(name).key if name else "UTC"
    except (ValueError, OSError, KeyError):
        return "UTC"
