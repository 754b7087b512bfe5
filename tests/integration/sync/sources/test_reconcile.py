"""After a reconcile, whatever was overlooked or meddled with, Intercom is true again."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from clients.commercetools.source import Kind
from clients.errors import TryAgain
from sandbox.commercetools.switches import Fault
from sandbox.intercom.contact import Contact
from sandbox.shop import SampleShop
from sandbox.shop.identifiers import customer_id
from sync.sources.backfill import Backfill, BackfillSettings
from sync.sources.reconcile import Found, Reconcile, ReconcileSettings
from sync.storage.database import Database
from sync.storage.installations import SINGLE
from tests.fresh_shop import small_sample_shop
from tests.integration.sync.companion import Companion, companion

ANNA = customer_id("vip")
QUICK = ReconcileSettings(page=20, contacts=10, pause=0.001)


@pytest.fixture
def shop() -> SampleShop:
    return small_sample_shop()


@pytest.fixture
def filled(database: Database, shop: SampleShop | None) -> Iterator[Companion]:
    """Anna and whoever else belongs to her orders are in Intercom; the rest of the shop is kept as facts."""
    with companion(database, shop=shop) as running:
        stages = Backfill(running.at, running.source, settings=BackfillSettings(pause=0.05))
        for _ in stages.run():
            pass
        assert running.settled()
        yield running


def reconcile(running: Companion) -> Found:
    *_, last = Reconcile(running.at, running.source, settings=QUICK).run()
    assert last.is_finished
    return last


def meddle(running: Companion, external_id: str, **fields: Any) -> Contact:
    return running.intercom.put(dataclasses.replace(running.contact_of(external_id), **fields))


def facts_of(running: Companion, table: str, id_: str) -> tuple[Any, ...] | None:
    with running.database.transaction() as connection:
        return connection.execute(f"SELECT version, gone_at FROM {table} WHERE id = %s", (id_,)).fetchone()


def orders_of(running: Companion, customer: str) -> list[str]:
    return [each["id"] for each in running.shop.shop.all("order") if each.get("customerId") == customer]


def remove(running: Companion, order: str) -> None:
    with running.shop.shop.writing() as writing:
        writing.remove("order", order)


@pytest.mark.parametrize("shop", [pytest.param(None, id="the whole shop")])
def test_where_all_is_well_nothing_is_found_and_nothing_written(filled: Companion) -> None:
    before = filled.intercom.contacts
    found = reconcile(filled)
    assert (found.newer, found.vanished, found.corrected, found.lost, found.appeared) == (0, 0, 0, 0, 0)
    assert found.contacts == len(before)
    assert found.looked_at > len(list(filled.shop.shop.all("order")))
    assert filled.settled()
    assert filled.intercom.contacts == before


def test_attributes_that_somebody_changed_are_put_right(filled: Companion) -> None:
    right = dict(filled.attributes_of(ANNA))
    meddle(filled, ANNA, custom_attributes={**right, "ct_orders": 999, "ct_last_order_number": None})
    found = reconcile(filled)
    assert found.corrected == 1
    assert filled.settled()
    assert filled.attributes_of(ANNA) == right
    assert reconcile(filled).corrected == 0


def test_a_tag_that_somebody_took_off_is_put_on_again(filled: Companion) -> None:
    tagged = next(each for each in filled.intercom.contacts if each.tags)
    before = set(filled.intercom.tags(tagged.id))
    filled.intercom.put(dataclasses.replace(tagged, tags={}))
    assert reconcile(filled).corrected == 1
    assert filled.settled()
    assert set(filled.intercom.tags(tagged.id)) == before


def test_what_is_not_ours_is_left_alone(filled: Companion) -> None:
    meddle(filled, ANNA, name="As a teammate likes it")
    assert reconcile(filled).corrected == 0
    assert filled.contact_of(ANNA).name == "As a teammate likes it"


def test_a_contact_that_was_deleted_is_noticed(filled: Companion) -> None:
    contact = filled.contact_of(ANNA)
    right = dict(contact.custom_attributes)
    filled.at.intercom.delete(contact.id, call=filled.at.call())
    found = reconcile(filled)
    assert found.lost == 1
    assert filled.settled()
    assert filled.attributes_of(ANNA) == right
    assert filled.contact_of(ANNA).id != contact.id


def test_a_contact_that_appeared_is_found(filled: Companion) -> None:
    with filled.database.transaction() as connection:
        row = connection.execute(
            "SELECT id FROM customer_fact JOIN subject ON key = 'c:' || id WHERE contact_id IS NULL LIMIT 1"
        ).fetchone()
    assert row is not None, "the sample shop has a customer without orders"
    customer = row[0]
    model = filled.contact_of(ANNA)
    filled.intercom.put(
        dataclasses.replace(model, id="appeared-1", external_id=customer, email=None, custom_attributes={}, tags={})
    )
    assert reconcile(filled).appeared == 1
    assert filled.settled()
    assert filled.attributes_of(customer)["ct_orders"] == 0


def test_a_change_that_nobody_told_of_arrives(filled: Companion) -> None:
    order = orders_of(filled, ANNA)[0]
    filled.shop.shop.change("order", order, at=datetime.now(UTC), change=lambda each: each.update(orderNumber="LATE-1"))
    assert reconcile(filled).newer == 1
    assert filled.settled()
    changed = filled.shop.shop.get("order", order)
    kept = facts_of(filled, "order_fact", order)
    assert changed is not None
    assert kept is not None
    assert kept[0] == changed["version"]


def test_a_payment_that_nobody_told_of_arrives(filled: Companion) -> None:
    order = next(each for each in filled.shop.shop.all("order") if each.get("paymentInfo"))
    payment = order["paymentInfo"]["payments"][0]["id"]
    filled.shop.shop.change("payment", payment, at=datetime.now(UTC), change=lambda _: None)
    assert reconcile(filled).newer == 1
    assert filled.settled()
    assert reconcile(filled).newer == 0


def test_an_order_that_vanished_is_asked_for_and_gone(filled: Companion) -> None:
    order = orders_of(filled, ANNA)[0]
    remove(filled, order)
    assert reconcile(filled).vanished == 1
    assert filled.settled()
    kept = facts_of(filled, "order_fact", order)
    assert kept is not None
    assert kept[1] is not None
    assert reconcile(filled).vanished == 0


def test_an_order_that_is_only_missing_in_the_list_is_not_gone(filled: Companion) -> None:
    order = next(each for each in filled.shop.shop.all("order") if each["id"] == orders_of(filled, ANNA)[0])
    remove(filled, order["id"])
    run = Reconcile(filled.at, filled.source, settings=QUICK).run()
    for found in run:
        if found.vanished:
            break
    filled.shop.shop.create("order", order)  # the hint may be read before this: then the next look finds it again
    list(run)
    assert filled.settled()
    reconcile(filled)
    assert filled.settled()
    kept = facts_of(filled, "order_fact", order["id"])
    assert kept is not None
    assert kept[1] is None


def test_a_scope_that_is_missing_costs_its_kind_only(filled: Companion) -> None:
    filled.shop.switches.set(missing_scopes=["view_payments"])
    filled.shop.tokens.revoke_all()
    found = reconcile(filled)
    assert found.not_readable == (Kind.PAYMENT,)
    assert found.vanished == 0


def test_a_platform_that_stays_away_ends_it(filled: Companion) -> None:
    filled.shop.switches.set(faults=[Fault(kind="status", status=503)])
    with pytest.raises(TryAgain):
        list(Reconcile(filled.at, filled.source, settings=ReconcileSettings(pause=0.0001)).run())


def test_a_contact_that_is_written_to_meanwhile_is_left_to_its_writer(filled: Companion) -> None:
    meddle(filled, ANNA, custom_attributes={"ct_orders": 999})
    with filled.database.transaction() as connection:
        before = connection.execute("SELECT fingerprint FROM subject WHERE key = %s", (f"c:{ANNA}",)).fetchone()
        connection.execute(
            "UPDATE subject SET fingerprint = fingerprint || %s WHERE key = %s AND installation = %s",
            ('{"ct_orders": "\\u001a"}', f"c:{ANNA}", SINGLE),
        )
    assert before is not None
    reconcile(filled)
    assert filled.settled()
    with filled.database.transaction() as connection:
        after = connection.execute("SELECT fingerprint FROM subject WHERE key = %s", (f"c:{ANNA}",)).fetchone()
    assert after == before
