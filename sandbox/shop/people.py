"""Customers of the sample shop: https://docs.commercetools.com/api/projects/customers#customer"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.shop.identifiers import customer_id, stable_id
from sandbox.shop.resources import Document


def address(
    name: str,
    street: str,
    number: str,
    postal_code: str,
    city: str,
    country: str,
    **more: str,
) -> Document:
    """An address; `more` are further fields in commercetools' names (`region`, `phone`, `company`, ...)."""
    first, _, last = name.partition(" ")
    return {
        "id": stable_id("address", f"{name}/{street}/{number}")[:8],
        "firstName": first,
        "lastName": last,
        "streetName": street,
        "streetNumber": number,
        "postalCode": postal_code,
        "city": city,
        "country": country,
        **more,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerOf:
    """A customer with an account. `name` is ours: it makes the id."""

    name: str
    email: str
    first_name: str | None = None
    last_name: str | None = None
    number: str | None = None
    created: str = "2024-03-14"
    modified: str | None = None
    verified: bool = True
    stores: tuple[str, ...] = ()
    group: str | None = None
    locale: str | None = "de-DE"
    company: str | None = None
    vat_id: str | None = None
    external_id: str | None = None
    key: str | None = None
    addresses: tuple[Document, ...] = ()
    custom: Mapping[str, Any] | None = None

    @property
    def id(self) -> str:
        return customer_id(self.name)

    def document(self) -> Document:
        """The `Customer`, password hash included, as REST sends it."""
        optional = {
            "customerNumber": self.number,
            "firstName": self.first_name,
            "lastName": self.last_name,
            "companyName": self.company,
            "vatId": self.vat_id,
            "externalId": self.external_id,
            "key": self.key,
            "locale": self.locale,
            "customerGroup": self._group(),
            "custom": self._custom(),
        }
        return {
            "id": self.id,
            "version": 5,
            "createdAt": f"{self.created}T09:12:33.000Z",
            "lastModifiedAt": f"{self.modified or self.created}T09:12:33.000Z",
            "email": self.email,
            "isEmailVerified": self.verified,
            "authenticationMode": "Password",
            "password": f"pbkdf2$sample${stable_id('password', self.name)}",
            "stores": [{"typeId": "store", "key": store} for store in self.stores],
            **{name: value for name, value in optional.items() if value is not None},
            **self._address_book(),
        }

    def _group(self) -> dict[str, Any] | None:
        return {"typeId": "customer-group", "id": stable_id("customer-group", self.group)} if self.group else None

    def _custom(self) -> dict[str, Any] | None:
        if self.custom is None:
            return None
        return {"type": {"typeId": "type", "id": stable_id("type", "customer-fields")}, "fields": dict(self.custom)}

    def _address_book(self) -> dict[str, Any]:
        ids = [address["id"] for address in self.addresses]
        defaults = {"defaultShippingAddressId": ids[0], "defaultBillingAddressId": ids[0]} if ids else {}
        return {
            "addresses": list(self.addresses),
            "shippingAddressIds": ids[:1],
            "billingAddressIds": ids[:1],
            **defaults,
        }
