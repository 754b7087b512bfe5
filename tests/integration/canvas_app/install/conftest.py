"""The hosted web side in front of a real database, Intercom's stand-in and two shops. Admins use it as browsers do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import pytest
from flask import Flask

from canvas_app.hosted import hosted_app
from canvas_app.hosted_configuration import HostedConfiguration
from canvas_app.pages.limits import RateLimit
from canvas_app.pages.site import attach
from sandbox.commercetools import CommercetoolsStandIn
from sandbox.intercom.identity import FJORD, NORDLICHT
from sandbox.intercom.platform import IntercomPlatform
from sandbox.intercom.registration import Registration
from sandbox.shop import sample_shop
from sync.storage.database import Database
from tests.integration.canvas_app.install.admin import PUBLIC_URL, Admin
from tests.integration.sync.conftest import postgres_url, shared_database, template_database

__all__ = ["postgres_url", "shared_database", "template_database"]

CLIENT_ID = "app-of-the-tests"
CLIENT_SECRET = "secret-of-the-app"
SECRET_KEY = "a key of the operator that is long enough for the tests".replace(" ", "-")

MAPPING = Path(__file__).parents[4] / "mapping.toml"

PATIENCE = 20.0  # times what agents would wait for the database: a test's machine may be slow

AppWith: TypeAlias = Callable[..., Flask]


@pytest.fixture(scope="session")
def shop() -> Iterator[CommercetoolsStandIn]:
    with CommercetoolsStandIn.serve(sample_shop()) as stand_in:
        yield stand_in


@pytest.fixture(scope="module")
def one_platform() -> Iterator[IntercomPlatform]:
    with IntercomPlatform.serve((NORDLICHT, FJORD)) as platform:
        platform.register(Registration.of_product(PUBLIC_URL, client_id=CLIENT_ID, client_secret=CLIENT_SECRET))
        yield platform


@pytest.fixture
def platform(one_platform: IntercomPlatform) -> IntercomPlatform:
    """With nobody in it."""
    for each in one_platform.identities:
        one_platform.grants.revoke(each.id)
        one_platform.workspace(each.id).switches.set(email_verified=True, token_suspended=False)
    return one_platform


@pytest.fixture(scope="module")
def make_app(one_platform: IntercomPlatform, shared_database: Database) -> Iterator[AppWith]:
    made: list[Flask] = []

    def make(**more: str) -> Flask:
        environ = {
            "INTERCOM_CLIENT_ID": CLIENT_ID,
            "INTERCOM_CLIENT_SECRET": CLIENT_SECRET,
            "SECRET_KEY": SECRET_KEY,
            "PUBLIC_URL": PUBLIC_URL,
            "DATABASE_URL": shared_database.url,
            "INTERCOM_API_URL": one_platform.url,
            "INTERCOM_OAUTH_URL": one_platform.url,
            "MAPPING_FILE": str(MAPPING),
            "LOG_LEVEL": "error",
        }
        app = hosted_app(HostedConfiguration.load(environ | more))
        attach(app, replace(app.extensions["pages"], limit=RateLimit(10_000)))
        app.extensions["database"].patience = PATIENCE
        made.append(app)
        return app

    yield make
    for app in made:
        app.extensions["workspaces"].close()
        app.extensions["database"].close()
        app.extensions["pages"].storage.close()


@pytest.fixture(scope="module")
def one_app(make_app: AppWith) -> Flask:
    return make_app()


@pytest.fixture
def rows(shared_database: Database) -> Database:
    """The database, to look at what is kept: nothing yet."""
    with shared_database.transaction() as connection:
        connection.execute("TRUNCATE installed, audit, once, installation, backfill, conversation_link")
    return shared_database


@pytest.fixture
def app_with(make_app: AppWith, rows: Database) -> AppWith:
    """`app_with(NAME=value)`: a web process with this environment beside the usual one."""
    return make_app


@pytest.fixture
def hosted(one_app: Flask, rows: Database) -> Flask:
    one_app.extensions["workspaces"].close()
    return one_app


@pytest.fixture
def admin(hosted: Flask, platform: IntercomPlatform) -> Admin:
    """In front of a browser that has seen nothing yet."""
    return Admin(hosted, platform)


@pytest.fixture
def installed(admin: Admin) -> Admin:
    """Of the first workspace, in which the app was just installed."""
    admin.install(NORDLICHT)
    return admin


@pytest.fixture
def connected(installed: Admin, shop: CommercetoolsStandIn) -> Admin:
    """With the sample shop."""
    installed.connect(shop)
    return installed
