"""Entries into a state are milestones for those who remember. Histories with events: tests/histories.py."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from commerce.cart import Cart
from commerce.entries import cart_milestones, customer_milestones, order_milestones
from commerce.milestones import Milestone, MilestoneName, OrderKind, milestones
from commerce.observations import CartObservation, observe_customer, observe_order
from commerce.order import Order
from tests.builders import (
    a_cart,
    a_charge,
    a_customer,
    a_delivery,
    a_parcel,
    a_payment,
    a_shipping,
    an_order,
    at,
)

NOW = at(100)
IDLE = timedelta(hours=1)


def entered(now: Order, before: Order | None = None) -> list[Milestone]:
    previous = observe_order(before) if before else None
    return [each for each in order_milestones(now, previous, observed_at=NOW) if not each.is_durable]


def names(found: list[Milestone]) -> list[MilestoneName]:
    return [each.name for each in found]


@pytest.mark.parametrize(
    ("state", "name", "key"),
    [
        ({"order_state": "Confirmed"}, MilestoneName.ORDER_CONFIRMED, "order/order-1/confirmed@2"),
        ({"order_state": "Complete"}, MilestoneName.ORDER_COMPLETED, "order/order-1/completed@2"),
        ({"order_state": "Cancelled"}, MilestoneName.ORDER_CANCELLED, "order/order-1/cancelled@2"),
        ({"shipment_state": "Shipped"}, MilestoneName.ORDER_SHIPPED, "order/order-1/shipped@2"),
        ({"shipment_state": "Delayed"}, MilestoneName.SHIPMENT_DELAYED, "order/order-1/delayed@2"),
        ({"shipment_state": "Delivered"}, MilestoneName.ORDER_DELIVERED, "order/order-1/delivered@2"),
        ({"payment_state": "Paid"}, MilestoneName.PAYMENT_STATE_ENTERED, "order/order-1/payment_state@2"),
        ({"workflow_state": "Packed"}, MilestoneName.WORKFLOW_STATE_ENTERED, "order/order-1/workflow_state@2"),
    ],
)
def test_entering_a_state_is_a_milestone_of_that_version(state: dict[str, str], name: MilestoneName, key: str) -> None:
    (milestone,) = entered(an_order(version=2, **state), an_order())
    assert (milestone.name, milestone.key, milestone.occurred_at) == (name, key, None)


@pytest.mark.parametrize("state", [{"order_state": "Open"}, {"shipment_state": "Canceled"}, {"order_state": "Novel"}])
def test_states_that_tell_nothing_are_no_milestones(state: dict[str, str]) -> None:
    assert entered(an_order(version=2, **state), an_order(order_state="Confirmed")) == []


def test_staying_in_a_state_is_no_entry() -> None:
    order = an_order(version=2, order_state="Confirmed", shipment_state="Shipped", payment_state="Paid")
    assert entered(replace(order, version=3), order) == []


def test_an_older_version_enters_nothing() -> None:
    assert entered(an_order(version=3, order_state="Confirmed"), an_order(version=4)) == []


def test_at_first_sight_the_present_states_count_as_entered() -> None:
    assert names(entered(an_order(order_state="Confirmed", shipment_state="Delayed"))) == [
        MilestoneName.ORDER_CONFIRMED,
        MilestoneName.SHIPMENT_DELAYED,
    ]


def test_a_workflow_state_that_was_not_asked_for_before_was_not_entered_now() -> None:
    before = observe_order(an_order(), knows_workflow_state=False)
    found = order_milestones(an_order(version=2, workflow_state="Packed"), before, observed_at=NOW)
    assert [each for each in found if not each.is_durable] == []


def test_what_is_delivered_was_confirmed_and_shipped() -> None:
    (milestone,) = entered(an_order(version=5, shipment_state="Delivered"), an_order())
    assert milestone.implies == ("order/order-1/confirmed@5", "order/order-1/shipped@5")


def test_what_is_complete_was_confirmed_shipped_and_delivered() -> None:
    (milestone,) = entered(an_order(version=5, order_state="Complete"), an_order())
    assert {key.split("/")[2] for key in milestone.implies} == {"confirmed@5", "shipped@5", "delivered@5"}


def test_a_delay_says_when_the_goods_should_arrive() -> None:
    late = an_order(version=2, shipment_state="Delayed", shippings=(a_shipping(estimated_until=at(200)),))
    (milestone,) = entered(late, an_order())
    assert milestone.facts.expected_at == at(200)


def test_a_tracking_number_that_changes_is_not_added() -> None:
    def sent(version: int, parcel_id: str) -> Order:
        return an_order(version=version, shippings=(a_shipping(a_delivery("d", a_parcel(parcel_id))),))

    assert entered(sent(2, "p1"), sent(1, "p1")) == []


def test_without_a_time_of_its_own_the_last_change_stands_in() -> None:
    (milestone,) = entered(an_order(version=2, order_state="Confirmed", last_modified_at=at(7)), an_order())
    assert milestone.noticed_at == at(7)


def test_no_time_is_in_the_future() -> None:
    paid = an_order(
        last_modified_at=at(999), payments=(a_payment(a_charge(timestamp=at(500)), a_charge(id="x", timestamp=None)),)
    )
    found = order_milestones(paid, None, observed_at=NOW)
    assert {each.occurred_at or each.noticed_at for each in found} == {at(0), NOW}


def test_the_timeline_holds_durable_milestones_alone() -> None:
    order = an_order(order_state="Complete", shipment_state="Delivered", payment_state="Paid", workflow_state="Packed")
    assert [each.name for each in milestones(order)] == [MilestoneName.ORDER_PLACED]


@pytest.mark.parametrize(
    ("order", "kind"),
    [
        (an_order(), OrderKind.ORDINARY),
        (an_order(completed_at=at(5)), OrderKind.ORDINARY),
        (an_order(completed_at=at(-900)), OrderKind.IMPORTED),
        (an_order(origin="RecurringOrder"), OrderKind.RECURRING),
    ],
)
def test_an_order_says_how_it_came_to_be(order: Order, kind: OrderKind) -> None:
    assert milestones(order)[0].facts.kind is kind


def test_an_account_was_created_when_it_says() -> None:
    (milestone,) = customer_milestones(a_customer(created_at=at(3)), None, observed_at=NOW, hash_key=b"k")
    assert (milestone.key, milestone.occurred_at) == ("customer/customer-1/created", at(3))


def changed(knows_group: bool = True, **fields: object) -> list[MilestoneName]:
    """What changed from the ordinary customer to one with these fields."""
    before = observe_customer(a_customer(group="B2C"), hash_key=b"k", knows_group=True)
    now = a_customer(**{"version": 2, "group": "B2C", **fields})
    found = customer_milestones(now, before, observed_at=NOW, hash_key=b"k", knows_group=knows_group)
    return [each.name for each in found if not each.is_durable]


def test_another_address_and_another_group_are_changes() -> None:
    assert changed(email="new@example.com", group="VIP") == [
        MilestoneName.EMAIL_CHANGED,
        MilestoneName.GROUP_CHANGED,
    ]


def test_leaving_a_group_is_a_change() -> None:
    assert changed(group=None) == [MilestoneName.GROUP_CHANGED]


def test_what_is_not_asked_for_any_more_did_not_change() -> None:
    assert changed(knows_group=False, email=None, group=None) == []


def test_an_older_version_of_a_customer_changes_nothing() -> None:
    assert changed(version=1, email="new@example.com") == []


@pytest.mark.parametrize(
    ("cart", "previous"),
    [
        (a_cart(last_modified_at=at(99.5)), None),
        (a_cart(quantity=0), None),
        (a_cart(version=2), CartObservation(version=3)),
    ],
    ids=["touched lately", "empty", "older than what was seen"],
)
def test_such_a_cart_is_not_abandoned(cart: Cart, previous: CartObservation | None) -> None:
    assert cart_milestones(cart, previous, observed_at=NOW, idle=IDLE) == ()


def test_a_cart_is_abandoned_when_the_time_is_over() -> None:
    (milestone,) = cart_milestones(a_cart(version=4), None, observed_at=NOW, idle=IDLE)
    assert (milestone.key, milestone.occurred_at) == ("cart/cart-1/abandoned@4", at(1))
