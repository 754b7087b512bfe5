"""What the merchant switches off is neither shown nor read."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sandbox.commercetools import CommercetoolsStandIn
from tests.integration.panel.agent import Agent
from tests.integration.panel.planted import asked_for

Agents = Callable[..., Agent]


def roots(stand_in: CommercetoolsStandIn) -> str:
    return " ".join(request.query for request in stand_in.graphql_requests)


def test_a_cart_that_is_not_to_be_shown_is_not_read(
    agents: Agents, mapping: str, stand_in: CommercetoolsStandIn
) -> None:
    agent = agents(f"{mapping}\nshow_cart = false\n")
    screen = agent.open("anna")
    screen.says("12 orders · 1,284.50 EUR")
    assert "cart" not in screen.ids
    assert "Could not be read" not in screen.text
    agent.click("cart").says("That could not be opened. Here is the overview.")
    assert not any("84.00 EUR" in screen.text for screen in agent.screens)
    assert "customerActiveCart" not in roots(stand_in)
    assert not any(coordinate.startswith("Cart.") for coordinate in asked_for(stand_in.graphql_requests[0].query))


def test_a_lifetime_that_is_not_to_be_shown_is_not_read(
    agents: Agents, mapping: str, stand_in: CommercetoolsStandIn
) -> None:
    agent = agents(f"{mapping}\nshow_lifetime = false\n")
    screen = agent.open("anna")
    assert not screen.mentions("1,284.50")
    assert "Could not be read" not in screen.text
    screen.says("#DE-10482 · 129.90 EUR | Paid · Shipped | 21 Nov 2026", "All orders")
    assert "history:" not in roots(stand_in)
    agent.click("orders:0").says("1 to 10")


def test_without_lifetime_a_customer_without_orders_still_has_none(agents: Agents, mapping: str) -> None:
    agent = agents(f"{mapping}\nshow_lifetime = false\n")
    screen = agent.open("customer-without-orders")
    screen.says("No orders yet")
    assert "orders:0" not in screen.ids


@pytest.mark.parametrize("option", ["show_cart", "show_lifetime"])
def test_what_is_to_be_shown_is_read_in_the_same_request(
    agents: Agents, mapping: str, stand_in: CommercetoolsStandIn, option: str
) -> None:
    agents(f"{mapping}\n{option} = true\n").open("anna").says("12 orders · 1,284.50 EUR", "Cart: 3 items, 84.00 EUR")
    assert len(stand_in.graphql_requests) == 1
