"""What a mapping's paths can name: the document of one subject, field by field, with what each field means.

This is the one description of that document: paths are checked against it when the mapping is read, the plan
builds it (a test holds the two together), and docs/mapping.md lists it. `needs` names what has to be
asked of the shop for a field: a personal field by its name in the panel's allowlist, or a part of the order
that costs an extra scope. What no path names is neither asked for nor in the document.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias


@dataclass(frozen=True, slots=True)
class Field:
    """A single value: text, number or boolean."""

    meaning: str
    needs: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """Named fields; `meaning` is empty where the place says it all."""

    fields: Mapping[str, Shape]
    meaning: str = ""
    needs: str | None = None


@dataclass(frozen=True, slots=True)
class Many:
    """A list."""

    of: Shape
    meaning: str = ""
    needs: str | None = None


@dataclass(frozen=True, slots=True)
class CustomFields:
    """Custom fields by their names, each of them needed by its own name: `<prefix><name>`."""

    prefix: str
    meaning: str


Shape: TypeAlias = Field | Record | Many | CustomFields


def _money(meaning: str) -> Record:
    return Record(MONEY_FIELDS, meaning)


MONEY_FIELDS: Final[Mapping[str, Shape]] = {
    "amount": Field("the amount as a number"),
    "currency": Field("the currency's ISO code"),
    "text": Field("amount and currency as text: `129.90 EUR`"),
}

ADDRESS_FIELDS: Final[Mapping[str, Shape]] = {
    "country": Field("country code"),
    "first_name": Field("first name"),
    "last_name": Field("last name"),
    "company": Field("company name"),
    "street": Field("street, number and the line below it"),
    "postal_code": Field("postal code"),
    "city": Field("city"),
    "region": Field("region"),
    "state": Field("state"),
    "phone": Field("telephone number", needs="address.phone"),
    "email": Field("e-mail address", needs="address.email"),
}

ITEM_FIELDS: Final[Mapping[str, Shape]] = {
    "name": Field("name"),
    "sku": Field("SKU"),
    "quantity": Field("how many"),
    "total": _money("price of all of them, discounts applied"),
    "is_gift": Field("whether it is a free gift"),
    "is_custom": Field("whether it is a custom line item (a fee, gift wrap)"),
}

CUSTOMER: Final = Record(
    {
        "id": Field("customer id"),
        "key": Field("the customer's key"),
        "number": Field("customer number", needs="customer.number"),
        "external_id": Field("the customer's id in another system", needs="customer.external_id"),
        "email": Field("e-mail address", needs="customer.email"),
        "is_email_verified": Field("whether that address is verified", needs="customer.email"),
        "name": Field("first and last name", needs="customer.name"),
        "first_name": Field("first name", needs="customer.name"),
        "last_name": Field("last name", needs="customer.name"),
        "company": Field("company name", needs="customer.company"),
        "vat_id": Field("VAT id", needs="customer.vat_id"),
        "group": Field("customer group", needs="customer.group"),
        "locale": Field("the customer's language", needs="customer.locale"),
        "stores": Many(Field("a store's key"), "keys of the customer's stores; none = all"),
        "created_at": Field("when the account was made"),
        "last_modified_at": Field("when the account was changed last"),
        "addresses": Many(Record(ADDRESS_FIELDS), "the address book", needs="customer.addresses"),
        "custom": CustomFields("customer.custom.", "custom fields of the customer, by their names"),
    },
    "the customer; null for a guest",
)

ORDER: Final = Record(
    {
        "id": Field("order id"),
        "number": Field("order number"),
        "status": Field("`Open`, `Confirmed`, `Complete` or `Cancelled`"),
        "payment_status": Field("the panel's word for it: `paid`, `partly_refunded`, …"),
        "shipment_status": Field("the panel's word for it: `shipped`, `partly_shipped`, …"),
        "payment_state": Field("`paymentState` as the shop set it, if it did"),
        "shipment_state": Field("`shipmentState` as the shop set it, if it did"),
        "workflow_state": Field("name of the shop's own state of the order", needs="order.workflow_state"),
        "placed_at": Field("when the customer ordered"),
        "last_modified_at": Field("when the order was changed last"),
        "completed_at": Field("when it was completed"),
        "expected_at": Field("when it should arrive at the latest"),
        "kind": Field("`ordinary`, `imported` or `recurring`"),
        "total": _money("what the customer owes, tax included"),
        "paid": _money("what was charged; null when payments are not known"),
        "refunded": _money("what was paid back; null when payments are not known"),
        "quantity": Field("pieces ordered"),
        "items": Many(Record(ITEM_FIELDS), "line items"),
        "parcels": Many(
            Record(
                {
                    "carrier": Field("carrier, as the shop wrote it"),
                    "tracking_id": Field("tracking number"),
                    "shipped_at": Field("when the parcel was made"),
                }
            ),
            "parcels on their way to the customer, oldest first",
        ),
        "returns": Many(
            Record(
                {
                    "item": Field("name of the item"),
                    "quantity": Field("how many"),
                    "status": Field("`advised`, `received`, `back_in_stock`, `unusable`"),
                    "refund": Field("`none_yet`, `open`, `refunded`, `not_refunded`"),
                    "is_open": Field("whether goods or money are still to come"),
                    "comment": Field("what was written", needs="order.return_comment"),
                }
            ),
            "returned items, oldest first",
        ),
        "payments": Many(
            Record(
                {
                    "method": Field("payment method"),
                    "provider": Field("payment service provider"),
                    "reference": Field("the provider's reference", needs="order.payment_reference"),
                    "status_code": Field("the provider's code", needs="order.payment_status_text"),
                    "status_text": Field("the provider's words", needs="order.payment_status_text"),
                }
            ),
            "payments",
        ),
        "discount_codes": Many(Field("a code"), "discount codes that were entered", needs="order.discount_codes"),
        "store": Field("the store's key"),
        "channel": Field("the one distribution channel of the items, else the origin"),
        "origin": Field("`Customer`, `Merchant`, `Quote` or `RecurringOrder`"),
        "country": Field("country code"),
        "locale": Field("language of the order"),
        "email": Field("e-mail address given with the order", needs="order.email"),
        "shipping_address": Record(ADDRESS_FIELDS, "where it was sent", needs="order.shipping_address"),
        "billing_address": Record(ADDRESS_FIELDS, "who was billed", needs="order.billing_address"),
        "purchase_order_number": Field("the buyer's own number", needs="order.purchase_order_number"),
        "business_unit": Field("the buyer's business unit", needs="order.business_unit"),
        "external_ids": Many(Field("a number"), "the order's numbers in other systems", needs="order.external_ids"),
        "custom": CustomFields("order.custom.", "custom fields of the order, by their names"),
    }
)

CART: Final = Record(
    {
        "id": Field("cart id"),
        "total": _money("what the cart comes to"),
        "quantity": Field("pieces in the cart"),
        "items": Many(Record(ITEM_FIELDS), "line items"),
        "store": Field("the store's key"),
        "channel": Field("the one distribution channel of the items, else the origin"),
        "country": Field("country code"),
        "locale": Field("language of the cart"),
        "created_at": Field("when the cart was begun"),
        "last_modified_at": Field("when it was changed last"),
    },
    "the customer's active cart; null without one, and when it is empty",
)

LIFETIME: Final = Record(
    {
        "orders": Field("number of orders, cancelled ones included, as in the panel"),
        "cancelled": Field("number of cancelled orders"),
        "first_order_at": Field("when the first order was placed"),
        "last_order_at": Field("when the newest order was placed"),
        "value": _money("spent so far, refunds subtracted, in the currency of most orders"),
        "values": Many(Record(MONEY_FIELDS), "the same for every currency, sorted by its code"),
    },
    "all orders together",
)

DOCUMENT: Final = Record(
    {
        "customer": CUSTOMER,
        "order": Record(ORDER.fields, "the newest order, or for an event the order that it is about; null without any"),
        "orders": Many(ORDER, "every order, newest first, each with the fields of `order`"),
        "cart": CART,
        "lifetime": LIFETIME,
    }
)


def paths(shape: Shape = DOCUMENT, path: str = "") -> Iterator[tuple[str, Shape]]:
    """Every path of the document with its shape; `[]` stands for each element of a list."""
    if path:
        yield path, shape
    if isinstance(shape, Record):
        for name, inner in shape.fields.items():
            yield from paths(inner, f"{path}.{name}" if path else name)
    elif isinstance(shape, Many) and isinstance(shape.of, Record):
        for name, inner in shape.of.fields.items():
            yield from paths(inner, f"{path}[].{name}")
