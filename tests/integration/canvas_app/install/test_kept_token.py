"""Signing in brings a token as installing does, and must not cost the one that the sync works with."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from sandbox.intercom.identity import NORDLICHT
from sandbox.intercom.platform import IntercomPlatform
from sync.credentials import open_token
from sync.sealing import Seal
from sync.storage.database import Database
from sync.storage.installed import InstalledRow, installation_id, installed, replace_token
from tests.integration.canvas_app.install.admin import Admin
from tests.integration.canvas_app.install.conftest import SECRET_KEY

SIGN_IN = "/sign-in/intercom"


@pytest.fixture(autouse=True)
def usual_behaviour(platform: IntercomPlatform) -> Iterator[None]:
    yield
    platform.switches.reset()


def row(rows: Database) -> InstalledRow:
    with rows.transaction() as connection:
        found = installed(connection, installation_id(NORDLICHT.id))
    assert found
    return found


def works(rows: Database, platform: IntercomPlatform) -> bool:
    token = open_token(Seal((SECRET_KEY,)), row(rows))
    return platform.grants.workspace_of(f"Bearer {token}") == NORDLICHT.id


def test_a_token_that_works_is_kept(connected: Admin, rows: Database) -> None:
    before = row(rows)
    assert connected.get(connected.consent(NORDLICHT, SIGN_IN)).status_code == 302
    assert row(rows) == before


def test_where_each_consent_ends_the_token_before_the_new_one_is_used(
    connected: Admin, rows: Database, platform: IntercomPlatform
) -> None:
    platform.switches.set(tokens_again="another_ends_first")
    assert connected.get(connected.consent(NORDLICHT, SIGN_IN)).status_code == 302
    assert works(rows, platform)
    assert row(rows).shop is not None


def test_a_token_that_cannot_be_opened_is_replaced(
    connected: Admin, rows: Database, platform: IntercomPlatform
) -> None:
    with rows.transaction() as connection:
        replace_token(connection, installation_id(NORDLICHT.id), token=b"broken", now=datetime.now(UTC))
    connected.get(connected.consent(NORDLICHT, SIGN_IN))
    assert works(rows, platform)
