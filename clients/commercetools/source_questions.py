"""What the sync asks the shop: resources by id, pages of them, and what changed. Pure.

https://docs.commercetools.com/api/general-concepts#paging for why pages go on after the last row instead of by offset
(which ends at 10,000).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from clients.commercetools.documents import Operation, flags_of
from clients.commercetools.inquiry import Question
from clients.commercetools.predicates import (
    Predicate,
    UnusableValue,
    all_of,
    any_of,
    equals,
    has_id,
    inside,
    is_after,
    is_given,
    is_id,
    is_missing,
    is_since,
    is_usable,
)
from clients.commercetools.questions import personal_parts

MOST_OF_A_PAGE: Final = 500
"""https://docs.commercetools.com/api/limits"""


class Kind(StrEnum):
    """The resources that are watched; each is a root of the schema with an `s` behind it."""

    ORDER = "order"
    CUSTOMER = "customer"
    PAYMENT = "payment"
    CART = "cart"

    @property
    def root(self) -> str:
        return f"{self}s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A resource as a list names it. `customer_id` is that of a cart, None for an anonymous one."""

    id: str
    version: int
    last_modified_at: datetime
    customer_id: str | None = None


_CHANGED: Final[Mapping[Kind, Operation]] = MappingProxyType(
    {
        Kind.ORDER: Operation.CHANGED_ORDERS,
        Kind.CUSTOMER: Operation.CHANGED_CUSTOMERS,
        Kind.PAYMENT: Operation.CHANGED_PAYMENTS,
        Kind.CART: Operation.CHANGED_CARTS,
    }
)
_COUNT: Final[Mapping[Kind, Operation]] = MappingProxyType(
    {
        Kind.ORDER: Operation.COUNT_ORDERS,
        Kind.CUSTOMER: Operation.COUNT_CUSTOMERS,
        Kind.PAYMENT: Operation.COUNT_PAYMENTS,
        Kind.CART: Operation.COUNT_CARTS,
    }
)
_FACTS: Final[Mapping[Kind, Operation]] = MappingProxyType(
    {Kind.ORDER: Operation.ORDER_FACTS, Kind.CUSTOMER: Operation.CUSTOMER_FACTS}
)
_NEEDED: Final[Mapping[str, str]] = MappingProxyType(
    {"order.workflow_state": "withStates", "order.discount_codes": "withDiscountCodes"}
)
"""What costs a scope of its own and is only asked for when the mapping names it."""
_ALWAYS: Final = frozenset({"withPayments", "withChannels"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceQuestions:
    """`needs`: what the mapping names (`commerce.personal_fields` and the parts in `_NEEDED`); nothing else is asked.

    `languages` are for names, best first.
    """

    needs: frozenset[str]
    languages: tuple[str, ...] = ()

    def order(self, order_id: str) -> Question | None:
        return self._facts(Operation.ORDER_FACT, {"id": order_id}) if is_id(order_id) else None

    def customer(self, customer_id: str) -> Question | None:
        return self._facts(Operation.CUSTOMER_FACT, {"id": customer_id}) if is_id(customer_id) else None

    def active_cart(self, customer_id: str) -> Question | None:
        return self._facts(Operation.CART_FACT, {"customerId": customer_id}) if is_id(customer_id) else None

    def orders_of_payment(self, payment_id: str) -> Question | None:
        if not is_id(payment_id):
            return None
        where = inside("paymentInfo", inside("payments", has_id("id", payment_id)))
        return _listing(Kind.ORDER, (where,), ["id asc"], MOST_OF_A_PAGE)

    def page(self, kind: Kind, after_id: str | None, limit: int, since: datetime | None) -> Question:
        """Full nodes of orders or customers, by id."""
        where = _where(_behind(after_id), _modified_since(since))
        return self._facts(_FACTS[kind], {"limit": limit, **({"where": where} if where else {})})

    def _facts(self, operation: Operation, variables: Mapping[str, object]) -> Question:
        flags, custom = personal_parts(self.needs)
        flags |= _ALWAYS | {flag for name, flag in _NEEDED.items() if name in self.needs}
        return Question(
            operation=operation,
            flags=frozenset(flags & flags_of(operation)),
            variables={**variables, **custom, "acceptLanguage": list(self.languages)},
        )


def changed_since(kind: Kind, since: datetime, after: Change | None, limit: int) -> Question:
    """What changed at `since` or later, oldest first; the part behind `after`, the last one of the page before."""
    where = is_since("lastModifiedAt", moment(since)) if after is None else _later(after)
    return _listing(kind, (where, *_of_somebody(kind)), ["lastModifiedAt asc", "id asc"], limit)


def listed(kind: Kind, after_id: str | None, since: datetime | None, limit: int) -> Question:
    """Everything there is, by id; of carts the active ones that a customer made (no quotes, no merchants' carts)."""
    parts = (*_behind(after_id), *_modified_since(since), *_of_somebody(kind), *_active(kind))
    return _listing(kind, parts, ["id asc"], limit)


def orders_of_customer(customer_id: str, after_id: str | None) -> Question | None:
    """All orders of an account, by id; None for what is no id."""
    if not is_id(customer_id):
        return None
    return _listing(Kind.ORDER, (equals("customerId", customer_id), *_behind(after_id)), ["id asc"], MOST_OF_A_PAGE)


def orders_of_guest(email: str, after_id: str | None) -> Question | None:
    """All orders made without an account and with this very spelling of an address; None for what is no address."""
    if not is_usable(email):
        return None
    where = (equals("customerEmail", email), is_missing("customerId"), *_behind(after_id))
    return _listing(Kind.ORDER, where, ["id asc"], MOST_OF_A_PAGE)


def order_by_number(number: str) -> Question | None:
    """The order with this very number; None for what is none."""
    return _listing(Kind.ORDER, (equals("orderNumber", number),), ["id asc"], 1) if is_usable(number) else None


def counted(kind: Kind, since: datetime | None) -> Question:
    where = _where(_modified_since(since), _of_somebody(kind), _active(kind))
    return Question(operation=_COUNT[kind], flags=frozenset(), variables={"where": where} if where else {})


def moment(when: datetime) -> str:
    """As commercetools writes it: UTC, milliseconds (more digits only if there are any), Z."""
    utc = when.astimezone(UTC)
    return utc.isoformat(timespec="microseconds" if utc.microsecond % 1000 else "milliseconds").replace("+00:00", "Z")


def _listing(kind: Kind, where: Iterable[Predicate], sort: list[str], limit: int) -> Question:
    variables: dict[str, object] = {"sort": sort, "limit": limit}
    if predicate := _where(where):
        variables["where"] = predicate
    return Question(operation=_CHANGED[kind], flags=frozenset(), variables=variables)


def _where(*parts: Iterable[Predicate]) -> Predicate | None:
    wanted = [predicate for part in parts for predicate in part]
    return all_of(*wanted) if wanted else None


def _later(last: Change) -> Predicate:
    at = moment(last.last_modified_at)
    same = all_of(equals("lastModifiedAt", at), is_after("id", last.id))
    return any_of(is_after("lastModifiedAt", at), same)


def _behind(after_id: str | None) -> tuple[Predicate, ...]:
    if after_id is None:
        return ()
    if not is_id(after_id):
        raise UnusableValue("not an id")
    return (is_after("id", after_id),)


def _modified_since(since: datetime | None) -> tuple[Predicate, ...]:
    return () if since is None else (is_since("lastModifiedAt", moment(since)),)


def _of_somebody(kind: Kind) -> tuple[Predicate, ...]:
    return (is_given("customerId"),) if kind is Kind.CART else ()


def _active(kind: Kind) -> tuple[Predicate, ...]:
    return (equals("cartState", "Active"), equals("origin", "Customer")) if kind is Kind.CART else ()
