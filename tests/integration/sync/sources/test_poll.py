"""Polling finds every change once, whatever happens to the shop, the database, and the process."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from clients.commercetools.source import Kind, ShopSource
from sandbox.commercetools.stand_in import CommercetoolsStandIn
from sandbox.commercetools.switches import Fault
from sandbox.shop import Document
from sandbox.shop.resources import timestamp
from sync.installation import Installation
from sync.sources.poll import Poll, PollSettings, Sweep
from sync.storage.cursors import load_cursor
from sync.storage.database import Database
from sync.storage.facts import Fact, store_fact
from sync.storage.installations import load_installation
from tests.integration.sync.sources.shop_times import Clock
from tests.integration.sync.working import SHOP, eventually


@pytest.fixture
def poll(installation: Installation, source: ShopSource) -> Poll:
    return Poll(installation, source, settings=PollSettings(page=7))


def hints(database: Database) -> list[tuple[str, str]]:
    with database.transaction() as connection:
        rows = connection.execute("SELECT resource_type, resource_id FROM hint ORDER BY id").fetchall()
    return [(str(type_), str(id_)) for type_, id_ in rows]


def cursor_of(database: Database, kind: Kind) -> datetime:
    with database.transaction() as connection:
        position = load_cursor(connection, SHOP, f"poll/{kind}")
    assert position is not None
    return datetime.fromisoformat(position["since"])


def some(stand_in: CommercetoolsStandIn, kind: Kind, count: int = 1) -> list[Document]:
    return [each for each in stand_in.shop.all(kind.value) if kind is not Kind.CART or each.get("customerId")][:count]


def change(stand_in: CommercetoolsStandIn, kind: Kind, id_: str, *, at: datetime | None = None, **fields: Any) -> None:
    stand_in.shop.change(kind.value, id_, at=at or datetime.now(UTC), change=lambda document: document.update(fields))


def test_history_is_no_news(poll: Poll, database: Database) -> None:
    assert poll.sweep() == Sweep()
    assert hints(database) == []


@pytest.mark.parametrize("kind", list(Kind))
def test_a_change_is_told_once_for_each_version(
    kind: Kind, poll: Poll, stand_in: CommercetoolsStandIn, database: Database
) -> None:
    poll.sweep()
    changed = some(stand_in, kind)[0]
    change(stand_in, kind, changed["id"])
    assert [poll.sweep().hints for _ in range(3)] == [1, 0, 0]
    change(stand_in, kind, changed["id"])
    assert [poll.sweep().hints for _ in range(2)] == [1, 0]
    read_by = changed["customerId"] if kind is Kind.CART else changed["id"]
    assert hints(database) == [(kind.value, read_by)] * 2


@pytest.mark.parametrize("silent", [{"orderNumber": "LATE-1"}, {"locale": "de"}, {"returnInfo": []}])
def test_a_change_that_no_message_tells_of_is_found(
    silent: dict[str, Any], poll: Poll, stand_in: CommercetoolsStandIn, database: Database
) -> None:
    poll.sweep()
    order = some(stand_in, Kind.ORDER)[0]
    change(stand_in, Kind.ORDER, order["id"], **silent)
    assert poll.sweep().hints == 1


def test_a_cart_of_nobody_is_no_news(poll: Poll, stand_in: CommercetoolsStandIn, database: Database) -> None:
    poll.sweep()
    cart = some(stand_in, Kind.CART)[0]
    change(stand_in, Kind.CART, cart["id"], customerId=None)
    poll.sweep()
    assert hints(database) == []


def test_what_becomes_visible_late_is_still_found(
    poll: Poll, stand_in: CommercetoolsStandIn, database: Database
) -> None:
    poll.sweep()
    first, late = some(stand_in, Kind.ORDER, 2)
    change(stand_in, Kind.ORDER, first["id"])
    assert poll.sweep().hints == 1
    change(stand_in, Kind.ORDER, late["id"], at=datetime.now(UTC) - timedelta(seconds=50))
    assert poll.sweep().hints == 1
    assert hints(database)[-1] == ("order", late["id"])


def test_more_changes_than_fit_on_a_page_are_all_found_once(
    poll: Poll, stand_in: CommercetoolsStandIn, database: Database
) -> None:
    poll.sweep()
    at = datetime.now(UTC)
    changed = [each["id"] for each in some(stand_in, Kind.ORDER, 30)]
    for number, id_ in enumerate(changed):
        change(stand_in, Kind.ORDER, id_, at=at + timedelta(milliseconds=number // 10))
    assert poll.sweep().hints == 30
    assert sorted(hints(database)) == sorted(("order", id_) for id_ in changed)
    assert poll.sweep().hints == 0


def test_an_outage_of_hours_is_caught_up(
    poll: Poll, stand_in: CommercetoolsStandIn, database: Database, clock: Clock
) -> None:
    clock.ahead = -timedelta(hours=3)
    poll.sweep()
    clock.ahead = timedelta()
    now = datetime.now(UTC)
    changed = [each["id"] for each in some(stand_in, Kind.ORDER, 40)]
    for number, id_ in enumerate(changed):
        change(stand_in, Kind.ORDER, id_, at=now - timedelta(hours=2, minutes=-2 * number))
    assert poll.sweep().hints == 40
    assert cursor_of(database, Kind.ORDER) > now - timedelta(seconds=70)


def test_a_shop_that_goes_away_half_way_loses_nothing(
    installation: Installation, source: ShopSource, stand_in: CommercetoolsStandIn, database: Database, clock: Clock
) -> None:
    poll = Poll(installation, source, settings=PollSettings(page=7))
    poll.sweep()
    for each in some(stand_in, Kind.ORDER, 20):
        change(stand_in, Kind.ORDER, each["id"])
    stand_in.switches.set(failing_fields={"Order.version": "General"})
    assert poll.sweep().failed[Kind.ORDER] == "unreachable"
    assert hints(database) == []
    stand_in.switches.set(failing_fields={})
    clock.ahead += timedelta(seconds=11)
    assert poll.sweep().hints == 20


def test_a_process_that_follows_another_tells_nothing_twice(
    installation: Installation, source: ShopSource, stand_in: CommercetoolsStandIn, database: Database
) -> None:
    first, second = (Poll(installation, source) for _ in range(2))
    first.sweep()
    change(stand_in, Kind.ORDER, some(stand_in, Kind.ORDER)[0]["id"])
    assert first.sweep().hints == 1
    assert not second.sweep().is_ours
    first.release()
    assert second.sweep() == Sweep(looked_at=1)
    assert not first.sweep().is_ours


def test_a_process_that_was_killed_keeps_its_turn_for_the_lease_only(
    installation: Installation, source: ShopSource, database: Database
) -> None:
    killed = Poll(installation, source, settings=PollSettings(lease=timedelta(seconds=0)))
    killed.sweep()
    assert Poll(installation, source).sweep().is_ours


def test_many_processes_ask_as_often_as_one(
    installation: Installation, source: ShopSource, stand_in: CommercetoolsStandIn
) -> None:
    polls = [Poll(installation, source) for _ in range(4)]
    threads = [threading.Thread(target=poll.sweep) for poll in polls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(stand_in.graphql_requests) == len(Kind)


@pytest.mark.parametrize("ahead", [timedelta(hours=2), timedelta(hours=-2)])
def test_a_clock_of_ours_that_is_wrong_loses_nothing(
    ahead: timedelta, poll: Poll, stand_in: CommercetoolsStandIn, clock: Clock
) -> None:
    clock.ahead = ahead
    poll.sweep()
    for each in some(stand_in, Kind.ORDER, 3):
        change(stand_in, Kind.ORDER, each["id"])
        assert poll.sweep().hints == 1


def test_the_cursor_stays_a_minute_behind(poll: Poll, database: Database) -> None:
    poll.sweep()
    behind = datetime.now(UTC) - cursor_of(database, Kind.ORDER)
    assert timedelta(seconds=59) < behind < timedelta(seconds=66)


def test_a_scope_that_is_missing_costs_its_kind_only(
    poll: Poll, stand_in: CommercetoolsStandIn, database: Database
) -> None:
    poll.sweep()
    stand_in.switches.set(missing_scopes=["view_payments"])
    change(stand_in, Kind.CART, some(stand_in, Kind.CART)[0]["id"])
    swept = poll.sweep()
    assert (swept.hints, dict(swept.failed)) == (1, {Kind.PAYMENT: "scope_missing"})


def test_a_kind_that_is_refused_is_left_alone_for_a_while(
    poll: Poll, stand_in: CommercetoolsStandIn, clock: Clock
) -> None:
    stand_in.switches.set(missing_scopes=["view_payments"])
    poll.sweep()
    poll.sweep()
    assert stand_in.log.by_operation["ChangedPayments"] == 1
    stand_in.switches.set(missing_scopes=[])
    stand_in.tokens.revoke_all()
    clock.ahead += timedelta(seconds=31)
    assert poll.sweep().failed == {}


def test_credentials_that_are_refused_are_noted_until_they_are_not(
    poll: Poll, stand_in: CommercetoolsStandIn, database: Database, clock: Clock
) -> None:
    def refused() -> set[str]:
        with database.transaction() as connection:
            row = load_installation(connection, SHOP)
        assert row is not None
        return set(row.refused)

    stand_in.switches.set(project_suspended=True)
    assert set(poll.sweep().failed.values()) == {"credentials_refused"}
    assert refused() == {"commercetools"}
    stand_in.switches.set(project_suspended=False)
    clock.ahead += timedelta(seconds=31)
    poll.sweep()
    assert refused() == set()


def test_a_shop_that_asks_for_a_pause_gets_it(poll: Poll, stand_in: CommercetoolsStandIn, clock: Clock) -> None:
    stand_in.switches.set(faults=[Fault(kind="status", status=429, retry_after=20)])
    poll.sweep()
    asked = len(stand_in.graphql_requests)
    stand_in.switches.set(faults=[])
    clock.ahead += timedelta(seconds=15)
    poll.sweep()
    assert len(stand_in.graphql_requests) == asked
    clock.ahead += timedelta(seconds=6)
    assert poll.sweep().failed == {}


def keep_cart(database: Database, customer: str, touched: datetime, version: int = 1) -> None:
    document = {"id": f"cart-of-{customer}", "version": version, "lastModifiedAt": timestamp(touched)}
    fact = Fact(
        id=f"cart-of-{customer}", version=version, document=document, read_at=datetime.now(UTC), customer_id=customer
    )
    with database.transaction() as connection:
        store_fact(connection, SHOP, "cart", fact)


def woken(database: Database) -> list[str]:
    with database.transaction() as connection:
        return [str(key) for (key,) in connection.execute("SELECT key FROM subject ORDER BY key")]


def test_a_cart_that_is_left_alone_wakes_its_customer_once(poll: Poll, database: Database, clock: Clock) -> None:
    poll.sweep()
    keep_cart(database, "anna", clock())
    keep_cart(database, "ben", clock() + timedelta(minutes=30))
    clock.ahead += timedelta(minutes=59)
    assert poll.sweep().carts_woken == 0
    clock.ahead += timedelta(minutes=2)
    assert poll.sweep().carts_woken == 1
    assert woken(database) == ["c:anna"]
    clock.ahead += timedelta(minutes=1)
    assert poll.sweep().carts_woken == 0
    clock.ahead += timedelta(minutes=29)
    assert poll.sweep().carts_woken == 1


def test_a_cart_that_was_touched_again_is_left_alone_later(poll: Poll, database: Database, clock: Clock) -> None:
    poll.sweep()
    keep_cart(database, "anna", clock())
    keep_cart(database, "anna", clock() + timedelta(minutes=40), version=2)
    clock.ahead += timedelta(minutes=70)
    assert poll.sweep().carts_woken == 0
    clock.ahead += timedelta(minutes=31)
    assert poll.sweep().carts_woken == 1


def test_many_carts_of_one_moment_are_all_found(poll: Poll, database: Database, clock: Clock) -> None:
    poll.sweep()
    touched = clock()
    for number in range(450):
        keep_cart(database, f"customer-{number:03}", touched)
    clock.ahead += timedelta(minutes=61)
    assert poll.sweep().carts_woken == 450
    clock.ahead += timedelta(minutes=1)
    assert poll.sweep().carts_woken == 0


def test_carts_that_were_idle_before_we_came_are_history(poll: Poll, database: Database, clock: Clock) -> None:
    keep_cart(database, "anna", clock() - timedelta(days=3))
    assert poll.sweep().carts_woken == 0


def test_it_runs_until_it_is_stopped_and_gives_its_turn_back(
    poll: Poll, installation: Installation, source: ShopSource, stand_in: CommercetoolsStandIn
) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=poll.run, args=(stop,), kwargs={"interval": 0.01})
    thread.start()
    try:
        assert eventually(lambda: stand_in.log.by_operation.get("ChangedOrders", 0) >= 2)
    finally:
        stop.set()
    thread.join(timeout=60)
    assert not thread.is_alive()
    assert Poll(installation, source).sweep().is_ours
