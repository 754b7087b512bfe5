"""`erase`: what goes, and the receipt for it."""

from __future__ import annotations

import pytest

from sandbox.shop.identifiers import customer_id
from tests.integration.sync.commands.conftest import Desk

ANNA = customer_id("vip")


def test_the_contact_is_cleared_and_a_receipt_says_so(desk: Desk) -> None:
    desk.answer("backfill")
    receipt = desk.answer("erase", "--customer", ANNA, "--yes")
    assert [contact["done"] for contact in receipt["contacts"]] == ["cleared"]
    contact = desk.intercom.by_external_id(ANNA)
    assert contact is not None
    assert not any(contact.custom_attributes.values())


def test_the_second_time_the_receipt_is_the_same(desk: Desk) -> None:
    first = desk.answer("erase", "--customer", ANNA, "--yes")
    assert desk.answer("erase", "--customer", ANNA, "--yes") == first


def test_it_asks_first_and_says_what_it_would_do(desk: Desk) -> None:
    result = desk.run("erase", "--customer", ANNA, typed="n\n")
    assert result.exit_code == 1
    assert f"Clear what was sent to their contact in Intercom, and all that is kept here of customer {ANNA}" in (
        result.stderr
    )
    assert desk.intercom.requests == ()


def test_machines_must_have_said_yes(desk: Desk) -> None:
    assert desk.run("erase", "--customer", ANNA, "--json").exit_code == 2


@pytest.mark.parametrize("rubbish", ["", "  ", "a\nb", "x" * 200])
def test_an_id_that_is_none_is_refused(desk: Desk, rubbish: str) -> None:
    assert desk.run("erase", "--customer", rubbish, "--yes").exit_code == 1
    assert desk.intercom.requests == ()
