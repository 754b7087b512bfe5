"""Shipping methods, deliveries, parcels and returns of an order."""

from __future__ import annotations

from clients.commercetools.decode.fields import Node
from clients.commercetools.decode.money import money_at, optional_money_at
from commerce.order import Delivery, DeliveryItem, Parcel, Return, ReturnItem, Shipping, Tracking


def shippings(order: Node) -> tuple[Shipping, ...]:
    """Every shipping method: `shippingInfo`, or `shipping[].shippingInfo` of `shippingMode: Multiple`."""
    single = order.optional_child("shippingInfo")
    if single is not None and order.optional_text("shippingMode") != "Multiple":
        return (_shipping(single),)
    several = (part.optional_child("shippingInfo") for part in order.children("shipping"))
    return tuple(_shipping(info) for info in several if info is not None)


def _shipping(node: Node) -> Shipping:
    discounted = node.optional_child("discountedPrice")
    estimate = node.part("estimatedDelivery")
    return Shipping(
        method=node.optional_text("shippingMethodName"),
        price=optional_money_at(node, "price") if discounted is None else money_at(discounted, "value"),
        deliveries=tuple(_delivery(found) for found in node.children("deliveries")),
        estimated_from=estimate.optional_moment("from"),
        estimated_until=estimate.optional_moment("until"),
    )


def _delivery(node: Node) -> Delivery:
    return Delivery(
        id=node.text("id"),
        created_at=node.moment("createdAt"),
        items=_items(node),
        parcels=tuple(_parcel(found) for found in node.children("parcels")),
    )


def _parcel(node: Node) -> Parcel:
    tracking = node.optional_child("trackingData")
    return Parcel(
        id=node.text("id"),
        created_at=node.moment("createdAt"),
        tracking=None if tracking is None else _tracking(tracking),
        items=_items(node),
    )


def _tracking(node: Node) -> Tracking:
    return Tracking(
        tracking_id=node.optional_text("trackingId"),
        carrier=node.optional_text("carrier"),
        provider=node.optional_text("provider"),
        is_return=node.optional_flag("isReturn") or False,
    )


def _items(node: Node) -> tuple[DeliveryItem, ...]:
    return tuple(DeliveryItem(item.text("id"), item.integer("quantity")) for item in node.children("items"))


def returns(order: Node) -> tuple[Return, ...]:
    return tuple(
        Return(
            items=tuple(_return_item(item) for item in info.children("items")),
            tracking_id=info.optional_text("returnTrackingId"),
            date=info.optional_moment("returnDate"),
        )
        for info in order.children("returnInfo")
    )


def _return_item(node: Node) -> ReturnItem:
    return ReturnItem(
        id=node.text("id"),
        quantity=node.integer("quantity"),
        shipment_state=node.text("shipmentState"),
        payment_state=node.text("paymentState"),
        created_at=node.moment("createdAt"),
        last_modified_at=node.moment("lastModifiedAt"),
        line_item_id=node.optional_text("lineItemId") or node.optional_text("customLineItemId"),
        comment=node.optional_text("comment"),
    )
