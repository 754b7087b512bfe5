"""Notifications of several workspaces come through one door, and each is kept for its own."""

from __future__ import annotations

import json
from typing import Any

from flask import Flask

from clients.intercom.signatures import HUB_SIGNATURE_HEADER, sign_hub
from sandbox.commercetools import CommercetoolsStandIn
from sandbox.intercom.identity import FJORD, NORDLICHT
from sandbox.intercom.platform import IntercomPlatform
from sync.storage.database import Database
from tests.integration.canvas_app.install.admin import Admin
from tests.integration.canvas_app.install.conftest import CLIENT_SECRET
from tests.integration.sync.working import eventually


def tell(app: Flask, workspace: str, conversation: str) -> bool:
    """That somebody began to speak: again and again until it is heard, which on a slow machine takes several times."""
    return eventually(lambda: told(app, workspace, conversation) == 200)


def told(app: Flask, workspace: str, conversation: str) -> int:
    item = {
        "type": "conversation",
        "id": conversation,
        "updated_at": 1_795_341_600,
        "open": True,
        "contacts": {"contacts": [{"id": "c1"}]},
    }
    content: dict[str, Any] = {
        "id": f"notif_{conversation}",
        "topic": "conversation.user.created",
        "app_id": workspace,
        "created_at": 1_795_341_600,
        "data": {"item": item},
    }
    body = json.dumps(content).encode()
    headers = {HUB_SIGNATURE_HEADER: sign_hub(body, CLIENT_SECRET), "Content-Type": "application/json"}
    return app.test_client().post("/intercom/webhooks", data=body, headers=headers).status_code


def kept(database: Database) -> set[tuple[str, str]]:
    """Installation and conversation."""
    with database.transaction() as connection:
        found = connection.execute("SELECT installation, conversation_id FROM conversation_link").fetchall()
        return {(str(installation), str(id_)) for installation, id_ in found}


def test_each_workspace_hears_its_own(
    connected: Admin, hosted: Flask, platform: IntercomPlatform, shop: CommercetoolsStandIn, rows: Database
) -> None:
    other = Admin(hosted, platform)
    other.install(FJORD)
    other.connect(shop)
    assert tell(hosted, NORDLICHT.id, "100")
    assert tell(hosted, FJORD.id, "200")
    assert kept(rows) == {("w:nrdlcht1", "100"), ("w:fjrdfld2", "200")}


def test_what_is_of_nobody_here_is_heard_and_forgotten(installed: Admin, hosted: Flask, rows: Database) -> None:
    assert tell(hosted, "nobody", "300")
    assert tell(hosted, NORDLICHT.id, "400")
    assert {conversation for _, conversation in kept(rows)}.isdisjoint({"300", "400"})
