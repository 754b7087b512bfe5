"""One request's view of the shop: what its token may see, as of when, and how a query is answered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from graphql import GraphQLError

from sandbox.commercetools.predicates import InvalidPredicate, Test, compile_predicate
from sandbox.commercetools.queryable import QUERYABLE, Fields
from sandbox.commercetools.sorting import InvalidSort, sorted_by
from sandbox.commercetools.switches import Switches
from sandbox.shop.resources import Document, Stock, TypeId

SCOPE_OF: Final[Mapping[TypeId, str]] = {
    "order": "view_orders",
    "cart": "view_orders",
    "customer": "view_customers",
    "payment": "view_payments",
    "state": "view_states",
    "customer-group": "view_customer_groups",
    "discount-code": "view_discount_codes",
    "store": "view_stores",
    "business-unit": "view_business_units",
    "channel": "view_products",
    "message": "view_messages",
}
MAX_LIMIT: Final = 500
MAX_OFFSET: Final = 10_000
DEFAULT_LIMIT: Final = 20


def failure(code: str, message: str) -> GraphQLError:
    """A GraphQL error as commercetools words it: the code is in `extensions.code`."""
    return GraphQLError(message, extensions={"code": code})


@dataclass(slots=True)
class Reading:
    """The context of one GraphQL or REST read."""

    shop: Stock
    switches: Switches
    scopes: frozenset[str]
    missing_scopes: set[str] = field(default_factory=set)  # those that this request ran into

    def require(self, type_id: TypeId) -> None:
        """Raise `insufficient_scope` unless the token may read resources of this type."""
        self.require_scope(SCOPE_OF[type_id])

    def require_scope(self, name: str) -> None:
        """Raise `insufficient_scope` unless the token has this project-wide scope."""
        scope = f"{name}:{self.shop.project.key}"
        if scope in self.scopes and name not in self.switches.missing_scopes:
            return
        self.missing_scopes.add(scope)
        raise failure("insufficient_scope", f"Insufficient scope. One of the following scopes is missing: {scope}.")

    def get(self, type_id: TypeId, resource_id: str) -> Document | None:
        """By id: strongly consistent, unless switched otherwise."""
        self.require(type_id)
        ago = self.switches.stale_for_s if self.switches.stale_by_id else 0.0
        return self.shop.get(type_id, resource_id, seconds_ago=ago)

    def all(self, type_id: TypeId) -> Iterable[Document]:
        """What queries see: eventually consistent, so possibly the past."""
        self.require(type_id)
        if type_id == "message" and not self.switches.messages_enabled:
            return ()
        return self.shop.all(type_id, seconds_ago=self.switches.stale_for_s)

    def first(self, type_id: TypeId, matches: Callable[[Document], bool]) -> Document | None:
        """The first document that matches, by a unique field such as a key."""
        return next((document for document in self.all(type_id) if matches(document)), None)

    def query(
        self, type_id: TypeId, *, where: str | None, sort: Sequence[str] | None, limit: int | None, offset: int | None
    ) -> dict[str, Any]:
        """A page of documents: `offset`, `count`, `total`, `exists` and `results`."""
        limit, offset = DEFAULT_LIMIT if limit is None else limit, offset or 0
        if not 0 <= limit <= MAX_LIMIT:
            raise failure("InvalidInput", f"Malformed parameter: limit: must be between 0 and {MAX_LIMIT}.")
        if not 0 <= offset <= MAX_OFFSET:
            raise failure("InvalidInput", f"Malformed parameter: offset: must be between 0 and {MAX_OFFSET}.")
        test = self._test(type_id, where)
        found = [document for document in self.all(type_id) if test(document)]
        try:
            found = sorted_by(found, sort or (), QUERYABLE[type_id])
        except InvalidSort as error:
            raise failure("InvalidInput", str(error)) from error
        page = found[offset : offset + limit]
        return {"offset": offset, "count": len(page), "total": len(found), "exists": bool(found), "results": page}

    def _test(self, type_id: TypeId, where: str | None) -> Test:
        if where is None:
            return lambda document: True
        try:
            test = compile_predicate(where, self._fields(type_id))
        except InvalidPredicate as error:
            raise failure("InvalidInput", str(error)) from error
        if type_id != "customer" or "lowercaseEmail" not in where:
            return test
        return lambda document: test({**document, "lowercaseEmail": document["email"].lower()})

    def _fields(self, type_id: TypeId) -> Fields:
        fields = QUERYABLE[type_id]
        if self.switches.lowercase_email_supported:
            return fields
        return {name: inner for name, inner in fields.items() if name != "lowercaseEmail"}


def active_cart(carts: Iterable[Document], customer_id: str) -> Document | None:
    """The customer's most recently changed active cart of origin Customer; merchants' and quotes' carts do not count.

    https://docs.commercetools.com/api/projects/carts#get-cart-by-customer-id
    """
    theirs = [
        cart
        for cart in carts
        if cart.get("customerId") == customer_id and cart["cartState"] == "Active" and cart["origin"] == "Customer"
    ]
    return max(theirs, key=lambda cart: str(cart["lastModifiedAt"]), default=None)
