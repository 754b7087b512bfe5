"""Settings: nothing is stored that does not work, and every change leaves a line in the audit log."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from flask import Flask

from canvas_app.install.settings.shop import problems_of
from sandbox.commercetools import CommercetoolsStandIn
from sandbox.intercom.identity import FJORD, NORDLICHT
from sandbox.intercom.platform import IntercomPlatform
from sandbox.shop.scenarios.anna import ANNA
from sync.storage.audit import recent
from sync.storage.backfills import newest_backfill
from sync.storage.database import Database
from sync.storage.installed import InstalledRow, State, installed, uninstall
from tests.integration.canvas_app.install.admin import Admin, dotenv_of, words_of

ID = "w:nrdlcht1"


def kept(database: Database, id_: str = ID) -> InstalledRow:
    with database.transaction() as connection:
        row = installed(connection, id_)
    assert row is not None
    return row


def done(database: Database) -> list[str]:
    """What the audit log has, newest first."""
    with database.transaction() as connection:
        return [row.action for row in recent(connection, ID, limit=20)]


def test_a_shop_that_answers_is_connected(installed: Admin, shop: CommercetoolsStandIn, rows: Database) -> None:
    assert installed.connect(shop).location == "/settings/"
    assert "Connected to the project" in installed.read("/settings/")
    assert (kept(rows).state, kept(rows).project_key) == (State.CONNECTED, shop.project_key)
    assert done(rows)[0] == "shop_connected"


def test_credentials_cannot_be_read_in_the_database_nor_on_a_page(
    connected: Admin, shop: CommercetoolsStandIn, rows: Database
) -> None:
    sealed = kept(rows).shop
    assert sealed is not None
    assert shop.client_secret.encode() not in sealed
    assert shop.client_secret not in connected.get("/settings/shop").text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"CTP_CLIENT_SECRET": "another"}, "invalid_client"),
        ({"CTP_PROJECT_KEY": "another-project", "CTP_SCOPES": "view_orders:another-project"}, "no token"),
        ({"CTP_PROJECT_KEY": "No Key"}, "CTP_PROJECT_KEY must be 2 to 36 characters"),
        ({"CTP_SCOPES": "view_orders:somebody-elses"}, "CTP_SCOPES names a project other than CTP_PROJECT_KEY"),
        ({"CTP_API_URL": ""}, "CTP_API_URL not set"),
        ({"CTP_API_URL": "http://127.0.0.1:9"}, "orders cannot be read"),
        ({"CTP_AUTH_URL": "https://evil.example"}, "CTP_AUTH_URL is not a host of commercetools"),
        ({"CTP_API_URL": "https://commercetools.com.evil.example"}, "CTP_API_URL is not a host of commercetools"),
    ],
    ids=lambda given: " ".join(given) if isinstance(given, dict) else "",
)
def test_credentials_that_do_not_work_are_never_stored(
    installed: Admin, shop: CommercetoolsStandIn, rows: Database, wrong: dict[str, str], said: str
) -> None:
    answer = installed.connect(shop, **wrong)
    assert answer.status_code == 422
    assert said in words_of(answer)
    assert (kept(rows).state, kept(rows).shop, done(rows)) == (State.INSTALLED, None, ["app_installed"])


def test_wrong_credentials_leave_those_that_work(connected: Admin, shop: CommercetoolsStandIn, rows: Database) -> None:
    before = kept(rows)
    connected.connect(shop, CTP_CLIENT_SECRET="another")
    assert kept(rows) == before


def test_a_service_on_the_internet_asks_nobody_in_its_own_network(
    shop: CommercetoolsStandIn,
) -> None:
    given = dict(line.split("=", 1) for line in dotenv_of(shop).splitlines())
    assert problems_of(given, may_be_here=True) == ()
    assert {each.name for each in problems_of(given, may_be_here=False)} == {"CTP_AUTH_URL", "CTP_API_URL"}


@pytest.mark.parametrize(
    "host",
    ["169.254.169.254", "[::1]", "localhost:5432", "evilcommercetools.com", "api.commercetools.com.evil.example",
     "evil.example%2f.commercetools.com", "evil.example;.commercetools.com", ".commercetools.com",
     "a..commercetools.com"],
)  # fmt: skip
def test_only_hosts_of_commercetools_are_asked(host: str) -> None:
    given = {
        "CTP_PROJECT_KEY": "nordlicht",
        "CTP_CLIENT_ID": "client",
        "CTP_CLIENT_SECRET": "secret",
        "CTP_AUTH_URL": "https://auth.europe-west1.gcp.commercetools.com",
        "CTP_API_URL": "https://api.europe-west1.gcp.commercetools.com",
        "CTP_SCOPES": "view_orders:nordlicht",
    }
    assert problems_of(given, may_be_here=False) == ()
    assert problems_of(given | {"CTP_API_URL": f"https://{host}"}, may_be_here=False)


def test_a_scope_that_lacks_is_named(installed: Admin, shop: CommercetoolsStandIn, rows: Database) -> None:
    key = shop.project_key
    scopes = f"view_customers:{key} view_orders:{key}"
    assert installed.connect(shop, CTP_SCOPES=scopes).location == "/settings/shop"
    said = installed.read("/settings/shop")
    assert f"scope view_payments:{key}" in said
    assert kept(rows).state is State.CONNECTED


def test_without_a_needed_scope_nothing_is_stored(installed: Admin, shop: CommercetoolsStandIn, rows: Database) -> None:
    answer = installed.connect(shop, CTP_SCOPES=f"view_customers:{shop.project_key}")
    assert f"scope view_orders:{shop.project_key}" in words_of(answer)
    assert kept(rows).state is State.INSTALLED


def test_values_can_be_typed_one_by_one(installed: Admin, shop: CommercetoolsStandIn, rows: Database) -> None:
    form = {
        "CTP_PROJECT_KEY": shop.project_key,
        "CTP_CLIENT_ID": shop.client_id,
        "CTP_CLIENT_SECRET": shop.client_secret,
        "CTP_AUTH_URL": shop.auth_url,
        "CTP_API_URL": shop.api_url,
        "CTP_SCOPES": f"view_customers:{shop.project_key} view_orders:{shop.project_key}",
    }
    installed.submit("/settings/shop", **form)
    assert kept(rows).state is State.CONNECTED


def test_disconnecting_forgets_the_credentials(connected: Admin, rows: Database) -> None:
    connected.submit("/settings/shop", "/settings/shop/disconnect")
    assert (kept(rows).state, kept(rows).shop) == (State.INSTALLED, None)
    assert done(rows)[0] == "shop_disconnected"


@pytest.mark.parametrize("page", ["attributes", "backfill"])
def test_what_needs_a_shop_leads_to_connecting_one(installed: Admin, page: str) -> None:
    answer = installed.get(f"/settings/{page}")
    assert answer.status_code == 409
    assert 'href="/settings/shop"' in answer.text


@pytest.mark.parametrize(
    "path",
    ["shop", "shop/disconnect", "panel", "mapping", "mapping/preview", "attributes", "backfill", "backfill/pause"],
)
def test_no_form_is_taken_without_its_token(connected: Admin, rows: Database, path: str) -> None:
    before, log = kept(rows), done(rows)
    assert connected.post(f"/settings/{path}", mapping="", env="").status_code == 403
    assert (kept(rows), done(rows)) == (before, log)


def test_panel_options_change_their_own_lines_alone(connected: Admin, rows: Database) -> None:
    before = kept(rows).mapping.splitlines()
    form = {
        "language": "de",
        "time_zone": "Europe/Vienna",
        "cache_seconds": "10",
        "stores": "de, at",
        "show_cart": "on",
    }
    connected.submit("/settings/panel", **form)
    after = kept(rows).mapping.splitlines()
    assert len(before) == len(after)
    assert [line.split("  ")[0] for line in after if line not in before] == [
        'language = "de"',
        'time_zone = "Europe/Vienna"',
        "show_lifetime = false",
        'stores = ["de", "at"]',
    ]
    assert done(rows)[0] == "panel_saved"
    assert 'value="de, at"' in connected.get("/settings/panel").text


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("time_zone", "Moon/Base", "is not a time zone"),
        ("language", "xx", "is"),
        ("cache_seconds", "many", "is not 0 to"),
    ],
)
def test_panel_options_that_mean_nothing_are_not_saved(
    connected: Admin, rows: Database, name: str, value: str, said: str
) -> None:
    before = kept(rows)
    form = {"language": "en", "time_zone": "UTC", "cache_seconds": "10", "stores": ""} | {name: value}
    answer = connected.submit("/settings/panel", **form)
    assert (answer.status_code, said in words_of(answer)) == (422, True)
    assert kept(rows) == before


def test_a_mapping_is_saved(connected: Admin, rows: Database) -> None:
    text = '[panel]\nlanguage = "de"\n\n[attributes]\nct_orders = { path = "lifetime.orders", type = "integer" }\n'
    connected.submit("/settings/mapping", mapping=text.replace("\n", "\r\n"))
    assert kept(rows).mapping == text
    assert done(rows)[0] == "mapping_saved"


def test_a_faulty_mapping_is_not_saved_and_its_lines_are_named(connected: Admin, rows: Database) -> None:
    before = kept(rows)
    text = '[panel]\nlanguage = "xx"\n\n[attributes]\nct_x = "order.nothing"\n<script>'
    answer = connected.submit("/settings/mapping", mapping=text)
    assert answer.status_code == 422
    assert "Line 6" in words_of(answer)
    assert "<script>" not in re.sub(r"<script src=[^>]+>", "", answer.text)
    answer = connected.submit("/settings/mapping", mapping=text.removesuffix("<script>"))
    assert all(each in words_of(answer) for each in ("Line 2", "panel.language", "Line 5", "attributes.ct_x"))
    assert kept(rows) == before


def test_a_mapping_that_somebody_else_saved_meanwhile_is_not_replaced_unseen(connected: Admin, rows: Database) -> None:
    answer = connected.submit("/settings/mapping", mapping="[panel]\n", base="0123456789abcdef")
    assert (answer.status_code, "Somebody else saved" in words_of(answer)) == (409, True)
    assert kept(rows).mapping != "[panel]\n"


PREVIEWED = """[attributes]
ct_orders = { path = "lifetime.orders", type = "integer" }
ct_mail = { path = "customer.email", mask = "domain" }
"""


def test_a_preview_shows_what_would_be_sent_masked_and_what_is_withheld(connected: Admin, rows: Database) -> None:
    before = kept(rows)
    form = {"mapping": PREVIEWED, "whom": ANNA.email}
    answer = connected.submit("/settings/mapping", "/settings/mapping/preview", **form)
    said = words_of(answer)
    assert answer.status_code == 200, said
    assert "ct_orders" in said
    assert "ct_mail …@nordmail.example customer.email domain only" in said
    assert said.count(ANNA.email) == 0
    assert "Withheld" in said
    assert kept(rows) == before


def test_a_preview_of_nobody_says_so(connected: Admin) -> None:
    for whom in ("nobody@example.com", "no-such-customer", "<b>@x"):
        form = {"mapping": PREVIEWED, "whom": whom}
        answer = connected.submit("/settings/mapping", "/settings/mapping/preview", **form)
        assert "Nobody was found" in words_of(answer)


def test_a_preview_leaves_no_address_in_the_audit_log(connected: Admin, rows: Database) -> None:
    form = {"mapping": PREVIEWED, "whom": "nobody@example.com"}
    connected.submit("/settings/mapping", "/settings/mapping/preview", **form)
    with rows.transaction() as connection:
        (newest,) = recent(connection, ID, limit=1)
    assert (newest.action, dict(newest.detail)) == ("preview_shown", {"found": 0})


def test_missing_attributes_are_made_once(connected: Admin, rows: Database) -> None:
    connected.submit("/settings/mapping", mapping=PREVIEWED)
    assert "2 of 2 are not there yet" in connected.read("/settings/attributes")
    connected.submit("/settings/attributes")
    assert "All 2 are there" in connected.read("/settings/attributes")
    assert done(rows)[0] == "attributes_created"


def test_a_backfill_is_started_paused_and_resumed(connected: Admin, rows: Database) -> None:
    def wanted() -> str | None:
        with rows.transaction() as connection:
            row = newest_backfill(connection, ID)
        assert row is not None
        return row.wanted

    connected.submit("/settings/backfill")
    assert wanted() == "running"
    connected.submit("/settings/backfill", "/settings/backfill/pause")
    assert (wanted(), "paused" in connected.read("/settings/backfill/progress")) == ("paused", True)
    connected.submit("/settings/backfill", "/settings/backfill/resume")
    assert wanted() == "running"
    assert done(rows)[:3] == ["backfill_resumed", "backfill_paused", "backfill_started"]


@pytest.mark.parametrize("since", ["yesterday", "2026-13-01", f"{datetime.now(UTC).year + 2}-01-01"])
def test_a_backfill_since_no_day_is_not_started(connected: Admin, rows: Database, since: str) -> None:
    assert connected.submit("/settings/backfill", since=since).status_code == 422
    with rows.transaction() as connection:
        assert newest_backfill(connection, ID) is None


def test_pausing_nothing_is_no_fault(connected: Admin) -> None:
    assert connected.submit("/settings/backfill", "/settings/backfill/pause").status_code == 303


def test_the_setup_says_what_is_next_and_leads_back_to_intercom(
    installed: Admin, shop: CommercetoolsStandIn, platform: IntercomPlatform
) -> None:
    assert "install_success" not in installed.get("/settings/").text
    installed.connect(shop)
    assert f'href="{platform.url}/appstore/redirect?install_success=true"' in installed.get("/settings/").text


def test_an_admin_changes_nothing_of_another_workspace(
    connected: Admin, hosted: Flask, platform: IntercomPlatform, rows: Database
) -> None:
    before = kept(rows)
    stranger = Admin(hosted, platform)
    stranger.install(FJORD)
    stranger.submit("/settings/mapping", mapping="[panel]\n")
    stranger.submit("/settings/shop", "/settings/shop/disconnect")
    assert kept(rows) == before
    assert before.project_key is not None
    assert before.project_key not in stranger.read("/settings/shop")


def test_without_the_app_no_settings_are_left(connected: Admin, platform: IntercomPlatform, rows: Database) -> None:
    with rows.transaction() as connection:
        uninstall(connection, NORDLICHT.id, now=datetime.now(UTC))
    assert connected.get("/settings/").status_code == 302
