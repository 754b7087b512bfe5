"""What the merchant does not allow by name is in no canvas and in no request: planted words, looked for.

`planted.py` puts a word of its own into every personal field of a customer; every screen of that customer is opened,
and everything that went out, to Intercom, to the shop and to the log, is searched for those words.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from commerce.personal_fields import PERSONAL_FIELDS
from sandbox.commercetools import CommercetoolsStandIn
from tests.integration.panel.agent import Agent
from tests.integration.panel.planted import (
    ADDRESS_FIELDS,
    COORDINATES,
    NEVER,
    ORDERS,
    SHOWN_OF_AN_ADDRESS,
    asked_for,
    marker,
    plant,
    strings,
)

ROOT = Path(__file__).resolve().parents[3]
Agents = Callable[..., Agent]

ADDRESSES = ("customer.addresses", "order.shipping_address", "order.billing_address")
EVERY_FIELD = tuple(COORDINATES)
ANY_MARKER = re.compile(r"Zq\w+Xw|1904-04-01")


def mapping_of(*fields: str, more: str = "") -> str:
    return f"[panel]\ncache_seconds = 0\nfields = {json.dumps(fields)}\n{more}"


def open_everything(agent: Agent, **contact: Any) -> None:
    """Every screen that there is of the planted customer, and of the orders."""
    agent.open("anna", **contact)
    for component_id in ("details", *(f"order:{each}" for each in ORDERS), "orders:0", "guest:0", "cart"):
        agent.click(component_id)
        agent.click("overview")
    agent.search("DE-10482")
    agent.click("number:DE-10311")
    agent.click("refresh")


def shown(agent: Agent) -> frozenset[str]:
    """The planted words in all canvases so far, whatever stands invisibly between their letters."""
    text = json.dumps([screen.answer for screen in agent.screens], ensure_ascii=False)
    return frozenset(ANY_MARKER.findall(re.sub("[\u2060\u2068\u2069]", "", text)))


def coordinates(stand_in: CommercetoolsStandIn) -> frozenset[str]:
    """Everything that the shop was asked for."""
    queries = {request.query for request in stand_in.graphql_requests}
    return frozenset(coordinate for query in queries for coordinate in asked_for(query))


def may_show(*fields: str) -> frozenset[str]:
    """The planted words that agents may see when `fields` are allowed."""
    words = {marker(field) for field in fields if field not in ADDRESSES and not field.startswith("address.")}
    for field in fields:
        if field in ADDRESSES:
            words |= {marker(f"{field}.{name}") for name in SHOWN_OF_AN_ADDRESS}
            words |= {marker(each) for each in fields if each.startswith("address.")}
    # of the payment provider's reference only the end is ever shown
    return frozenset(words - {marker("order.payment_reference")})


def may_ask(*fields: str) -> frozenset[str]:
    allowed = {coordinate for field in fields for coordinate in COORDINATES[field]}
    return frozenset({each for all_ in COORDINATES.values() for each in all_} | set(NEVER)) - allowed


@pytest.fixture
def planted(stand_in: CommercetoolsStandIn) -> CommercetoolsStandIn:
    plant(stand_in.shop)
    return stand_in


def test_every_field_of_the_mapping_is_planted() -> None:
    names = {field for field in EVERY_FIELD if ".custom." not in field}
    assert names == set(PERSONAL_FIELDS)


@pytest.mark.parametrize("mapping", ["", "[panel]\n", '[panel]\nlanguage = "de"\nfields = []\n'], ids=repr)
def test_the_closed_mapping_shows_and_asks_for_nothing_personal(
    agents: Agents, planted: CommercetoolsStandIn, mapping: str
) -> None:
    agent = agents(mapping)
    open_everything(agent, email=None)
    assert shown(agent) == frozenset()
    assert coordinates(planted) & may_ask() == frozenset()


def test_the_mapping_that_ships_shows_what_it_names_and_no_more(agents: Agents, planted: CommercetoolsStandIn) -> None:
    agent = agents((ROOT / "mapping.toml").read_text(encoding="utf-8"))
    open_everything(agent, email=None)
    named = ("customer.name", "customer.number", "customer.group", "customer.company")
    assert shown(agent) == may_show(*named)
    assert coordinates(planted) & may_ask(*named) == frozenset()


@pytest.mark.parametrize("field", EVERY_FIELD)
def test_a_field_is_shown_and_asked_for_only_when_it_is_allowed(
    agents: Agents, planted: CommercetoolsStandIn, field: str
) -> None:
    agent = agents(mapping_of(field))
    open_everything(agent, email=None)
    expected = may_show(field)
    if field == "order.payment_reference":
        assert any("…nceXw" in line or "…ceXw" in line for screen in agent.screens for line in screen.lines)
    assert shown(agent) == expected
    assert coordinates(planted) & may_ask(field) == frozenset()


@pytest.mark.parametrize("field", ["address.phone", "address.email"])
def test_what_belongs_to_an_address_needs_the_address(
    agents: Agents, planted: CommercetoolsStandIn, field: str
) -> None:
    alone, beside = agents(mapping_of(field)), agents(mapping_of(field, "order.shipping_address"))
    open_everything(alone, email=None)
    open_everything(beside, email=None)
    assert marker(field) not in shown(alone)
    assert marker(field) in shown(beside)


def test_all_fields_together_show_all_of_them_and_nothing_else(agents: Agents, planted: CommercetoolsStandIn) -> None:
    agent = agents(mapping_of(*EVERY_FIELD))
    open_everything(agent, email=None)
    assert shown(agent) == may_show(*EVERY_FIELD)
    assert coordinates(planted) & may_ask(*EVERY_FIELD) == frozenset()


def test_custom_fields_are_asked_for_by_name(agents: Agents, planted: CommercetoolsStandIn) -> None:
    agent = agents(mapping_of("customer.custom.loyaltyTier", "order.custom.giftMessage"))
    open_everything(agent, email=None)
    asked = [request.variables for request in planted.graphql_requests]
    assert {tuple(each["customerCustom"]) for each in asked if "customerCustom" in each} == {("loyaltyTier",)}
    assert {tuple(each["orderCustom"]) for each in asked if "orderCustom" in each} == {("giftMessage",)}


def test_no_request_carries_what_was_read(agents: Agents, planted: CommercetoolsStandIn) -> None:
    agent = agents(mapping_of(*EVERY_FIELD))
    open_everything(agent, email=None)
    sent = [text for request in planted.requests for text in (request.path, request.query, *strings(request.variables))]
    assert not [text for text in sent if ANY_MARKER.search(text)]


def test_ids_and_stored_data_hold_nothing_personal_even_when_all_is_allowed(
    agents: Agents, planted: CommercetoolsStandIn
) -> None:
    agent = agents(mapping_of(*EVERY_FIELD))
    open_everything(agent)
    agent.open("guest-orders-only")
    agent.click("guest:0")
    agent.search("gesa.petersen@nordmail.example")
    for screen in agent.screens:
        for text in (*screen.all_ids, *strings(screen.stored)):
            assert not ANY_MARKER.search(text)
            assert "@" not in text
            assert "gesa" not in text.lower()


@pytest.mark.parametrize("level", ["debug", "info"])
def test_the_log_names_nobody(
    agents: Agents, planted: CommercetoolsStandIn, level: str, log_lines: Callable[[], io.StringIO]
) -> None:
    agent = agents(mapping_of(*EVERY_FIELD), LOG_LEVEL=level)
    written = log_lines()
    open_everything(agent)
    agent.open("guest-orders-only")
    agent.search("gesa.petersen@nordmail.example")
    planted.switches.set(faults=[{"kind": "status", "status": 503}])
    agent.click("refresh")
    agent.submit(component_id="order:Zqtyped Xw", input_values={"query": "ZqTypedXw"}, current_canvas=7)
    log = written.getvalue()
    assert "panel.look_up_failed" in log
    assert not ANY_MARKER.search(log)
    for personal in ("@", "gesa", "petersen", "Zqtyped", "Kowalska", "I only got two", "Lindenallee"):
        assert personal not in log


def test_masks_hide_what_they_say(agents: Agents, planted: CommercetoolsStandIn) -> None:
    email = {"email": f"{marker('customer.email')}@example.org"}
    customer = next(each for each in planted.shop.all("customer") if each["email"] == marker("customer.email"))
    planted.shop.add("customer", {**customer, **email})
    masks = '[panel.masks]\n"customer.email" = "domain"\n"customer.name" = "initials"\n"customer.vat_id" = "last4"\n'
    agent = agents(mapping_of("customer.name", "customer.email", "customer.vat_id", more=masks))
    open_everything(agent, email=None)
    assert shown(agent) == frozenset()
    agent.open("anna", email=None)
    assert agent.screen.lines[0].startswith("Z. Z. | ")
    agent.click("details").says("E-mail: …@example.org", f"VAT id: …{marker('customer.vat_id')[-4:]}")


def test_an_email_match_alone_shows_no_address_anywhere(agents: Agents, planted: CommercetoolsStandIn) -> None:
    agent = agents(mapping_of(*EVERY_FIELD))
    customer = next(each for each in planted.shop.all("customer") if each["email"] == marker("customer.email"))
    planted.shop.add("customer", {**customer, "email": "stranger@example.org"})
    agent.open("no-match", email="stranger@example.org")
    assert "by e-mail, unverified" in agent.screen.text
    for component_id in ("details", *(f"order:{each}" for each in ORDERS), "orders:0"):
        agent.click(component_id)
        agent.click("overview")
    hidden = {marker(f"{field}.{name}") for field in ADDRESSES for name in ADDRESS_FIELDS}
    hidden |= {marker("address.phone"), marker("address.email")}
    assert marker("customer.name") in shown(agent)
    assert shown(agent) & hidden == frozenset()


def test_an_email_match_shows_addresses_where_the_merchant_wants_it(
    agents: Agents, planted: CommercetoolsStandIn
) -> None:
    agent = agents(mapping_of(*EVERY_FIELD, more="addresses_on_email_match = true\n"))
    customer = next(each for each in planted.shop.all("customer") if each["email"] == marker("customer.email"))
    planted.shop.add("customer", {**customer, "email": "stranger@example.org"})
    agent.open("no-match", email="stranger@example.org")
    agent.click("details")
    agent.click(f"order:{ORDERS[0]}")
    assert {marker("customer.addresses.city"), marker("order.shipping_address.city")} <= shown(agent)


def test_a_customer_from_the_search_shows_no_address(agents: Agents, planted: CommercetoolsStandIn) -> None:
    """Who asks the agent to look somebody up has proven nothing."""
    agent = agents(mapping_of(*EVERY_FIELD))
    customer = next(each for each in planted.shop.all("customer") if each["email"] == marker("customer.email"))
    planted.shop.add("customer", {**customer, "email": "stranger@example.org"})
    agent.open("no-match")
    agent.search("stranger@example.org")
    agent.choose(marker("customer.name"))
    agent.click("details")
    agent.click("overview")
    agent.click(f"order:{ORDERS[0]}")
    assert marker("customer.name") in shown(agent)
    assert not [word for word in shown(agent) if "address" in word.lower()]


def test_the_order_of_somebody_else_shows_nothing_personal_whatever_is_allowed(
    agents: Agents, planted: CommercetoolsStandIn
) -> None:
    agent = agents(mapping_of(*EVERY_FIELD, more="addresses_on_email_match = true\n"))
    agent.open("asks-about-the-order-of-another")
    for order in ORDERS:
        agent.click(f"order:{order}")
    agent.click("search")
    agent.click("find", query="DE-10482")
    assert shown(agent) == frozenset()
