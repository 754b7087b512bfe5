"""The table `[contact]`: which of Intercom's own fields a contact gets that is made here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sync.mapping.faults import Spot, did_you_mean
from sync.mapping.toml_values import flag, options, texts


class ContactField(StrEnum):
    """Intercom's own fields of a contact that the shop can fill.

    https://developers.intercom.com/docs/references/rest-api/api.intercom.io/contacts/createcontact
    """

    EMAIL = "email"
    NAME = "name"
    PHONE = "phone"
    SIGNED_UP_AT = "signed_up_at"


MEANING: Final[Mapping[ContactField, str]] = {
    ContactField.EMAIL: "the account's e-mail address; of a guest the one given with the newest order",
    ContactField.NAME: "first and last name of the account",
    ContactField.PHONE: "the telephone number of the first address in the address book that has one",
    ContactField.SIGNED_UP_AT: "when the account was made",
}
NEEDS: Final[Mapping[ContactField, frozenset[str]]] = {
    ContactField.EMAIL: frozenset({"customer.email"}),
    ContactField.NAME: frozenset({"customer.name"}),
    ContactField.PHONE: frozenset({"customer.addresses", "address.phone"}),
    ContactField.SIGNED_UP_AT: frozenset(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactOptions:
    """The table `[contact]`. `overwrite`: whether contacts that were there before get the fields as well."""

    fields: tuple[ContactField, ...] = ()
    overwrite: bool = False

    @property
    def needs(self) -> frozenset[str]:
        """What has to be asked of the shop for them."""
        return frozenset().union(*(NEEDS[field] for field in self.fields))


def contact_options(table: object, spot: Spot) -> ContactOptions:
    """The table as it was written; what is wrong with it goes to the faults of `spot`."""
    return ContactOptions(**options(table, {"fields": _fields, "overwrite": flag}, spot))


def _fields(value: object, spot: Spot) -> tuple[ContactField, ...]:
    known = tuple(each.value for each in ContactField)
    found = dict.fromkeys(texts(value, spot))
    for name in found:
        if name not in known:
            fix = did_you_mean(name, known, f"Known are {', '.join(known)}")
            spot.fault(f'"{name}" is not a field of a contact', fix, value=name)
    return tuple(ContactField(name) for name in found if name in known)
