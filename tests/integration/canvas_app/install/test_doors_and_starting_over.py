"""A push address is shown once; and another shop may be connected once the one before is forgotten."""

from __future__ import annotations

import re

from sandbox.commercetools import CommercetoolsStandIn
from sandbox.shop.fjord import fjord_shop
from sync.storage.audit import recent
from sync.storage.database import Database
from sync.storage.installed import InstalledRow, installation_of_door_key, installed
from tests.integration.canvas_app.install.admin import PUBLIC_URL, Admin, dotenv_of, words_of

ID = "w:nrdlcht1"


def kept(database: Database) -> InstalledRow:
    with database.transaction() as connection:
        row = installed(connection, ID)
    assert row is not None
    return row


def test_a_push_address_is_shown_once_and_belongs_to_its_workspace(connected: Admin, rows: Database) -> None:
    answer = connected.submit("/settings/doors")
    found = re.search(rf"{PUBLIC_URL}/ingest/sns/([A-Za-z0-9_-]+)", answer.text)
    assert found
    with rows.transaction() as connection:
        row = installation_of_door_key(connection, found[1])
        (newest,) = recent(connection, ID, limit=1)
    assert row is not None
    assert (row.id, newest.action) == (ID, "door_key_made")
    assert found[1] not in connected.get("/settings/doors").text
    assert "has a push address" in connected.read("/settings/doors")


def test_without_a_shop_there_is_no_push_address(installed: Admin, rows: Database) -> None:
    assert installed.submit("/settings/mapping", "/settings/doors").status_code == 409
    assert kept(rows).door_key_digest is None


def test_another_project_is_connected_once_the_one_before_is_forgotten(
    connected: Admin, shop: CommercetoolsStandIn, rows: Database
) -> None:
    with CommercetoolsStandIn.serve(fjord_shop()) as other:
        form = {"env": dotenv_of(other)}
        answer = connected.submit("/settings/shop", **form)
        assert (answer.status_code, "disconnect it first" in words_of(answer)) == (409, True)
        connected.submit("/settings/shop", "/settings/shop/disconnect")
        answer = connected.submit("/settings/shop", **form)
        assert (answer.status_code, "start_over" in answer.text) == (409, True)
        assert kept(rows).project_key in (None, shop.project_key)
        connected.submit("/settings/shop", **form, start_over="on")
    assert kept(rows).project_key == other.project_key


def test_nothing_is_forgotten_for_credentials_that_do_not_work(
    connected: Admin, shop: CommercetoolsStandIn, rows: Database
) -> None:
    connected.submit("/settings/shop", "/settings/shop/disconnect")
    connected.submit("/settings/shop", env=dotenv_of(shop, CTP_CLIENT_SECRET="another"), start_over="on")
    with rows.transaction() as connection:
        assert "started_over" not in {row.action for row in recent(connection, ID, limit=9)}
