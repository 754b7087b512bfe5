"""Answers as values: what is new or absent costs nothing, money that is in doubt costs the answer."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clients.commercetools import decode
from clients.commercetools.decode import Node
from clients.commercetools.decode.money import money
from clients.errors import BadAnswer
from commerce.money import Money
from commerce.order import Order, Return

PAYLOADS = Path(__file__).resolve().parents[3] / "payloads" / "commercetools"
IN_FULL: dict[str, Any] = json.loads((PAYLOADS / "order-in-full.json").read_text(encoding="utf-8"))
EUR = {"type": "centPrecision", "currencyCode": "EUR", "centAmount": 12990, "fractionDigits": 2}
LEAST = {
    "id": "o1",
    "version": 1,
    "createdAt": "2026-11-21T09:30:00.000Z",
    "lastModifiedAt": "2026-11-21T09:30:00.000Z",
    "orderState": "Open",
    "totalPrice": EUR,
}
CUSTOMER = {key: LEAST[key] for key in ("id", "version", "createdAt", "lastModifiedAt")}
RUBBISH = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.lists(st.one_of(st.none(), st.integers(), st.text(max_size=2), st.just({})), max_size=2),
    st.dictionaries(st.sampled_from(["id", "value", "key", "results"]), st.integers(), max_size=2),
)


def read(**fields: object) -> Order:
    return decode.order(Node({**LEAST, **fields}, "order"))


@pytest.fixture(scope="module")
def order() -> Order:
    return decode.order(Node(IN_FULL, "order"))


def test_an_order_needs_no_more_than_id_version_times_state_and_total() -> None:
    order = read()
    assert (order.number, order.items, order.payments, order.shippings, order.returns) == (None,) * 5


def test_times_are_utc(order: Order) -> None:
    assert order.created_at == datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def test_a_time_of_another_zone_is_turned_into_utc() -> None:
    assert read(createdAt="2026-11-21T09:30:00+02:00").created_at == datetime(2026, 11, 21, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00+23:59", "yesterday", "", 5, None, "2026-13-01T00:00:00Z"])
def test_a_time_that_is_none_is_a_bad_answer_where_one_is_needed(time: object) -> None:
    with pytest.raises(BadAnswer, match="createdAt"):
        read(createdAt=time)
    assert read(completedAt=time).completed_at is None


def test_a_state_we_never_heard_of_is_kept_as_it_is(order: Order) -> None:
    assert order.shipment_state == "TeleportedInTheYear2031"


def test_an_imported_order_was_placed_when_it_was_completed(order: Order) -> None:
    assert order.placed_at == datetime(2026, 11, 20, 23, 59, 59, 123000, tzinfo=UTC)


def test_a_workflow_state_has_a_name_else_a_key(order: Order) -> None:
    assert order.workflow_state == "In picking"
    assert read(state={"key": "k", "name": None}).workflow_state == "k"


def test_references_are_keys(order: Order) -> None:
    assert (order.store, order.business_unit) == ("de", "acme")


def test_discount_codes_that_still_exist_are_named(order: Order) -> None:
    assert order.discount_codes == ("WELCOME5",)


def test_external_ids_are_named_once(order: Order) -> None:
    assert order.external_ids == ("ERP-1",)


def test_custom_fields_are_by_name(order: Order) -> None:
    assert order.custom == {"giftMessage": "Alles Gute", "points": 12}


def test_an_absent_address_is_none(order: Order) -> None:
    assert order.billing_address is None
    assert order.shipping_address is not None


# --- items --------------------------------------------------------------------------------------


def test_the_unit_price_has_the_product_discount_and_every_digit(order: Order) -> None:
    assert order.items is not None
    assert order.items[0].unit_price == Money(4166667, "EUR", 5)


def test_an_item_is_in_the_state_that_most_of_it_is_in(order: Order) -> None:
    assert order.items is not None
    assert order.items[0].state == "backordered"


def test_a_gift_is_marked(order: Order) -> None:
    assert order.items is not None
    assert [item.is_gift for item in order.items] == [False, True, False]


def test_custom_line_items_are_items_and_may_be_negative(order: Order) -> None:
    assert order.items is not None
    assert (order.items[2].is_custom, order.items[2].total) == (True, Money(-10, "EUR", 2))


# --- shipping and returns -------------------------------------------------------------------------


def test_a_shipping_discount_is_applied(order: Order) -> None:
    assert order.shippings is not None
    assert order.shippings[0].price == Money(0, "EUR", 2)


def test_parcels_are_read_with_and_without_tracking(order: Order) -> None:
    first, second = order.deliveries[0].parcels
    assert first.tracking is not None
    assert (first.tracking.carrier, second.tracking) == ("DHL", None)


def test_several_shipping_methods_are_all_read() -> None:
    info = {"shippingMethodName": "DHL", "price": EUR, "deliveries": []}
    shipping = [{"shippingInfo": info}, {"shippingInfo": None}, {"shippingInfo": {**info, "shippingMethodName": "UPS"}}]
    order = read(shippingMode="Multiple", shippingInfo=None, shipping=shipping)
    assert [part.method for part in order.shippings or ()] == ["DHL", "UPS"]


def test_an_order_without_shipping_ships_nothing() -> None:
    assert read(shippingInfo=None, shipping=[]).shippings == ()


def test_a_return_names_the_item_of_either_kind(order: Order) -> None:
    assert order.returns is not None
    assert [item.line_item_id for item in order.returns[0].items] == ["item-1", "custom-1"]


def test_a_return_without_items_is_one() -> None:
    assert read(returnInfo=[{"items": []}]).returns == (Return(),)


# --- payments --------------------------------------------------------------------------------------


def test_payments_are_unknown_when_they_were_not_answered_and_none_when_there_are_none() -> None:
    assert read().payments is None
    assert read(paymentInfo={}).payments is None
    assert read(paymentInfo=None).payments == ()


def test_a_transaction_without_a_type_is_kept(order: Order) -> None:
    assert order.payments is not None
    assert [part.type for part in order.payments[0].transactions] == ["Charge", ""]


# --- money -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, Money(12990, "EUR", 2)),
        ({"currencyCode": "JPY", "fractionDigits": 0}, Money(12990, "JPY", 0)),
        ({"currencyCode": "KWD", "fractionDigits": 3}, Money(12990, "KWD", 3)),
        ({"currencyCode": "HUF0", "fractionDigits": 0}, Money(12990, "HUF0", 0)),
        ({"type": "highPrecision", "preciseAmount": 7, "fractionDigits": 20}, Money(7, "EUR", 20)),
        ({"centAmount": -1}, Money(-1, "EUR", 2)),
    ],
)
def test_money_is_exact(fields: dict[str, object], expected: Money) -> None:
    assert money(Node({**EUR, **fields}, "m")) == expected


@pytest.mark.parametrize(
    "fields",
    [
        {"centAmount": "12990"},
        {"centAmount": 129.9},
        {"centAmount": 12990.0},
        {"centAmount": True},
        {"centAmount": None},
        {"currencyCode": None},
        {"currencyCode": ""},
        {"currencyCode": "eur"},
        {"currencyCode": "EURO"},
        {"currencyCode": "EUR\n"},
        {"fractionDigits": -1},
        {"fractionDigits": 21},
        {"fractionDigits": True},
        {"fractionDigits": "2"},
        {"fractionDigits": None},
        {"type": "highPrecision"},
        {"type": "highPrecision", "preciseAmount": 1.5},
        {"preciseAmount": "7"},
    ],
)
def test_money_in_doubt_is_refused_and_the_place_is_named(fields: dict[str, object]) -> None:
    with pytest.raises(BadAnswer, match=r"^order\.totalPrice\.\w+: "):
        read(totalPrice={**EUR, **fields})


def test_a_bad_answer_does_not_quote_what_it_found() -> None:
    with pytest.raises(BadAnswer) as raised:
        read(totalPrice={**EUR, "centAmount": "planted"})
    assert "planted" not in str(raised.value)


# --- customers and carts ---------------------------------------------------------------------------------


def test_a_customer_needs_no_personal_field() -> None:
    customer = decode.customer(Node(CUSTOMER, "customer"))
    assert (customer.name, customer.email, customer.addresses, customer.stores) == (None, None, (), ())


def test_a_customer_group_has_a_name_else_a_key() -> None:
    assert decode.customer(Node({**CUSTOMER, "customerGroup": {"name": "VIP"}}, "c")).group == "VIP"
    assert decode.customer(Node({**CUSTOMER, "customerGroup": {"key": "vip"}}, "c")).group == "vip"


def test_a_cart_counts_its_items_when_the_platform_does_not() -> None:
    price = {"value": EUR}
    items = [{"id": "1", "quantity": 2, "price": price}, {"id": "2", "quantity": 3, "price": price}]
    cart = decode.cart(Node({**CUSTOMER, "totalPrice": EUR, "lineItems": items}, "cart"))
    assert (cart.quantity, len(cart.items or ())) == (5, 2)


def test_an_empty_cart_has_no_items() -> None:
    cart = decode.cart(Node({**CUSTOMER, "totalPrice": EUR, "totalLineItemQuantity": None}, "cart"))
    assert (cart.quantity, cart.items) == (0, None)


# --- rubbish ------------------------------------------------------------------------------------------------


def places(value: object, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place of a JSON value, by its path."""
    inner: list[tuple[Any, ...]] = []
    if isinstance(value, dict):
        inner = [place for key, part in value.items() for place in places(part, (*at, key))]
    if isinstance(value, list):
        inner = [place for index, part in enumerate(value) for place in places(part, (*at, index))]
    return [at, *inner] if at else inner


PLACES = places(IN_FULL)
FINE = "order.: nothing to complain about"


def complaint(read_it: Callable[[], object]) -> str:
    """What `BadAnswer` says; any other exception is the test's failure."""
    try:
        read_it()
    except BadAnswer as error:
        return str(error)
    return FINE


@given(place=st.sampled_from(PLACES), rubbish=RUBBISH)
@settings(max_examples=250, deadline=None)
def test_rubbish_anywhere_is_a_bad_answer_or_none_at_all(place: tuple[Any, ...], rubbish: object) -> None:
    broken: Any = copy.deepcopy(IN_FULL)
    parent = broken
    for step in place[:-1]:
        parent = parent[step]
    parent[place[-1]] = rubbish
    assert complaint(lambda: decode.order(Node(broken, "order"))).startswith("order.")


@pytest.mark.parametrize("place", [place for place in PLACES if isinstance(place[-1], str)])
def test_an_absent_field_is_a_bad_answer_or_none_at_all(place: tuple[Any, ...]) -> None:
    thinner: Any = copy.deepcopy(IN_FULL)
    parent = thinner
    for step in place[:-1]:
        parent = parent[step]
    del parent[place[-1]]
    found = complaint(lambda: decode.order(Node(thinner, "order")))
    assert found == FINE or str(place[-1]) in found


@given(
    rubbish=st.dictionaries(st.sampled_from([*CUSTOMER, "addresses", "storesRef", "totalPrice", "lineItems"]), RUBBISH)
)
@settings(max_examples=100, deadline=None)
def test_a_customer_or_cart_of_rubbish_is_a_bad_answer(rubbish: dict[str, object]) -> None:
    for read_it in (decode.customer, decode.cart):
        node = Node({**CUSTOMER, "totalPrice": EUR, **rubbish}, "order")
        assert complaint(partial(read_it, node)).startswith("order.")
