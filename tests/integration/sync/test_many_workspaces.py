"""Workspaces that share a worker and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from sync.resealing import reseal
from sync.sealing import Seal
from sync.sources.requested import pause_backfill, request_backfill, resume_backfill
from sync.storage.backfills import BackfillRow, newest_backfill
from sync.storage.database import Database
from sync.storage.installed import uninstall
from tests.integration.sync.hosting import BROKEN, KEYS, MAPPING, SOON, Tenant, crew_of, estate_of, tenants
from tests.integration.sync.working import QUICK, eventually

NEWER = ("z" * 40, *KEYS)


@pytest.fixture(scope="module")
def both(shared_database: Database) -> Iterator[tuple[Tenant, Tenant]]:
    """Two that are at work; each test has customers of its own."""
    with tenants(shared_database, "wool", "silk") as (wool, silk):
        wool.installs()
        silk.installs()
        with crew_of(wool):
            assert wool.is_watched()
            assert silk.is_watched()
            yield wool, silk


def test_a_change_reaches_the_contact_of_its_own_workspace_alone(both: tuple[Tenant, Tenant]) -> None:
    wool, silk = both
    for each in both:
        each.registers("twin")  # the same id and the same address in both shops
    wool.orders("twin", "WOOL-1")
    assert wool.is_told("twin", "WOOL-1")
    assert silk.attributes_of("twin") == {}
    silk.orders("twin", "SILK-1")
    assert silk.is_told("twin", "SILK-1")
    assert wool.is_told("twin", "WOOL-1")
    assert eventually(lambda: [each.events_of("twin") for each in both] == [["order-placed"]] * 2, within=SOON)


def test_a_mapping_that_cannot_be_used_holds_up_its_own_workspace_alone(both: tuple[Tenant, Tenant]) -> None:
    wool, silk = both
    for each in both:
        each.registers("mapped")
    wool.decides(BROKEN)
    assert eventually(lambda: "setup" in wool.refused(), within=SOON)
    wool.orders("mapped", "WOOL-2")
    wool.hints_at("mapped")
    silk.orders("mapped", "SILK-2")
    assert silk.is_told("mapped", "SILK-2")
    assert wool.attributes_of("mapped") == {}
    wool.decides(MAPPING)  # what waited is tried at once
    assert wool.is_told("mapped", "WOOL-2")
    assert (wool.refused(), wool.letters()) == (set(), 0)


def test_a_token_that_is_taken_back_holds_up_its_own_workspace_alone(both: tuple[Tenant, Tenant]) -> None:
    wool, silk = both
    for each in both:
        each.registers("revoked")
    wool.intercom.access.revoke_all()
    wool.orders("revoked", "WOOL-3")
    assert eventually(lambda: "intercom" in wool.refused(), within=SOON)
    silk.orders("revoked", "SILK-3")
    assert silk.is_told("revoked", "SILK-3")
    wool.intercom.access.grant(wool.token)
    wool.installs()  # again
    assert wool.is_told("revoked", "WOOL-3")
    assert wool.letters() == 0


def test_a_shop_that_does_not_answer_is_waited_for_by_nobody_else(both: tuple[Tenant, Tenant]) -> None:
    wool, silk = both
    silk.registers("patient")
    wool.shop.switches.set(latency_ms=3_000)
    try:
        for number in range(120):  # with four threads, they take a minute and a half
            wool.hints_at(f"customer-{number}")
        silk.orders("patient", "SILK-5")
        assert silk.is_told("patient", "SILK-5")
        assert len(wool.jobs()) > QUICK.concurrency, "it came in its turn"
    finally:
        wool.shop.switches.set(latency_ms=0)


def _backfill(tenant: Tenant) -> BackfillRow | None:
    with tenant.database.transaction() as connection:
        return newest_backfill(connection, tenant.id)


def test_a_backfill_that_is_asked_for_is_carried_out_and_can_be_paused(both: tuple[Tenant, Tenant]) -> None:
    wool, _ = both
    before = len(wool.intercom.contacts)
    with wool.database.transaction() as connection:
        asked = request_backfill(connection, wool.id, now=datetime.now(UTC))
        assert pause_backfill(connection, wool.id)
    assert (asked.wanted, asked.finished_at) == ("running", None)
    with wool.database.transaction() as connection:
        assert resume_backfill(connection, wool.id)
    assert eventually(lambda: (row := _backfill(wool)) is not None and row.finished_at is not None, within=SOON)
    assert eventually(lambda: len(wool.intercom.contacts) > before, within=SOON)
    with wool.database.transaction() as connection:
        assert not resume_backfill(connection, wool.id)
        assert not pause_backfill(connection, wool.id)


def test_who_comes_and_goes_while_a_worker_runs_is_worked_for_and_let_go(database: Database) -> None:
    with tenants(database, "first", "second") as (first, second):
        first.installs()
        with crew_of(first):
            second.installs()
            assert second.is_watched()
            second.registers("newcomer")
            second.orders("newcomer", "NEW-1")
            assert second.is_told("newcomer", "NEW-1")
            with database.transaction() as connection:
                uninstall(connection, second.workspace_id, now=datetime.now(UTC))
            second.hints_at("newcomer")
            assert eventually(lambda: not second.jobs(), within=SOON)
            second.intercom.access.revoke_all()
            second.orders("newcomer", "NEW-2")
            first.registers("newcomer")
            first.orders("newcomer", "FIRST-1")
            assert first.is_told("newcomer", "FIRST-1")
            assert (second.letters(), second.attributes_of("newcomer")["ct_last_order_number"]) == (0, "NEW-1")
            second.intercom.access.grant(second.token)
            second.installs()
            assert second.is_watched()
            second.orders("newcomer", "NEW-3")
            assert second.is_told("newcomer", "NEW-3")
            told = ["order-placed", "order-placed"]  # and nothing of the time between
            assert eventually(lambda: second.events_of("newcomer") == told, within=SOON)


def test_no_secret_can_be_read_from_the_database_and_a_rotation_loses_none(database: Database) -> None:
    with tenants(database, "sealed") as (tenant,):
        tenant.installs()
        with estate_of(tenant) as estate:
            estate.look()
        done = reseal(database, Seal(NEWER))
        assert (done.resealed, done.broken) == (1, ())
        assert reseal(database, Seal(NEWER)).resealed == 0
        with estate_of(tenant, keys=NEWER[:1]) as estate:
            home = estate.home(tenant.id)
            assert home is not None
            assert home.intercom.me(call=home.at.call()).id == tenant.workspace_id
            assert home.settings.shop.client_secret == tenant.shop.client_secret
        kept = everything(database)
        for secret in (tenant.token, tenant.shop.client_secret, *NEWER):
            assert secret not in kept
            assert secret.encode().hex() not in kept


def test_secrets_that_no_key_opens_are_named_and_left_alone(database: Database) -> None:
    with tenants(database, "lost") as (tenant,):
        tenant.installs()
        before = everything(database)
        done = reseal(database, Seal(NEWER[:1]))
        assert (done.resealed, done.broken) == (0, (tenant.id,))
        assert everything(database) == before
        with estate_of(tenant, keys=NEWER[:1]) as estate:
            estate.look()
            assert estate.homes == ()
        assert tenant.refused() == {"setup"}


def everything(database: Database) -> str:
    """All rows of all our tables, as a dump has them."""
    with database.transaction() as connection:
        tables = connection.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1"
        ).fetchall()
        rows = [
            text
            for (table,) in tables
            for (text,) in connection.execute(f'SELECT t::text FROM "{table}" AS t ORDER BY 1')
        ]
    return "\n".join(rows)
