"""What `docs/install.md` has people enter in Intercom is what is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

from sandbox.intercom.registration import FORCED_SCOPES, OUR_SCOPES, Registration

DOCS = Path(__file__).parents[4] / "docs"
PAGE = (DOCS / "install.md").read_text(encoding="utf-8")


def test_every_address_that_people_enter_is_a_route(hosted: Flask) -> None:
    routes = {rule.rule for rule in hosted.url_map.iter_rules()}
    named = set(re.findall(r"https://<your host>(/[a-z/]+)", PAGE))
    assert named == {
        *(f"/canvas/{flow}" for flow in ("initialize", "submit")),
        *(f"/intercom/{what}" for what in ("webhooks", "health", "uninstall")),
        "/oauth/callback",
        "/install",
    }
    assert named - routes == set()


def test_permissions_are_those_that_the_sandbox_asks_for() -> None:
    table = PAGE.partition("| permission | why |")[2].partition("\n\n")[0]
    cells = [line.split("|")[1] for line in table.splitlines() if line.startswith("| ")]
    named = {name.strip(" ✻") for cell in cells for name in cell.split(", ")}
    assert named == set(OUR_SCOPES)
    assert {cell.strip(" ✻") for cell in cells if "✻" in cell} == set(FORCED_SCOPES)


def test_the_sandboxs_app_is_registered_as_the_page_says() -> None:
    app = Registration.of_product("https://<your host>", client_id="id", client_secret="secret")
    entered = (*app.redirect_urls, app.install_url, app.uninstall_url, app.health_url, app.webhook_url)
    assert [url for url in entered if f"`{url}`" not in PAGE] == []


@pytest.mark.parametrize("picture", re.findall(r'src="(images/[^"]+)"', PAGE))
def test_pictures_are_there_and_small(picture: str) -> None:
    assert 1_000 < (DOCS / picture).stat().st_size < 100_000
