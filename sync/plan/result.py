"""What a plan says: the differences to send, and why the rest is not sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias, TypedDict

from sync.plan.subject import LedgerRow, ResourceRef, Value


class EventMoney(TypedDict):
    """An amount as Intercom's events take it: hundredths, more than none, the currency in small letters."""

    amount: int
    currency: str


EventValue: TypeAlias = str | int | float | EventMoney
Metadata: TypeAlias = Mapping[str, EventValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """One event to be sent. What is in it never changes once it is committed."""

    milestone_key: str
    name: str  # as Intercom shows it
    second: int  # unix seconds: `created_at` of the event
    metadata: Metadata


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerUpdate:
    """The whole new ledger row of one resource."""

    resource: ResourceRef
    row: LedgerRow


class WithheldKind(StrEnum):
    """What was not sent."""

    FIELD = "field"  # a personal field that the mapping names nowhere
    ATTRIBUTE = "attribute"
    EVENT = "event"
    TAG = "tag"
    ORDER = "order"
    CUSTOMER = "customer"
    CART = "cart"


@dataclass(frozen=True, slots=True)
class Withheld:
    """One thing that was not sent, by its name, and why: for people to read."""

    kind: WithheldKind
    name: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be sent for one subject.

    `attributes` is the difference to what Intercom holds (None clears), `desired` all that it should hold then.
    `fields` are those of Intercom's own fields that differ, `contact` all that a contact made here should have; `tags`
    are all that should be on it. `order_id` is the order that paths call `order`. Commit `intents` and `ledger` in one
    transaction before anything is sent. `may_create`: whether a contact may be made for this subject if there is none.
    """

    attributes: Mapping[str, Value] = field(default_factory=dict)
    desired: Mapping[str, Value] = field(default_factory=dict)
    fields: Mapping[str, Value] = field(default_factory=dict, repr=False)
    contact: Mapping[str, Value] = field(default_factory=dict, repr=False)
    tags: tuple[str, ...] = ()
    tags_add: tuple[str, ...] = ()
    tags_remove: tuple[str, ...] = ()
    intents: tuple[Intent, ...] = ()
    ledger: tuple[LedgerUpdate, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    may_create: bool = False
    order_id: str | None = None
