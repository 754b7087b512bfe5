"""`backfill`: everybody once, quietly; stopped and gone on with."""

from __future__ import annotations

import pytest

from sync.storage.installations import SINGLE, load_installation
from tests.fresh_shop import fresh_sample_shop
from tests.integration.sync.commands.conftest import Desk
from tests.integration.sync.working import idle, jobs


def test_it_brings_every_customer_up_to_date_and_sends_no_event(desk: Desk) -> None:
    desk.shop.reset(fresh_sample_shop())
    answer = desk.answer("backfill")
    assert answer["finished"] is True
    assert answer["done"]["orders"] == len(list(desk.shop.shop.all("order")))
    assert len(desk.intercom.contacts) > 20
    assert desk.intercom.events() == ()
    assert idle(desk.database)


def test_it_makes_the_attributes_first(desk: Desk) -> None:
    desk.answer("backfill")
    names = {attribute.name for attribute in desk.intercom.workspace.attributes}
    assert names == {"ct_orders", "ct_last_order_number"}


def test_a_second_run_writes_nothing(desk: Desk) -> None:
    desk.answer("backfill")
    before = len(desk.intercom.requests)
    desk.answer("backfill")
    asked = {(request.method, request.path.partition("?")[0]) for request in desk.intercom.requests[before:]}
    assert {path for method, path in asked if method != "GET"} <= {"/contacts/search"}


def test_progress_has_the_stage_and_what_it_is_held_by(desk: Desk) -> None:
    said = desk.run("backfill").stderr
    assert "held by commercetools' answers" in said
    assert "contacts: " in said


def test_without_work_it_only_queues(desk: Desk) -> None:
    result = desk.run("backfill", "--no-work")
    assert result.exit_code == 0
    assert "No worker runs" in result.stderr
    assert desk.intercom.requests == ()
    assert len(jobs(desk.database)) > 20


def test_sending_history_asks_first(desk: Desk) -> None:
    result = desk.run("backfill", "--send-history", "2026-11-01", typed="n\n")
    assert result.exit_code == 1
    assert "They may start Workflows" in result.stderr


def test_history_is_sent_when_it_is_asked_for(desk: Desk) -> None:
    desk.answer("backfill", "--send-history", "2026-01-01", "--yes")
    assert {event.name for event in desk.intercom.events()} == {"order-placed", "order-shipped"}
    with desk.database.transaction() as connection:
        row = load_installation(connection, SINGLE)
    assert row is not None
    assert row.history_since is not None


@pytest.mark.parametrize("rubbish", ["yesterday", "2026-13-01", "9999-01-01", "", "2026-11-01T25:00"])
def test_a_day_that_is_none_or_still_to_come_is_refused(desk: Desk, rubbish: str) -> None:
    assert desk.run("backfill", "--since", rubbish).exit_code == 2


def test_a_mapping_that_does_not_fit_the_workspace_stops_it_before_anything_is_read(desk: Desk) -> None:
    desk.intercom.declare(ct_orders="string")
    result = desk.run("backfill")
    assert result.exit_code == 2
    assert "mapping.toml line 5, attributes.ct_orders: is of type string in Intercom" in result.stderr
    with desk.database.transaction() as connection:
        assert connection.execute("SELECT count(*) FROM backfill").fetchone() == (0,)


def test_a_token_that_is_not_accepted_stops_it_with_words(desk: Desk) -> None:
    result = desk.having(INTERCOM_ACCESS_TOKEN="wrong").run("backfill")
    assert result.exit_code == 1
    assert "HTTP 401" in result.stderr


def test_a_process_that_is_told_to_stop_says_how_to_go_on(desk: Desk) -> None:
    desk.shop.switches.set(latency_ms=300)
    process = desk.start("backfill")
    assert process.stderr is not None
    process.stderr.readline()  # it has begun
    process.terminate()
    _, complaints = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "Run again, it goes on where it was" in complaints
    desk.shop.switches.set(latency_ms=0)
    assert desk.answer("backfill")["finished"] is True
