"""The frame that all pages share: who gets in, which forms are taken, and what people are told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest
from flask import Blueprint, Flask, Response, make_response, request
from flask.testing import FlaskClient
from psycopg import Connection

from canvas_app.app import create_app
from canvas_app.metrics import Metrics
from canvas_app.pages import sessions
from canvas_app.pages.guard import admin_only, signed_in
from canvas_app.pages.limits import RateLimit
from canvas_app.pages.opening import open_pages
from canvas_app.pages.rendering import go_to, render
from canvas_app.pages.site import Site, attach
from canvas_app.pages.site import site as current_site
from canvas_app.pages.trouble import Trouble
from clients.errors import Rejected
from sync.console_links import console_link
from sync.storage.errors import StorageUnavailable

KEYS = ("a key of more than thirty-two letters",)
NAMES = {"w:acme": "Acme <b>Outdoor</b>"}


class NoDatabase:
    @contextmanager
    def transaction(self, *, timeout: float | None = None) -> Iterator[Connection]:
        raise StorageUnavailable("the database is away")
        yield


class Names:
    def name(self, installation: str, *, since: datetime | None = None) -> str | None:
        return NAMES.get(installation)


class Clock:
    now = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def site(clock: Clock, *, public_url: str = "https://panel.example.com", requests: int = 1000) -> Site:
    return Site(
        public_url=public_url,
        keys=KEYS,
        storage=NoDatabase(),
        workplaces=Names(),
        now=clock,
        limit=RateLimit(requests),
        signs_in=False,
        redirects_to=("https://app.intercom.com",),
    )


def settings_pages() -> Blueprint:
    pages = Blueprint("settings", __name__, url_prefix="/settings")

    @pages.get("/")
    def overview() -> Response:
        return render("pages/enter.html", name=signed_in().name, minutes=1)

    @pages.get("/token")
    def token() -> Response:
        return make_response(sessions.form_token(current_site(), signed_in()))

    @pages.post("/rename")
    def rename() -> Response:
        return go_to("settings.overview", say=f"Renamed to <{request.form['name']}>.")

    @pages.get("/broken")
    def broken() -> Response:
        raise RuntimeError("secret detail")

    @pages.get("/refused")
    def refused() -> Response:
        raise Rejected("HTTP 400")

    @pages.get("/stuck")
    def stuck() -> Response:
        raise Trouble(410, "It is <gone>", "For good.", retry_after=7)

    return admin_only(pages)


def frame(here: Site) -> Flask:
    app = create_app(metrics=Metrics())
    open_pages(app, here)
    app.register_blueprint(settings_pages())

    @app.get("/let-in/<installation>")
    def let_in(installation: str) -> Response:
        response = make_response("")
        sessions.begin(response, here, installation=installation, admin_id="7", name="Anna")
        return response

    return app


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(clock: Clock) -> Flask:
    return frame(site(clock))


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    made = app.test_client()
    made.environ_base.update(HTTP_ACCEPT="text/html", HTTP_HOST="panel.example.com")
    made.environ_base["wsgi.url_scheme"] = "https"
    return made


@pytest.fixture
def admin(browser: FlaskClient) -> FlaskClient:
    browser.get("/let-in/w:acme")
    return browser


def form_token(browser: FlaskClient) -> str:
    """As every form on a page of this session has it."""
    return browser.get("/settings/token").text


def test_nobody_sees_a_page_without_signing_in(browser: FlaskClient) -> None:
    answer = browser.get("/settings/?page=2")
    assert (answer.status_code, answer.location) == (302, "/sign-in?next=/settings/?page%3D2")


def test_an_admin_sees_it(admin: FlaskClient) -> None:
    assert "Enter Anna" in admin.get("/settings/").text


def test_a_session_ends_after_eight_hours(admin: FlaskClient, clock: Clock) -> None:
    clock.now += timedelta(hours=8)
    assert admin.get("/settings/").status_code == 302


def test_a_session_ends_with_its_installation(browser: FlaskClient) -> None:
    browser.get("/let-in/w:gone")
    assert browser.get("/settings/").status_code == 302


def test_a_session_that_somebody_wrote_himself_is_none(browser: FlaskClient) -> None:
    browser.set_cookie("__Host-session", "eyJhIjoiYiJ9.rubbish", domain="panel.example.com")
    assert browser.get("/settings/").status_code == 302


def test_the_session_cookie_is_out_of_reach_for_scripts_and_other_hosts(browser: FlaskClient) -> None:
    set_cookie = browser.get("/let-in/w:acme").headers["Set-Cookie"]
    assert set_cookie.startswith("__Host-session=")
    assert all(each in set_cookie for each in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))
    assert "Domain" not in set_cookie


def test_a_live_part_of_a_page_is_told_that_the_session_is_over(browser: FlaskClient) -> None:
    assert browser.get("/settings/", headers={"X-Fragment": "1"}).status_code == 401


def test_a_form_of_ours_is_taken_and_says_once_what_it_did(admin: FlaskClient) -> None:
    answer = admin.post("/settings/rename", data={"name": "B", "form_token": form_token(admin)})
    assert (answer.status_code, answer.location) == (303, "/settings/")
    assert "Renamed to &lt;B&gt;." in admin.get("/settings/").text
    assert "Renamed" not in admin.get("/settings/").text


@pytest.mark.parametrize("token", ["", "rubbish"])
def test_a_form_of_somebody_else_changes_nothing(admin: FlaskClient, token: str) -> None:
    answer = admin.post("/settings/rename", data={"name": "B", "form_token": token})
    assert answer.status_code == 403
    assert 'href="/settings/"' in answer.text


def test_a_form_of_another_session_changes_nothing(admin: FlaskClient) -> None:
    token = form_token(admin)
    admin.get("/let-in/w:acme")  # the same admin, signed in anew
    assert admin.post("/settings/rename", data={"name": "B", "form_token": token}).status_code == 403


def test_a_form_without_a_session_leads_to_the_sign_in(browser: FlaskClient) -> None:
    assert browser.post("/settings/rename", data={"name": "B"}).location == "/sign-in?next=/settings/"


def test_pages_of_one_workspace_leave_room_for_others(app: Flask, admin: FlaskClient) -> None:
    """They wait for its shop, and share threads and connections with everybody's panel."""
    places = cast(Site, app.extensions["pages"]).places
    while places.take("w:acme"):
        pass
    crowded = admin.get("/settings/")
    assert (crowded.status_code, crowded.headers["Retry-After"]) == (503, "3")
    assert places.take("w:somebody-else")
    places.leave("w:acme")
    assert admin.get("/settings/").status_code == 200


@pytest.mark.parametrize("path", ["/settings/", "/settings/broken", "/settings/stuck", "/settings/nowhere"])
def test_a_page_gives_its_place_back_however_it_ends(admin: FlaskClient, path: str) -> None:
    for _ in range(10):
        admin.get(path)
        admin.post(path)
    assert admin.get("/settings/").status_code == 200


def test_signing_out_needs_the_form_and_ends_the_session(admin: FlaskClient) -> None:
    assert admin.post("/sign-out").status_code == 403
    assert admin.post("/sign-out", data={"form_token": form_token(admin)}).location == "/sign-in"
    assert admin.get("/settings/").status_code == 302


def test_pages_allow_no_foreign_script_no_inline_script_and_no_frame(admin: FlaskClient) -> None:
    policy = admin.get("/settings/").headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert {"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"} <= set(
        policy.split("; ")
    )
    assert "form-action 'self' https://app.intercom.com" in policy


def test_pages_with_data_are_kept_nowhere(admin: FlaskClient) -> None:
    assert admin.get("/settings/").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/settings/broken", 500, "Something broke on our side"),
        ("/settings/refused", 502, "A neighbour refused"),
        ("/settings/stuck", 410, "It is &lt;gone&gt;"),
        ("/settings/nothing", 404, "There is nothing here"),
        ("/settings/rename", 405, "cannot be asked like that"),
    ],
)
def test_what_goes_wrong_has_a_page_with_a_way_on(admin: FlaskClient, path: str, status: int, said: str) -> None:
    answer = admin.get(path)
    assert (answer.status_code, said in answer.text, "secret detail" in answer.text) == (status, True, False)
    assert 'class="button button-main"' in answer.text
    assert answer.headers["X-Correlation-ID"] in answer.text


def test_an_error_page_says_when_to_come_back(admin: FlaskClient) -> None:
    assert admin.get("/settings/stuck").headers["Retry-After"] == "7"


def test_machines_keep_their_small_json(app: Flask) -> None:
    assert app.test_client().get("/nothing").get_json()["error"] == "not_found"


@pytest.mark.parametrize("token", ["x", "e30.e30", "%00", "a" * 3000])
def test_a_link_that_we_did_not_make_says_how_to_get_one(browser: FlaskClient, token: str) -> None:
    answer = browser.get(f"/enter/{token}")
    assert answer.status_code == 403
    assert "python -m sync console-link" in answer.text


def test_a_link_is_not_used_up_by_looking_at_it(browser: FlaskClient, clock: Clock) -> None:
    link = console_link(KEYS, public_url="", installation="w:acme", now=clock())
    shown = browser.get(link)
    assert "Enter Acme &lt;b&gt;Outdoor" in shown.text
    assert "Set-Cookie" not in shown.headers


def test_an_old_link_says_so(browser: FlaskClient, clock: Clock) -> None:
    link = console_link(KEYS, public_url="", installation="w:acme", now=clock() - timedelta(minutes=15))
    assert "This link has expired" in browser.get(link).text


def test_a_link_to_a_workspace_that_is_gone_says_so(browser: FlaskClient, clock: Clock) -> None:
    link = console_link(KEYS, public_url="", installation="w:gone", now=clock())
    assert "is not installed" in browser.get(link).text


def test_while_the_database_is_away_a_link_has_to_wait(browser: FlaskClient, clock: Clock) -> None:
    link = console_link(KEYS, public_url="", installation="w:acme", now=clock())
    answer = browser.post(link)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")


def test_whoever_tries_too_many_links_has_to_wait(app: Flask, browser: FlaskClient, clock: Clock) -> None:
    attach(app, site(clock, requests=1))
    browser.get("/enter/x")
    answer = browser.get("/enter/y")
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 60


def test_style_and_script_are_kept_for_ever_under_the_address_of_their_content(admin: FlaskClient) -> None:
    found = re.search(r'href="(/assets/[^"]+\.css)"', admin.get("/settings/").text)
    assert found
    assert "immutable" in admin.get(found[1]).headers["Cache-Control"]


def test_the_address_of_an_older_style_sheet_still_leads_to_one(browser: FlaskClient) -> None:
    answer = browser.get("/assets/0123/pages.css")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")


@pytest.mark.parametrize("name", ["../site.py", "nothing.css", "pages.CSS"])
def test_nothing_else_is_an_asset(browser: FlaskClient, name: str) -> None:
    assert browser.get(f"/assets/x/{name}").status_code == 404
