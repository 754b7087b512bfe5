"""A hint is stored, and one job waits for its resource, however many hints there are."""

from __future__ import annotations

import random
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from sync.storage.database import Database
from sync.storage.errors import StorageRefused
from sync.storage.hints import Hint, ResourceType, in_batches, record_hints, said
from sync.storage.subjects import wake_subjects
from tests.integration.sync.working import SHOP, hint, jobs

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


class ChangedMind(Exception):
    """A caller's own reason to roll back."""


def count(database: Database, table: str) -> int:
    with database.transaction() as connection:
        row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    assert row is not None
    return int(row[0])


def test_a_hundred_hints_of_one_order_are_one_job(database: Database) -> None:
    with database.transaction() as connection:
        assert record_hints(connection, SHOP, [hint(version=version) for version in range(100)]) == 1
    with database.transaction() as connection:
        assert record_hints(connection, SHOP, [hint(version=100)]) == 0
    assert jobs(database) == [("shop/order/order-1", 10)]
    assert count(database, "hint") == 101


def test_no_hints_are_no_jobs(database: Database) -> None:
    with database.transaction() as connection:
        assert record_hints(connection, SHOP, []) == 0


def test_more_than_a_hundred_hints_go_into_several_transactions(database: Database) -> None:
    hints = [hint(f"order-{number}") for number in range(250)]
    assert [len(batch) for batch in in_batches(hints)] == [100, 100, 50]
    with database.transaction() as connection, pytest.raises(ValueError, match="at most 100"):
        record_hints(connection, SHOP, hints)


def test_hint_flag_and_job_are_kept_together(database: Database) -> None:
    def record_and_fail() -> None:
        with database.transaction() as connection:
            assert record_hints(connection, SHOP, [hint()]) == 1
            raise ChangedMind

    with pytest.raises(ChangedMind):
        record_and_fail()
    assert (count(database, "hint"), count(database, "resource"), jobs(database)) == (0, 0, [])
    with database.transaction() as connection:
        assert record_hints(connection, SHOP, [hint()]) == 1


def test_installations_do_not_share_jobs(database: Database) -> None:
    with database.transaction() as connection:
        assert record_hints(connection, "one", [hint()]) == 1
        assert record_hints(connection, "two", [hint()]) == 1
    assert {lock for lock, _ in jobs(database)} == {"one/order/order-1", "two/order/order-1"}


def test_what_the_database_can_never_store_is_refused(database: Database) -> None:
    with pytest.raises(StorageRefused), database.transaction() as connection:
        record_hints(connection, SHOP, [hint("order\0")])
    assert count(database, "hint") == 0


def test_recorders_of_the_same_resources_never_wait_in_a_circle(database: Database) -> None:
    """Eight threads with the same resources, each in an order of its own, and subjects in the same transaction."""
    ids = [f"order-{number}" for number in range(30)]

    def record(seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(20):
            chance.shuffle(ids_of_mine := list(ids))
            with database.transaction(timeout=30) as connection:
                record_hints(connection, SHOP, [hint(id_) for id_ in ids_of_mine])
                wake_subjects(connection, SHOP, [f"c:{id_}" for id_ in reversed(ids_of_mine)])

    with ThreadPoolExecutor(8) as threads:
        for done in [threads.submit(record, seed) for seed in range(8)]:
            done.result()
    assert count(database, "hint") == 8 * 20 * 30
    assert len(jobs(database)) == 60


def test_messages_are_remembered_by_what_they_said(database: Database) -> None:
    def message(kind: str, minutes: int) -> Hint:
        return Hint(
            source="message",
            type=ResourceType.ORDER,
            id="order-1",
            message_type=kind,
            occurred_at=NOON + timedelta(minutes=minutes),
        )

    with database.transaction() as connection:
        record_hints(connection, SHOP, [message("Shipped", 5), message("Paid", 1), message("Paid", 1), hint()])
        found = said(connection, SHOP, [(ResourceType.ORDER, "order-1"), (ResourceType.ORDER, "order-2")])
    assert [(row.message_type, row.occurred_at.minute) for row in found] == [("Paid", 1), ("Shipped", 5)]


@pytest.mark.parametrize("size", [1, 100])
def test_how_many_hints_a_second(database: Database, size: int, capsys: pytest.CaptureFixture[str]) -> None:
    """Printed, not asserted: the machine may have other things to do."""
    rounds = 200 if size == 1 else 20
    start = time.perf_counter()
    for number in range(rounds):
        with database.transaction() as connection:
            record_hints(connection, SHOP, [hint(f"order-{number}-{index}") for index in range(size)])
    rate = rounds * size / (time.perf_counter() - start)
    with capsys.disabled():
        print(f"\n  record_hints, {size} in a transaction: {rate:,.0f} hints/s")
    assert count(database, "hint") == rounds * size
