"""The commands where workspaces install the app by themselves: which one is meant, and what is for all of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sandbox.shop.identifiers import customer_id
from sync.sealing import Seal
from sync.storage.audit import recent
from sync.storage.database import Database
from sync.storage.installed import all_installed, installation_of_door_key, uninstall
from tests.integration.sync.commands.conftest import Desk
from tests.integration.sync.hosting import BROKEN, KEYS, Tenant, tenants


@dataclass(frozen=True, kw_only=True)
class Office:
    """Where commands for several workspaces are typed."""

    desk: Desk
    wool: Tenant
    silk: Tenant


@pytest.fixture(scope="module")
def neighbours(shared_database: Database) -> Iterator[tuple[Tenant, ...]]:
    """Two workspaces and their shops; what a test does there is of customers of its own."""
    with tenants(shared_database, "wool", "silk") as both:
        yield both


@pytest.fixture
def office(
    log_apart: None, neighbours: tuple[Tenant, ...], database: Database, database_url: str, tmp_path: Path
) -> Iterator[Office]:
    wool, silk = (replace(each, database=database) for each in neighbours)
    with ExitStack() as processes:
        environ = {
            "INTERCOM_CLIENT_ID": "app-1",
            "SECRET_KEY": ",".join(KEYS),
            "INTERCOM_API_URL": wool.intercom.url,
            "DATABASE_URL": database_url,
        }
        desk = Desk(
            directory=tmp_path,
            environ=environ,
            shop=wool.shop,
            intercom=wool.intercom,
            database=database,
            processes=processes,
        )
        yield Office(desk=desk, wool=wool, silk=silk)


def test_of_several_workspaces_one_must_be_named(office: Office) -> None:
    office.wool.installs()
    office.silk.installs()
    result = office.desk.run("dead-letters", "list")
    assert result.exit_code == 2
    assert "--workspace: not given, and there are several. Give one of: silk, wool" in result.stderr
    assert office.desk.run("dead-letters", "list", "--workspace", "wool").exit_code == 0


def test_the_only_one_need_not_be_named(office: Office) -> None:
    office.wool.installs()
    assert office.desk.answer("poll")["failed"] == {"payment": "scope_missing"}


def test_a_workspace_nobody_knows_is_said_with_those_that_are_known(office: Office) -> None:
    office.wool.installs()
    result = office.desk.run("poll", "--workspace", "linen")
    assert result.exit_code == 2
    assert "names no workspace that is connected here. Give one of: wool" in result.stderr


def test_what_keeps_a_workspace_from_being_worked_for_is_said(office: Office) -> None:
    office.wool.installs(mapping=BROKEN)
    for named in ((), ("--workspace", "wool"), ("--workspace", "w:wool")):
        result = office.desk.run("poll", *named)
        assert (result.exit_code, "mapping line 2" in result.stderr) == (2, True)


def test_without_any_workspace_there_is_nothing_to_do(office: Office) -> None:
    result = office.desk.run("poll")
    assert (result.exit_code, "no workspace is connected to a shop" in result.stderr) == (2, True)


def test_a_command_works_for_the_one_that_is_meant(office: Office) -> None:
    office.wool.installs()
    office.silk.installs()
    answer = office.desk.answer("backfill", "--workspace", "silk")
    assert answer["finished"]
    assert office.silk.attributes_of("vip")["ct_orders"] > 0
    assert office.wool.intercom.by_external_id(customer_id("vip")) is None


def test_doctor_looks_at_all_of_them_and_names_each(office: Office) -> None:
    office.wool.installs()
    office.silk.installs(mapping=BROKEN)
    findings = office.desk.answer("doctor")["findings"]
    levels = {(each["what"], each["level"]) for each in findings}
    assert ("wool: commercetools", "ok") in levels
    assert ("wool: Intercom", "ok") in levels
    assert ("silk: mapping line 2, attributes.ct_orders.path", "failed") in levels


def test_doctor_can_be_asked_about_one(office: Office) -> None:
    office.wool.installs()
    office.silk.installs(mapping=BROKEN)
    assert office.desk.run("doctor", "--workspace", "wool").exit_code == 0


def test_doctor_has_nothing_to_say_of_who_is_gone(office: Office) -> None:
    office.wool.installs()
    office.silk.installs()
    with office.desk.database.transaction() as connection:
        uninstall(connection, "silk", now=datetime.now(UTC))
    assert "silk" not in office.desk.run("doctor").stdout


def test_a_rotation_ends_with_one_command(office: Office) -> None:
    office.wool.installs()
    newest = "z" * 40
    assert office.desk.having(SECRET_KEY=f"{newest},{KEYS[0]}").answer("reseal") == {"resealed": 1}
    with office.desk.database.transaction() as connection:
        (row,) = all_installed(connection)
    assert not any(Seal((newest,)).is_old(sealed) for sealed in (row.token, row.shop) if sealed is not None)
    lost = office.desk.having(SECRET_KEY="y" * 40).run("reseal")
    assert (lost.exit_code, "No key opens the secrets of w:wool" in lost.stderr) == (1, True)


def test_one_worker_works_for_whoever_comes_and_seals_anew_what_an_old_key_sealed(office: Office) -> None:
    office.wool.installs()
    newest = "z" * 40
    worker = office.desk.having(SECRET_KEY=f"{newest},{KEYS[0]}", LOG_LEVEL="warning").start(
        "worker", "--poll-seconds", "0.2"
    )
    assert office.wool.is_watched()
    office.silk.installs(keys=(newest,))
    assert office.silk.is_watched()
    for each in (office.wool, office.silk):
        each.registers("both")
    office.silk.orders("both", "SILK-1")
    assert office.silk.is_told("both", "SILK-1")
    assert office.wool.attributes_of("both") == {}
    with office.desk.database.transaction() as connection:
        rows = all_installed(connection)
    assert not any(Seal((newest,)).is_old(row.token) for row in rows if row.token is not None)
    worker.terminate()
    _, log = worker.communicate(timeout=60)
    assert worker.returncode == 0
    assert '"installation": "w:silk"' in log
    assert office.silk.token not in log


def test_a_door_key_is_made_and_shown_once(office: Office) -> None:
    office.wool.installs()
    desk = office.desk.having(PUBLIC_URL="https://panel.example.com")
    first, second = (desk.answer("door-key", "--yes")["addresses"]["sns"] for _ in range(2))
    keys = [each.removeprefix("https://panel.example.com/ingest/sns/") for each in (first, second)]
    with desk.database.transaction() as connection:
        leads = [installation_of_door_key(connection, key) for key in keys]
        assert [row and row.id for row in leads] == [None, "w:wool"]
        assert [row.action for row in recent(connection, "w:wool", limit=9)] == ["door_key_made"] * 2


def test_a_single_workspace_has_variables_for_its_doors(desk: Desk) -> None:
    result = desk.run("door-key", "--yes")
    assert (result.exit_code, "opened by variables" in result.stderr) == (1, True)


def test_without_a_key_there_is_nothing_to_seal_with(desk: Desk) -> None:
    result = desk.run("reseal")
    assert (result.exit_code, "SECRET_KEY: not set" in result.stderr) == (2, True)
