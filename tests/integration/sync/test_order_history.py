"""A customer's history is given out whole or not at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sync.priorities import Priority
from sync.storage.backfills import begin_backfill, finish_backfill
from sync.storage.database import Database
from sync.storage.facts import Fact, mark_gone, store_fact
from sync.storage.hints import Hint, ResourceType, record_hints
from sync.storage.order_history import MOST, order_history
from tests.integration.sync.working import SHOP

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
FIELDS = frozenset({"id", "createdAt", "orderState"})


def backfilled(
    database: Database, *, stage: str = "subjects", since: str | None = None, installation: str = SHOP
) -> None:
    """A backfill has come as far as this stage."""
    now = datetime.now(UTC)
    options, position = {"since": since}, {"stage": stage, "after": None}
    with database.transaction() as connection:
        row = begin_backfill(connection, installation, options=options, position=position, total=None, now=now)
        finish_backfill(connection, row.id, now=now)  # ended, or another one took its place


def ordered(database: Database, number: int, *, customer: str = "anna", installation: str = SHOP) -> None:
    document = {
        "id": f"order-{number}",
        "createdAt": (NOON + timedelta(days=number)).isoformat(),
        "customerEmail": "a@b.example",
    }
    fact = Fact(id=f"order-{number}", version=number, document=document, read_at=NOON, subject=f"c:{customer}")
    with database.transaction() as connection:
        store_fact(connection, installation, "order", fact)


def history(database: Database, customer: str = "anna") -> list[int] | None:
    """The versions, which are the numbers here."""
    with database.transaction() as connection:
        found = order_history(connection, SHOP, customer, fields=FIELDS)
    return None if found is None else sorted(order.version for order in found)


def test_after_a_whole_backfill_all_orders_are_known(database: Database) -> None:
    backfilled(database)
    for number in (2, 1, 3):
        ordered(database, number)
    ordered(database, 4, customer="bela")
    assert history(database) == [1, 2, 3]


def test_a_customer_without_orders_has_an_empty_history(database: Database) -> None:
    backfilled(database)
    assert history(database) == []


def test_without_a_backfill_nothing_is_said(database: Database) -> None:
    ordered(database, 1)
    assert history(database) is None


@pytest.mark.parametrize(("stage", "since"), [("customers", None), ("orders", None), ("subjects", "2026-01-01")])
def test_after_a_part_of_a_backfill_nothing_is_said(database: Database, stage: str, since: str | None) -> None:
    backfilled(database, stage=stage, since=since)
    ordered(database, 1)
    assert history(database) is None


@pytest.mark.parametrize("stage", ["carts", "subjects"])
def test_once_the_orders_are_through_the_rest_of_a_backfill_does_not_matter(database: Database, stage: str) -> None:
    backfilled(database, stage=stage)
    assert history(database) == []


def test_a_later_partial_backfill_takes_nothing_away(database: Database) -> None:
    backfilled(database)
    backfilled(database, since="2026-01-01")
    ordered(database, 1)
    assert history(database) == [1]


def test_the_backfill_of_another_installation_says_nothing_about_this_one(database: Database) -> None:
    backfilled(database, installation="other")
    assert history(database) is None


def test_while_a_backfilled_order_is_still_to_be_read_nothing_is_said(database: Database) -> None:
    backfilled(database)
    hint = Hint(source="backfill", type=ResourceType.ORDER, id="order-9")
    with database.transaction() as connection:
        record_hints(connection, SHOP, [hint], priority=Priority.BACKFILL)
    assert history(database) is None


def test_a_live_change_takes_nothing_away(database: Database) -> None:
    backfilled(database)
    with database.transaction() as connection:
        record_hints(connection, SHOP, [Hint(source="poll", type=ResourceType.ORDER, id="order-9")])
    assert history(database) == []


def test_an_order_that_is_gone_is_left_out(database: Database) -> None:
    backfilled(database)
    ordered(database, 1)
    ordered(database, 2)
    with database.transaction() as connection:
        mark_gone(connection, SHOP, "order", "order-1", at=NOON + timedelta(seconds=1))
    assert history(database) == [2]


def test_only_the_fields_that_were_asked_for_are_read(database: Database) -> None:
    backfilled(database)
    ordered(database, 1)
    with database.transaction() as connection:
        found = order_history(connection, SHOP, "anna", fields=FIELDS)
    assert found is not None
    assert set(found[0].document) == {"id", "createdAt"}


def test_more_orders_than_can_be_read_at_once_are_not_read(database: Database) -> None:
    backfilled(database)
    ordered(database, 1)
    with database.transaction() as connection:
        connection.execute(
            "INSERT INTO order_fact (installation, id, version, subject, document, read_at)"
            " SELECT installation, 'copy-' || copy, version, subject, document, read_at"
            " FROM order_fact, generate_series(1, %s) AS copy",
            (MOST,),
        )
    assert history(database) is None
