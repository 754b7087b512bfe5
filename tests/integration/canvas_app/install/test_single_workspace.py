"""Single-workspace mode: entered by a one-time link, and what the environment decides is shown and not changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from canvas_app.configuration import Configuration
from canvas_app.single_workspace import single_workspace_app
from sandbox.commercetools import CommercetoolsStandIn
from sandbox.intercom.identity import NORDLICHT
from sandbox.intercom.platform import IntercomPlatform
from sandbox.shop.scenarios.anna import ANNA
from sync.console_links import console_link
from sync.storage.database import Database
from sync.storage.installations import SINGLE
from tests.integration.canvas_app.install.admin import PUBLIC_URL, Admin, dotenv_of, words_of
from tests.integration.canvas_app.install.conftest import CLIENT_SECRET, MAPPING, SECRET_KEY


@pytest.fixture(scope="module")
def environ(shop: CommercetoolsStandIn, one_platform: IntercomPlatform, shared_database: Database) -> dict[str, str]:
    return dict(line.split("=", 1) for line in dotenv_of(shop).splitlines()) | {
        "INTERCOM_CLIENT_SECRET": CLIENT_SECRET,
        "INTERCOM_API_URL": one_platform.url,
        "INTERCOM_WORKSPACE_ID": NORDLICHT.id,
        "SECRET_KEY": SECRET_KEY,
        "PUBLIC_URL": PUBLIC_URL,
        "DATABASE_URL": shared_database.url,
        "MAPPING_FILE": str(MAPPING),
        "LOG_LEVEL": "error",
    }


@pytest.fixture
def single(environ: dict[str, str], platform: IntercomPlatform, rows: Database) -> Iterator[Flask]:
    code = platform.grants.allow(NORDLICHT.id)
    _, granted = platform.grants.exchange(code, known={NORDLICHT.id}, again="another")
    app = single_workspace_app(
        Configuration.load(environ | {"INTERCOM_ACCESS_TOKEN": granted}, dotenv=Path("no-such-file"))
    )
    yield app
    app.extensions["database"].close()
    app.extensions["pages"].storage.close()


def a_link(installation: str = SINGLE) -> str:
    now = datetime.now(UTC)
    return console_link([SECRET_KEY], public_url="", installation=installation, now=now)


@pytest.fixture
def operator(single: Flask, platform: IntercomPlatform) -> Admin:
    """Came in by a link."""
    admin = Admin(single, platform)
    answer = admin.post(a_link())
    assert (answer.status_code, answer.location) == (303, "/settings/")
    return admin


def test_the_sign_in_page_says_how_to_make_a_link(single: Flask, platform: IntercomPlatform) -> None:
    assert "python -m sync console-link" in Admin(single, platform).read("/sign-in")


def test_a_link_works_once(operator: Admin, single: Flask, platform: IntercomPlatform) -> None:
    link, second = a_link(), Admin(single, platform)
    assert operator.post(link).status_code == 303
    answer = second.post(link)
    assert (answer.status_code, "This link was used already" in words_of(answer)) == (403, True)
    assert second.get("/settings/").status_code == 302


def test_a_link_to_a_workspace_of_the_other_mode_opens_nothing(single: Flask, platform: IntercomPlatform) -> None:
    assert Admin(single, platform).post(a_link("w:nrdlcht1")).status_code == 403


@pytest.mark.parametrize("page", ["", "shop", "panel", "mapping", "attributes", "backfill", "doors"])
def test_every_page_is_shown(operator: Admin, page: str) -> None:
    assert operator.get(f"/settings/{page}").status_code == 200


def test_the_console_is_there_as_well(operator: Admin) -> None:
    assert operator.get("/console/health").status_code == 200


def test_no_secret_is_shown(operator: Admin, environ: dict[str, str]) -> None:
    pages = "".join(operator.get(f"/settings/{page}").text for page in ("", "shop", "mapping"))
    secrets = ("CTP_CLIENT_SECRET", "INTERCOM_CLIENT_SECRET", "SECRET_KEY")
    assert [name for name in secrets if environ[name] in pages] == []


@pytest.mark.parametrize("form", ["shop", "panel", "mapping", "shop/disconnect"])
def test_what_the_environment_decides_is_changed_there(operator: Admin, form: str) -> None:
    answer = operator.submit("/settings/mapping", f"/settings/{form}", mapping="[panel]\n")
    assert (answer.status_code, "come from the environment" in words_of(answer)) == (409, True)


def test_a_mapping_can_be_tried_before_the_file_is_changed(operator: Admin) -> None:
    mapping = '[attributes]\nct_mail = { path = "customer.email", mask = "domain" }\n'
    answer = operator.submit("/settings/mapping", "/settings/mapping/preview", mapping=mapping, whom=ANNA.email)
    assert "…@nordmail.example" in words_of(answer)


def test_without_a_key_there_are_no_pages(environ: dict[str, str]) -> None:
    bare = {name: value for name, value in environ.items() if name not in ("SECRET_KEY", "DATABASE_URL")}
    app = single_workspace_app(Configuration.load(bare, dotenv=Path("no-such-file")))
    assert app.test_client().get("/settings/", headers={"Accept": "text/html"}).get_json()["error"] == "not_found"
