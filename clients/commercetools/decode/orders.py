"""Orders: https://docs.commercetools.com/api/projects/orders"""

from __future__ import annotations

from clients.commercetools.decode.customers import custom_fields, discount_codes, key_at, optional_address_at
from clients.commercetools.decode.fields import Node
from clients.commercetools.decode.items import distribution_channels, items, state_name
from clients.commercetools.decode.money import money_at, optional_money_at, taxed_price_at
from clients.commercetools.decode.payments import payment
from clients.commercetools.decode.shipments import returns, shippings
from commerce.order import Order
from commerce.payment import Payment


def order(node: Node) -> Order:
    """An order as far as it was asked for and answered: a field that is gone is unknown, one that is null is empty."""
    return Order(
        id=node.text("id"),
        version=node.integer("version"),
        created_at=node.moment("createdAt"),
        last_modified_at=node.moment("lastModifiedAt"),
        order_state=node.text("orderState"),
        total_price=money_at(node, "totalPrice"),
        number=node.optional_text("orderNumber"),
        purchase_order_number=node.optional_text("purchaseOrderNumber"),
        completed_at=node.optional_moment("completedAt"),
        customer_id=node.optional_text("customerId"),
        email=node.optional_text("customerEmail"),
        payment_state=node.optional_text("paymentState"),
        shipment_state=node.optional_text("shipmentState"),
        workflow_state=state_name(node),
        knows_workflow_state="state" in node.fields,
        taxed_price=taxed_price_at(node, "taxedPrice"),
        discount_on_total=optional_money_at(node.part("discountOnTotalPrice"), "discountedAmount"),
        discount_codes=discount_codes(node),
        items=items(node),
        shippings=shippings(node) if node.has("shippingInfo") and node.has("shipping") else None,
        returns=returns(node) if node.has("returnInfo") else None,
        payments=_payments(node),
        shipping_address=optional_address_at(node, "shippingAddress"),
        billing_address=optional_address_at(node, "billingAddress"),
        store=key_at(node, "storeRef"),
        business_unit=key_at(node, "businessUnitRef"),
        origin=node.optional_text("origin"),
        distribution_channels=distribution_channels(node),
        country=node.optional_text("country"),
        locale=node.optional_text("locale"),
        external_ids=_external_ids(node),
        custom=custom_fields(node),
    )


def _payments(node: Node) -> tuple[Payment, ...] | None:
    """An order without payments has no `paymentInfo` at all."""
    if not node.has("paymentInfo"):
        return None
    info = node.optional_child("paymentInfo")
    if info is None:
        return ()
    return tuple(payment(found) for found in info.children("payments")) if info.has("payments") else None


def _external_ids(node: Node) -> tuple[str, ...]:
    found = (sync.optional_text("externalId") for sync in node.children("syncInfo"))
    return tuple(dict.fromkeys(text for text in found if text is not None))
