"""The events of one subject, resource by resource: intents for what is due, ledger rows for all that was seen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import count

from commerce.cart import Cart
from commerce.customer import Customer
from commerce.entries import cart_milestones, customer_milestones, order_milestones
from commerce.milestones import Milestone
from commerce.observations import (
    CartObservation,
    CustomerObservation,
    Observation,
    OrderObservation,
    observe_cart,
    observe_customer,
    observe_order,
)
from commerce.order import Order
from sync.mapping.expressions import NotComputable
from sync.mapping.rules import EventRule, SyncMapping
from sync.plan.document import Document, newest_first, seconds
from sync.plan.metadata import Subject, metadata
from sync.plan.result import Intent, LedgerUpdate, Withheld, WithheldKind
from sync.plan.scope import Scope
from sync.plan.subject import LedgerRow, ResourceRef, ResourceType, Status, SubjectFacts, SubjectState
from sync.plan.telling import Watch, due, happened_at, with_message_times


class EventPlan:
    """The events of one subject, resource by resource; intents and ledger rows are collected as they come."""

    def __init__(
        self,
        facts: SubjectFacts,
        state: SubjectState,
        mapping: SyncMapping,
        *,
        now: datetime,
        live_since: datetime,
        send_history_since: datetime | None,
    ) -> None:
        self._facts, self._state, self._mapping, self._now = facts, state, mapping, now
        self._needs = mapping.needs
        self._since = min(live_since, send_history_since or live_since)
        self._is_loud = send_history_since is not None
        self._used = set(state.used_seconds)
        self._told = {key for row in state.ledger.values() for key in row.milestones}
        self.intents: list[Intent] = []
        self.ledger: list[LedgerUpdate] = []
        self.withheld: list[Withheld] = []

    def plan(self, scope: Scope, said: Document) -> None:
        """Customer first, then the orders as they were placed, then the cart. `said` is the subject's document."""
        whole = said if scope.is_open else None
        if self._facts.customer:
            self._customer(self._facts.customer, whole)
        orders_said = dict(zip((order.id for order in newest_first(scope.orders)), _list(said["orders"]), strict=True))
        for order in reversed(newest_first(self._facts.orders)):
            self._order(order, said | {"order": orders_said[order.id]} if order.id in orders_said else None)
        if self._facts.cart:
            self._cart(self._facts.cart, whole if scope.cart else None)

    def _customer(self, customer: Customer, said: Document | None) -> None:
        ref = ResourceRef(ResourceType.CUSTOMER, customer.id)
        row, key = self._row(ref), self._mapping.hash_key
        knows_group = customer.knows_group and "customer.group" in self._needs
        previous = CustomerObservation.from_json(row.observation) if row.observation else None
        found = customer_milestones(customer, previous, observed_at=self._now, hash_key=key, knows_group=knows_group)
        now = observe_customer(customer, hash_key=key, knows_group=knows_group)
        watch = self._watch(customer.created_at, None if previous is None else frozenset())
        self._resource(ref, found, _later(now, previous), watch, customer, said)

    def _order(self, order: Order, said: Document | None) -> None:
        ref = ResourceRef(ResourceType.ORDER, order.id)
        row = self._row(ref)
        previous = OrderObservation.from_json(row.observation) if row.observation else None
        found = order_milestones(order, previous, observed_at=self._now)
        knows_workflow_state = order.knows_workflow_state and "order.workflow_state" in self._needs
        now = observe_order(order, knows_workflow_state=knows_workflow_state)
        watch = self._watch(order.placed_at, previous.known if previous else None)
        self._resource(ref, found, _later(now, previous), watch, order, said)

    def _cart(self, cart: Cart, said: Document | None) -> None:
        ref = ResourceRef(ResourceType.CART, cart.id)
        row = self._row(ref)
        previous = CartObservation.from_json(row.observation) if row.observation else None
        found = cart_milestones(cart, previous, observed_at=self._now, idle=self._mapping.options.cart_idle)
        if found:
            watch = self._watch(cart.created_at, None)
            self._resource(ref, found, _later(observe_cart(cart), previous), watch, cart, said)

    def _row(self, ref: ResourceRef) -> LedgerRow:
        return self._state.ledger.get(ref, LedgerRow())

    def _watch(self, born_at: datetime, seen_before: frozenset[str] | None) -> Watch:
        return Watch(since=self._since, born_at=born_at, seen_before=seen_before, is_loud=self._is_loud)

    def _resource(
        self,
        ref: ResourceRef,
        found: Iterable[Milestone],
        observation: Observation,
        watch: Watch,
        about: Subject,
        said: Document | None,
    ) -> None:
        """One resource's milestones: what is due becomes intents, everything new goes into its ledger row."""
        row = self._row(ref)
        timed = with_message_times(found, self._facts.said.get(ref, ()), now=self._now)
        told, statuses = due(timed, row, watch)
        for milestone in told:
            if not self._tell(milestone, row, about, said):
                statuses[milestone.key] = Status.SKIPPED
        remembered = LedgerRow(observation=observation.to_json(), milestones={**row.milestones, **statuses})
        self._told |= statuses.keys()
        if remembered != row:
            self.ledger.append(LedgerUpdate(resource=ref, row=remembered))

    def _tell(self, milestone: Milestone, row: LedgerRow, about: Subject, said: Document | None) -> bool:
        """Whether the milestone becomes an intent; if not, it is withheld."""
        rule = self._mapping.events.get(milestone.name)
        reason = self._reason_against(rule, milestone, row, said)
        if rule is None or said is None or reason:
            self.withheld.append(Withheld(WithheldKind.EVENT, milestone.key, reason or "is not in the mapping"))
            return False
        values, faulty = metadata(rule, milestone, about, said, hash_key=self._mapping.hash_key)
        second = self._free_second(rule.name.lower(), seconds(happened_at(milestone)) or 0)
        self.intents.append(Intent(milestone_key=milestone.key, name=rule.name, second=second, metadata=values))
        self.withheld.extend(faulty)
        return True

    def _reason_against(
        self, rule: EventRule | None, milestone: Milestone, row: LedgerRow, said: Document | None
    ) -> str | None:
        if said is None:
            return "belongs to what the mapping leaves out"
        if rule is None:
            return f"the mapping names no event {milestone.name}"
        if milestone.key in self._told and milestone.key not in row.milestones:
            return "was told with another order"
        try:
            return None if rule.condition is None or rule.condition.holds(said) else "its condition does not hold"
        except NotComputable as error:
            return f"its condition cannot be computed: {error}"

    def _free_second(self, name: str, wanted: int) -> int:
        """The nearest second that no other event of this name has, the later of two, never after now."""
        latest = seconds(self._now) or 0
        wanted = min(wanted, latest)
        for distance in count():
            for second in (wanted + distance, wanted - distance):
                if second <= latest and (name, second) not in self._used:
                    self._used.add((name, second))
                    return second
        raise AssertionError("there is always an earlier second")


def _list(said: object) -> list[object]:
    return said if isinstance(said, list) else []


def _later(now: Observation, previous: Observation | None) -> Observation:
    """What was seen in the newer version: a stale read teaches nothing."""
    return now if previous is None or now.version >= previous.version else previous
