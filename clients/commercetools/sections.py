"""Which parts of a question can be left out, and which scope each of them needs.

Scopes: https://docs.commercetools.com/api/scopes
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from clients.commercetools.documents import NAMED_ORDERS
from clients.commercetools.readings import Section


class Area(StrEnum):
    """What a scope opens: `view_<area>` and `manage_<area>`. Carts are read with the orders' scope."""

    CUSTOMERS = "customers"
    ORDERS = "orders"
    PAYMENTS = "payments"
    STATES = "states"
    CUSTOMER_GROUPS = "customer_groups"
    DISCOUNT_CODES = "discount_codes"
    CHANNELS = (
        "products"  # which scope opens channels is not written down anywhere; that for products is the best guess
    )


NAMED_ALIASES: Final = tuple(f"n{number}" for number in range(NAMED_ORDERS))
NAMED_FLAGS: Final = tuple(f"withN{number}" for number in range(NAMED_ORDERS))

ROOT_FLAGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "customer": "withCustomer",
        "customers": "withCustomers",
        "orders": "withOrders",
        "history": "withHistory",
        "customerActiveCart": "withCart",
        "guestOrders": "withGuestOrders",
        "mine": "withMine",
        **dict(zip(NAMED_ALIASES, NAMED_FLAGS, strict=True)),
    }
)
"""The root fields of the documents that can be cut out."""

SECTION_OF_FLAG: Final[Mapping[str, Section]] = MappingProxyType(
    {
        "withCustomer": Section.CUSTOMER,
        "withCustomers": Section.CUSTOMER,
        "withOrders": Section.ORDERS,
        "withHistory": Section.HISTORY,
        "withCart": Section.CART,
        "withGuestOrders": Section.GUEST_ORDERS,
        **dict.fromkeys(NAMED_FLAGS, Section.NAMED_ORDERS),
        "withPayments": Section.PAYMENTS,
        "withStates": Section.WORKFLOW_STATES,
        "withCustomerGroup": Section.CUSTOMER_GROUP,
        "withDiscountCodes": Section.DISCOUNT_CODES,
        "withChannels": Section.CHANNELS,
    }
)

AREA_OF_FLAG: Final[Mapping[str, Area]] = MappingProxyType(
    {
        "withCustomer": Area.CUSTOMERS,
        "withCustomers": Area.CUSTOMERS,
        **dict.fromkeys(
            ("withOrders", "withHistory", "withCart", "withGuestOrders", "withMine", *NAMED_FLAGS), Area.ORDERS
        ),
        "withPayments": Area.PAYMENTS,
        "withStates": Area.STATES,
        "withCustomerGroup": Area.CUSTOMER_GROUPS,
        "withDiscountCodes": Area.DISCOUNT_CODES,
        "withChannels": Area.CHANNELS,
    }
)

OPTIONAL_AREAS: Final = frozenset(
    {Area.PAYMENTS, Area.STATES, Area.CUSTOMER_GROUPS, Area.DISCOUNT_CODES, Area.CHANNELS}
)

_QUERIES_OF_ORDERS: Final = frozenset({"withOrders", "withHistory", "withGuestOrders", "withMine"})
FAILING_WITH: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    dict.fromkeys(_QUERIES_OF_ORDERS, _QUERIES_OF_ORDERS)
)
"""The parts that are the same field of the schema: execution ends at the first that fails, the others would follow."""

_FLAG_OF_FIELD: Final[Mapping[str, str]] = MappingProxyType(
    {
        "paymentInfo": "withPayments",
        "state": "withStates",
        "customerGroup": "withCustomerGroup",
        "discountCodes": "withDiscountCodes",
        "distributionChannel": "withChannels",
    }
)


def flag_of_path(path: Iterable[str | int]) -> str | None:
    """The flag of the smallest part that the field at `path` belongs to; None when it is no optional part."""
    steps = [step for step in path if isinstance(step, str)]
    inner = next((_FLAG_OF_FIELD[step] for step in steps[1:] if step in _FLAG_OF_FIELD), None)
    return inner or (ROOT_FLAGS.get(steps[0]) if steps else None)


def areas_of(scopes: frozenset[str] | None, project_key: str) -> frozenset[Area]:
    """What a token with `scopes` may read.

    Everything when the platform did not say, or said it in words that we do not know: asking
    is the better test, and for channels the only one. A store's scope (`view_orders:project:store`) counts for its
    area.
    """
    names = _granted(scopes, project_key)
    if not names or "manage_project" in names:
        return frozenset(Area)
    named = {area for area in Area if f"view_{area}" in names or f"manage_{area}" in names}
    return frozenset(named | {Area.CHANNELS})


def may_read_messages(scopes: frozenset[str] | None, project_key: str) -> bool:
    """Whether to ask for messages: https://docs.commercetools.com/api/scopes#view_messagesprojectkey.

    No area like the others: nobody misses what messages say beside what the resources themselves do.
    """
    names = _granted(scopes, project_key)
    return not names or bool(names & {"manage_project", "view_messages"})


def _granted(scopes: frozenset[str] | None, project_key: str) -> frozenset[str]:
    parts = (scope.partition(":") for scope in scopes or ())
    return frozenset(name for name, _, rest in parts if _is_of(rest, project_key))


def _is_of(rest: str, project_key: str) -> bool:
    return rest.partition(":")[0] == project_key
