"""What comes back and what is paid back for it: https://docs.commercetools.com/api/projects/orders#returninfo

A return item has two states of its own, one of the goods and one of their refund. Both are
independent of payment transactions: money may be refunded without any return, and an item
marked as refunded without a transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from commerce.order import Order, ReturnItem


class ReturnLabel(StrEnum):
    """Where a returned item is."""

    ADVISED = "advised"  # announced, not back yet
    RECEIVED = "received"
    BACK_IN_STOCK = "back_in_stock"
    UNUSABLE = "unusable"
    UNKNOWN = "unknown"


class RefundLabel(StrEnum):
    """How the refund of a returned item stands.

    NONE_YET is commercetools' `NonRefundable`: the state that an announced item starts in, because
    it is not back yet. It does not mean that there will be no refund (that is NOT_REFUNDED), and
    many shops leave it there.
    """

    NONE_YET = "none_yet"
    OPEN = "open"  # can be refunded, and has not been
    REFUNDED = "refunded"
    NOT_REFUNDED = "not_refunded"
    UNKNOWN = "unknown"


_RETURN_LABEL: Final[Mapping[str, ReturnLabel]] = {
    "Advised": ReturnLabel.ADVISED,
    "Returned": ReturnLabel.RECEIVED,
    "BackInStock": ReturnLabel.BACK_IN_STOCK,
    "Unusable": ReturnLabel.UNUSABLE,
}
_REFUND_LABEL: Final[Mapping[str, RefundLabel]] = {
    "NonRefundable": RefundLabel.NONE_YET,
    "Initial": RefundLabel.OPEN,
    "Refunded": RefundLabel.REFUNDED,
    "NotRefunded": RefundLabel.NOT_REFUNDED,
}
_RECEIVED: Final = frozenset({ReturnLabel.RECEIVED, ReturnLabel.BACK_IN_STOCK, ReturnLabel.UNUSABLE})
_UNDECIDED: Final = frozenset({RefundLabel.NONE_YET, RefundLabel.OPEN})


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedItem:
    """A return item with what its states mean; a state that we do not know stays readable in `item`."""

    item: ReturnItem
    label: ReturnLabel
    refund: RefundLabel
    name: str | None  # the line item's, None when that is not known (any more)
    tracking_id: str | None
    date: datetime | None

    @property
    def is_received(self) -> bool:
        return self.label in _RECEIVED

    @property
    def awaits_refund(self) -> bool:
        """The goods are here, the money can go back, and has not."""
        return self.is_received and self.refund is RefundLabel.OPEN

    @property
    def is_open(self) -> bool:
        """Something is still to happen: the goods to come, or the refund to be decided."""
        return self.awaits_refund or (self.label is ReturnLabel.ADVISED and self.refund in _UNDECIDED)


@dataclass(frozen=True, slots=True)
class ReturnsSummary:
    """All returned items of an order, in the order in which they were announced."""

    items: tuple[ReturnedItem, ...]

    @property
    def is_open(self) -> bool:
        return any(item.is_open for item in self.items)

    @property
    def awaits_refund(self) -> bool:
        return any(item.awaits_refund for item in self.items)

    @property
    def refunded_quantity(self) -> int:
        """How many pieces are marked as refunded."""
        return sum(returned.item.quantity for returned in self.items if returned.refund is RefundLabel.REFUNDED)


def returns_summary(order: Order) -> ReturnsSummary | None:
    """What comes back of an order; None when its returns are not known, no items when there are none."""
    if order.returns is None:
        return None
    names = {item.id: item.name for item in order.items or ()}
    items = [
        ReturnedItem(
            item=item,
            label=_RETURN_LABEL.get(item.shipment_state, ReturnLabel.UNKNOWN),
            refund=_REFUND_LABEL.get(item.payment_state, RefundLabel.UNKNOWN),
            name=names.get(item.line_item_id) if item.line_item_id is not None else None,
            tracking_id=each.tracking_id,
            date=each.date,
        )
        for each in order.returns
        for item in each.items
    ]
    return ReturnsSummary(tuple(sorted(items, key=lambda returned: (returned.item.created_at, returned.item.id))))
