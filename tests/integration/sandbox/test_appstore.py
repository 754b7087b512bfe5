"""Intercom's pages around an app: listing, consent, and the way back."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from sandbox.appstore import Merchant, store_pages
from sandbox.inbox.page import bare_app
from sandbox.intercom import FJORD, NORDLICHT, IntercomPlatform, Registration

APP = Registration(
    name="An app",
    client_id="app-1",
    client_secret="secret",
    redirect_urls=("https://app.example/callback", "https://staging.app.example/callback"),
    install_url="https://app.example/install",
)
SAME_SITE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def platform() -> Iterator[IntercomPlatform]:
    with IntercomPlatform.serve((NORDLICHT, FJORD)) as platform:
        platform.register(APP)
        yield platform


@pytest.fixture
def browser(platform: IntercomPlatform) -> FlaskClient:
    app = bare_app()
    merchants = {
        each.id: Merchant(name=each.name, dotenv=f"CTP_PROJECT_KEY={each.id}\n") for each in (NORDLICHT, FJORD)
    }
    app.register_blueprint(store_pages(platform, merchants))
    return app.test_client()


def decide(browser: FlaskClient, answer: str = "allow", *, workspace: str = NORDLICHT.id, query: str = "") -> str:
    """Where the consent page sends the browser."""
    form = {"answer": answer, "workspace": workspace}
    answered = browser.post(f"/oauth?client_id=app-1{query}", data=form, headers=SAME_SITE)
    return answered.headers["Location"]


def test_allowing_brings_a_code_and_the_state_to_the_first_redirect_url(
    browser: FlaskClient, platform: IntercomPlatform
) -> None:
    target = decide(browser, workspace=FJORD.id, query="&state=a%26b")
    assert target.startswith("https://app.example/callback?code=")
    assert target.endswith("=&state=a%26b"), "the code's own sign of equality is kept as it is"
    code = target.partition("code=")[2].partition("&")[0]
    assert platform.grants.exchange(code, known={FJORD.id}, again="another")[0] == FJORD.id


def test_the_code_may_come_encoded(browser: FlaskClient, platform: IntercomPlatform) -> None:
    platform.switches.set(code_encoded=True)
    target = decide(browser)
    assert target.endswith("%3D")
    assert parse_qs(urlsplit(target).query)["code"][0].endswith("=")


def test_another_redirect_url_must_be_registered(browser: FlaskClient) -> None:
    asked = "&redirect_uri=https://staging.app.example/callback"
    assert decide(browser, query=asked).startswith("https://staging.app.example/callback?code=")
    assert browser.get("/oauth?client_id=app-1&redirect_uri=https://elsewhere.example/").status_code == 400
    assert browser.get("/oauth?client_id=app-2").status_code == 400


@pytest.mark.parametrize(
    ("denied", "target"),
    [
        ("access_denied", "https://app.example/callback?error=access_denied&state=s"),
        ("state_only", "https://app.example/callback?state=s"),
        ("stays", "/sandbox/"),
    ],
)
def test_denying_does_what_the_switch_says(
    browser: FlaskClient, platform: IntercomPlatform, denied: str, target: str
) -> None:
    platform.switches.set(denied=denied)
    assert decide(browser, "deny", query="&state=s") == target


def test_a_form_of_another_site_cannot_consent(browser: FlaskClient) -> None:
    form = {"answer": "allow", "workspace": NORDLICHT.id}
    assert (
        browser.post("/oauth?client_id=app-1", data=form, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    )


def test_the_way_back_shows_success_or_the_apps_own_words(browser: FlaskClient) -> None:
    assert "is installed" in browser.get("/appstore/redirect?install_success=true").text
    failed = browser.get("/appstore/redirect?install_success=false&error_message=%3Cb%3Eno%20shop").text
    assert "&lt;b&gt;no shop" in failed
    assert browser.get("/appstore/redirect").status_code == 400


def test_the_listing_leads_to_the_apps_install_page_until_it_is_installed(
    browser: FlaskClient, platform: IntercomPlatform
) -> None:
    assert 'href="https://app.example/install"' in browser.get("/sandbox/").text
    platform.workspace(NORDLICHT.id).access.grant("token")
    assert "Uninstall" in browser.get("/sandbox/").text
    browser.post("/sandbox/uninstall", headers=SAME_SITE)
    assert not platform.grants.is_installed(NORDLICHT.id)


def test_each_browser_is_signed_in_to_one_workspace(browser: FlaskClient) -> None:
    assert NORDLICHT.id in browser.get("/sandbox/merchant-center").text
    browser.get(f"/sandbox/workspace/{FJORD.id}")
    assert f"CTP_PROJECT_KEY={FJORD.id}" in browser.get("/sandbox/merchant-center").text
    assert browser.get("/sandbox/workspace/nobody").status_code == 404


def test_switches_are_set_by_the_listings_form(browser: FlaskClient, platform: IntercomPlatform) -> None:
    form = {"denied": "stays", "tokens_again": "same", "email_unverified": "on"}
    browser.post("/sandbox/behaviour", data=form, headers=SAME_SITE)
    assert (platform.switches.now.denied, platform.switches.now.tokens_again) == ("stays", "same")
    assert not platform.workspace(NORDLICHT.id).switches.now.email_verified
