"""Customers, their addresses and their active cart."""

from __future__ import annotations

from clients.commercetools.decode.fields import Node
from clients.commercetools.decode.items import distribution_channels, items
from clients.commercetools.decode.money import money_at, taxed_price_at
from commerce.cart import Cart
from commerce.customer import Address, Customer


def customer(node: Node) -> Customer:
    group = node.part("customerGroup")
    return Customer(
        id=node.text("id"),
        version=node.integer("version"),
        created_at=node.moment("createdAt"),
        last_modified_at=node.moment("lastModifiedAt"),
        number=node.optional_text("customerNumber"),
        key=node.optional_text("key"),
        external_id=node.optional_text("externalId"),
        email=node.optional_text("email"),
        is_email_verified=node.optional_flag("isEmailVerified"),
        first_name=node.optional_text("firstName"),
        last_name=node.optional_text("lastName"),
        company=node.optional_text("companyName"),
        vat_id=node.optional_text("vatId"),
        locale=node.optional_text("locale"),
        group=group.optional_text("name") or group.optional_text("key"),
        knows_group="customerGroup" in node.fields,
        stores=tuple(store.text("key") for store in node.children("storesRef")),
        addresses=tuple(address(found) for found in node.children("addresses")),
        custom=custom_fields(node),
    )


def address(node: Node) -> Address:
    return Address(
        country=node.text("country"),
        first_name=node.optional_text("firstName"),
        last_name=node.optional_text("lastName"),
        company=node.optional_text("company"),
        street_name=node.optional_text("streetName"),
        street_number=node.optional_text("streetNumber"),
        additional_street_info=node.optional_text("additionalStreetInfo"),
        postal_code=node.optional_text("postalCode"),
        city=node.optional_text("city"),
        region=node.optional_text("region"),
        state=node.optional_text("state"),
        phone=node.optional_text("phone"),
        email=node.optional_text("email"),
    )


def optional_address_at(node: Node, name: str) -> Address | None:
    found = node.optional_child(name)
    return None if found is None else address(found)


def custom_fields(node: Node) -> dict[str, object]:
    """`custom.customFieldsRaw` by name; the values are whatever JSON the merchant keeps there."""
    found = node.part("custom").children("customFieldsRaw")
    return {field.text("name"): field.fields.get("value") for field in found}


def discount_codes(node: Node) -> tuple[str, ...]:
    """The codes that were entered, as far as they still exist."""
    codes = (part.optional_child("discountCode") for part in node.children("discountCodes"))
    texts = (code.optional_text("code") for code in codes if code is not None)
    return tuple(text for text in texts if text is not None)


def key_at(node: Node, name: str) -> str | None:
    """The key of a `KeyReference`."""
    return node.part(name).optional_text("key")


def cart(node: Node) -> Cart:
    found = items(node)
    return Cart(
        id=node.text("id"),
        version=node.integer("version"),
        created_at=node.moment("createdAt"),
        last_modified_at=node.moment("lastModifiedAt"),
        total_price=money_at(node, "totalPrice"),
        quantity=_quantity(node),
        items=found,
        taxed_price=taxed_price_at(node, "taxedPrice"),
        discount_codes=discount_codes(node),
        store=key_at(node, "storeRef"),
        origin=node.optional_text("origin"),
        distribution_channels=distribution_channels(node),
        country=node.optional_text("country"),
        locale=node.optional_text("locale"),
    )


def _quantity(node: Node) -> int:
    """The platform's own count, which it leaves out for an empty cart; it counts no custom line items."""
    announced = node.optional_integer("totalLineItemQuantity")
    if announced is not None:
        return announced
    return sum(item.integer("quantity") for item in node.children("lineItems"))
