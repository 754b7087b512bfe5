"""Parcels leave and arrive. https://docs.commercetools.com/api/projects/orders#delivery"""

from __future__ import annotations

from collections import Counter
from typing import Any

from sandbox.shop.acts.act import Act, NotPossible
from sandbox.shop.identifiers import stable_id
from sandbox.shop.resources import Document

Contents = list[dict[str, Any]]


def ship(
    act: Act, *, order: str, quantity: int | None = None, carrier: str = "DHL", tracking: str | None = None
) -> None:
    """Hand over what is left, or so many pieces, in one parcel. `tracking`: "" for none, else made up unless given."""
    delivery = _add_delivery(act, order, quantity)
    add_parcel(act, order=order, delivery=delivery, carrier=carrier, tracking=tracking)
    _set_state(act, order)


def add_delivery(act: Act, *, order: str, quantity: int | None = None) -> None:
    """Hand over what is left, or so many pieces, without a word on parcels; they can come later."""
    _add_delivery(act, order, quantity)
    _set_state(act, order)


def add_parcel(
    act: Act, *, order: str, delivery: str | None = None, carrier: str = "DHL", tracking: str | None = None
) -> None:
    """A parcel for a delivery: the one named, else the newest that has none."""
    sale = act.the("order", order)
    without = [each for each in _deliveries(sale) if not each["parcels"]]
    chosen = next((each for each in _deliveries(sale) if each["id"] == delivery), None)
    if delivery is None and without:
        chosen = without[-1]
    if chosen is None:
        raise NotPossible(f"there is no delivery {delivery}" if delivery else "every delivery has its parcels")
    parcel = stable_id("parcel", f"{chosen['id']}/{len(chosen['parcels'])}")
    number = f"00340434{int(parcel[:8], 16):012d}" if tracking is None else tracking
    document = {"id": parcel, "createdAt": act.time, "items": chosen["items"]}
    if number:
        document["trackingData"] = {"trackingId": number, "carrier": carrier, "isReturn": False}
    act.ids |= {"delivery": chosen["id"], "parcel": parcel}
    _replace(act, sale, {**chosen, "parcels": [*chosen["parcels"], document]})
    act.tell("ParcelAddedToDelivery", "order", order)


def set_tracking(act: Act, *, order: str, parcel: str, tracking: str, carrier: str = "DHL") -> None:
    """A parcel that is on its way gets its tracking number, or another."""
    sale = act.the("order", order)
    data = {"trackingId": tracking, "carrier": carrier, "isReturn": False}
    for delivery in _deliveries(sale):
        if any(each["id"] == parcel for each in delivery["parcels"]):
            parcels = [{**each, "trackingData": data} if each["id"] == parcel else each for each in delivery["parcels"]]
            act.ids |= {"delivery": delivery["id"], "parcel": parcel}
            _replace(act, sale, {**delivery, "parcels": parcels})
            return act.tell("ParcelTrackingDataUpdated", "order", order)
    raise NotPossible(f"there is no parcel {parcel}")


def deliver(act: Act, *, order: str) -> None:
    """Everything has arrived."""
    sale = act.the("order", order)
    if not _deliveries(sale):
        raise NotPossible("nothing is shipped")
    _enter(act, sale, "Delivered")


def delay(act: Act, *, order: str) -> None:
    """It will take longer."""
    _enter(act, act.the("order", order), "Delayed")


def _enter(act: Act, sale: Document, state: str) -> None:
    if sale.get("shipmentState") == state:
        raise NotPossible(f"the order is {state.lower()} already")
    act.set("order", sale["id"], shipmentState=state)
    act.tell("OrderShipmentStateChanged", "order", sale["id"])


def _add_delivery(act: Act, order: str, quantity: int | None) -> str:
    sale = act.the("order", order)
    if sale["orderState"] == "Cancelled":
        raise NotPossible("the order is cancelled")
    contents = _taken(_left(sale), quantity)
    deliveries = _deliveries(sale)
    delivery = stable_id("delivery", f"{order}/{len(deliveries)}")
    document = {"id": delivery, "createdAt": act.time, "items": contents, "parcels": []}
    act.ids["delivery"] = delivery
    _write(act, sale, [*_last_info(sale)["deliveries"], document])
    act.tell("DeliveryAdded", "order", order)
    return delivery


def _left(sale: Document) -> Contents:
    """What was not handed over yet."""
    gone = Counter[str]()
    for delivery in _deliveries(sale):
        for item in delivery["items"]:
            gone[item["id"]] += item["quantity"]
    left = [{"id": line["id"], "quantity": line["quantity"] - gone[line["id"]]} for line in sale["lineItems"]]
    return [each for each in left if each["quantity"] > 0]


def _taken(left: Contents, quantity: int | None) -> Contents:
    if not left:
        raise NotPossible("everything is shipped")
    if quantity is None:
        return left
    if quantity < 1:
        raise NotPossible("quantity is a number of pieces above 0")
    taken: Contents = []
    for each in left:
        pieces = min(each["quantity"], quantity)
        if pieces:
            taken.append({**each, "quantity": pieces})
        quantity -= pieces
    return taken


def _set_state(act: Act, order: str) -> None:
    """As a merchant would; the platform does not do it."""
    sale = act.the("order", order)
    state = "Partial" if _left(sale) else "Shipped"
    act.set("order", order, shipmentState=state)
    if state != sale.get("shipmentState"):
        act.tell("OrderShipmentStateChanged", "order", order)


def _infos(sale: Document) -> list[Document]:
    several = [each["shippingInfo"] for each in sale["shipping"]]
    return several or ([sale["shippingInfo"]] if "shippingInfo" in sale else [])


def _deliveries(sale: Document) -> list[Document]:
    return [delivery for info in _infos(sale) for delivery in info["deliveries"]]


def _last_info(sale: Document) -> Document:
    infos = _infos(sale)
    if not infos:
        raise NotPossible("the order is not one to be shipped")
    return infos[-1]


def _replace(act: Act, sale: Document, delivery: Document) -> None:
    """Put a delivery in the place of the one with its id."""

    def renewed(info: Document) -> Document:
        return {**info, "deliveries": [delivery if e["id"] == delivery["id"] else e for e in info["deliveries"]]}

    if sale["shipping"]:
        act.set(
            "order", sale["id"], shipping=[{**e, "shippingInfo": renewed(e["shippingInfo"])} for e in sale["shipping"]]
        )
    else:
        act.set("order", sale["id"], shippingInfo=renewed(sale["shippingInfo"]))


def _write(act: Act, sale: Document, deliveries: list[Document]) -> None:
    """The deliveries of the last (mostly: the only) shipping of the order."""
    info = {**_last_info(sale), "deliveries": deliveries}
    if sale["shipping"]:
        act.set("order", sale["id"], shipping=[*sale["shipping"][:-1], {**sale["shipping"][-1], "shippingInfo": info}])
    else:
        act.set("order", sale["id"], shippingInfo=info)
