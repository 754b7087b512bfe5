"""What the look-up found for a contact: the values that the screens draw. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from clients.commercetools.readings import CustomerReading
from commerce.customer import Customer
from commerce.order import Order


class MatchedBy(StrEnum):
    """How a contact was joined to a customer; an e-mail alone proves nothing, anybody can type one."""

    ID = "id"
    EMAIL = "email"
    CHOICE = "choice"  # an agent picked one of several
    SEARCH = "search"  # an agent opened somebody from the search: not this contact, as far as we know


class Relation(StrEnum):
    """Whose order it is, seen from the contact of the conversation."""

    OWN = "own"
    SAME_EMAIL = "same_email"  # a guest order, placed with the contact's e-mail address
    OTHER = "other"


class Trouble(StrEnum):
    """Why the shop could not be asked, in kinds that an agent or admin acts on differently."""

    UNREACHABLE = "unreachable"
    TOO_SLOW = "too_slow"
    BUSY = "busy"  # we are over capacity, or the shop asks for a pause
    CREDENTIALS = "credentials"
    SCOPE = "scope"
    UNEXPECTED = "unexpected"


@dataclass(frozen=True, slots=True)
class Freshness:
    """When the facts on the screen were read (UTC), and why they are older than they should be."""

    read_at: datetime
    trouble: Trouble | None = None  # set = the shop could not be asked now, this is the last known copy


@dataclass(frozen=True, slots=True)
class NamedOrder:
    """An order whose number stands in the conversation."""

    order: Order
    relation: Relation


@dataclass(frozen=True, slots=True)
class Matched:
    """One customer is this contact (or was picked)."""

    customer: Customer
    by: MatchedBy
    reading: CustomerReading
    named: tuple[NamedOrder, ...] = ()


@dataclass(frozen=True, slots=True)
class GuestsOnly:
    """No account has the contact's e-mail address, but orders were placed with it."""

    orders: tuple[Order, ...]
    named: tuple[NamedOrder, ...] = ()


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Several customers have the contact's e-mail address; the agent picks one."""

    candidates: tuple[Customer, ...]
    named: tuple[NamedOrder, ...] = ()


@dataclass(frozen=True, slots=True)
class NoMatch:
    """The contact has an e-mail address or id, and the shop knows neither."""

    named: tuple[NamedOrder, ...] = ()


@dataclass(frozen=True, slots=True)
class Unidentified:
    """The contact has neither e-mail nor id; `numbers` are the order numbers it mentions (not read yet)."""

    numbers: tuple[str, ...] = field(default=())


Found = Matched | GuestsOnly | Ambiguous | NoMatch | Unidentified
