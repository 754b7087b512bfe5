"""What is known of a subject before anything is planned: the shop's facts, and what we told Intercom so far.

A subject is one future contact of one installation: a customer (`c:<customer id>`) or a guest
(`g:<keyed hash of the lower-cased e-mail address>`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, TypeAlias

from commerce.cart import Cart
from commerce.customer import Customer
from commerce.order import Order

Value: TypeAlias = str | int | float | bool | None  # of an attribute; dates are unix seconds, None clears it


# In a fingerprint: it was to be sent and may have arrived. No value is like it, for they hold no control characters.
UNSURE: Final = "\x1a"


class ResourceType(StrEnum):
    """The resources that have milestones."""

    ORDER = "order"
    CUSTOMER = "customer"
    CART = "cart"


@dataclass(frozen=True, slots=True)
class ResourceRef:
    """An order, a customer or a cart, by its id."""

    type: ResourceType
    id: str


@dataclass(frozen=True, slots=True)
class Said:
    """That a message of commercetools named a moment: the time of a step that has none of its own."""

    message_type: str  # OrderStateChanged, ...
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectFacts:
    """The shop's present state, as stage 1 read it. `orders` in any sequence, those of other stores included.

    `said` holds what messages told of an order (of its payments as well) or of a customer; it may be empty.
    """

    key: str
    customer: Customer | None = None  # None = a guest
    orders: tuple[Order, ...] = ()
    cart: Cart | None = None
    said: Mapping[ResourceRef, tuple[Said, ...]] = field(default_factory=dict)


class Status(StrEnum):
    """What became of a milestone."""

    PLANNED = "planned"  # its event is committed, and will be sent
    CONFIRMED = "confirmed"  # Intercom has accepted the event
    SKIPPED = "skipped"  # will never be sent: implied by a later step, told with another, or not in the mapping
    BASELINE = "baseline"  # was there before we came


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """What is remembered of one resource, whatever subject it belongs to.

    `observation` is the JSON of `commerce.observations`, None before the first sight.
    `milestones` has the status of each by its key, and only ever grows.
    """

    observation: Mapping[str, object] | None = None
    milestones: Mapping[str, Status] = field(default_factory=dict)

    @classmethod
    def from_json(cls, observation: Mapping[str, object] | None, milestones: Mapping[str, str]) -> LedgerRow:
        """The row as a database keeps it. Raises ValueError for a status that nobody knows."""
        return cls(observation=observation, milestones={key: Status(status) for key, status in milestones.items()})


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectState:
    """What we told Intercom so far.

    `fingerprint`: the attributes as Intercom confirmed them last, `UNSURE` where a confirmation is missing.
    `tags_added`: the names of the tags that are on the contact because we put them there; `tags_unsure` may be.
    `ledger`: the rows of the resources in the facts; rows of others do no harm. `used_seconds`: lower-cased event name
    and unix second of every intent of this subject.
    """

    fingerprint: Mapping[str, Value] = field(default_factory=dict)
    tags_added: frozenset[str] = frozenset()
    tags_unsure: frozenset[str] = frozenset()
    ledger: Mapping[ResourceRef, LedgerRow] = field(default_factory=dict)
    used_seconds: frozenset[tuple[str, int]] = frozenset()
