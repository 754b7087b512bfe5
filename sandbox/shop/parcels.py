"""What was handed over for transport: https://docs.commercetools.com/api/projects/orders#delivery"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.shop.identifiers import line_item_id, stable_id

Contents = Mapping[int, int]
"""How many of which line item (by position, from 0)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """One box; without `tracking` and `carrier` it has no tracking data at all."""

    tracking: str | None = None
    carrier: str | None = None
    is_return: bool = False
    contents: Contents | None = None  # None: the platform knows of none

    def document(self, *, order: str, name: str, at: str) -> dict[str, Any]:
        """The `Parcel`."""
        document: dict[str, Any] = {"id": stable_id("parcel", name), "createdAt": at}
        document["items"] = _items(order, self.contents or {})
        if self.tracking or self.carrier:
            given = {"trackingId": self.tracking, "carrier": self.carrier}
            document["trackingData"] = {k: v for k, v in given.items() if v} | {"isReturn": self.is_return}
        return document


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A part of an order, in any number of parcels."""

    at: str  # a date
    contents: Contents
    parcels: tuple[Parcel, ...] = ()

    def document(self, *, order: str) -> dict[str, Any]:
        """The `Delivery`."""
        at = f"{self.at}T15:30:00.000Z"
        name = f"{order}/{self.at}/{sorted(self.contents.items())}"
        parcels = [
            parcel.document(order=order, name=f"{name}/{number}", at=at) for number, parcel in enumerate(self.parcels)
        ]
        return {
            "id": stable_id("delivery", name),
            "createdAt": at,
            "items": _items(order, self.contents),
            "parcels": parcels,
        }


def _items(order: str, contents: Contents) -> list[dict[str, Any]]:
    return [{"id": line_item_id(order, index), "quantity": quantity} for index, quantity in contents.items()]
