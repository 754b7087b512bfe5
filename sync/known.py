"""What is known of a subject: the shop's facts, and what Intercom was told. The ground that every plan stands on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from psycopg import Connection

from clients.commercetools import decode
from clients.errors import PlatformError
from commerce.customer import Customer
from commerce.order import Order
from sync.mapping.rules import SyncMapping
from sync.people import customer_of
from sync.plan.planning import plan
from sync.plan.result import Plan
from sync.plan.subject import LedgerRow, ResourceRef, ResourceType, Said, SubjectFacts, SubjectState
from sync.storage.facts import Fact, Facts, load_facts
from sync.storage.hints import ResourceType as HintType
from sync.storage.hints import said
from sync.storage.installations import InstallationRow, load_installation
from sync.storage.intents import used_seconds
from sync.storage.ledger import load_ledger
from sync.storage.subjects import SubjectRow, load_subject


@dataclass(frozen=True, slots=True)
class Reading:
    """Which version of a resource is known; a cart is named by its customer, as where it is read."""

    type: str
    id: str
    version: int


class InstallationGone(PlatformError):
    """There is no such installation (any more)."""

    reason_code = "installation_gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """`is_complete`: false while an account's own reading is still to come. `is_gone`: the shop has it no more."""

    installation: InstallationRow
    subject: SubjectRow
    facts: SubjectFacts
    state: SubjectState
    is_complete: bool
    is_gone: bool
    email: str | None = field(default=None, repr=False)  # of the account, or of a guest's newest order
    readings: tuple[Reading, ...] = ()  # what the facts are as of, the one that was read last first

    def plan(self, mapping: SyncMapping, *, now: datetime) -> Plan:
        """What to send, and what to remember."""
        return plan(
            self.facts,
            self.state,
            mapping,
            now=now,
            live_since=self.installation.live_since,
            send_history_since=self.installation.history_since,
            events_stopped=self.installation.events_stopped_reason is not None,
        )


def load_known(connection: Connection, installation: str, key: str) -> Known:
    """All of it, as of one transaction. Raises `BadAnswer` for a stored document that is none, `InstallationGone`."""
    row = load_installation(connection, installation)
    if row is None:
        raise InstallationGone(f"installation {installation} is not there")
    subject = load_subject(connection, installation, key) or SubjectRow(installation=installation, key=key)
    stored = load_facts(connection, installation, key)
    facts = _subject_facts(connection, installation, key, stored)
    is_account = customer_of(key) is not None
    return Known(
        installation=row,
        subject=subject,
        facts=facts,
        state=_state(connection, subject, facts),
        is_complete=not is_account or stored.customer is not None,
        is_gone=stored.customer is not None and stored.customer.gone_at is not None,
        email=facts.customer.email if facts.customer else _newest_email(facts.orders),
        readings=_readings(stored),
    )


def _readings(stored: Facts) -> tuple[Reading, ...]:
    """The newest first."""
    facts = [("order", each.id, each) for each in stored.orders]
    if stored.customer is not None:
        facts.append(("customer", stored.customer.id, stored.customer))
    if stored.cart is not None:
        facts.append(("cart", stored.cart.customer_id or stored.cart.id, stored.cart))
    newest = sorted(facts, key=lambda each: each[2].read_at, reverse=True)
    return tuple(Reading(type_, id_, fact.version) for type_, id_, fact in newest)


def _subject_facts(connection: Connection, installation: str, key: str, stored: Facts) -> SubjectFacts:
    customer = _customer(stored.customer)
    orders = tuple(_order(fact) for fact in stored.orders if fact.gone_at is None)
    cart = stored.cart
    resources = [(HintType.ORDER, order.id) for order in orders]
    if customer is not None:
        resources.append((HintType.CUSTOMER, customer.id))
    return SubjectFacts(
        key=key,
        customer=customer,
        orders=orders,
        cart=None if cart is None or cart.gone_at else decode.cart(decode.Node(cart.document, "cart")),
        said=_said(connection, installation, resources),
    )


def _customer(fact: Fact | None) -> Customer | None:
    return None if fact is None or fact.gone_at else decode.customer(decode.Node(fact.document, "customer"))


def _order(fact: Fact) -> Order:
    return decode.order(decode.Node(fact.document, "order"))


def _newest_email(orders: Sequence[Order]) -> str | None:
    return next(
        (each.email for each in sorted(orders, key=lambda one: one.placed_at, reverse=True) if each.email), None
    )


def _said(
    connection: Connection, installation: str, resources: Iterable[tuple[HintType, str]]
) -> dict[ResourceRef, tuple[Said, ...]]:
    heard: dict[ResourceRef, tuple[Said, ...]] = {}
    for row in said(connection, installation, resources):
        ref = ResourceRef(ResourceType(row.type.value), row.id)
        heard[ref] = (*heard.get(ref, ()), Said(row.message_type, row.occurred_at))
    return heard


def _state(connection: Connection, subject: SubjectRow, facts: SubjectFacts) -> SubjectState:
    resources = [(ResourceType.ORDER.value, order.id) for order in facts.orders]
    if facts.customer is not None:
        resources.append((ResourceType.CUSTOMER.value, facts.customer.id))
    if facts.cart is not None:
        resources.append((ResourceType.CART.value, facts.cart.id))
    entries = load_ledger(connection, subject.installation, resources)
    return SubjectState(
        fingerprint=subject.fingerprint,
        tags_added=frozenset(subject.tags_added),
        tags_unsure=frozenset(subject.tags_unsure),
        ledger={
            ResourceRef(ResourceType(entry.resource_type), entry.resource_id): LedgerRow.from_json(
                entry.observation, entry.milestones
            )
            for entry in entries
        },
        used_seconds=used_seconds(connection, subject.installation, subject.key),
    )
