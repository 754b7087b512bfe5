"""`preview`: everything that would be sent, nothing that is."""

from __future__ import annotations

import pytest

from sandbox.shop import SampleShop
from sandbox.shop.identifiers import customer_id
from tests.integration.sync.commands.conftest import Desk

ANNA = customer_id("vip")
EMAIL = "anna.kowalska@nordmail.example"


def test_attributes_are_shown_with_what_is_done(desk: Desk) -> None:
    shown = desk.run("preview", "--customer", ANNA).stdout
    assert "ct_last_order_number  DE-10482" in shown
    assert "sent" in shown


def test_what_the_mapping_withholds_is_shown_with_the_reason(desk: Desk) -> None:
    (preview,) = desk.answer("preview", "--customer", ANNA)
    reasons = {each["name"]: each["reason"] for each in preview["withheld"]}
    assert reasons["customer.email"] == "is not named in the mapping"


def test_nothing_is_sent_and_nothing_is_kept(desk: Desk) -> None:
    desk.run("preview", "--customer", ANNA)
    assert desk.intercom.requests == ()
    with desk.database.transaction() as connection:
        assert connection.execute("SELECT count(*) FROM order_fact").fetchone() == (0,)


def test_an_address_leads_to_its_customer(desk: Desk) -> None:
    subjects = [preview["subject"] for preview in desk.answer("preview", "--email", EMAIL.upper())]
    assert f"c:{ANNA}" in subjects


def test_nobody_is_a_failure_with_words(desk: Desk) -> None:
    result = desk.run("preview", "--email", "nobody@example.com")
    assert (result.exit_code, result.stderr) == (
        1,
        "The shop knows neither a customer nor a guest order with this address.\n",
    )


@pytest.mark.parametrize("rubbish", ["no-such-id", "../orders", "'; DROP TABLE x", " "])
def test_an_id_that_is_none_is_a_failure_with_words(desk: Desk, rubbish: str) -> None:
    result = desk.run("preview", "--customer", rubbish)
    assert (result.exit_code, result.stderr) == (1, "The shop has no customer with this id.\n")


@pytest.mark.parametrize("arguments", [(), ("--customer", "x", "--email", "y")])
def test_one_of_both_must_be_said(desk: Desk, arguments: tuple[str, ...]) -> None:
    assert desk.run("preview", *arguments).exit_code == 2


def test_a_guest_is_found_by_the_address_of_an_order(desk: Desk, sample_shop: SampleShop) -> None:
    orders = sample_shop.all("order")
    order = next(each for each in orders if not each.get("customerId") and each.get("customerEmail"))
    subjects = [preview["subject"] for preview in desk.answer("preview", "--email", order["customerEmail"])]
    assert any(subject.startswith("g:") for subject in subjects)
