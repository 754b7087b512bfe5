"""A backfill keeps the whole shop and wakes each customer once, however often it is stopped."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from clients.commercetools.source import Kind, ShopSource
from clients.errors import ScopeMissing
from sandbox.commercetools.stand_in import CommercetoolsStandIn
from sandbox.commercetools.switches import Fault
from sandbox.shop import SampleShop
from sync.installation import Installation
from sync.sources.backfill import AlreadyRunning, Backfill, BackfillSettings, Progress, Stage
from sync.storage.backfills import newest_backfill
from sync.storage.database import Database
from sync.storage.installations import load_installation
from tests.fresh_shop import fresh_sample_shop, small_sample_shop
from tests.integration.sync.sources.shop_times import Clock
from tests.integration.sync.working import SHOP

QUICK = BackfillSettings(page=10, pause=0.001, longest_pause=0.01)


@pytest.fixture
def sample_shop() -> SampleShop:
    return small_sample_shop()


@pytest.fixture
def backfill(installation: Installation, source: ShopSource) -> Backfill:
    return Backfill(installation, source, settings=QUICK)


def rows(database: Database, table: str) -> set[str]:
    key = {"subject": "key", "cart_fact": "customer_id"}.get(table, "id")
    with database.transaction() as connection:
        return {str(id_) for (id_,) in connection.execute(f"SELECT {key} FROM {table}")}


def jobs(database: Database, name: str) -> list[tuple[str, int]]:
    with database.transaction() as connection:
        found = connection.execute(
            "SELECT lock, priority FROM procrastinate_jobs WHERE task_name = %s AND status = 'todo' ORDER BY id",
            (name,),
        )
        return [(str(lock), int(priority)) for lock, priority in found]


def drop_jobs(database: Database) -> None:
    """As if the workers had done them all."""
    with database.transaction() as connection:
        connection.execute("DELETE FROM procrastinate_jobs")
        connection.execute("UPDATE subject SET pending_priority = NULL")
        connection.execute("UPDATE resource SET pending_priority = NULL")


def ids(stand_in: CommercetoolsStandIn, kind: Kind) -> set[str]:
    return {each["id"] for each in stand_in.shop.all(kind.value)}


def test_the_whole_shop_is_kept_and_everybody_woken_once(
    backfill: Backfill, stand_in: CommercetoolsStandIn, database: Database
) -> None:
    stand_in.reset(fresh_sample_shop())
    told = list(backfill.run())
    assert told[-1].is_finished
    assert rows(database, "order_fact") == ids(stand_in, Kind.ORDER)
    assert rows(database, "customer_fact") == ids(stand_in, Kind.CUSTOMER)
    updates = jobs(database, "update_subject")
    assert len(updates) == len(set(updates)) == len(rows(database, "subject"))
    assert {priority for _, priority in updates} == {0}
    assert {f"c:{id_}" for id_ in ids(stand_in, Kind.CUSTOMER)} <= rows(database, "subject")


def test_nobody_is_woken_before_all_facts_are_there(backfill: Backfill, database: Database) -> None:
    for progress in backfill.run():
        if progress.stage is Stage.ORDERS:
            assert jobs(database, "update_subject") == []


def test_carts_are_left_to_be_read_by_their_customers(
    backfill: Backfill, stand_in: CommercetoolsStandIn, database: Database
) -> None:
    list(backfill.run())
    carts = [each for each in stand_in.shop.all("cart") if each.get("customerId") and each["origin"] == "Customer"]
    active = [each for each in carts if each["cartState"] == "Active"]
    locks = {lock for lock, _ in jobs(database, "read_resource")}
    assert {f"{SHOP}/cart/{cart['customerId']}" for cart in active} <= locks


def test_progress_goes_up_to_its_total_in_each_stage(backfill: Backfill, stand_in: CommercetoolsStandIn) -> None:
    last: dict[Stage, Progress] = {progress.stage: progress for progress in backfill.run()}
    assert tuple(last) == tuple(Stage)
    assert all(progress.done == progress.total for progress in last.values())
    assert last[Stage.ORDERS].total == len(ids(stand_in, Kind.ORDER))


def steps(backfill: Backfill, count: int) -> Iterator[Progress]:
    stop = threading.Event()
    for number, progress in enumerate(backfill.run(stop), start=1):
        yield progress
        if number == count:
            stop.set()


def test_it_goes_on_where_it_was_stopped(
    installation: Installation, source: ShopSource, stand_in: CommercetoolsStandIn, database: Database
) -> None:
    while not list(steps(Backfill(installation, source, settings=QUICK), 1))[-1].is_finished:
        pass
    assert rows(database, "order_fact") == ids(stand_in, Kind.ORDER)
    updates = jobs(database, "update_subject")
    assert len(updates) == len(set(updates)) == len(rows(database, "subject"))
    pages = stand_in.log.by_operation["OrderFacts"]
    assert pages == -(-len(ids(stand_in, Kind.ORDER)) // QUICK.page)


def test_a_page_that_was_not_kept_is_read_again(
    installation: Installation, source: ShopSource, stand_in: CommercetoolsStandIn, database: Database
) -> None:
    run = Backfill(installation, source, settings=QUICK).run()
    next(run)
    del run  # as a process that is killed: nothing is tidied up but what is gone with it
    list(Backfill(installation, source, settings=QUICK).run())
    assert rows(database, "customer_fact") == ids(stand_in, Kind.CUSTOMER)


def test_a_second_run_keeps_nothing_anew(
    installation: Installation, source: ShopSource, database: Database, clock: Clock
) -> None:
    list(Backfill(installation, source, settings=QUICK).run())
    drop_jobs(database)
    clock.ahead += timedelta(hours=1)
    began = clock()
    list(Backfill(installation, source, settings=QUICK).run())
    with database.transaction() as connection:
        kept = connection.execute("SELECT count(*) FROM order_fact WHERE read_at >= %s", (began,)).fetchone()
    assert kept == (0,)


def test_a_changed_order_is_kept_anew(
    installation: Installation, source: ShopSource, stand_in: CommercetoolsStandIn, database: Database
) -> None:
    list(Backfill(installation, source, settings=QUICK).run())
    order = next(iter(stand_in.shop.all("order")))
    stand_in.shop.change("order", order["id"], at=datetime.now(UTC), change=lambda each: each.update(locale="xx"))
    list(Backfill(installation, source, settings=QUICK).run())
    with database.transaction() as connection:
        row = connection.execute(
            "SELECT document ->> 'locale' FROM order_fact WHERE id = %s", (order["id"],)
        ).fetchone()
    assert row == ("xx",)


def test_who_lost_an_order_is_woken_as_well(
    installation: Installation, source: ShopSource, stand_in: CommercetoolsStandIn, database: Database
) -> None:
    order = next(each for each in stand_in.shop.all("order") if each.get("customerId"))
    other = next(each for each in stand_in.shop.all("customer") if each["id"] != order["customerId"])
    list(Backfill(installation, source, settings=QUICK).run())
    drop_jobs(database)
    with database.transaction() as connection:
        connection.execute("DELETE FROM subject")
    stand_in.shop.change(
        "order", order["id"], at=datetime.now(UTC), change=lambda each: each.update(customerId=other["id"])
    )
    since = datetime.now(UTC) - timedelta(minutes=1)
    list(Backfill(installation, source, since=since, settings=QUICK).run())
    woken = {lock for lock, _ in jobs(database, "update_subject")}
    assert {f"{SHOP}/c:{order['customerId']}", f"{SHOP}/c:{other['id']}"} <= woken


def test_only_what_was_modified_since_is_looked_at(
    installation: Installation, source: ShopSource, stand_in: CommercetoolsStandIn, database: Database
) -> None:
    order = next(each for each in stand_in.shop.all("order") if each.get("customerId"))
    stand_in.shop.change("order", order["id"], at=datetime(2031, 1, 1, tzinfo=UTC), change=lambda _: None)
    list(Backfill(installation, source, since=datetime(2030, 1, 1, tzinfo=UTC), settings=QUICK).run())
    assert rows(database, "order_fact") == {order["id"]}
    assert jobs(database, "update_subject") == [(f"{SHOP}/c:{order['customerId']}", 0)]
    assert (f"{SHOP}/customer/{order['customerId']}", 0) in jobs(database, "read_resource")


def test_another_since_takes_the_place_of_one_that_was_stopped(
    installation: Installation, source: ShopSource, database: Database
) -> None:
    list(steps(Backfill(installation, source, settings=QUICK), 3))
    since = datetime(2030, 1, 1, tzinfo=UTC)
    list(steps(Backfill(installation, source, since=since, settings=QUICK), 1))
    with database.transaction() as connection:
        row = newest_backfill(connection, SHOP)
        count = connection.execute("SELECT count(*) FROM backfill WHERE finished_at IS NULL").fetchone()
    assert row is not None
    assert row.options == {"since": "2030-01-01T00:00:00.000Z"}
    assert count == (1,)


def test_an_order_that_cannot_be_read_costs_itself_only(
    backfill: Backfill, stand_in: CommercetoolsStandIn, database: Database
) -> None:
    bad = sorted(ids(stand_in, Kind.ORDER))[13]
    stand_in.shop.change(
        "order", bad, at=datetime.now(UTC), change=lambda each: each.update(totalPrice={"type": "centPrecision"})
    )
    list(backfill.run())
    assert rows(database, "order_fact") == ids(stand_in, Kind.ORDER) - {bad}
    assert (f"{SHOP}/order/{bad}", 0) in jobs(database, "read_resource")


def test_an_order_that_cannot_be_kept_costs_itself_only(
    backfill: Backfill, stand_in: CommercetoolsStandIn, database: Database
) -> None:
    bad = sorted(ids(stand_in, Kind.ORDER))[-1]
    stand_in.shop.change("order", bad, at=datetime.now(UTC), change=lambda each: each.update(version=2**70))
    list(backfill.run())
    assert bad not in rows(database, "order_fact")
    assert (f"{SHOP}/order/{bad}", 0) in jobs(database, "read_resource")
    known = rows(database, "order_fact") | {lock.split("/")[-1] for lock, _ in jobs(database, "read_resource")}
    assert ids(stand_in, Kind.ORDER) <= known


def test_it_waits_for_a_shop_that_is_away(backfill: Backfill, stand_in: CommercetoolsStandIn) -> None:
    run = backfill.run()
    next(run)
    stand_in.switches.set(faults=[Fault(kind="status", status=503)])
    assert next(run).waits_for == "shop"
    stand_in.switches.set(faults=[])
    assert list(run)[-1].is_finished


def test_a_scope_that_is_missing_ends_it(backfill: Backfill, stand_in: CommercetoolsStandIn) -> None:
    stand_in.switches.set(missing_scopes=["view_customers"])
    with pytest.raises(ScopeMissing):
        list(backfill.run())


def test_it_makes_no_more_jobs_than_the_workers_can_take(
    installation: Installation, source: ShopSource, database: Database
) -> None:
    settings = BackfillSettings(page=100, most_waiting=1, pause=0.001, longest_pause=0.001)
    told: list[Progress] = []
    most = 0
    for progress in Backfill(installation, source, settings=settings).run():
        told.append(progress)
        most = max(most, len(jobs(database, "update_subject")) + len(jobs(database, "read_resource")))
        if progress.waits_for:
            assert progress.waits_for == "workers"
            drop_jobs(database)
    assert told[-1].is_finished
    assert any(progress.waits_for for progress in told)
    assert most <= 1 + 3 * 100  # one part more: subjects, and customers and carts that nobody has read


def test_two_at_once_are_one_too_many(installation: Installation, source: ShopSource) -> None:
    first = Backfill(installation, source, settings=QUICK).run()
    next(first)
    with pytest.raises(AlreadyRunning):
        next(Backfill(installation, source, settings=QUICK).run())
    first.close()
    assert list(Backfill(installation, source, settings=QUICK).run())[-1].is_finished


def test_history_is_sent_since_when_it_was_asked_for(
    installation: Installation, source: ShopSource, database: Database
) -> None:
    since = datetime(2026, 1, 1, tzinfo=UTC)
    list(steps(Backfill(installation, source, send_history=since, settings=QUICK), 1))
    with database.transaction() as connection:
        row = load_installation(connection, SHOP)
    assert row is not None
    assert row.history_since == since
