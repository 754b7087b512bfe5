"""Milestones that only someone who remembers can see: entries into a state that has neither id nor time.

Each is told once for every entry that was observed: its key carries the version of the resource that was seen
first in the new state. What is older than the memory (a stale read, a message that comes late) enters
nothing. At first sight, the present states count as entered: whether that is news is the listener's decision.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from commerce.cart import Cart
from commerce.customer import Customer
from commerce.milestones import Milestone, MilestoneFacts, MilestoneName, milestones
from commerce.observations import CartObservation, CustomerObservation, OrderObservation, observe_customer
from commerce.order import Order
from commerce.shipments import is_return_label, shipment_summary


@dataclass(frozen=True, slots=True)
class _Step:
    """What entering a state means: the milestone, the last part of its key, and the steps that lie behind then."""

    name: MilestoneName
    step: str
    behind: tuple[str, ...] = ()


_CONFIRMED: Final = "confirmed"
_SHIPPED: Final = "shipped"
_DELIVERED: Final = "delivered"
# https://docs.commercetools.com/api/projects/orders#orderstate ("Cancelled" with two l)
_ORDER_STATES: Final[Mapping[str, _Step]] = {
    "Confirmed": _Step(MilestoneName.ORDER_CONFIRMED, _CONFIRMED),
    "Complete": _Step(MilestoneName.ORDER_COMPLETED, "completed", (_CONFIRMED, _SHIPPED, _DELIVERED)),
    "Cancelled": _Step(MilestoneName.ORDER_CANCELLED, "cancelled"),
}
# https://docs.commercetools.com/api/projects/orders#shipmentstate
_SHIPMENT_STATES: Final[Mapping[str, _Step]] = {
    "Delayed": _Step(MilestoneName.SHIPMENT_DELAYED, "delayed"),
    "Shipped": _Step(MilestoneName.ORDER_SHIPPED, _SHIPPED, (_CONFIRMED,)),
    "Delivered": _Step(MilestoneName.ORDER_DELIVERED, _DELIVERED, (_CONFIRMED, _SHIPPED)),
}


def order_milestones(
    order: Order, previous: OrderObservation | None, *, observed_at: datetime
) -> tuple[Milestone, ...]:
    """All milestones of an order: the durable ones of its present state, and the states it entered since `previous`.

    No time in them is after `observed_at`, whatever the platform's clock says.
    """
    found = (*milestones(order), *_entered(order, previous))
    return tuple(_noticed(each, order.last_modified_at, observed_at) for each in found)


def customer_milestones(
    customer: Customer,
    previous: CustomerObservation | None,
    *,
    observed_at: datetime,
    hash_key: bytes,
    knows_group: bool = True,
) -> tuple[Milestone, ...]:
    """The account's creation, and what changed since `previous`. A first sight changes nothing."""
    created = Milestone(
        key=f"customer/{customer.id}/created",
        name=MilestoneName.ACCOUNT_CREATED,
        occurred_at=customer.created_at,
    )
    now = observe_customer(customer, hash_key=hash_key, knows_group=knows_group)
    changed = _changed(customer, now, previous) if previous and now.version > previous.version else ()
    return tuple(_noticed(each, customer.last_modified_at, observed_at) for each in (created, *changed))


def cart_milestones(
    cart: Cart, previous: CartObservation | None, *, observed_at: datetime, idle: timedelta
) -> tuple[Milestone, ...]:
    """Whether a cart was left alone for as long as `idle`, once for each time that it was touched."""
    abandoned_at = cart.last_modified_at + idle
    is_stale = previous is not None and cart.version < previous.version
    if is_stale or cart.quantity <= 0 or abandoned_at > observed_at:
        return ()
    return (
        Milestone(
            key=f"cart/{cart.id}/abandoned@{cart.version}",
            name=MilestoneName.CART_ABANDONED,
            occurred_at=abandoned_at,
            facts=MilestoneFacts(amount=cart.gross, quantity=cart.quantity),
            is_durable=False,
        ),
    )


def _noticed(milestone: Milestone, last_modified_at: datetime, observed_at: datetime) -> Milestone:
    """The milestone with a time to stand in for one of its own, none in the future."""
    own = milestone.occurred_at
    if own is None:
        return replace(milestone, noticed_at=min(last_modified_at, observed_at))
    return replace(milestone, occurred_at=min(own, observed_at))


def _entered(order: Order, previous: OrderObservation | None) -> Iterator[Milestone]:
    if previous and order.version <= previous.version:
        return
    before = previous.order_state if previous else None
    if order.order_state != before and (step := _ORDER_STATES.get(order.order_state)):
        yield _entry(order, step)
    before = previous.shipment_state if previous else None
    if order.shipment_state != before and (step := _SHIPMENT_STATES.get(order.shipment_state or "")):
        yield _entry(order, step)
    yield from _named_states(order, previous)
    yield from _tracked(order, previous)


def _entry(order: Order, step: _Step) -> Milestone:
    return Milestone(
        key=f"order/{order.id}/{step.step}@{order.version}",
        name=step.name,
        occurred_at=None,
        facts=MilestoneFacts(expected_at=_expected_at(order)),
        is_durable=False,
        implies=tuple(f"order/{order.id}/{passed}@{order.version}" for passed in step.behind),
    )


def _named_states(order: Order, previous: OrderObservation | None) -> Iterator[Milestone]:
    """The states that a shop sets or names itself. A part that was never read before was not entered just now."""
    before = previous.payment_state if previous else None
    if order.payment_state and order.payment_state != before:
        yield _state(order, MilestoneName.PAYMENT_STATE_ENTERED, "payment_state", order.payment_state)
    if previous and "workflow_state" not in previous.known:
        return
    before = previous.workflow_state if previous else None
    if order.workflow_state and order.workflow_state != before:
        yield _state(order, MilestoneName.WORKFLOW_STATE_ENTERED, "workflow_state", order.workflow_state)


def _state(order: Order, name: MilestoneName, step: str, state: str) -> Milestone:
    return Milestone(
        key=f"order/{order.id}/{step}@{order.version}",
        name=name,
        occurred_at=None,
        facts=MilestoneFacts(state=state),
        is_durable=False,
    )


def _tracked(order: Order, previous: OrderObservation | None) -> Iterator[Milestone]:
    """Parcels that left without a tracking number, or as a delivery without parcels, and have a number now."""
    if previous is None:
        return
    for delivery in order.deliveries:
        for parcel in delivery.parcels:
            told_without = not previous.without_tracking.isdisjoint((parcel.id, delivery.id))
            if told_without and parcel.tracking and parcel.tracking.tracking_id and not is_return_label(parcel):
                yield Milestone(
                    key=f"parcel/{parcel.id}/tracked@{order.version}",
                    name=MilestoneName.TRACKING_ADDED,
                    occurred_at=None,
                    facts=MilestoneFacts(carrier=parcel.tracking.carrier, tracking_id=parcel.tracking.tracking_id),
                    is_durable=False,
                )


def _expected_at(order: Order) -> datetime | None:
    summary = shipment_summary(order)
    return summary.estimated_until if summary else None


def _changed(customer: Customer, now: CustomerObservation, previous: CustomerObservation) -> Iterator[Milestone]:
    if now.email and previous.email and now.email != previous.email:
        yield _change(customer, MilestoneName.EMAIL_CHANGED, "email", MilestoneFacts())
    if now.knows_group and previous.knows_group and now.group != previous.group:
        yield _change(customer, MilestoneName.GROUP_CHANGED, "group", MilestoneFacts(state=now.group))


def _change(customer: Customer, name: MilestoneName, what: str, facts: MilestoneFacts) -> Milestone:
    return Milestone(
        key=f"customer/{customer.id}/{what}@{customer.version}",
        name=name,
        occurred_at=None,
        facts=facts,
        is_durable=False,
    )
