"""Installing and signing in through Intercom: the good way, and every way in which it goes wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from canvas_app.pages.limits import RateLimit
from canvas_app.pages.site import Site, attach
from sandbox.intercom.identity import FJORD, NORDLICHT
from sandbox.intercom.platform import IntercomPlatform
from sync.sealing import Seal
from sync.storage.audit import recent
from sync.storage.database import Database
from sync.storage.installed import InstalledRow, State, all_installed, uninstall
from tests.integration.canvas_app.install.admin import Admin, words_of
from tests.integration.canvas_app.install.conftest import CLIENT_ID, SECRET_KEY, AppWith


def kept(database: Database) -> tuple[InstalledRow, ...]:
    with database.transaction() as connection:
        return all_installed(connection)


def test_install_asks_for_consent_in_intercom(admin: Admin, platform: IntercomPlatform) -> None:
    answer = admin.get("/install")
    target = urlsplit(answer.location)
    assert f"{target.scheme}://{target.netloc}{target.path}" == f"{platform.url}/oauth"
    assert parse_qs(target.query)["client_id"] == [CLIENT_ID]


@pytest.mark.parametrize(
    ("path", "host"),
    [
        ("/install", "https://app.intercom.com"),
        ("/install?region=eu", "https://app.eu.intercom.com"),
        ("/install?region=AU", "https://app.au.intercom.com"),
        ("/install?region=moon", "https://app.intercom.com"),
    ],
)
def test_each_region_gives_consent_at_its_own_host(app_with: AppWith, path: str, host: str) -> None:
    app = app_with(INTERCOM_OAUTH_URL="")
    assert app.test_client().get(path).location.startswith(f"{host}/oauth?client_id=")


def test_consent_installs_the_app_and_leads_to_the_settings(admin: Admin, rows: Database) -> None:
    assert admin.install(NORDLICHT).location == "/settings/?installed=1"
    assert NORDLICHT.name in admin.read("/settings/")
    (row,) = kept(rows)
    assert (row.id, row.state, row.region, row.time_zone) == ("w:nrdlcht1", State.INSTALLED, "eu", "Europe/Berlin")
    assert 'time_zone = "Europe/Berlin"' in row.mapping
    with rows.transaction() as connection:
        assert [each.action for each in recent(connection, row.id, limit=5)] == ["app_installed"]


def test_the_token_cannot_be_read_in_the_database(admin: Admin, platform: IntercomPlatform, rows: Database) -> None:
    admin.install(NORDLICHT)
    (token,) = platform.workspace(NORDLICHT.id).access.tokens
    (row,) = kept(rows)
    assert row.token is not None
    assert token.encode() not in row.token
    assert Seal((SECRET_KEY,)).open(row.token, context="w:nrdlcht1/token") == token


def test_a_code_is_taken_as_intercom_sends_it(admin: Admin, platform: IntercomPlatform) -> None:
    """Percent-encoded or not: it ends in "="."""
    code = platform.grants.allow(NORDLICHT.id).replace("=", "%3D")
    assert admin.get(f"/oauth/callback?code={code}&state={admin.state()}").status_code == 302


def test_installing_again_replaces_the_token_and_keeps_the_rest(connected: Admin, rows: Database) -> None:
    (before,) = kept(rows)
    connected.install(NORDLICHT)
    (after,) = kept(rows)
    assert (after.shop, after.state, after.mapping) == (before.shop, State.CONNECTED, before.mapping)
    assert after.token != before.token
    assert after.revision > before.revision


def test_two_tabs_of_one_browser_both_come_to_their_end(admin: Admin) -> None:
    first, second = admin.consent(NORDLICHT), admin.consent(NORDLICHT)
    assert admin.get(second).status_code == 302
    assert admin.get(first).status_code == 302


def refused(admin: Admin, path: str, status: int, title: str, way: str) -> None:
    answer = admin.get(path)
    assert (answer.status_code, title in words_of(answer)) == (status, True), words_of(answer)
    assert way in answer.text


@pytest.mark.parametrize("state", ["", "rubbish", "e30.e30", "%00"])
def test_a_state_that_we_did_not_sign_leads_nowhere(admin: Admin, rows: Database, state: str) -> None:
    refused(admin, f"/oauth/callback?code=x&state={state}", 400, "This did not begin here", 'href="/install"')
    assert kept(rows) == ()


def test_a_callback_without_a_state_leads_nowhere(admin: Admin) -> None:
    refused(admin, "/oauth/callback?code=x", 400, "This did not begin here", 'href="/sign-in"')


def test_a_state_is_good_in_the_browser_where_it_began(admin: Admin, hosted: Flask, platform: IntercomPlatform) -> None:
    stranger = Admin(hosted, platform)
    stranger.state()  # began something of its own
    refused(stranger, admin.consent(NORDLICHT), 403, "This began in another browser", 'href="/install"')


def test_a_state_is_not_good_without_cookies(admin: Admin, hosted: Flask, platform: IntercomPlatform) -> None:
    refused(Admin(hosted, platform), admin.consent(NORDLICHT), 403, "This began in another browser", "/install")


def test_a_state_is_good_once(admin: Admin) -> None:
    path = admin.consent(NORDLICHT)
    admin.get(path)
    refused(admin, path, 409, "This was done already", 'href="/settings/"')


def test_a_state_is_good_for_ten_minutes(admin: Admin, hosted: Flask) -> None:
    path = admin.consent(NORDLICHT)
    site: Site = hosted.extensions["pages"]
    attach(hosted, replace(site, now=lambda: datetime.now(UTC) + timedelta(minutes=10)))
    refused(admin, path, 400, "This took too long", 'href="/install"')
    attach(hosted, site)


def test_denied_consent_has_a_way_back_to_intercom(admin: Admin, platform: IntercomPlatform, rows: Database) -> None:
    path = f"/oauth/callback?error=access_denied&state={admin.state('/install?region=eu')}"
    answer = admin.get(path)
    assert (answer.status_code, "was not given consent" in words_of(answer)) == (403, True)
    assert 'href="/install?region=eu"' in answer.text
    assert f'href="{platform.url}/appstore/redirect?install_success=false&amp;error_message=' in answer.text
    assert kept(rows) == ()


def test_a_lost_code_is_said(admin: Admin) -> None:
    refused(admin, f"/oauth/callback?state={admin.state()}", 400, "Intercom sent no code", 'href="/install')


def test_a_code_that_intercom_does_not_accept_is_said(admin: Admin, rows: Database) -> None:
    path = f"/oauth/callback?code=rubbish&state={admin.state()}"
    refused(admin, path, 502, "Intercom did not accept the code", 'href="/install')
    assert kept(rows) == ()


def test_intercom_that_does_not_answer_is_said(app_with: AppWith, platform: IntercomPlatform) -> None:
    app = app_with(INTERCOM_API_URL="http://127.0.0.1:9")
    admin = Admin(app, platform)
    refused(admin, admin.consent(NORDLICHT), 503, "Intercom does not answer", 'href="/install')


def test_an_admin_whose_address_is_not_verified_is_not_let_in(
    admin: Admin, platform: IntercomPlatform, rows: Database
) -> None:
    platform.workspace(NORDLICHT.id).switches.set(email_verified=False)
    refused(admin, admin.consent(NORDLICHT), 403, "Your e-mail address is not verified", 'href="/install')
    assert admin.get("/settings/").status_code == 302
    assert kept(rows) == ()


def test_an_admin_signs_in_and_goes_on_to_the_page_that_was_asked_for(
    installed: Admin, hosted: Flask, platform: IntercomPlatform
) -> None:
    colleague = Admin(hosted, platform)
    asked = colleague.get("/settings/mapping").location
    assert asked == "/sign-in?next=/settings/mapping"
    way = "/sign-in/intercom?next=/settings/mapping"
    assert f'href="{way}"' in colleague.get(asked).text
    assert colleague.get(colleague.consent(NORDLICHT, way)).location == "/settings/mapping"


def test_signing_in_leads_nowhere_else(installed: Admin) -> None:
    way = "/sign-in/intercom?next=//evil.example/"
    assert installed.get(installed.consent(NORDLICHT, way)).location == "/settings/"


def test_signing_in_to_a_workspace_without_the_app_says_so(installed: Admin) -> None:
    path = installed.consent(FJORD, "/sign-in/intercom")
    refused(installed, path, 403, "The app is not installed in this workspace", 'href="/install')


def test_nobody_signs_in_to_a_workspace_that_was_left(installed: Admin, rows: Database) -> None:
    path = installed.consent(NORDLICHT, "/sign-in/intercom")
    with rows.transaction() as connection:
        uninstall(connection, NORDLICHT.id, now=datetime.now(UTC))
    refused(installed, path, 403, "not installed", 'href="/install')


def test_a_session_of_one_workspace_is_none_of_another(installed: Admin) -> None:
    installed.install(FJORD)
    assert FJORD.name in installed.read("/settings/")
    assert NORDLICHT.name not in installed.read("/settings/")


def test_whoever_begins_too_often_has_to_wait(admin: Admin, hosted: Flask) -> None:
    site: Site = hosted.extensions["pages"]
    attach(hosted, replace(site, limit=RateLimit(2)))
    statuses = [admin.get("/install").status_code for _ in range(3)]
    attach(hosted, site)
    assert statuses == [302, 302, 429]
