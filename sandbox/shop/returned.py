"""What came back, or is to: https://docs.commercetools.com/api/projects/orders#returninfo"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sandbox.shop.identifiers import custom_line_item_id, line_item_id, stable_id


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnItem:
    """One line item (by position, from 0) on its way back. States in commercetools' words."""

    line: int = 0
    quantity: int = 1
    shipment_state: str = "Advised"
    payment_state: str = "NonRefundable"
    comment: str | None = None
    of_extra: bool = False  # the position is that of a custom line item


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """One return of several items; `at` is the date on which it was announced."""

    at: str
    items: tuple[ReturnItem, ...]
    tracking: str | None = None
    returned: str | None = None  # the date on which it came back

    def document(self, *, order: str) -> dict[str, Any]:
        """The `ReturnInfo`."""
        document: dict[str, Any] = {"items": [self._item(order, n, item) for n, item in enumerate(self.items)]}
        if self.tracking:
            document["returnTrackingId"] = self.tracking
        if self.returned:
            document["returnDate"] = f"{self.returned}T09:00:00.000Z"
        return document

    def _item(self, order: str, number: int, item: ReturnItem) -> dict[str, Any]:
        kind = "CustomLineItemReturnItem" if item.of_extra else "LineItemReturnItem"
        target = custom_line_item_id(order, item.line) if item.of_extra else line_item_id(order, item.line)
        return {
            "id": stable_id("return-item", f"{order}/{self.at}/{number}"),
            "type": kind,
            "customLineItemId" if item.of_extra else "lineItemId": target,
            "quantity": item.quantity,
            **({"comment": item.comment} if item.comment else {}),
            "shipmentState": item.shipment_state,
            "paymentState": item.payment_state,
            "createdAt": f"{self.at}T08:00:00.000Z",
            "lastModifiedAt": f"{self.returned or self.at}T09:00:00.000Z",
        }
