"""What commercetools is asked to tell: as little as will do, for a notification is only a reason to look.

Changes tell of everything that may have to reach Intercom. Messages carry people's data into the queue, so only
those are asked for that say more than a change does. Nothing else is: no carts, whose changes are told of only when
one is made or expires, and never tokens of customers, which are live secrets. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from clients.commercetools.subscription import Destination, Format, Types
from commerce.milestones import MilestoneName
from sync.mapping.events import EVENTS

CHANGES: Final[Mapping[str, str]] = {
    "customer": "accounts made, changed, erased",
    "order": "orders placed, changed, deleted; also what has no message, such as refunds of returns",
    "payment": "payments made, changed; their orders are read again",
}
"""Types of resources, each with its reason."""
ALWAYS: Final[Mapping[str, str]] = {"OrderEditApplied": "edits that are applied to an order are told by no change"}

_OF_CUSTOMER: Final = "Customer"
_OF_PAYMENT: Final = "Payment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What somebody asks for: `destination` is None when none was named, `format` when any will do.

    `taken_from`: the variable that stood in for an option.
    """

    key: str
    destination: Destination | None = None
    format: Format | None = None
    taken_from: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to ask for, each with its reason: types of resources, and of messages."""

    changes: Mapping[str, str]
    messages: Mapping[str, str]

    @property
    def types(self) -> Types:
        """The messages by the type of their resource."""
        found: dict[str, set[str]] = {}
        for each in self.messages:
            found.setdefault(resource_of(each), set()).add(each)
        return {type_: frozenset(each) for type_, each in found.items()}


def wanted(events: Iterable[MilestoneName]) -> Wanted:
    """For the events of a mapping: messages say exactly when something happened that keeps no time of its own."""
    told: dict[str, list[str]] = {}
    for event in EVENTS:
        if event in set(events):
            for message in EVENTS[event].messages:
                told.setdefault(message, []).append(event.value)
    times = {message: f"the exact time of {', '.join(of)}" for message, of in told.items()}
    return Wanted(changes=CHANGES, messages={**ALWAYS, **times})


def resource_of(message: str) -> str:
    """The type of the resource that a message is about. Deliveries, parcels and returns are parts of their order."""
    if message.startswith(_OF_CUSTOMER):
        return "customer"
    return "payment" if message.startswith(_OF_PAYMENT) else "order"
