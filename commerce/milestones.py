"""What happened to an order, a customer or a cart, as the timeline that agents see and others are told.

Milestones are of two kinds:

- *durable* ones are backed by an id that the platform keeps (the order, a transaction, a parcel, a
  return item), so that each can be found again from the order as it is now, whatever message was lost,
  and told apart from one that was seen before. `milestones` finds them, and they are the panel's timeline;
- *observed* ones are entries into a state that carries neither id nor time (order confirmed, e-mail
  changed). Only someone who remembers can see them: entries.py, with observations.py as the memory.

The key says which thing reached which step. It is stable: it never changes once a milestone is
there, holds no personal data, and is unique over all orders of a project. Of observed ones it carries the
version that was seen first in the new state (`order/<id>/confirmed@7`). The durable ones:

    order/<id>/placed
    transaction/<id>/authorised | captured | failed | refunded | charged_back
    parcel/<id>/shipped                  return labels are no shipments
    delivery/<id>/shipped                only where the shop keeps no parcels of a delivery
    return_item/<id>/advised | received | refunded

`occurred_at` is the thing's own time (UTC): a transaction's `timestamp`, which providers often leave
out (None then, and it comes last), a parcel's `createdAt`. A return item keeps the time of its
announcement and of its latest change only, so "received" and "refunded" carry the latter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from commerce.money import Money
from commerce.order import Delivery, Order, Parcel
from commerce.payment import AUTHORIZATION, CHARGE, CHARGEBACK, FAILURE, REFUND, SUCCESS, Transaction
from commerce.returns import RefundLabel, ReturnedItem, returns_summary
from commerce.shipments import is_return_label


class MilestoneName(StrEnum):
    """The kinds of milestones."""

    # durable
    ACCOUNT_CREATED = "account_created"
    ORDER_PLACED = "order_placed"
    PAYMENT_AUTHORISED = "payment_authorised"
    PAYMENT_CAPTURED = "payment_captured"
    PAYMENT_FAILED = "payment_failed"
    REFUND_ISSUED = "refund_issued"
    CHARGED_BACK = "charged_back"
    PARCEL_SHIPPED = "parcel_shipped"
    DELIVERY_SHIPPED = "delivery_shipped"
    RETURN_REQUESTED = "return_requested"
    RETURN_RECEIVED = "return_received"
    RETURN_REFUNDED = "return_refunded"
    # observed
    ORDER_CONFIRMED = "order_confirmed"
    ORDER_COMPLETED = "order_completed"
    ORDER_CANCELLED = "order_cancelled"
    ORDER_SHIPPED = "order_shipped"
    ORDER_DELIVERED = "order_delivered"
    SHIPMENT_DELAYED = "shipment_delayed"
    TRACKING_ADDED = "tracking_added"
    PAYMENT_STATE_ENTERED = "payment_state_entered"
    WORKFLOW_STATE_ENTERED = "workflow_state_entered"
    EMAIL_CHANGED = "email_changed"
    GROUP_CHANGED = "group_changed"
    CART_ABANDONED = "cart_abandoned"


# What `milestones` finds in an order: the panel's timeline.
TIMELINE: Final = frozenset(
    {
        MilestoneName.ORDER_PLACED,
        MilestoneName.PAYMENT_AUTHORISED,
        MilestoneName.PAYMENT_CAPTURED,
        MilestoneName.PAYMENT_FAILED,
        MilestoneName.REFUND_ISSUED,
        MilestoneName.CHARGED_BACK,
        MilestoneName.PARCEL_SHIPPED,
        MilestoneName.DELIVERY_SHIPPED,
        MilestoneName.RETURN_REQUESTED,
        MilestoneName.RETURN_RECEIVED,
        MilestoneName.RETURN_REFUNDED,
    }
)


class OrderKind(StrEnum):
    """How an order came to be."""

    ORDINARY = "ordinary"
    IMPORTED = "imported"  # made elsewhere before, and brought in with its real time
    RECURRING = "recurring"  # made by a recurring order's schedule


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneFacts:
    """What a milestone is about, each where it applies."""

    amount: Money | None = None
    carrier: str | None = None
    tracking_id: str | None = None
    item: str | None = None  # a line item's name
    quantity: int | None = None
    kind: OrderKind | None = None
    state: str | None = None  # the state or customer group that was entered, in the shop's words
    expected_at: datetime | None = None  # when the goods should arrive at the latest


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """One step in the life of an order, a customer or a cart.

    `occurred_at` is the thing's own time, None where the platform keeps none; `noticed_at` then stands in for
    it: the message's time, else when the resource was last modified as we first saw the step.
    Once a milestone of `told_by` was told, this one counts as told; when this one is told, those of `implies` count
    as passed and are not told any more. All times are UTC.
    """

    key: str
    name: MilestoneName
    occurred_at: datetime | None
    facts: MilestoneFacts = MilestoneFacts()
    is_durable: bool = True
    noticed_at: datetime | None = None
    told_by: tuple[str, ...] = ()
    implies: tuple[str, ...] = ()


# What a transaction's type and state make of it, and the last part of the key.
_STEP_OF_TRANSACTION: Final[Mapping[tuple[str, str], tuple[MilestoneName, str]]] = {
    (AUTHORIZATION, SUCCESS): (MilestoneName.PAYMENT_AUTHORISED, "authorised"),
    (CHARGE, SUCCESS): (MilestoneName.PAYMENT_CAPTURED, "captured"),
    (AUTHORIZATION, FAILURE): (MilestoneName.PAYMENT_FAILED, "failed"),
    (CHARGE, FAILURE): (MilestoneName.PAYMENT_FAILED, "failed"),
    (REFUND, SUCCESS): (MilestoneName.REFUND_ISSUED, "refunded"),
    (CHARGEBACK, SUCCESS): (MilestoneName.CHARGED_BACK, "charged_back"),
}
_AFTER_ALL: Final = datetime.max.replace(tzinfo=UTC)


def milestones(order: Order) -> tuple[Milestone, ...]:
    """What is known to have happened to an order, oldest first, what has no time last; every key once."""
    found = {milestone.key: milestone for milestone in _found(order)}
    return tuple(sorted(found.values(), key=lambda each: (each.occurred_at or _AFTER_ALL, each.key)))


def order_kind(order: Order) -> OrderKind:
    """How an order came to be, as far as its present state shows it."""
    if order.origin == "RecurringOrder":
        return OrderKind.RECURRING
    return OrderKind.IMPORTED if order.placed_at < order.created_at else OrderKind.ORDINARY


def _found(order: Order) -> Iterator[Milestone]:
    yield Milestone(
        key=f"order/{order.id}/placed",
        name=MilestoneName.ORDER_PLACED,
        occurred_at=order.placed_at,
        facts=MilestoneFacts(amount=order.gross, kind=order_kind(order)),
    )
    for payment in order.payments or ():
        for transaction in payment.transactions:
            yield from _of_transaction(transaction)
    for delivery in order.deliveries:
        yield from _of_delivery(delivery)
    returns = returns_summary(order)
    for returned in returns.items if returns else ():
        yield from _of_return(returned)


def _of_transaction(transaction: Transaction) -> Iterator[Milestone]:
    step = _STEP_OF_TRANSACTION.get((transaction.type, transaction.state))
    if step:
        name, reached = step
        yield Milestone(
            key=f"transaction/{transaction.id}/{reached}",
            name=name,
            occurred_at=transaction.timestamp,
            facts=MilestoneFacts(amount=transaction.amount),
        )


def _of_delivery(delivery: Delivery) -> Iterator[Milestone]:
    if not delivery.parcels:
        yield Milestone(
            key=f"delivery/{delivery.id}/shipped",
            name=MilestoneName.DELIVERY_SHIPPED,
            occurred_at=delivery.created_at,
            facts=MilestoneFacts(quantity=sum(item.quantity for item in delivery.items) or None),
        )
    for parcel in delivery.parcels:
        if not is_return_label(parcel):
            yield _of_parcel(parcel, delivery)


def _of_parcel(parcel: Parcel, delivery: Delivery) -> Milestone:
    """A parcel of a delivery that was told before its parcels were known is the same shipment."""
    delivery_shipped = f"delivery/{delivery.id}/shipped"
    return Milestone(
        key=f"parcel/{parcel.id}/shipped",
        name=MilestoneName.PARCEL_SHIPPED,
        occurred_at=parcel.created_at,
        facts=MilestoneFacts(
            carrier=parcel.tracking.carrier if parcel.tracking else None,
            tracking_id=parcel.tracking.tracking_id if parcel.tracking else None,
            quantity=sum(item.quantity for item in parcel.items) or None,
        ),
        told_by=(delivery_shipped,),
        implies=(delivery_shipped,),
    )


def _of_return(returned: ReturnedItem) -> Iterator[Milestone]:
    item, facts = returned.item, MilestoneFacts(item=returned.name, quantity=returned.item.quantity)
    steps = (
        (True, "advised", MilestoneName.RETURN_REQUESTED, item.created_at),
        (returned.is_received, "received", MilestoneName.RETURN_RECEIVED, item.last_modified_at),
        (
            returned.refund is RefundLabel.REFUNDED,
            "refunded",
            MilestoneName.RETURN_REFUNDED,
            item.last_modified_at,
        ),
    )
    for reached, step, name, occurred_at in steps:
        if reached:
            yield Milestone(key=f"return_item/{item.id}/{step}", name=name, occurred_at=occurred_at, facts=facts)
