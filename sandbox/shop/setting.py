"""What every scenario shares: stores, customer groups, workflow states, discount codes, business units."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sandbox.shop.identifiers import stable_id, state_id
from sandbox.shop.resources import SampleShop

STORES: Final[Mapping[str, str]] = {
    "de": "DE store",
    "us": "US store",
    "jp": "JP store",
    "kw": "KW store",
    "hu": "HU store",
}
GROUPS: Final = ("VIP", "Wholesale")
WORKFLOW_STATES: Final[Mapping[str, Mapping[str, str]]] = {
    "initial": {"en": "Initial", "de": "Neu"},
    "in-workshop": {"en": "In the workshop", "de": "In der Werkstatt"},
    "packed": {"en": "Packed", "de": "Verpackt"},
    "picked-up": {"en": "Picked up in store", "de": "In der Filiale abgeholt"},
    "nameless": {},
}
DISCOUNT_CODES: Final = ("WELCOME10", "SORRY5", "FREESHIP")
BUSINESS_UNITS: Final[Mapping[str, str]] = {"alpenverein-muc": "Alpenverein München e. V."}
_SINCE: Final = {"version": 1, "createdAt": "2020-01-01T00:00:00.000Z", "lastModifiedAt": "2020-01-01T00:00:00.000Z"}


def furnish(shop: SampleShop) -> None:
    """Put the shared resources into the shop."""
    shop.add("store", *(_named("store", key, {"en": name}) for key, name in STORES.items()))
    shop.add("customer-group", *({**_SINCE, "id": stable_id("customer-group", g), "name": g} for g in GROUPS))
    shop.add("state", *(_state(key, name) for key, name in WORKFLOW_STATES.items()))
    shop.add("discount-code", *(_discount_code(code) for code in DISCOUNT_CODES))
    shop.add("business-unit", *(_business_unit(key, name) for key, name in BUSINESS_UNITS.items()))


def _named(kind: str, key: str, name: Mapping[str, str]) -> dict[str, Any]:
    return {**_SINCE, "id": stable_id(kind, key), "key": key, "name": dict(name)}


def _state(key: str, name: Mapping[str, str]) -> dict[str, Any]:
    state = {**_SINCE, "id": state_id(key), "key": key, "type": "OrderState", "builtIn": False}
    return {**state, "initial": key == "initial", **({"name": dict(name)} if name else {})}


def _discount_code(code: str) -> dict[str, Any]:
    return {**_SINCE, "id": stable_id("discount-code", code), "code": code, "isActive": True, "name": {"en": code}}


def _business_unit(key: str, name: str) -> dict[str, Any]:
    return {
        **_SINCE,
        "id": stable_id("business-unit", key),
        "key": key,
        "name": name,
        "contactEmail": "einkauf@av.example",
    }
