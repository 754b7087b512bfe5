"""Things come back. https://docs.commercetools.com/api/projects/orders#returninfo"""

from __future__ import annotations

from collections import Counter
from typing import Final

from sandbox.shop.acts.act import Act, NotPossible
from sandbox.shop.identifiers import stable_id
from sandbox.shop.resources import Document

ARRIVED: Final = ("Returned", "BackInStock", "Unusable")


def request_return(act: Act, *, order: str, quantity: int = 1) -> None:
    """So many pieces of the first line that has them left are announced: `Advised`, not refundable yet."""
    sale = act.the("order", order)
    announced = Counter[str]()
    for returned in sale["returnInfo"]:
        for item in returned["items"]:
            announced[item.get("lineItemId", "")] += item["quantity"]
    left = (line for line in sale["lineItems"] if line["quantity"] - announced[line["id"]] >= quantity)
    line = next(left, None)
    if quantity < 1 or line is None:
        raise NotPossible("there is nothing left to return")
    item = stable_id("return-item", f"{order}/{sum(len(each['items']) for each in sale['returnInfo'])}/acts")
    document = {
        "id": item,
        "type": "LineItemReturnItem",
        "lineItemId": line["id"],
        "quantity": quantity,
        "shipmentState": "Advised",
        "paymentState": "NonRefundable",
        "createdAt": act.time,
        "lastModifiedAt": act.time,
    }
    act.ids["return_item"] = item
    tracking = f"RET-{item[:8].upper()}"
    act.set("order", order, returnInfo=[*sale["returnInfo"], {"items": [document], "returnTrackingId": tracking}])
    act.tell("ReturnInfoAdded", "order", order)


def receive_return(act: Act, *, order: str, return_item: str | None = None, state: str = "Returned") -> None:
    """What was announced has arrived: the item named, or all of them. It can be refunded from now on."""
    sale = act.the("order", order)
    if state not in ARRIVED:
        raise NotPossible(f"state is one of {', '.join(ARRIVED)}")
    received = [_received(returned, return_item, state, act) for returned in sale["returnInfo"]]
    if received == sale["returnInfo"]:
        raise NotPossible("no return is on its way")
    act.set("order", order, returnInfo=received)
    act.tell("OrderReturnShipmentStateChanged", "order", order)


def _received(returned: Document, return_item: str | None, state: str, act: Act) -> Document:
    items = [_arrived(item, state, act) if return_item in (None, item["id"]) else item for item in returned["items"]]
    return returned if items == returned["items"] else {**returned, "items": items, "returnDate": act.time}


def _arrived(item: Document, state: str, act: Act) -> Document:
    if item["shipmentState"] != "Advised":
        return item
    act.ids["return_item"] = item["id"]
    return {**item, "shipmentState": state, "paymentState": "Initial", "lastModifiedAt": act.time}
