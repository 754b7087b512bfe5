"""What is remembered of a resource can be kept as JSON, and holds nothing personal."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commerce.observations import (
    CartObservation,
    CustomerObservation,
    OrderObservation,
    observe_cart,
    observe_customer,
    observe_order,
)
from tests.builders import (
    a_cart,
    a_customer,
    a_delivery,
    a_line_item,
    a_parcel,
    a_return_label,
    a_shipping,
    an_order,
)

KEY = b"secret"
states = st.none() | st.sampled_from(["Open", "Confirmed", "Shipped", "Packed"])
ids = st.frozensets(st.sampled_from(["p1", "p2", "d1"]))


@given(st.builds(OrderObservation, version=st.integers(1), order_state=st.just("Open"), payment_state=states,
                 shipment_state=states, workflow_state=states, known=ids, without_tracking=ids))  # fmt: skip
def test_an_order_is_remembered_through_json(observation: OrderObservation) -> None:
    assert OrderObservation.from_json(json.loads(json.dumps(observation.to_json()))) == observation


@given(st.builds(CustomerObservation, version=st.integers(1), email=states, group=states, knows_group=st.booleans()))
def test_a_customer_is_remembered_through_json(observation: CustomerObservation) -> None:
    assert CustomerObservation.from_json(json.loads(json.dumps(observation.to_json()))) == observation


def test_a_cart_is_remembered_through_json() -> None:
    observation = observe_cart(a_cart(version=7))
    assert CartObservation.from_json(json.loads(json.dumps(observation.to_json()))) == CartObservation(version=7)


@pytest.mark.parametrize("json", [{}, {"version": "7", "known": "payments", "order_state": None}, {"known": [1, None]}])
def test_rubbish_counts_as_never_seen(json: dict[str, Any]) -> None:
    assert OrderObservation.from_json(json) == OrderObservation(version=0, order_state="")


def test_no_address_is_remembered() -> None:
    remembered = observe_customer(a_customer(email="anna@example.com"), hash_key=KEY).to_json()
    assert "anna" not in json.dumps(remembered)


def test_capitals_make_no_other_address() -> None:
    one, other = (observe_customer(a_customer(email=email), hash_key=KEY) for email in ("a@x.com", "A@X.com"))
    assert one.email == other.email


def test_a_group_that_was_not_asked_for_is_not_remembered_as_none() -> None:
    seen = observe_customer(a_customer(group="VIP"), hash_key=KEY, knows_group=False)
    assert (seen.group, seen.knows_group) == (None, False)


def test_what_could_not_be_read_is_not_known() -> None:
    order = an_order(payments=(), shippings=None, returns=())
    assert observe_order(order, knows_workflow_state=False).known == {"payments", "returns"}


def test_parcels_and_deliveries_that_lack_a_number_are_remembered() -> None:
    deliveries = (
        a_delivery("none"),
        a_delivery("some", a_parcel("with"), a_parcel("without", tracking=None), a_return_label("back")),
    )
    order = an_order(items=(a_line_item(),), shippings=(a_shipping(*deliveries),))
    assert observe_order(order).without_tracking == {"none", "without"}
