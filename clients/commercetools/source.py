"""What the sync reads from one commercetools project: resources by id, pages of them, and what changed.

Answers are kept as they came (`Node`s, to be stored and decoded later); what is wrong with them is found here.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from clients.commercetools import decode, source_questions
from clients.commercetools.auth import TokenMint, TokenSource
from clients.commercetools.decode import Node
from clients.commercetools.graphql import Endpoint
from clients.commercetools.inquiry import Inquirer, Outcome, Question
from clients.commercetools.messages import Messages
from clients.commercetools.settings import ShopSettings
from clients.commercetools.source_questions import MOST_OF_A_PAGE, Change, Kind, SourceQuestions
from clients.deadline import Call
from clients.errors import BadAnswer, ScopeMissing, TryAgain
from clients.wire.http import Http, HttpLimits
from clients.wire.retry import OneRetry

__all__ = ["MOST_OF_A_PAGE", "Change", "ChangesPage", "Kind", "NodesPage", "ShopSource"]

LIMITS: Final = HttpLimits(connect_timeout=2.0, read_timeout=20.0)
"""Seconds: nobody waits in front of a screen, and a page takes its time."""
LARGEST_TOTAL: Final = 10_000
"""Up to here a total is told of a query with a predicate: https://docs.commercetools.com/api/general-concepts"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesPage:
    """Part of a list. `answered_at` is the platform's own clock; there is more when `is_full`."""

    changes: tuple[Change, ...]
    is_full: bool
    answered_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NodesPage:
    """Resources in full, by id; `last_id` is where the next page goes on, None when this was the last one."""

    nodes: tuple[Mapping[str, object], ...] = field(repr=False)
    last_id: str | None


class ShopSource:
    """One project, read only. Thread-safe; every method raises only `PlatformError`.

    `needs` (`SyncMapping.needs`) says what is asked for beside ids, states, money and times; `languages` are for
    names, best first. No store is left out here: who tells of a resource decides that.

    A part that a missing scope closes (payments, states, groups, codes, channels) is absent from a node: not known. A
    part that only failed raises `TryAgain`, so that it is read again instead.
    """

    def __init__(
        self,
        settings: ShopSettings,
        *,
        needs: frozenset[str] = frozenset(),
        languages: tuple[str, ...] = ("en",),
        http: Http | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        random: Callable[[], float] = random.random,
    ) -> None:
        http = http or Http(LIMITS)
        retry = OneRetry(sleep=sleep, random=random)
        tokens = TokenSource(TokenMint(settings, http, retry=retry, clock=clock, random=random), clock=clock)
        endpoint = Endpoint(settings.graphql_url, http, tokens, retry=retry)
        self.messages = Messages(endpoint, settings.project_key)
        self._inquirer = Inquirer(endpoint, settings.project_key)
        self._questions = SourceQuestions(needs=needs, languages=languages)

    def order(self, order_id: str, *, call: Call) -> Mapping[str, object] | None:
        """The order's node; None only when the shop says that there is none."""
        return self._one(self._questions.order(order_id), "order", _order, order_id, call)

    def customer(self, customer_id: str, *, call: Call) -> Mapping[str, object] | None:
        """The customer's node; None only when the shop says that there is none."""
        return self._one(self._questions.customer(customer_id), "customer", _customer, customer_id, call)

    def active_cart(self, customer_id: str, *, call: Call) -> Mapping[str, object] | None:
        """The node of the customer's active cart; None only when the shop says that there is none."""
        return self._one(self._questions.active_cart(customer_id), "customerActiveCart", _cart, None, call)

    def orders_of_payment(self, payment_id: str, *, call: Call) -> tuple[str, ...]:
        """The ids of the orders that name this payment. This is a query: an order of the last seconds may lack."""
        question = self._questions.orders_of_payment(payment_id)
        if question is None:
            return ()
        return tuple(found.id for found in self._changes(question, Kind.ORDER, MOST_OF_A_PAGE, call).changes)

    def order_by_number(self, number: str, *, call: Call) -> str | None:
        """The id of the order with this number, capitals as they are; None when the shop has none."""
        question = source_questions.order_by_number(number)
        if question is None:
            return None
        return next((found.id for found in self._changes(question, Kind.ORDER, 1, call).changes), None)

    def orders_of_customer(self, customer_id: str, *, call: Call) -> tuple[str, ...]:
        """The ids of all orders of an account."""
        return self._all_orders(lambda after_id: source_questions.orders_of_customer(customer_id, after_id), call)

    def orders_of_guest(self, email: str, *, call: Call) -> tuple[str, ...]:
        """The ids of all orders that were made without an account and with this address, spelled like this."""
        return self._all_orders(lambda after_id: source_questions.orders_of_guest(email, after_id), call)

    def _all_orders(self, question: Callable[[str | None], Question | None], call: Call) -> tuple[str, ...]:
        found: list[str] = []
        while (asked := question(found[-1] if found else None)) is not None:
            page = self._changes(asked, Kind.ORDER, MOST_OF_A_PAGE, call)
            if found and page.changes and page.changes[-1].id <= found[-1]:
                raise BadAnswer(f"{Kind.ORDER.root}: a page that does not go on")
            found += (change.id for change in page.changes)
            if not page.is_full:
                break
        return tuple(found)

    def changed_since(
        self, kind: Kind, since: datetime, *, after: Change | None = None, limit: int = MOST_OF_A_PAGE, call: Call
    ) -> ChangesPage:
        """What was modified at `since` or later, oldest first; `after`: the last one of the page before.

        Carts are those that belong to a customer, in whatever state.
        """
        page = self._changes(source_questions.changed_since(kind, since, after, limit), kind, limit, call)
        if after is not None and page.changes and _place(page.changes[-1]) <= _place(after):
            raise BadAnswer(f"{kind.root}: a page that does not go on")
        return page

    def listed(
        self,
        kind: Kind,
        *,
        after_id: str | None = None,
        since: datetime | None = None,
        limit: int = MOST_OF_A_PAGE,
        call: Call,
    ) -> ChangesPage:
        """All there are, by id (of carts the active ones that customers made), or those modified since `since`."""
        page = self._changes(source_questions.listed(kind, after_id, since, limit), kind, limit, call)
        if after_id is not None and page.changes and page.changes[-1].id == after_id:
            raise BadAnswer(f"{kind.root}: a page that does not go on")
        return page

    def count(self, kind: Kind, *, since: datetime | None = None, call: Call) -> int | None:
        """About how many there are; None when the platform does not count that far."""
        question = source_questions.counted(kind, since)
        outcome = self._ask(question, call)
        outcome.require(kind.root)
        total = Node(outcome.data, "data").child(kind.root).integer("total")
        return None if "where" in question.variables and total >= LARGEST_TOTAL else total

    def orders_page(
        self, *, after_id: str | None = None, limit: int, since: datetime | None = None, call: Call
    ) -> NodesPage:
        """Orders in full by id, as `order` gives them; one that cannot be read costs the whole page."""
        return self._page(Kind.ORDER, after_id, limit, since, call)

    def customers_page(
        self, *, after_id: str | None = None, limit: int, since: datetime | None = None, call: Call
    ) -> NodesPage:
        """Customers in full by id, as `customer` gives them; one that cannot be read costs the whole page."""
        return self._page(Kind.CUSTOMER, after_id, limit, since, call)

    def _one(
        self,
        question: Question | None,
        root: str,
        check: Callable[[Node], object],
        wanted_id: str | None,
        call: Call,
    ) -> Mapping[str, object] | None:
        if question is None:
            return None
        outcome = self._ask(question, call)
        outcome.require(root)
        node = Node(outcome.data, "data").optional_child(root)
        if node is None:
            return None
        check(node)
        if wanted_id is not None and node.text("id").lower() != wanted_id.lower():
            raise BadAnswer(f"{node.at('id')}: another one than was asked for")
        return node.fields

    def _page(self, kind: Kind, after_id: str | None, limit: int, since: datetime | None, call: Call) -> NodesPage:
        outcome = self._ask(self._questions.page(kind, after_id, limit, since), call)
        outcome.require(kind.root)
        results = _results(outcome, kind)
        check = _order if kind is Kind.ORDER else _customer
        for node in results:
            check(node)
        last_id = results[-1].text("id") if len(results) >= limit else None
        if last_id is not None and last_id == after_id:
            raise BadAnswer(f"{kind.root}: a page that does not go on")
        return NodesPage(nodes=tuple(node.fields for node in results), last_id=last_id)

    def _changes(self, question: Question, kind: Kind, limit: int, call: Call) -> ChangesPage:
        outcome = self._ask(question, call)
        outcome.require(kind.root)
        results = _results(outcome, kind)
        changes = tuple(_change(node) for node in results)
        return ChangesPage(changes=changes, is_full=len(changes) >= limit, answered_at=outcome.answered_at)

    def _ask(self, question: Question, call: Call) -> Outcome:
        outcome = self._inquirer.ask(question, call)
        if isinstance(outcome.failure, ScopeMissing):
            # a refusal may have cost more than what it was about; by now that is known, and not asked for again
            outcome = self._inquirer.ask(question, call)
        if isinstance(outcome.failure, TryAgain):
            raise outcome.failure
        return outcome


def _results(outcome: Outcome, kind: Kind) -> tuple[Node, ...]:
    page = Node(outcome.data, "data").child(kind.root)
    if page.fields.get("results") is None:
        raise BadAnswer(f"{page.at('results')}: not a list")  # an end that is no end
    return page.children("results")


def _place(change: Change) -> tuple[datetime, str]:
    return change.last_modified_at, change.id


def _order(node: Node) -> None:
    decode.order(node)


def _customer(node: Node) -> None:
    decode.customer(node)


def _cart(node: Node) -> None:
    decode.cart(node)


def _change(node: Node) -> Change:
    return Change(
        id=node.text("id"),
        version=node.integer("version"),
        last_modified_at=node.moment("lastModifiedAt"),
        customer_id=node.optional_text("customerId"),
    )
