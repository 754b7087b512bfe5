"""A scope that the API client was not given costs its own part of the panel and nothing else.

Both ways in which commercetools may refuse, and both ways in which it may be known beforehand.
"""

from __future__ import annotations

import pytest

from sandbox.commercetools import CommercetoolsStandIn
from tests.integration.panel.agent import Agent, Screen
from tests.integration.panel.shapes import BOTH_WAYS_OF_NAMING_SCOPES, BOTH_WAYS_OF_REFUSING, BOTH_WAYS_OF_REJECTING

NOT_ALLOWED = (
    "The API client may not read this.",
    "An admin has to give the API client the scopes view_orders and view_customers (CTP_SCOPES).",
)


@pytest.fixture
def most(token_names_scopes: bool) -> int:
    """The most requests that a screen may cost: one, and one more where nobody said beforehand what is missing."""
    return 1 if token_names_scopes else 2


def withhold(stand_in: CommercetoolsStandIn, *scopes: str) -> None:
    stand_in.switches.set(missing_scopes=frozenset(scopes))


def open_and_refresh(agent: Agent, slug: str, most: int) -> Screen:
    """The panel once it knows what it may not read: where nobody says so beforehand, the first try costs more parts."""
    agent.open(slug)
    assert agent.upstream <= most
    screen = agent.click("refresh")
    assert agent.upstream == 1
    return screen


def hint(part: str, scope: str) -> str:
    return f"{part} could not be read. Check that the API client has the scope {scope}."


@BOTH_WAYS_OF_REFUSING
@BOTH_WAYS_OF_NAMING_SCOPES
def test_without_payments_the_merchants_word_is_left_and_no_sum(
    agent: Agent, stand_in: CommercetoolsStandIn, most: int
) -> None:
    withhold(stand_in, "view_payments")
    screen = open_and_refresh(agent, "anna", most)
    screen.says("12 orders", "Could not be read: Payments", "Payment failed for #DE-10305")
    assert screen.mentions("#DE-10482 · 129.90 EUR | Paid · Shipped")
    order = agent.choose("#DE-10482")
    assert agent.upstream <= most
    order.says("Payment: Paid", hint("Payments", "view_payments"), "Total: 129.90 EUR")
    assert not order.mentions("Charge 129.90")
    assert not order.mentions("Due:")


@BOTH_WAYS_OF_REFUSING
@BOTH_WAYS_OF_NAMING_SCOPES
def test_without_workflow_states_everything_else_is_there(
    agent: Agent, stand_in: CommercetoolsStandIn, most: int
) -> None:
    withhold(stand_in, "view_states")
    open_and_refresh(agent, "merchant-workflow-state-only", most).says("2 orders · 203.90 EUR")
    order = agent.choose("#DE-20610")
    assert agent.upstream <= most
    order.says("Order: Open", hint("Workflow states", "view_states"), "Total: 144.90 EUR")
    assert not order.mentions("In the workshop")


@BOTH_WAYS_OF_REFUSING
@BOTH_WAYS_OF_NAMING_SCOPES
def test_without_customer_groups_the_customer_is_there(agent: Agent, stand_in: CommercetoolsStandIn, most: int) -> None:
    withhold(stand_in, "view_customer_groups")
    screen = open_and_refresh(agent, "anna", most)
    screen.says("Anna Kowalska | customer since 2021 | matched by id", "12 orders · 1,284.50 EUR")


@BOTH_WAYS_OF_REFUSING
@BOTH_WAYS_OF_NAMING_SCOPES
def test_without_discount_codes_the_receipt_still_adds_up(
    agent: Agent, stand_in: CommercetoolsStandIn, most: int
) -> None:
    withhold(stand_in, "view_discount_codes")
    agent.open("discount-code-and-total-discount")
    assert agent.upstream == 1
    order = agent.choose("#DE-20403")
    assert agent.upstream <= most
    order.says(hint("Discount codes", "view_discount_codes"), "Discounts: -50.69 EUR", "Total: 306.26 EUR")
    assert not order.mentions("WELCOME10")


@BOTH_WAYS_OF_REFUSING
@BOTH_WAYS_OF_NAMING_SCOPES
@BOTH_WAYS_OF_REJECTING
def test_without_customers_nobody_is_called_absent(agent: Agent, stand_in: CommercetoolsStandIn, most: int) -> None:
    withhold(stand_in, "view_customers")
    for slug in ("anna", "email-in-another-case"):
        agent.open(slug).says(*NOT_ALLOWED)
        assert agent.upstream <= most
        assert not agent.screen.mentions("No customer matches")


@BOTH_WAYS_OF_REFUSING
@BOTH_WAYS_OF_NAMING_SCOPES
@BOTH_WAYS_OF_REJECTING
def test_without_orders_the_customer_is_there_and_nobody_says_that_there_are_none(
    agent: Agent, stand_in: CommercetoolsStandIn, most: int
) -> None:
    withhold(stand_in, "view_orders")
    screen = open_and_refresh(agent, "anna", most)
    assert screen.lines[0] == "Anna Kowalska | VIP · customer since 2021 | matched by id"
    (unread,) = [line for line in screen.lines if line.startswith("Could not be read: ")]
    assert {"Orders", "Order history", "Cart"} <= set(unread.removeprefix("Could not be read: ").split(", "))
    assert not screen.mentions("No orders yet")
    agent.click("orders:0").says(*NOT_ALLOWED)
    assert agent.upstream <= 2


@BOTH_WAYS_OF_REFUSING
@BOTH_WAYS_OF_NAMING_SCOPES
def test_what_was_refused_once_is_not_asked_for_again(agent: Agent, stand_in: CommercetoolsStandIn) -> None:
    withhold(stand_in, "view_payments", "view_states", "view_customer_groups", "view_discount_codes")
    agent.open("anna")
    agent.click("refresh")
    assert agent.upstream == 1
    agent.open("captured")
    assert agent.upstream == 1


@BOTH_WAYS_OF_REFUSING
@BOTH_WAYS_OF_NAMING_SCOPES
def test_a_scope_that_is_given_later_is_used_with_the_next_token(agent: Agent, stand_in: CommercetoolsStandIn) -> None:
    withhold(stand_in, "view_payments")
    agent.open("anna").says("Could not be read: Payments")
    withhold(stand_in)
    stand_in.tokens.revoke_all()
    agent.click("refresh")
    agent.click("refresh").says("12 orders · 1,284.50 EUR")
    assert not agent.screen.mentions("Could not be read")
