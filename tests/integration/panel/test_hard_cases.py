"""The hard cases of the panel, in the agent's words: docs/panel.md is the table of them.

Amounts, states and dates were worked out by hand from the sample shop's scenarios (sandbox/shop/scenarios).
The panel is in English, its time zone is Berlin's.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from sandbox.commercetools import CommercetoolsStandIn
from sandbox.conversations import conversation, initialize_body
from sandbox.shop import SampleShop
from sandbox.shop.identifiers import customer_id, order_id
from sandbox.shop.resources import Document, TypeId
from tests.integration.panel.agent import Agent, Body
from tests.integration.panel.shapes import (
    BOTH_WAYS_OF_REJECTING,
    BOTH_WAYS_OF_SEARCHING_EMAIL,
    BOTH_WAYS_OF_TRANSLATING,
    EVERY_SHAPE,
)

Agents = Callable[..., Agent]

ANNA = customer_id("vip")
MATCHED_BY_EMAIL = "by e-mail, unverified"
NOT_THEIRS = "Not this contact's order: it belongs to someone else. Personal details are hidden."
SAME_EMAIL = "Only the e-mail address links this order to the contact, and anybody can type one. Addresses are hidden."
ADDRESSES_HIDDEN = "Addresses are hidden because only the e-mail address matches."
NOT_OPENED = "That could not be opened. Here is the overview."
NOBODY = "No customer matches this contact."


def writing(slug: str, text: str, **more: Any) -> Body:
    """The conversation of `slug`, with `text` as its first message and nothing else in it."""
    body = copy.deepcopy(initialize_body(conversation(slug)))
    body["conversation"] |= {"title": None, "custom_attributes": {}, **more}
    body["conversation"]["source"] |= {"subject": "", "body": text}
    body["conversation"]["conversation_parts"] = {"conversation_parts": []}
    return body


def without(shop: SampleShop, type_id: TypeId, gone: str) -> SampleShop:
    """The same shop after a document was deleted."""
    smaller = SampleShop(project=shop.project)
    types: tuple[TypeId, ...] = (
        "business-unit", "cart", "customer", "customer-group", "discount-code", "order", "payment", "state", "store",
    )  # fmt: skip
    for kind in types:
        smaller.add(kind, *(each for each in shop.all(kind) if kind != type_id or each["id"] != gone))
    return smaller


def change(shop: SampleShop, type_id: TypeId, key: str, fields: Mapping[str, Any]) -> Document:
    """Put other values into a document of the shop, as if they had always been there."""
    changed = {**(shop.get(type_id, key) or {}), **fields}
    shop.add(type_id, changed)
    return changed


# --- Who is it? -------------------------------------------------------------------------------------------------------


@EVERY_SHAPE
def test_a_contact_with_a_customer_id_is_that_customer_in_one_request(agent: Agent) -> None:
    screen = agent.open("anna")
    screen.says(
        "Anna Kowalska | VIP · customer since 2021 | matched by id",
        "12 orders · 1,284.50 EUR",
        "Payment failed for #DE-10305",
        "#DE-10482 · 129.90 EUR | Paid · Shipped | 21 Nov 2026",
        "DHL 00340434161094042557 · 2 of 3 items",
        "#DE-10311 · 59.00 EUR | Refunded · Delivered | 2 Oct 2026",
        "All orders (12)",
        "Cart: 3 items, 84.00 EUR",
    )
    assert agent.upstream == 1


@pytest.mark.parametrize(
    ("field", "external_id", "slug", "name"),
    [
        ("customerNumber", "C-20417", "anna", "Anna Kowalska"),
        ("externalId", "crm-55120", "anna", "Anna Kowalska"),
        ("key", "alpenverein-einkauf", "business-unit", "Hedwig Brenner"),
    ],
)
def test_a_contact_can_be_joined_by_another_field_of_the_customer(
    agents: Agents, mapping: str, field: str, external_id: str, slug: str, name: str
) -> None:
    agent = agents(f'{mapping}\n[identity]\nexternal_id = "{field}"\n')
    screen = agent.open(slug, external_id=external_id, email=None)
    assert screen.lines[0].startswith(f"{name} | ")
    assert screen.lines[0].endswith("matched by id")
    assert agent.upstream == 2
    agent.click("refresh")
    assert agent.upstream == 1


@EVERY_SHAPE
@BOTH_WAYS_OF_SEARCHING_EMAIL
@BOTH_WAYS_OF_REJECTING
def test_an_email_address_in_another_case_finds_the_customer(
    agent: Agent, stand_in: CommercetoolsStandIn, platform: Mapping[str, Any]
) -> None:
    slug, address = "email-in-another-case", "JONAS.lindqvist@nordmail.example"
    if not stand_in.switches.now.lowercase_email_supported:
        # then only the likely spellings are tried: as typed, and in lower case
        person = customer_id(slug)
        change(stand_in.shop, "customer", person, {"email": "jonas.lindqvist@nordmail.example"})
    screen = agent.open(slug, email=address)
    screen.says(
        f"Jonas Lindqvist | customer since 2024 | {MATCHED_BY_EMAIL}",
        "#DE-20001 · 253.95 EUR | Paid · Shipped | 10 Nov 2026",
    )
    assert agent.upstream == (2 if stand_in.switches.now.lowercase_email_supported else 3)
    agent.click("refresh")
    assert agent.upstream == 1, "linked: from now on it is asked by id"


@BOTH_WAYS_OF_SEARCHING_EMAIL
def test_two_customers_with_one_email_address_are_offered_to_choose_from(agent: Agent) -> None:
    screen = agent.open("two-customers-one-email")
    screen.says(
        "Several customers match",
        "They share this e-mail address. Pick the right one.",
        "Franziska Huber | C-18002 · familie.huber@nordmail.example · de | customer since 2024",
        "Franz Huber | C-18001 · familie.huber@nordmail.example | customer since 2024",
    )
    assert not screen.mentions("DE-2001")
    agent.open("guest-orders-only")
    assert agent.upstream == 1, "how to search is learnt once"


@EVERY_SHAPE
def test_the_customer_that_was_picked_is_remembered(agent: Agent) -> None:
    agent.open("two-customers-one-email")
    picked = agent.choose("Franziska Huber")
    picked.says(
        "Franziska Huber | customer since 2024 | picked by an agent",
        "#DE-20011 · 59.00 EUR | Paid · Ready to ship | 1 Nov 2026",
    )
    assert not picked.mentions("DE-20010")
    agent.open("anna")
    again = agent.open("two-customers-one-email")
    again.says("Franziska Huber | customer since 2024 | picked by an agent")
    assert agent.upstream == 0


def test_a_wrong_choice_can_be_undone(agent: Agent) -> None:
    agent.open("two-customers-one-email")
    agent.choose("Franz Huber")
    agent.choose("Choose another customer").says("Several customers match")
    agent.open("two-customers-one-email").says("Several customers match")


def test_a_customer_who_was_not_offered_cannot_be_picked(agent: Agent) -> None:
    agent.open("two-customers-one-email")
    screen = agent.click(f"pick:{ANNA}")
    screen.says(NOT_OPENED, "Several customers match")
    assert not screen.mentions("Anna")


@EVERY_SHAPE
def test_a_guest_is_shown_the_orders_of_the_email_address(agent: Agent) -> None:
    screen = agent.open("guest-orders-only")
    screen.says(
        "Guest, no customer account",
        MATCHED_BY_EMAIL,
        "#DE-20020 · 29.85 EUR | Paid · Shipment pending | 15 Nov 2026",
        "All guest orders",
    )
    assert agent.upstream == 1
    order = agent.choose("#DE-20020")
    order.says(SAME_EMAIL, "1 × Bottle Quelle 1 l | 24.90 EUR · NL-BTL-0005")
    assert not order.mentions("Hafenstraße")


def test_guest_orders_are_told_from_those_of_the_account(agent: Agent) -> None:
    screen = agent.open("guest-orders-besides-an-account")
    screen.says(
        "1 order · 54.75 EUR",
        "#DE-20051 · 83.95 EUR | same e-mail, unverified · Paid · Delivered | 1 Dec 2025",
        "#DE-20050 · 54.75 EUR | Paid · Delivered | 11 Oct 2026",
        "Guest orders with this e-mail (1)",
    )
    agent.click("guest:0").says("#DE-20051 · 83.95 EUR | Paid · Delivered | 1 Dec 2025")


@EVERY_SHAPE
def test_a_lead_without_an_email_address_costs_no_request(agent: Agent) -> None:
    screen = agent.open("lead-without-email")
    screen.says(
        "This contact has no e-mail address and no id.", "Open an order named in the conversation:", "Order #DE-20301"
    )
    assert agent.upstream == 0
    order = agent.choose("Order #DE-20301")
    order.says("#DE-20301 · 461.75 EUR", NOT_THEIRS)
    assert not order.mentions("Nils")
    assert not order.mentions("Hafenstraße")


@EVERY_SHAPE
@BOTH_WAYS_OF_SEARCHING_EMAIL
def test_a_contact_whom_the_shop_does_not_know_can_only_be_searched_for(agent: Agent) -> None:
    screen = agent.open("no-match")
    screen.says(NOBODY, "Search by order number, or by another e-mail address: guest orders are found as well.")
    assert set(screen.ids) == {"search", "refresh"}


def test_an_id_of_another_system_does_not_hide_the_customer_behind_the_email_address(agent: Agent) -> None:
    agent.open("external-id-of-another-system").says(f"Jonas Lindqvist | customer since 2024 | {MATCHED_BY_EMAIL}")
    assert agent.upstream == 3
    agent.click("refresh")
    assert agent.upstream == 1


def test_an_id_that_leads_nowhere_is_asked_for_once(agent: Agent) -> None:
    agent.open("no-match", external_id=order_id("nobody")).says(NOBODY)
    assert agent.upstream == 2
    agent.click("refresh").says(NOBODY)
    assert agent.upstream == 1


def test_a_customer_who_was_deleted_meanwhile_is_gone_at_the_next_refresh(
    agent: Agent, stand_in: CommercetoolsStandIn
) -> None:
    agent.open("anna")
    stand_in.shop = without(stand_in.shop, "customer", ANNA)
    screen = agent.click("refresh")
    assert NOBODY in screen.text
    assert not screen.mentions("Anna")


def test_an_order_that_was_deleted_meanwhile_says_so(agent: Agent, stand_in: CommercetoolsStandIn) -> None:
    agent.open("anna")
    stand_in.shop = without(stand_in.shop, "order", order_id("DE-10311"))
    screen = agent.choose("#DE-10311")
    screen.says("This order does not exist (any more).")
    assert "Back" in screen.lines


@EVERY_SHAPE
def test_a_group_shows_each_participant_their_own(agent: Agent) -> None:
    assert "Anna Kowalska" in agent.open("group-conversation", participant=0).lines[0]
    assert "Jonas Lindqvist" in agent.open("group-conversation", participant=1).lines[0]
    assert "花子 佐藤" in agent.open("group-conversation", participant=2).lines[0]
    ben = agent.open("group-conversation", participant=3)
    assert "Ben Schuster" in ben.lines[0]
    assert ben.mentions("#DE-10482 · 129.90 EUR | another customer's order")
    assert agent.open("group-conversation", participant=4).lines[0] == "Guest, no customer account"


def test_the_old_name_of_a_contact_is_understood(agent: Agent) -> None:
    assert agent.open("legacy-customer").lines[0] == "Anna Kowalska | VIP · customer since 2021 | matched by id"


def test_a_request_without_a_conversation_shows_the_newest_orders(agent: Agent) -> None:
    screen = agent.open("without-conversation")
    screen.says(
        "#DE-10482 · 129.90 EUR | Paid · Shipped | 21 Nov 2026",
        "#DE-10311 · 59.00 EUR | Refunded · Delivered | 2 Oct 2026",
    )


@EVERY_SHAPE
def test_a_contact_that_is_sent_with_its_id_alone_is_found_through_the_conversation(agent: Agent) -> None:
    assert agent.open("bare-contact").lines[0] == "Anna Kowalska | VIP · customer since 2021 | matched by id"
    assert agent.upstream == 1


def test_an_email_address_alone_proves_nothing_so_addresses_stay_hidden(agent: Agent) -> None:
    agent.open("somebody-elses-email").says(f"Anna Kowalska | VIP · customer since 2021 | {MATCHED_BY_EMAIL}")
    assert not agent.click("details").mentions("Lindenallee")
    agent.click("overview")
    order = agent.choose("#DE-10482")
    order.says(ADDRESSES_HIDDEN)
    assert not order.mentions("Lindenallee")


# --- How many orders? -------------------------------------------------------------------------------------------------


def test_a_customer_without_orders_has_none_yet(agent: Agent) -> None:
    screen = agent.open("customer-without-orders")
    assert screen.lines[0].startswith("Mia Neumann | customer since 2026")
    screen.says("No orders yet")
    assert not screen.mentions("All orders")
    assert agent.click("orders:0").says("No orders here")


def test_three_hundred_orders_are_counted_as_more_than_a_hundred_and_not_summed(agent: Agent) -> None:
    screen = agent.open("three-hundred-orders")
    screen.says("100+ orders", "All orders (100+)", "#ORD-100299 · 241.95 EUR | Paid · Shipped | 10 Nov 2026")
    assert agent.upstream == 1


def test_three_hundred_orders_can_be_paged_to_the_last_and_back(agent: Agent) -> None:
    agent.open("three-hundred-orders")
    screen = agent.click("orders:0")
    screen.says("1 to 10 of 100+")
    assert "Newer" not in screen.lines
    for _ in range(29):
        screen = agent.choose("Older")
    screen.says("291 to 300 of 100+")
    assert screen.mentions("#ORD-100001 · ")
    assert "Older" not in screen.lines
    assert len([line for line in screen.lines if line.startswith("#ORD-")]) == 10
    agent.choose("Newer").says("281 to 290 of 100+")
    overview = agent.choose("Back")
    overview.says("100+ orders")


def test_a_page_far_behind_the_last_is_empty_and_leads_back(agent: Agent) -> None:
    agent.open("anna")
    screen = agent.click("orders:9990")
    screen.says("No orders here")
    assert "Back" in screen.lines


# --- Money ------------------------------------------------------------------------------------------------------------


def test_yen_have_no_decimals(agent: Agent) -> None:
    screen = agent.open("yen")
    screen.says("1 order · 19,540 JPY", "Cart: 1 item, 24,500 JPY")
    agent.choose("#JP-70001").says(
        "1 × Rain jacket Brandung | 12,800 JPY · NL-JKT-0041",
        "Subtotal: 18,740 JPY",
        "Shipping costs: 800 JPY",
        "Total: 19,540 JPY",
        "Due: 0 JPY",
    )


def test_dinars_have_three_decimals(agent: Agent) -> None:
    agent.open("dinar-with-three-decimals").says("1 order · 84.260 KWD")
    agent.choose("#KW-80001").says(
        "2 × Scarf | 7.510 KWD · 3.755 KWD each · NL-SCF-0001",
        "Subtotal: 81.760 KWD",
        "Shipping costs: 2.500 KWD",
        "Total: 84.260 KWD",
    )


def test_forints_without_decimals_are_called_by_their_real_name(agent: Agent) -> None:
    screen = agent.open("forint-without-decimals")
    screen.says("1 order · 23,480 HUF")
    assert not screen.mentions("HUF0")
    agent.choose("#HU-90001").says("Subtotal: 21,990 HUF", "Shipping costs: 1,490 HUF", "Total: 23,480 HUF")


def test_a_unit_price_keeps_all_its_digits(agent: Agent) -> None:
    agent.open("high-precision-unit-price")
    agent.choose("#DE-20110").says(
        "1,000 × Tent peg, aluminium | 32.50 EUR · 0.0325 EUR each · NL-PEG-1000",
        "37 × Guy line, per metre | 15.45 EUR · 0.4175 EUR each · NL-LIN-0001",
        "Subtotal: 47.95 EUR",
        "Total: 52.90 EUR",
    )


def test_currencies_are_never_added_up(agent: Agent) -> None:
    agent.open("mixed-currencies").says("3 orders · 144.90 EUR · 29,800 JPY · +1 currency")
    agent.click("orders:0").says(
        "#DE-20120 · 144.90 EUR | Paid · Shipped | 18 Nov 2026",
        "#US-50120 · 72.41 USD | Paid · Delivered | 17 May 2026",
        "#JP-70120 · 39,800 JPY | Partly refunded · Delivered | 2 Apr 2025",
    )


def test_a_payment_in_another_currency_is_listed_and_not_counted(agent: Agent) -> None:
    agent.open("payment-in-another-currency").says("1 order · 83.95 EUR")
    order = agent.choose("#DE-20211")
    order.says("Total: 83.95 EUR", "In another currency: Charge 91.20 USD")
    assert not order.mentions("Due: 83.95"), "who paid in dollars owes no euros"


def test_items_in_several_currencies_do_not_break_the_order(agent: Agent, stand_in: CommercetoolsStandIn) -> None:
    """No shop should have it; the receipt says that there is something else instead of adding dollars to euros."""
    document = stand_in.shop.get("order", order_id("DE-20201")) or {}
    extra = copy.deepcopy(document["lineItems"][0]) | {"id": order_id("dollars")}
    dollars = {"type": "centPrecision", "currencyCode": "USD", "centAmount": 700, "fractionDigits": 2}
    extra |= {"price": {"id": order_id("price"), "value": dollars}, "totalPrice": dollars}
    change(stand_in.shop, "order", order_id("DE-20201"), {"lineItems": [*document["lineItems"], extra]})
    agent.open("captured")
    agent.choose("#DE-20201").says(
        "1 × Sleeping mat Moos | 7.00 USD · NL-MAT-0011", "Subtotal: 79.00 EUR", "Total: 83.95 EUR"
    )


def test_custom_line_items_add_up_with_the_others(agent: Agent) -> None:
    agent.open("custom-line-items")
    agent.choose("#DE-20401").says(
        "2 × Gift wrapping | 7.00 EUR · 3.50 EUR each",
        "1 × Cash on delivery fee | 5.90 EUR",
        "1 × Goodwill | -10.00 EUR",
        "Subtotal: 142.85 EUR",
        "Shipping costs: 4.95 EUR",
        "Total: 147.80 EUR",
    )


def test_discounts_and_codes_are_named(agent: Agent) -> None:
    agent.open("discount-code-and-total-discount")
    agent.choose("#DE-20403").says(
        "Subtotal: 356.95 EUR",
        "Discounts: -50.69 EUR",
        "Total: 306.26 EUR",
        "Discount codes: WELCOME10, FREESHIP",
    )


def test_tax_that_is_not_in_the_prices_is_a_line_of_the_receipt(agent: Agent) -> None:
    agent.open("tax-not-included")
    agent.choose("#US-50404").says(
        "Subtotal: 169.92 USD", "Shipping costs: 7.95 USD", "Tax: 15.79 USD", "Total: 193.66 USD"
    )


def test_an_order_without_computed_tax_says_nothing_of_tax(agent: Agent) -> None:
    agent.open("without-taxed-price")
    screen = agent.choose("#DE-20405")
    screen.says("Subtotal: 103.85 EUR", "Total: 108.80 EUR")
    assert "tax" not in screen.text.lower()


def test_a_gift_costs_nothing_and_is_called_one(agent: Agent) -> None:
    agent.open("gift-item")
    screen = agent.choose("#DE-20402")
    gift = next(line for line in screen.lines if "Bottle, a gift" in line)
    assert "0.00 EUR" in gift
    assert gift.split(" | ")[-1].startswith("gift")
    screen.says("Discounts: -24.90 EUR", "Total: 253.95 EUR")


# --- `paymentState` is empty: the transactions decide -----------------------------------------------------------------


def payment_of(agent: Agent, slug: str, number: str) -> None:
    agent.open(slug)
    agent.choose(f"#{number} · ")


def test_captured_in_full_is_paid(agent: Agent) -> None:
    payment_of(agent, "captured", "DE-20201")
    agent.screen.says("Payment: Paid", "Paid: 83.95 EUR", "Due: 0.00 EUR")


def test_captured_in_part_is_partly_paid_and_the_rest_is_due(agent: Agent) -> None:
    payment_of(agent, "partly-captured", "DE-20202")
    agent.screen.says("Payment: Partly paid", "Paid: 40.00 EUR", "Due: 43.95 EUR")


def test_only_authorised_is_not_paid(agent: Agent) -> None:
    payment_of(agent, "authorised-only", "DE-20203")
    agent.screen.says("Payment: Authorised", "Paid: 0.00 EUR", "Due: 83.95 EUR")


def test_a_failed_charge_is_a_failed_payment_and_an_alert(agent: Agent) -> None:
    agent.open("payment-failed").says(
        "Payment failed for #DE-20204", "#DE-20204 · 83.95 EUR | Payment failed · Not shipped | 16 Nov 2026"
    )
    agent.choose("#DE-20204 · ").says(
        "Payment: Payment failed", "Charge 83.95 EUR | failed | 16 Nov 2026, 11:05", "Due: 83.95 EUR"
    )


def test_refunded_in_full_is_refunded_and_nothing_is_left_of_the_lifetime(agent: Agent) -> None:
    agent.open("refunded").says("1 order · 0.00 EUR")
    agent.choose("#DE-20205 · ").says("Payment: Refunded", "Refunded: 83.95 EUR", "Due: 0.00 EUR")


def test_refunded_in_part_is_partly_refunded(agent: Agent) -> None:
    agent.open("partly-refunded").says("1 order · 63.95 EUR")
    agent.choose("#DE-20206 · ").says("Payment: Partly refunded", "Refunded: 20.00 EUR")


def test_a_refund_that_is_not_confirmed_is_said_to_be_open(agent: Agent) -> None:
    agent.open("refund-pending").says("Refund for #DE-20208 not confirmed yet", "1 order · 83.95 EUR")
    agent.choose("#DE-20208 · ").says("Refund 83.95 EUR | in progress")


def test_a_chargeback_is_the_first_thing_that_is_said(agent: Agent) -> None:
    agent.open("charged-back").says("Payment of #DE-20207 charged back")
    agent.choose("#DE-20207 · ").says("Payment: Charged back", "Charged back: 83.95 EUR")


def test_a_declined_card_beside_a_good_one_is_no_failure(agent: Agent) -> None:
    screen = agent.open("several-payments")
    assert not screen.mentions("failed")
    agent.choose("#DE-20210 · ").says("Payment: Paid", "Paid: 253.95 EUR", "Refused: insufficient funds")


def test_the_merchants_word_counts_where_there_are_no_payments(agent: Agent) -> None:
    payment_of(agent, "paid-without-payments", "DE-20209")
    agent.screen.says("Payment: Paid", "No payment is linked to this order.", "Due: 0.00 EUR")


# --- Where is it? -----------------------------------------------------------------------------------------------------


def test_a_split_shipment_lists_every_parcel_with_its_link(agent: Agent) -> None:
    agent.open("split-shipment-with-tracking").says("3 parcels · 3 of 5 items")
    screen = agent.choose("#DE-20301 · ")
    screen.says(
        "Shipment: Partly shipped",
        "Parcels · 3 of 5 items",
        "DHL 00340434161094049990 | 1 item · 17 Nov 2026",
        "UPS 1Z999AA10123456784 | 1 item · 19 Nov 2026",
        "UPS 1Z999AA10123456793 | 1 item · 19 Nov 2026",
    )
    links = [url for url in screen.urls if "commercetools" not in url]
    assert [url.rpartition("=")[2] for url in links] == [
        "00340434161094049990", "1Z999AA10123456784", "1Z999AA10123456793",
    ]  # fmt: skip


def test_a_split_shipment_without_tracking_has_no_link(agent: Agent) -> None:
    agent.open("split-shipment-without-tracking").says("Parcel without tracking number · 2 of 4 items")
    screen = agent.choose("#DE-20302 · ")
    screen.says(
        "Parcel without tracking number | 1 item · 12 Nov 2026",
        "Shipped, without parcel details | 1 item · 13 Nov 2026",
    )
    assert [url for url in screen.urls if "commercetools" not in url] == []


def test_several_shipping_methods_are_one_shipment(agent: Agent) -> None:
    agent.open("several-shipping-methods").says("2 parcels")
    agent.choose("#DE-20306 · ").says(
        "GO! Express GX-5512 | 1 item · 9 Nov 2026",
        "DHL 00340434161094041120 | 1 item · 9 Nov 2026",
        "Shipping costs: 17.45 EUR",
        "Total: 406.40 EUR",
    )


def test_a_return_label_is_no_parcel(agent: Agent) -> None:
    agent.open("return-label-parcel").says("DHL 00340434161094040017")
    screen = agent.choose("#DE-20303 · ")
    labels = screen.lines.index("Return labels")
    assert screen.lines[labels + 1].startswith("DHL RR123456785DE")


def test_a_delay_is_an_alert_with_the_new_date(agent: Agent) -> None:
    agent.open("delayed").says("#DE-20304 is delayed")
    agent.choose("#DE-20304 · ").says("Delivery estimated 27 Nov 2026 to 1 Dec 2026")


def test_a_backorder_is_an_alert(agent: Agent) -> None:
    agent.open("backorder").says("#DE-20305 is on backorder")


# --- What comes back? -------------------------------------------------------------------------------------------------


def test_a_return_that_was_advised_is_not_back_yet(agent: Agent) -> None:
    agent.open("return-advised").says("#DE-20501 · 198.95 EUR | Paid · Delivered · Return announced | 25 Oct 2026")
    screen = agent.choose("#DE-20501 · ")
    screen.says("1 × Hiking boots Steinbock | announced, not back yet · “Too small” | 18 Nov 2026")
    assert "not refunded" not in screen.text


def test_a_return_that_was_received_waits_for_its_refund(agent: Agent) -> None:
    agent.open("return-received").says("Return of #DE-20502 received, refund open")
    agent.choose("#DE-20502 · ").says(
        "1 × Hiking boots Steinbock | received · refund open · “Wrong colour” | 17 Nov 2026"
    )


def test_a_return_that_was_refunded_says_what_was_paid_back(agent: Agent) -> None:
    agent.open("return-refunded").says("#DE-20503 · 202.45 EUR | Partly refunded · Delivered | 25 Oct 2026")
    agent.choose("#DE-20503 · ").says(
        "1 × Headlamp Polaris | received, back in stock · refunded | 10 Nov 2026",
        "1 × Gift wrapping | received · no refund yet | 10 Nov 2026",
        "Refunded: 54.05 EUR",
    )


def test_a_return_that_was_refused_is_not_refunded(agent: Agent) -> None:
    agent.open("return-not-refunded")
    agent.choose("#DE-20504 · ").says(
        "1 × Hiking boots Steinbock | received, unusable · not refunded · “Worn outdoors” | 11 Nov 2026"
    )


# --- Orders that came another way -------------------------------------------------------------------------------------


def test_an_imported_order_is_as_old_as_it_really_is(agent: Agent) -> None:
    agent.open("imported-order").says("#LEGACY-000815 · 83.95 EUR | Paid · Delivered | 30 Jun 2024")
    agent.choose("#LEGACY-000815").says("Other numbers: AS400-77120", "30 Jun 2024, 12:00: Order placed · 83.95 EUR")


def test_a_business_order_shows_unit_and_purchase_order(agent: Agent) -> None:
    screen = agent.open("business-unit")
    assert screen.lines[0] == "Hedwig Brenner | Wholesale · customer since 2024 | matched by id"
    screen.says("Balance due on #DE-20620")
    agent.choose("#DE-20620 · ").says(
        "Purchase order number: PO-2026-1187",
        "Business unit: alpenverein-muc",
        "12 × Tent Wolke 2 | 2,988.00 EUR · 249.00 EUR each · NL-TNT-0002",
        "Total: 4,933.00 EUR",
        "Due: 4,933.00 EUR",
    )


def test_a_recurring_order_says_that_nobody_placed_it(agent: Agent) -> None:
    agent.open("recurring-order").says("3 orders · 164.25 EUR")
    assert agent.choose("#DE-20604").lines[1] == "1 Nov 2026, 11:00 · recurring order"


@BOTH_WAYS_OF_TRANSLATING
def test_the_merchants_own_state_is_shown_where_it_is_the_only_one(agent: Agent) -> None:
    agent.open("merchant-workflow-state-only").says(
        "#DE-20610 · 144.90 EUR | In the workshop · Not shipped | 17 Nov 2026"
    )
    agent.choose("#DE-20610").says("Order: Open", "Workflow: In the workshop")


def test_states_that_no_schema_knows_yet_are_shown_as_they_are(agent: Agent) -> None:
    agent.open("values-from-the-future").says("#DE-20630 · 59.00 EUR | Disputed · WithRobot | 20 Nov 2026")
    agent.choose("#DE-20630").says("Order: Preparing", "Payment: Disputed", "Shipment: WithRobot")


def test_an_order_without_a_number_is_called_by_its_id(agent: Agent) -> None:
    short = order_id("order-without-number")[:8]
    agent.open("order-without-number").says(f"Order {short} · 83.95 EUR | Paid · Ready to ship | 18 Nov 2026")
    assert agent.choose(f"Order {short}").lines[0] == f"Order {short} · 83.95 EUR"


def test_of_five_carts_the_active_one_is_shown(agent: Agent) -> None:
    agent.open("several-carts").says("Cart: 2 items, 49.80 EUR")
    agent.click("cart").says("Cart · 49.80 EUR", "2 × Bottle Quelle 1 l | 49.80 EUR · 24.90 EUR each · NL-BTL-0005")


def test_a_cart_needs_no_orders(agent: Agent) -> None:
    agent.open("cart-without-orders").says("No orders yet", "Cart: 3 items, 407.00 EUR")


# --- Which order is it about? -----------------------------------------------------------------------------------------


@EVERY_SHAPE
def test_a_number_in_an_attribute_weighs_more_than_one_in_the_message(agent: Agent) -> None:
    screen = agent.open("number-in-message-and-attribute")
    orders = [line for line in screen.lines if line.startswith("#DE-")]
    assert orders[:2] == [
        "#DE-20640 · 29.85 EUR | Paid · Shipped | 12 Nov 2026",
        "#DE-20641 · 83.95 EUR | Paid · Delivered | 2 Oct 2026",
    ]
    assert agent.upstream == 1


def test_a_number_in_small_letters_finds_the_order(agent: Agent) -> None:
    agent.open_body(writing("anna", "<p>what about de-09981?</p>"))
    agent.screen.says("#DE-09981 · 89.90 EUR | Paid · Delivered | 25 Apr 2026")
    assert agent.upstream == 1


def test_an_order_that_the_shop_spells_in_small_letters_is_found(agent: Agent) -> None:
    agent.open("order-numbers-of-every-shape")
    assert agent.search("de-77").lines[0] == "#de-77 · 59.00 EUR"


def test_numbers_of_every_shape_are_found(agent: Agent) -> None:
    agent.open("order-numbers-of-every-shape").says(
        "#1001 · 59.00 EUR | Paid · Delivered | 20 Nov 2026", "#ACC-123456 · 59.00 EUR | Paid · Delivered | 10 Nov 2026"
    )


def test_the_order_of_another_customer_is_shown_with_a_warning_and_without_personal_details(agent: Agent) -> None:
    screen = agent.open("asks-about-the-order-of-another")
    screen.says("#DE-10482 · 129.90 EUR | another customer's order | 21 Nov 2026")
    assert not screen.mentions("DHL"), "no parcel of somebody else's on the first screen"
    order = agent.choose("#DE-10482")
    order.says(NOT_THEIRS)
    for personal in ("Anna", "Kowalska", "Lindenallee", "SAP-4500118", "0034043", "@"):
        assert not order.mentions(personal)


def test_the_id_of_an_order_of_someone_else_opens_it_with_the_warning(agent: Agent) -> None:
    agent.open("customer-without-orders")
    order = agent.click(f"order:{order_id('DE-10311')}")
    order.says("#DE-10311 · 59.00 EUR", NOT_THEIRS)
    for personal in ("Anna", "Lindenallee", "Beam too weak", "@"):
        assert not order.mentions(personal)


def test_orders_of_several_stores_are_all_shown_without_a_setting(agent: Agent) -> None:
    agent.open("several-stores").says(
        "2 orders · 144.90 EUR · 140.45 USD",
        "#US-50040 · 140.45 USD | Paid · Delivered | 20 Oct 2026",
        "#DE-20040 · 144.90 EUR | Paid · Shipped | 5 Nov 2026",
    )


def test_with_stores_in_the_mapping_orders_of_others_do_not_exist(agents: Agents, mapping: str) -> None:
    agent = agents(f'{mapping}\nstores = ["de"]\n')
    screen = agent.open("several-stores")
    screen.says("1 order · 144.90 EUR", "#DE-20040 · 144.90 EUR | Paid · Shipped | 5 Nov 2026")
    assert not screen.mentions("US-50040")
    assert not agent.click("orders:0").mentions("US-50040")
    agent.click("overview")
    assert agent.search("US-50040").mentions("Nothing found for US-50040.")
    agent.click(f"order:{order_id('US-50040')}").says("This order does not exist (any more).")


def test_with_stores_in_the_mapping_customers_of_others_do_not_exist(agents: Agents, mapping: str) -> None:
    agent = agents(f'{mapping}\nstores = ["de"]\n')
    screen = agent.open("yen")
    screen.says(NOBODY)
    assert not screen.mentions("花子")
    cart = agent.click("cart")
    assert not cart.mentions("24,500")


# --- Search -----------------------------------------------------------------------------------------------------------


@EVERY_SHAPE
def test_a_search_by_number_finds_the_contacts_own_order(agent: Agent) -> None:
    agent.open("anna")
    order = agent.search("#de-10311 ")
    assert order.lines[0] == "#DE-10311 · 59.00 EUR"
    assert NOT_THEIRS not in order.lines
    assert agent.choose("Back").lines[0] == "Search"


def test_a_search_finds_the_number_among_words(agent: Agent) -> None:
    agent.open("anna")
    assert agent.search("order DE-10311 please").lines[0] == "#DE-10311 · 59.00 EUR"


def test_a_search_by_number_warns_when_the_order_is_not_the_contacts(agent: Agent) -> None:
    agent.open("no-match")
    order = agent.search("DE-10482")
    order.says("#DE-10482 · 129.90 EUR", NOT_THEIRS)
    assert not order.mentions("Lindenallee")


@BOTH_WAYS_OF_SEARCHING_EMAIL
def test_a_search_by_email_finds_customers_and_guest_orders(agent: Agent) -> None:
    agent.open("no-match")
    found = agent.search("ole.hansen@nordmail.example")
    assert found.lines[0] == "Found for ole.hansen@nordmail.example"
    assert found.mentions("Ole Hansen | C-30200")
    assert found.mentions("#DE-20051 · 83.95 EUR")
    customer = agent.choose("Ole Hansen")
    assert customer.mentions("found by search")
    customer.says("#DE-20050 · 54.75 EUR | Paid · Delivered | 11 Oct 2026")


def test_a_guest_order_that_was_searched_for_comes_with_a_warning(agent: Agent) -> None:
    agent.open("anna")
    agent.search("Gesa.Petersen@nordmail.example")
    order = agent.choose("#DE-20021")
    order.says("#DE-20021 · 83.95 EUR", NOT_THEIRS)


def test_a_search_that_finds_nothing_keeps_what_was_typed(agent: Agent) -> None:
    agent.open("anna")
    screen = agent.search("DE-99999")
    assert screen.mentions("Nothing found for DE-99999.")
    assert any(part.get("value") == "DE-99999" for part in screen.components)
    assert agent.choose("Back").lines[0].startswith("Anna Kowalska")


@pytest.mark.parametrize("inputs", [{}, {"query": None}, {"query": ""}, {"query": []}, {"query": "  "}, None], ids=str)
def test_a_search_for_nothing_asks_for_a_word(agent: Agent, inputs: object) -> None:
    agent.open("anna")
    agent.click("search")
    screen = agent.submit(component_id="find", input_values=inputs, current_canvas=dict(agent.screen.answer["canvas"]))
    screen.says("Type an order number or an e-mail address.")
    assert agent.upstream == 0


def test_from_a_searched_customer_one_comes_back_to_the_contact(agent: Agent) -> None:
    agent.open("anna")
    agent.search("ole.hansen@nordmail.example")
    agent.choose("Ole Hansen")
    assert agent.choose("Back to this contact").lines[0].startswith("Anna Kowalska | VIP")
    assert agent.upstream == 0


@EVERY_SHAPE
def test_a_searched_customer_never_becomes_the_contact(agent: Agent) -> None:
    agent.open("no-match")
    agent.search("anna.kowalska@nordmail.example")
    agent.choose("Anna Kowalska")
    order = agent.choose("#DE-10482")
    order.says(NOT_THEIRS)
    assert not order.mentions("Lindenallee")
    agent.open("no-match").says(NOBODY)


# --- What agents and browsers send back -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "tampered",
    [
        {},
        {"customer": ANNA},
        {"customer": ANNA, "searched": True, "seal": "A" * 43},
        {"customer": ANNA, "seal": 7, "total": "12", "screen": "cart"},
        {"customer": [ANNA], "back": {"a": 1}, "screen": 5, "seen": {"cart": 10**30}},
        {"back": "日本 語\u202e" * 9, "screen": "x" * 5_000, "seen": [1]},
    ],
    ids=["nothing", "no seal", "wrong seal", "wrong types", "odd types", "odd texts"],
)
def test_stored_data_that_was_tampered_with_shows_nobody_else(agent: Agent, tampered: Mapping[str, Any]) -> None:
    agent.open("asks-about-the-order-of-another")
    for component_id in ("cart", "orders:0", "details", "refresh", "search", f"order:{order_id('DE-10482')}"):
        screen = agent.submit(
            component_id=component_id,
            input_values={},
            current_canvas={"content": {"components": []}, "stored_data": dict(tampered)},
        )
        assert not screen.mentions("Anna"), component_id
        assert not screen.mentions("84.00 EUR"), component_id
        assert not screen.mentions("#DE-10311"), component_id


def test_the_stored_data_of_one_contact_is_worth_nothing_for_another(agent: Agent) -> None:
    agent.open("anna")
    replayed = dict(agent.screen.stored)
    assert replayed["customer"] == ANNA
    agent.open("no-match")
    screen = agent.submit(component_id="cart", input_values={}, current_canvas={"stored_data": replayed})
    screen.says(NOT_OPENED, NOBODY)


@pytest.mark.parametrize(
    "component_id",
    ["", "nothing", "order:", "order:1", "order:' or 1=1", "orders:-1", "orders:99999999", "pick:x", "customer:x",
     "number:", "guest:x", "__class__", "overview:x:y", "o" * 5_000],
)  # fmt: skip
def test_a_component_that_nobody_offered_shows_the_overview(agent: Agent, component_id: str) -> None:
    agent.open("anna")
    screen = agent.click(component_id)
    assert any(line.startswith("Anna Kowalska") for line in screen.lines)


def test_refresh_reads_again_although_the_copy_is_fresh(agent: Agent, stand_in: CommercetoolsStandIn) -> None:
    agent.open("captured")
    agent.open("captured")
    assert agent.upstream == 0
    change(stand_in.shop, "customer", customer_id("captured"), {"lastName": "Herbst"})
    assert agent.open("captured").lines[0].startswith("Erika Sommer")
    assert agent.click("refresh").lines[0].startswith("Erika Herbst")
    assert agent.upstream == 1


@EVERY_SHAPE
def test_refresh_reads_the_screen_that_is_open(agent: Agent, stand_in: CommercetoolsStandIn) -> None:
    agent.open("captured")
    agent.choose("#DE-20201 · ")
    change(stand_in.shop, "order", order_id("DE-20201"), {"paymentState": "CreditOwed"})
    agent.click("refresh").says("#DE-20201 · 83.95 EUR", "Payment: Credit owed")
    assert agent.upstream == 1
    assert agent.choose("Back").lines[0].startswith("Erika Sommer")


@pytest.mark.parametrize(
    "slug", ["anna", "guest-orders-only", "guest-orders-besides-an-account", "lead-without-email", "no-match"]
)
def test_every_screen_leads_back_to_where_it_was_opened(agent: Agent, slug: str) -> None:
    first = agent.open(slug).lines[0]
    for way in [each for each in agent.screen.ids if each not in ("refresh", "retry")]:
        agent.open(slug)
        title = agent.click(way).lines[0]
        for deeper in [each for each in agent.screen.ids if each.startswith("order:")][:2]:
            assert agent.click(deeper).lines[0] != title
            assert agent.choose("Back").lines[0] == title, (way, deeper)
        assert agent.choose("Back").lines[0] == first, way


# --- Texts ------------------------------------------------------------------------------------------------------------


def test_hostile_texts_are_text_and_nothing_else(agent: Agent) -> None:
    agent.open("hostile-texts")
    for way in (
        "details",
        f"order:{order_id('X-1' + '<img src=x onerror=alert(1)><script>alert(' + repr('x') + ')</script>')}",
    ):
        agent.open("hostile-texts")
        agent.click(way)
    for screen in agent.screens:
        raw = str(screen.answer)
        for syntax in ("](http", "<img", "<script", "<b>", "\u202e", "\u200f", "**bold", "`code"):
            assert syntax not in raw, syntax
        assert not [url for url in screen.urls if "evil" in url or "javascript" in url.partition("?")[0]]
    assert agent.screen.mentions("[Click here to win](https://evil.example/?a=b)"), "it reads as it was written"


def test_names_in_other_scripts_are_shown_as_they_are(agent: Agent) -> None:
    assert agent.open("chinese").lines[0].startswith("小明 王")
    agent.choose("#DE-20701").says("1 × NL-TNT-0002 | 249.00 EUR")
    assert agent.open("arabic").lines[0].startswith("فاطمة الزهراء")
    agent.choose("#DE-20702").says("1 × Desert tent | 189.00 EUR · NL-TNT-0090")


def test_a_german_panel_speaks_german_and_writes_numbers_the_german_way(agents: Agents, mapping: str) -> None:
    agent = agents(mapping.replace('language = "en"', 'language = "de"'))
    screen = agent.open("anna")
    screen.says("12 Bestellungen · 1.284,50 EUR")
    assert agent.choose("#DE-10482").mentions("1 × Regenjacke Brandung | 49,95 EUR")


# --- Whose panel is it? -----------------------------------------------------------------------------------------------


@EVERY_SHAPE
def test_another_workspace_sees_nothing_when_one_is_named(agents: Agents, mapping: str) -> None:
    own, other = agents(mapping, INTERCOM_WORKSPACE_ID="nrdlcht1"), agents(mapping, INTERCOM_WORKSPACE_ID="another1")
    assert own.open("anna").lines[0].startswith("Anna Kowalska")
    other.open("anna").says("The order panel is not installed for this workspace.")
    assert not other.click("overview").mentions("Anna")
    assert other.upstream == 0


# --- The shop does not answer -----------------------------------------------------------------------------------------


def test_a_shop_that_cannot_be_reached_is_said_so_and_can_be_tried_again(
    agent: Agent, stand_in: CommercetoolsStandIn
) -> None:
    stand_in.switches.set(faults=[{"kind": "reset", "door": "any"}])
    agent.open("anna").says("The shop cannot be reached.", "Nothing is lost. Try again in a moment.")
    assert agent.screen.ids == ("retry",)
    stand_in.switches.set(faults=())
    assert agent.click("retry").lines[0].startswith("Anna Kowalska")


@pytest.mark.parametrize(
    "fault", [{"kind": "status", "status": 503}, {"kind": "invalid_json"}, {"kind": "reset"}], ids=str
)
def test_without_the_shop_the_last_known_panel_is_shown_with_its_age(
    agent: Agent, stand_in: CommercetoolsStandIn, fault: Mapping[str, Any]
) -> None:
    agent.open("anna")
    stand_in.switches.set(faults=[fault])
    screen = agent.click("refresh")
    screen.says("12 orders · 1,284.50 EUR", "#DE-10482 · 129.90 EUR | Paid · Shipped | 21 Nov 2026")
    (warning,) = [line for line in screen.lines if "Last known data, read " in line]
    assert warning.startswith("The shop")
    assert "retry" in screen.ids
    stand_in.switches.set(faults=())
    assert "Last known" not in agent.click("retry").text


def test_an_order_that_cannot_be_read_leads_back_to_the_overview(agent: Agent, stand_in: CommercetoolsStandIn) -> None:
    agent.open("anna")
    stand_in.switches.set(faults=[{"kind": "reset"}])
    screen = agent.choose("#DE-10482")
    screen.says("The shop cannot be reached.")
    assert agent.choose("Back").lines[0].startswith("Anna Kowalska"), "still in the cache"


def test_a_token_that_expired_on_the_way_is_renewed_unnoticed(agent: Agent, stand_in: CommercetoolsStandIn) -> None:
    agent.open("anna")
    stand_in.tokens.revoke_all()
    assert agent.click("refresh").lines[0].startswith("Anna Kowalska")
