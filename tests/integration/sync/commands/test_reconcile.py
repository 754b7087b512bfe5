"""`reconcile` and `poll`: a look by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from sandbox.shop.acts import Acts
from sandbox.shop.identifiers import customer_id
from tests.integration.sync.commands.conftest import Desk

ANNA = customer_id("vip")


def test_a_value_that_was_changed_by_hand_is_put_right(desk: Desk) -> None:
    desk.answer("backfill")
    contact = desk.intercom.by_external_id(ANNA)
    assert contact is not None
    right = contact.custom_attributes["ct_orders"]
    desk.intercom.put(replace(contact, custom_attributes={**contact.custom_attributes, "ct_orders": 999}))
    found = desk.answer("reconcile")
    after = desk.intercom.by_external_id(ANNA)
    assert after is not None
    assert (found["corrected"], after.custom_attributes["ct_orders"]) == (1, right)


def test_without_work_what_it_found_is_only_queued(desk: Desk) -> None:
    answer = desk.answer("reconcile", "--no-work")
    assert (answer["is_finished"], answer["is_worked_off"]) == (True, False)
    assert answer["newer"] > 20


def test_the_first_poll_remembers_where_it_began_and_the_next_finds_what_changed(desk: Desk) -> None:
    desk = desk.having(CTP_SCOPES=f"view_orders:{desk.shop.project_key} view_customers:{desk.shop.project_key} "
                       f"view_payments:{desk.shop.project_key}")  # fmt: skip
    first = desk.answer("poll")
    Acts(desk.shop.shop, clock=lambda: datetime.now(UTC)).do("place", customer=ANNA)
    second = desk.answer("poll")
    assert (first["hints"], first["failed"]) == (0, {})
    assert second["hints"] >= 1


def test_a_poll_that_may_not_read_everything_fails_and_says_what(desk: Desk) -> None:
    result = desk.run("poll")
    assert result.exit_code == 1
    assert "payments could not be read: scope_missing" in result.stdout
