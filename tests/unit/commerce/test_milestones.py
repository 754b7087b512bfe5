from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commerce.milestones import Milestone, MilestoneFacts, MilestoneName, OrderKind, milestones
from commerce.order import Order
from commerce.payment import Transaction
from tests.builders import (
    a_cancelled_authorization,
    a_charge,
    a_chargeback,
    a_delivery,
    a_line_item,
    a_parcel,
    a_payment,
    a_refund,
    a_return,
    a_return_item,
    a_return_label,
    a_shipping,
    a_transaction,
    an_authorization,
    an_order,
    at,
    carries,
    money,
)


def after_placing(order: Order) -> list[Milestone]:
    return [each for each in milestones(order) if each.name is not MilestoneName.ORDER_PLACED]


def names(order: Order) -> list[MilestoneName]:
    return [each.name for each in after_placing(order)]


def paid_by(*transactions: Transaction) -> Order:
    return an_order(payments=(a_payment(*transactions),))


def test_an_order_is_placed() -> None:
    assert milestones(an_order(id="o1", total="12.00")) == (
        Milestone(
            key="order/o1/placed",
            name=MilestoneName.ORDER_PLACED,
            occurred_at=at(0),
            facts=MilestoneFacts(amount=money("12.00"), kind=OrderKind.ORDINARY),
        ),
    )


def test_an_imported_order_was_placed_when_the_customer_ordered() -> None:
    assert milestones(an_order(completed_at=at(-900)))[0].occurred_at == at(-900)


@pytest.mark.parametrize(
    ("transaction", "name", "key"),
    [
        (an_authorization(id="t"), MilestoneName.PAYMENT_AUTHORISED, "transaction/t/authorised"),
        (a_charge(id="t"), MilestoneName.PAYMENT_CAPTURED, "transaction/t/captured"),
        (a_charge(id="t", state="Failure"), MilestoneName.PAYMENT_FAILED, "transaction/t/failed"),
        (an_authorization(id="t", state="Failure"), MilestoneName.PAYMENT_FAILED, "transaction/t/failed"),
        (a_refund(id="t"), MilestoneName.REFUND_ISSUED, "transaction/t/refunded"),
        (a_chargeback(id="t"), MilestoneName.CHARGED_BACK, "transaction/t/charged_back"),
    ],
)
def test_a_transaction_that_came_to_something_is_a_milestone(
    transaction: Transaction, name: MilestoneName, key: str
) -> None:
    assert after_placing(paid_by(transaction)) == [
        Milestone(key=key, name=name, occurred_at=at(1), facts=MilestoneFacts(amount=money("100.00")))
    ]


@pytest.mark.parametrize(
    "transaction",
    [
        a_charge(state="Pending"),
        a_charge(state="Initial"),
        a_refund(state="Pending"),
        a_refund(state="Failure"),
        a_cancelled_authorization(),
        a_transaction("Escheat"),
    ],
    ids=lambda transaction: transaction.id,
)
def test_a_transaction_that_came_to_nothing_is_none(transaction: Transaction) -> None:
    assert after_placing(paid_by(transaction)) == []


def test_a_refund_seen_twice_is_one_milestone() -> None:
    payment = a_payment(a_refund(id="r1"))
    assert names(an_order(payments=(payment, payment))) == [MilestoneName.REFUND_ISSUED]


def test_what_has_no_time_of_its_own_comes_last() -> None:
    order = paid_by(a_charge(id="a", timestamp=None), an_authorization(id="b", timestamp=at(500)))
    assert [each.key for each in after_placing(order)] == ["transaction/b/authorised", "transaction/a/captured"]


def test_what_happened_at_the_same_time_is_told_by_key() -> None:
    order = paid_by(a_charge(id="b"), a_charge(id="a"))
    assert [each.key for each in after_placing(order)] == ["transaction/a/captured", "transaction/b/captured"]


def test_a_parcel_is_shipped_when_it_was_made() -> None:
    order = an_order(shippings=(a_shipping(a_delivery("d1", a_parcel("p1", created_at=at(5), items=carries(x=2)))),))
    assert after_placing(order) == [
        Milestone(
            key="parcel/p1/shipped",
            name=MilestoneName.PARCEL_SHIPPED,
            occurred_at=at(5),
            facts=MilestoneFacts(carrier="DHL", tracking_id="00340434161094042557", quantity=2),
            told_by=("delivery/d1/shipped",),
            implies=("delivery/d1/shipped",),
        )
    ]


def test_a_parcel_without_tracking_is_shipped() -> None:
    order = an_order(shippings=(a_shipping(a_delivery("d1", a_parcel(tracking=None))),))
    assert names(order) == [MilestoneName.PARCEL_SHIPPED]


def test_a_return_label_is_not_shipped() -> None:
    assert names(an_order(shippings=(a_shipping(a_delivery("d1", a_return_label())),))) == []


def test_a_delivery_without_parcels_is_shipped_itself() -> None:
    order = an_order(shippings=(a_shipping(a_delivery("d1", items=carries(x=2, y=1))),))
    assert [(each.key, each.facts.quantity) for each in after_placing(order)] == [("delivery/d1/shipped", 3)]


def test_parcels_of_every_shipping_method_are_told() -> None:
    shippings = tuple(a_shipping(a_delivery(f"d{n}", a_parcel(f"p{n}"))) for n in (1, 2))
    assert [each.key for each in after_placing(an_order(shippings=shippings))] == [
        "parcel/p1/shipped",
        "parcel/p2/shipped",
    ]


def test_a_return_goes_from_request_to_refund() -> None:
    item = a_return_item(
        "r1", shipment_state="BackInStock", payment_state="Refunded", last_modified_at=at(100), quantity=2
    )
    order = an_order(items=(a_line_item(name="Kimono"),), returns=(a_return(item),))
    assert [(each.key, each.occurred_at, each.facts) for each in after_placing(order)] == [
        ("return_item/r1/advised", at(72), MilestoneFacts(item="Kimono", quantity=2)),
        ("return_item/r1/received", at(100), MilestoneFacts(item="Kimono", quantity=2)),
        ("return_item/r1/refunded", at(100), MilestoneFacts(item="Kimono", quantity=2)),
    ]


def test_a_return_that_was_booked_in_one_step_is_told_in_sequence() -> None:
    item = a_return_item(shipment_state="Returned", payment_state="Refunded")
    assert names(an_order(returns=(a_return(item),))) == [
        MilestoneName.RETURN_REQUESTED,
        MilestoneName.RETURN_RECEIVED,
        MilestoneName.RETURN_REFUNDED,
    ]


def test_an_announced_return_has_not_been_received() -> None:
    assert names(an_order(returns=(a_return(),))) == [MilestoneName.RETURN_REQUESTED]


def test_what_is_not_known_leaves_the_rest_of_the_timeline() -> None:
    assert len(milestones(an_order(payments=None, shippings=None, returns=None, items=None))) == 1


_TRANSACTIONS = st.builds(
    a_transaction,
    st.sampled_from(["Authorization", "Charge", "Refund", "Chargeback"]),
    state=st.sampled_from(["Pending", "Success", "Failure"]),
    id=st.uuids().map(str),
    timestamp=st.none() | st.integers(-9, 9).map(at),
)


@settings(max_examples=50)
@given(st.lists(_TRANSACTIONS, max_size=8), st.lists(st.uuids().map(str), max_size=4))
def test_keys_are_unique_and_later_versions_keep_them(transactions: list[Transaction], parcels: list[str]) -> None:
    earlier = paid_by(*transactions)
    later = replace(earlier, version=2, shippings=(a_shipping(a_delivery("d", *map(a_parcel, parcels))),))
    keys = [each.key for each in milestones(later)]
    assert len(keys) == len(set(keys))
    assert {each.key for each in milestones(earlier)} <= set(keys)
