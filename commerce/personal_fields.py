"""The personal fields a merchant can allow by name; what is not allowed is not even asked for.

The names are those of `mapping.toml`'s `[panel] fields`. Custom fields are allowed one by
one as `customer.custom.<name>` and `order.custom.<name>`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

PERSONAL_FIELDS: Final[Mapping[str, str]] = {
    "customer.name": "first and last name",
    "customer.email": "the account's e-mail address, and whether it is verified",
    "customer.number": "customer number",
    "customer.external_id": "the customer's id in another system",
    "customer.company": "company name",
    "customer.vat_id": "VAT id",
    "customer.group": "customer group",
    "customer.locale": "the customer's language",
    "customer.addresses": "the address book",
    "order.email": "the e-mail address given with the order",
    "order.shipping_address": "where it was sent",
    "order.billing_address": "who was billed",
    "order.purchase_order_number": "the buyer's own purchase order number",
    "order.business_unit": "the buyer's business unit (B2B)",
    "order.return_comment": "what was written when an item was returned",
    "order.external_ids": "the order's numbers in other systems",
    "order.payment_reference": "the payment provider's reference (shown masked)",
    "order.payment_status_text": "the payment provider's own words on the payment",
    "address.phone": "the telephone number of an allowed address",
    "address.email": "the e-mail address of an allowed address",
}
CUSTOM_FIELD_PREFIXES: Final = ("customer.custom.", "order.custom.")


def is_personal_field(name: str) -> bool:
    """Whether `name` can stand in `[panel] fields`."""
    return name in PERSONAL_FIELDS or any(
        name.startswith(prefix) and len(name) > len(prefix) for prefix in CUSTOM_FIELD_PREFIXES
    )
