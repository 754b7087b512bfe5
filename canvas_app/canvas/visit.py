"""One request on its way through the panel, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import TypeAlias

from canvas_app.canvas.components import Canvas
from canvas_app.canvas.found import Freshness, MatchedBy, Relation
from canvas_app.canvas.lookup.lookup import Asked
from canvas_app.canvas.lookup.reader import Live, ReadAt
from canvas_app.canvas.memory import Memory, Seal
from canvas_app.canvas.request import Contact
from canvas_app.installation import Installation
from clients.commercetools.readings import OrderReading
from clients.deadline import Call

OrderPage: TypeAlias = Callable[[str, Relation, MatchedBy | None], str | None]
"""The address of an order's page for the teammate who looks: of its id, and of how the contact is joined to it."""


class UnknownComponent(Exception):
    """A click on something that no canvas of ours offers (any more). `reason` is safe to log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Who looks at what: the contact, the order numbers in the conversation, and what the canvas before remembers.

    `order_page`: None where orders have no page of their own.
    """

    installation: Installation
    call: Call
    seal: Seal
    contact: Contact
    numbers: tuple[str, ...] = ()
    memory: Memory = field(default_factory=Memory)
    inputs: Mapping[str, str | tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    refresh: bool = False
    order_page: OrderPage | None = None

    def asked(self, screen: str) -> Asked:
        """How fresh the facts of `screen` have to be for this agent."""
        return Asked(self.call, refresh=self.refresh, not_before=self.memory.seen.get(screen))

    def back_from(self, screen: str) -> str:
        """The screen that the way back leads to: the one the click came from, unless it was a refresh."""
        return self.memory.back if self.memory.screen == screen else self.memory.screen

    def full_order(self, reading: OrderReading, relation: Relation, matched_by: MatchedBy | None) -> str | None:
        """The address of the order's page, where there is one."""
        if self.order_page is None or reading.order is None:
            return None
        return self.order_page(reading.order.id, relation, matched_by)

    def remember(self, screen: str, *, read_at: datetime | None = None, back: str = "overview") -> Mapping[str, object]:
        """The `stored_data` of `screen`."""
        memory = self.memory.showing(screen, read_at=read_at, back=back)
        return memory.to_stored(seal=self.seal, contact_id=self.contact.id)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A canvas, with the names that logs and metrics know it by."""

    canvas: Canvas
    screen: str
    outcome: str = "live"

    @classmethod
    def of(cls, canvas: Canvas, screen: str, freshness: Freshness) -> Drawn:
        return cls(canvas, screen, "last_known" if freshness.trouble else "live")


def freshness_of(live: Live[ReadAt]) -> Freshness:
    """When the value was read, and why not later."""
    return Freshness(live.value.read_at, live.trouble)
