"""The health check, the uninstall notice, and the panel of workspaces that come and go."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from canvas_app.workspaces import Workspaces
from clients.intercom.signatures import BODY_SIGNATURE_HEADER, sign_body
from sandbox.commercetools import CommercetoolsStandIn
from sandbox.intercom.identity import FJORD, NORDLICHT
from sandbox.intercom.platform import IntercomPlatform
from sandbox.shop.scenarios.anna import ANNA
from sync.storage.audit import recent
from sync.storage.database import Database
from sync.storage.installed import State, installed, save_mapping, uninstall
from tests.integration.canvas_app.install.admin import PUBLIC_URL, Admin
from tests.integration.canvas_app.install.conftest import CLIENT_SECRET, SECRET_KEY, AppWith

ID = "w:nrdlcht1"
NAME = "Kowalska"


def told(app: Flask, path: str, content: Any, *, secret: str = CLIENT_SECRET) -> TestResponse:
    body = json.dumps(content).encode()
    headers = {"Content-Type": "application/json", BODY_SIGNATURE_HEADER: sign_body(body, secret)}
    return app.test_client().post(path, data=body, headers=headers)


def health(app: Flask, workspace: str = NORDLICHT.id) -> Any:
    answer = told(app, "/intercom/health", {"workspace_id": workspace})
    assert answer.status_code == 200
    return answer.get_json()


def panel(app: Flask, workspace: str = NORDLICHT.id) -> str:
    """What an agent of that workspace sees of a contact."""
    contact = {"id": "c1", "email": ANNA.email, "external_id": ANNA.id}
    answer = told(app, "/canvas/initialize", {"workspace_id": workspace, "contact": contact})
    assert answer.status_code == 200
    return answer.text


def forget_cache(app: Flask) -> None:
    """As if the time had passed for which a row is believed."""
    workspaces: Workspaces = app.extensions["workspaces"]
    workspaces.close()


@pytest.mark.parametrize("path", ["/intercom/health", "/intercom/uninstall"])
def test_nobody_but_intercom_is_answered(hosted: Flask, connected: Admin, rows: Database, path: str) -> None:
    assert told(hosted, path, {"app_id": NORDLICHT.id}, secret="another").status_code == 401
    assert hosted.test_client().post(path, json={"app_id": NORDLICHT.id}).status_code == 401
    with rows.transaction() as connection:
        row = installed(connection, ID)
    assert row is not None
    assert row.state is State.CONNECTED


@pytest.mark.parametrize("content", [None, [], "x", {}, {"workspace_id": 7}, {"workspace_id": ""}, {"app_id": "no id"}])
def test_rubbish_is_refused(hosted: Flask, rows: Database, content: object) -> None:
    assert told(hosted, "/intercom/health", content).status_code == 400
    assert told(hosted, "/intercom/uninstall", content).status_code == 400


def test_an_installation_that_works_is_ok(hosted: Flask, connected: Admin) -> None:
    assert health(hosted) == {"state": "OK"}


def test_without_a_shop_the_health_check_links_to_connecting_one(hosted: Flask, installed: Admin) -> None:
    verdict = health(hosted)
    assert (verdict["state"], verdict["cta_type"]) == ("UNHEALTHY", "URL_CTA")
    assert verdict["cta_url"] == f"{PUBLIC_URL}/settings/shop"


@pytest.mark.parametrize("workspace", ["nobody", FJORD.id])
def test_a_workspace_without_the_app_is_asked_to_install_it(hosted: Flask, connected: Admin, workspace: str) -> None:
    assert health(hosted, workspace)["cta_type"] == "REINSTALL_CTA"


def test_a_token_that_stopped_working_asks_for_a_new_installation(
    hosted: Flask, connected: Admin, platform: IntercomPlatform
) -> None:
    platform.grants.revoke(NORDLICHT.id)
    verdict = health(hosted)
    assert (verdict["state"], verdict["cta_type"]) == ("UNHEALTHY", "REINSTALL_CTA")


def test_a_mapping_that_cannot_be_used_is_linked_to(hosted: Flask, connected: Admin, rows: Database) -> None:
    with rows.transaction() as connection:
        save_mapping(connection, ID, "[nothing]\n", now=datetime.now(UTC))
    assert health(hosted)["cta_url"] == f"{PUBLIC_URL}/settings/mapping"


def test_a_neighbours_fault_is_unknown(hosted: Flask, connected: Admin, app_with: AppWith) -> None:
    assert health(app_with(INTERCOM_API_URL="http://127.0.0.1:9")) == {"state": "UNKNOWN"}


def test_an_uninstall_forgets_every_secret_however_often_it_is_told(
    hosted: Flask, connected: Admin, rows: Database
) -> None:
    answers = [told(hosted, "/intercom/uninstall", {"app_id": NORDLICHT.id}).status_code for _ in range(2)]
    assert answers == [200, 200]
    with rows.transaction() as connection:
        row = installed(connection, ID)
        actions = [each.action for each in recent(connection, ID, limit=10)]
    assert row is not None
    assert (row.state, row.token, row.shop) == (State.UNINSTALLED, None, None)
    assert actions.count("app_uninstalled") == 1


def test_an_unknown_workspace_may_be_uninstalled(hosted: Flask, rows: Database) -> None:
    assert told(hosted, "/intercom/uninstall", {"app_id": "nobody"}).status_code == 200


def test_whoever_comes_back_finds_the_mapping_of_before(connected: Admin, hosted: Flask, rows: Database) -> None:
    connected.submit("/settings/mapping", mapping='[panel]\nlanguage = "de"\n')
    told(hosted, "/intercom/uninstall", {"app_id": NORDLICHT.id})
    connected.install(NORDLICHT)
    with rows.transaction() as connection:
        row = installed(connection, ID)
    assert row is not None
    assert (row.state, row.mapping) == (State.INSTALLED, '[panel]\nlanguage = "de"\n')


def test_a_session_from_before_is_worth_nothing_when_somebody_installs_the_app_again(
    connected: Admin, hosted: Flask, platform: IntercomPlatform
) -> None:
    """Whoever uninstalled it may have done so to shut somebody out."""
    told(hosted, "/intercom/uninstall", {"app_id": NORDLICHT.id})
    other = Admin(hosted, platform)
    other.install(NORDLICHT)
    assert connected.get("/settings/").status_code == 302
    assert other.get("/settings/").status_code == 200


def test_the_panel_shows_the_customer_of_the_workspaces_own_shop(hosted: Flask, connected: Admin) -> None:
    assert NAME in panel(hosted)


def test_the_panel_of_another_workspace_shows_nothing_of_it(
    hosted: Flask, connected: Admin, platform: IntercomPlatform
) -> None:
    Admin(hosted, platform).install(FJORD)
    shown = panel(hosted, FJORD.id)
    assert NAME not in shown
    assert f"{PUBLIC_URL}/settings/shop" in shown


def test_the_panel_of_a_workspace_without_the_app_leads_to_installing_it(hosted: Flask, rows: Database) -> None:
    assert f"{PUBLIC_URL}/install" in panel(hosted, "nobody")


def test_a_request_without_a_workspace_is_nobodys(hosted: Flask, connected: Admin) -> None:
    answer = told(hosted, "/canvas/initialize", {"contact": {"id": "c1", "email": ANNA.email}})
    assert NAME not in answer.text


def test_a_change_of_the_mapping_reaches_the_panel(hosted: Flask, connected: Admin) -> None:
    assert NAME in panel(hosted)
    connected.submit("/settings/mapping", mapping="[panel]\n")
    forget_cache(hosted)
    assert NAME not in panel(hosted)


def test_whoever_has_just_connected_a_shop_sees_the_panel(
    hosted: Flask, installed: Admin, shop: CommercetoolsStandIn
) -> None:
    before = panel(hosted)
    installed.connect(shop)
    assert (NAME in before, NAME in panel(hosted)) == (False, True)


def test_the_panel_ends_with_the_app(hosted: Flask, connected: Admin, rows: Database) -> None:
    panel(hosted)
    with rows.transaction() as connection:
        uninstall(connection, NORDLICHT.id, now=datetime.now(UTC))
    forget_cache(hosted)
    assert NAME not in panel(hosted)


def test_credentials_that_stopped_working_lead_to_the_settings(
    hosted: Flask, connected: Admin, shop: CommercetoolsStandIn
) -> None:
    shop.switches.set(project_suspended=True)
    try:
        assert f"{PUBLIC_URL}/settings/shop" in panel(hosted)
        assert health(hosted)["cta_url"] == f"{PUBLIC_URL}/settings/shop"
    finally:
        shop.switches.set(project_suspended=False)


def test_a_key_that_is_gone_leads_to_the_settings(connected: Admin, app_with: AppWith) -> None:
    app = app_with(SECRET_KEY="another-key-of-the-operator-that-is-long-enough")
    assert f"{PUBLIC_URL}/settings/shop" in panel(app)
    assert health(app)["cta_type"] == "REINSTALL_CTA"


def test_after_a_rotation_of_the_key_everything_goes_on(connected: Admin, app_with: AppWith) -> None:
    app = app_with(SECRET_KEY=f"another-key-of-the-operator-that-is-long-enough,{SECRET_KEY}")
    assert NAME in panel(app)
    assert health(app) == {"state": "OK"}
