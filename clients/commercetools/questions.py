"""What is asked for: from the merchant's permissions and the agent's question to flags and variables. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from clients.commercetools.documents import NAMED_ORDERS, Operation, flags_of
from clients.commercetools.inquiry import Question
from clients.commercetools.predicates import (
    Predicate,
    all_of,
    equals,
    has_id,
    inside,
    is_id,
    is_in,
    is_missing,
    is_usable,
)
from clients.commercetools.readings import Section
from clients.commercetools.sections import NAMED_ALIASES, NAMED_FLAGS, SECTION_OF_FLAG

SUMMARIES: Final = 3  # newest orders with a customer
HISTORY: Final = 100  # orders for the lifetime figure
GUEST_ORDERS: Final = 10
CUSTOMERS: Final = 5  # of one e-mail address: one global and several of stores
LONGEST_VALUE: Final = 256  # characters; nothing longer is a number or an address (RFC 5321 ends at 254)

FLAG_OF_PERSONAL_FIELD: Final[Mapping[str, str]] = MappingProxyType(
    {
        "customer.name": "allowCustomerName",
        "customer.email": "allowCustomerEmail",
        "customer.number": "allowCustomerNumber",
        "customer.external_id": "allowCustomerExternalId",
        "customer.company": "allowCustomerCompany",
        "customer.vat_id": "allowCustomerVatId",
        "customer.group": "withCustomerGroup",
        "customer.locale": "allowCustomerLocale",
        "customer.addresses": "allowCustomerAddresses",
        "order.email": "allowOrderEmail",
        "order.shipping_address": "allowOrderShippingAddress",
        "order.billing_address": "allowOrderBillingAddress",
        "order.purchase_order_number": "allowOrderPurchaseOrderNumber",
        "order.business_unit": "allowOrderBusinessUnit",
        "order.return_comment": "allowOrderReturnComment",
        "order.external_ids": "allowOrderExternalIds",
        "order.payment_reference": "allowOrderPaymentReference",
        "order.payment_status_text": "allowOrderPaymentStatusText",
        "address.phone": "allowAddressPhone",
        "address.email": "allowAddressEmail",
    }
)
_CUSTOM: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {"customer.custom.": ("withCustomerCustom", "customerCustom"), "order.custom.": ("withOrderCustom", "orderCustom")}
)
_ALWAYS: Final = frozenset({"withPayments", "withStates", "withDiscountCodes"})


def personal_parts(allowed: Iterable[str]) -> tuple[set[str], dict[str, object]]:
    """The flags, and the values of variables, that let the personal fields `allowed` be read, and no others."""
    names = sorted(allowed)
    flags = {FLAG_OF_PERSONAL_FIELD[name] for name in names if name in FLAG_OF_PERSONAL_FIELD}
    custom: dict[str, object] = {}
    for prefix, (flag, variable) in _CUSTOM.items():
        fields = [name.removeprefix(prefix) for name in names if name.startswith(prefix)]
        if fields:
            flags.add(flag)
            custom[variable] = fields
    return flags, custom


def email_variants(emails: Iterable[str]) -> tuple[str, ...]:
    """Each address as given and in lower case: orders keep the customer's own spelling and compare exactly."""
    given = [email.strip() for email in emails]
    variants = dict.fromkeys(spelling for email in given for spelling in (email, email.lower()))
    return tuple(email for email in variants if _is_searchable(email))


def number_variants(numbers: Iterable[str]) -> tuple[str, ...]:
    """Order numbers as given and in upper case, the given ones of all first; as many as one request takes."""
    given = [number for number in numbers if _is_searchable(number)]
    variants = dict.fromkeys((*given[: NAMED_ORDERS // 2], *(number.upper() for number in given[: NAMED_ORDERS // 2])))
    return tuple(variants)


def _is_searchable(value: str) -> bool:
    return is_usable(value) and len(value) <= LONGEST_VALUE


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """Builds the questions for one merchant.

    `allowed` are the names of personal fields, `stores` the only stores to read (empty = all),
    `languages` the wanted ones for names, best first, `without` the parts that are never asked for.
    """

    allowed: frozenset[str]
    stores: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    without: frozenset[Section] = frozenset()

    def customer(self, customer_id: str | None, emails: tuple[str, ...], numbers: tuple[str, ...]) -> Question | None:
        """A customer with orders, and what else the contact may own; None when there is nothing to ask."""
        flags, variables = self._guest_and_named(emails, numbers)
        if customer_id is not None and is_id(customer_id):
            where = self._in_stores(has_id("customerId", customer_id))
            flags |= {"withCustomer", "withOrders", "withHistory", "withCart"}
            variables |= {"id": customer_id, "ordersWhere": where, "ordersLimit": SUMMARIES}
            variables |= {"historyWhere": where, "historyLimit": HISTORY + 1}
        return self._question(Operation.CUSTOMER, flags, variables, "withCustomer") if flags else None

    def customers_by_email(self, email: str, numbers: tuple[str, ...], *, lowercase_email: bool) -> Question | None:
        """`lowercase_email`: by the query-only field of that name, else by the likely spellings."""
        variants = email_variants((email,))
        flags, variables = self._guest_and_named((email,), numbers)
        if variants:
            lowered = variants[-1].lower()
            where = equals("lowercaseEmail", lowered) if lowercase_email else is_in("email", variants)
            flags.add("withCustomers")
            variables |= {"customersWhere": where, "customersLimit": CUSTOMERS}
        return self._question(Operation.CUSTOMERS, flags, variables, "withCustomers") if flags else None

    def customers_by_field(self, field: str, value: str) -> Question | None:
        if not _is_searchable(value):
            return None
        variables = {"customersWhere": equals(field, value), "customersLimit": CUSTOMERS}
        return self._question(Operation.CUSTOMERS, {"withCustomers"}, variables, "withCustomers")

    def order_by_id(self, order_id: str, emails: tuple[str, ...]) -> Question | None:
        if not is_id(order_id):
            return None
        flags, variables = self._mine(has_id("id", order_id), emails)
        return self._question(Operation.ORDER_BY_ID, flags, {"id": order_id, **variables})

    def order_by_number(self, number: str, emails: tuple[str, ...]) -> Question | None:
        if not _is_searchable(number):
            return None
        flags, variables = self._mine(equals("orderNumber", number), emails)
        return self._question(Operation.ORDER_BY_NUMBER, flags, {"number": number, **variables})

    def orders_of_customer(self, customer_id: str, offset: int, limit: int) -> Question | None:
        return self._page(has_id("customerId", customer_id), offset, limit) if is_id(customer_id) else None

    def orders_of_guest(self, email: str, offset: int, limit: int) -> Question | None:
        where = _of_guest((email,))
        return None if where is None else self._page(where, offset, limit)

    def cart(self, customer_id: str) -> Question | None:
        return self._question(Operation.CART, set(), {"customerId": customer_id}) if is_id(customer_id) else None

    def _page(self, where: Predicate, offset: int, limit: int) -> Question:
        variables = {"where": self._in_stores(where), "offset": offset, "limit": limit + 1}
        return self._question(Operation.ORDERS, set(), variables)

    def _guest_and_named(self, emails: tuple[str, ...], numbers: tuple[str, ...]) -> tuple[set[str], dict[str, object]]:
        flags: set[str] = set()
        variables: dict[str, object] = {}
        where = _of_guest(emails)
        if where is not None:
            flags.add("withGuestOrders")
            variables |= {"guestWhere": self._in_stores(where), "guestLimit": GUEST_ORDERS}
        for alias, flag, number in zip(NAMED_ALIASES, NAMED_FLAGS, number_variants(numbers), strict=False):
            flags.add(flag)
            variables[alias] = number
        return flags, variables

    def _mine(self, order: Predicate, emails: tuple[str, ...]) -> tuple[set[str], dict[str, object]]:
        variants = email_variants(emails)
        if not variants:
            return set(), {}
        return {"withMine"}, {"mineWhere": all_of(order, is_in("customerEmail", variants))}

    def _in_stores(self, where: Predicate) -> Predicate:
        return all_of(where, inside("store", is_in("key", self.stores))) if self.stores else where

    def _question(
        self, operation: Operation, flags: set[str], variables: Mapping[str, object], *needed: str
    ) -> Question:
        allowed, custom = personal_parts(self.allowed)
        left_out = {flag for flag in flags if SECTION_OF_FLAG.get(flag) in self.without}
        return Question(
            operation=operation,
            flags=frozenset((flags - left_out) | ((allowed | _ALWAYS) & flags_of(operation))),
            needed=frozenset(needed) & flags,
            variables={**variables, **custom, "acceptLanguage": list(self.languages)},
        )


def _of_guest(emails: tuple[str, ...]) -> Predicate | None:
    """Orders without an account that were made with one of `emails`."""
    variants = email_variants(emails)
    return all_of(is_in("customerEmail", variants), is_missing("customerId")) if variants else None
