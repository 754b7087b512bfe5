"""What the scopes of a token allow to read, and which part an error belongs to."""

from __future__ import annotations

import pytest

from clients.commercetools.documents import Operation, flags_of
from clients.commercetools.sections import (
    AREA_OF_FLAG,
    SECTION_OF_FLAG,
    Area,
    areas_of,
    flag_of_path,
    may_read_messages,
)

EVERYTHING = frozenset(Area)


@pytest.mark.parametrize(
    ("scopes", "areas"),
    [
        ("view_orders:shop view_customers:shop", {Area.ORDERS, Area.CUSTOMERS}),
        ("manage_orders:shop manage_payments:shop", {Area.ORDERS, Area.PAYMENTS}),
        ("view_orders:shop:de view_orders:shop:at", {Area.ORDERS}),
        ("manage_project:shop", EVERYTHING),
        (
            "view_states:shop view_customer_groups:shop view_discount_codes:shop",
            {Area.STATES, Area.CUSTOMER_GROUPS, Area.DISCOUNT_CODES},
        ),
        ("view_products:shop", frozenset()),
        ("view_orders:shop view_customers:other", {Area.ORDERS}),
    ],
)
def test_scopes_open_areas(scopes: str, areas: frozenset[Area]) -> None:
    assert areas_of(frozenset(scopes.split()), "shop") == areas | {Area.CHANNELS}  # which no scope is known to open


@pytest.mark.parametrize("scopes", [None, frozenset(), frozenset({"everything"}), frozenset({"view_orders:other"})])
def test_scopes_that_say_nothing_about_the_project_rule_nothing_out(scopes: frozenset[str] | None) -> None:
    assert areas_of(scopes, "shop") == EVERYTHING


@pytest.mark.parametrize(
    ("path", "flag"),
    [
        (("orders", "results", 0, "paymentInfo", "payments"), "withPayments"),
        (("n3", "paymentInfo", "payments"), "withPayments"),
        (("orders", "results", 0, "state"), "withStates"),
        (("order", "lineItems", 0, "state", 0, "state"), "withStates"),
        (("customer", "customerGroup"), "withCustomerGroup"),
        (("customers", "results", 0, "customerGroup", "name"), "withCustomerGroup"),
        (("customerActiveCart", "discountCodes", 0, "discountCode"), "withDiscountCodes"),
        (("customerActiveCart",), "withCart"),
        (("orders",), "withOrders"),
        (("history", "results", 0, "taxedPrice"), "withHistory"),
        (("n5",), "withN5"),
        (("order",), None),
        ((), None),
        ((0, 1), None),
    ],
)
def test_an_error_belongs_to_the_smallest_part(path: tuple[str | int, ...], flag: str | None) -> None:
    assert flag_of_path(path) == flag


def test_every_part_that_can_be_cut_out_for_a_scope_is_in_a_document() -> None:
    known = frozenset().union(*(flags_of(operation) for operation in Operation))
    assert set(AREA_OF_FLAG) | set(SECTION_OF_FLAG) <= known


@pytest.mark.parametrize("scopes", [None, frozenset({"view_messages:shop"}), frozenset({"manage_project:shop"})])
def test_messages_are_asked_for_when_the_scopes_allow_it_or_are_not_told(scopes: frozenset[str] | None) -> None:
    assert may_read_messages(scopes, "shop")


@pytest.mark.parametrize("scope", ["view_orders:shop", "view_orders:shop view_messages:other"])
def test_messages_are_not_asked_for_without_their_scope(scope: str) -> None:
    assert not may_read_messages(frozenset(scope.split()), "shop")
