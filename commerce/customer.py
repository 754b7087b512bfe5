"""Who a customer is: https://docs.commercetools.com/api/projects/customers#customer"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address; every part but the country may be missing."""

    country: str
    first_name: str | None = None
    last_name: str | None = None
    company: str | None = None
    street_name: str | None = None
    street_number: str | None = None
    additional_street_info: str | None = None
    postal_code: str | None = None
    city: str | None = None
    region: str | None = None
    state: str | None = None
    phone: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Customer:
    """A commercetools customer as far as the merchant allows us to read it.

    Only `id`, `version`, `created_at` and `last_modified_at` are always there: personal
    fields that the mapping does not name are not even asked for. Times are UTC.
    """

    id: str
    version: int
    created_at: datetime
    last_modified_at: datetime
    number: str | None = None
    key: str | None = None
    external_id: str | None = None
    email: str | None = None
    is_email_verified: bool | None = None
    first_name: str | None = None
    last_name: str | None = None
    company: str | None = None
    vat_id: str | None = None
    locale: str | None = None
    group: str | None = None  # the customer group's name
    knows_group: bool = True  # false when it was not asked for, or could not be read
    stores: tuple[str, ...] = ()  # store keys; empty = a global customer
    addresses: tuple[Address, ...] = ()
    custom: Mapping[str, object] = field(default_factory=dict)

    @property
    def name(self) -> str | None:
        """First and last name as one line, None when neither is known."""
        return " ".join(part for part in (self.first_name, self.last_name) if part) or None
