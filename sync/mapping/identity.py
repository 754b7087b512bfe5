"""The table `[identity]`: how a contact and a customer are known to be the same person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from sync.mapping.faults import Spot
from sync.mapping.toml_values import one_of, options

CUSTOMER_FIELDS: Final = ("id", "key", "customerNumber", "externalId")

CustomerField: TypeAlias = Literal["id", "key", "customerNumber", "externalId"]


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityOptions:
    """The table `[identity]`: which field of the customer is the contact's `external_id`."""

    external_id: CustomerField = "id"


def identity_options(table: object, spot: Spot) -> IdentityOptions:
    """The table as it was written; what is wrong with it goes to the faults of `spot`."""
    return IdentityOptions(**options(table, {"external_id": _external_id}, spot))


def _external_id(value: object, spot: Spot) -> str:
    return one_of(CUSTOMER_FIELDS, value, spot) or "id"
