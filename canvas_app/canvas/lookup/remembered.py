"""What is known besides the shop's answer when there is a database: a customer's whole history, and agents' picks.

The panel works without all of it; whoever implements this answers at once or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Final, Protocol

import structlog

from canvas_app.canvas.lookup.history import KnownOrder, completed
from canvas_app.database import DatabaseAway, PanelDatabase
from clients.commercetools import decode
from clients.commercetools.readings import CustomerReading
from clients.deadline import Call
from clients.errors import BadAnswer
from sync.storage.order_history import StoredOrder, order_history
from sync.storage.picks import pick_customer, picked_customer, unpick_customer

log = structlog.get_logger(__name__)

# What the panel itself reads of a history: nothing personal, and enough to count and to sum.
FIELDS: Final = frozenset(
    {
        "id", "version", "createdAt", "completedAt", "lastModifiedAt", "orderState", "paymentState", "shipmentState",
        "totalPrice", "taxedPrice", "paymentInfo", "storeRef",
    }
)  # fmt: skip
HISTORY_SECONDS: Final = 0.3  # for hundreds of orders
LEFT_FOR_THE_CANVAS: Final = 0.5  # seconds of the panel's time: with less, nobody looks for a history


class PicksUnknown(Exception):
    """The picks cannot be asked at the moment."""


class Remembered(Protocol):
    """Thread-safe. Nothing here takes longer than a fraction of a second."""

    def with_history(self, reading: CustomerReading, *, call: Call) -> CustomerReading:
        """The reading, with the customer's whole history if the shop gave a part of it. Raises nothing."""
        ...

    def picked(self, contact_id: str, *, call: Call) -> str | None:
        """The id of the customer that an agent picked for this contact. Raises `PicksUnknown`."""
        ...

    def pick(self, contact_id: str, customer_id: str, *, call: Call) -> bool:
        """An agent's pick; whether it is kept for all processes."""
        ...

    def unpick(self, contact_id: str, *, call: Call) -> None:
        """The pick was wrong."""
        ...


class NothingRemembered:
    """Without a database."""

    def with_history(self, reading: CustomerReading, *, call: Call) -> CustomerReading:
        return reading

    def picked(self, contact_id: str, *, call: Call) -> str | None:
        return None

    def pick(self, contact_id: str, customer_id: str, *, call: Call) -> bool:
        return False

    def unpick(self, contact_id: str, *, call: Call) -> None:
        return None


class RememberedInDatabase:
    """In the sync's database. `stores`: the only ones whose orders are shown; empty = all. `now` is UTC."""

    def __init__(
        self,
        database: PanelDatabase,
        installation: str,
        *,
        stores: Iterable[str] = (),
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._installation = installation
        self._stores = frozenset(stores)
        self._now = now

    def with_history(self, reading: CustomerReading, *, call: Call) -> CustomerReading:
        customer = reading.customer
        if customer is None or reading.history_complete or call.deadline.remaining() < LEFT_FOR_THE_CANVAS:
            return reading
        try:
            stored = self._database.ask(
                lambda connection: order_history(connection, self._installation, customer.id, fields=FIELDS),
                call=call,
                seconds=HISTORY_SECONDS,
            )
            known = None if stored is None else tuple(map(_known_order, stored))
        except DatabaseAway:
            return reading
        except BadAnswer as error:
            log.warning("panel.stored_order_not_understood", customer=customer.id, reason=error.reason)
            return reading
        return reading if known is None else completed(reading, known, stores=self._stores)

    def picked(self, contact_id: str, *, call: Call) -> str | None:
        try:
            return self._database.ask(
                lambda connection: picked_customer(connection, self._installation, contact_id), call=call
            )
        except DatabaseAway as error:
            raise PicksUnknown from error

    def pick(self, contact_id: str, customer_id: str, *, call: Call) -> bool:
        at = self._now()
        try:
            self._database.ask(
                lambda connection: pick_customer(connection, self._installation, contact_id, customer_id, now=at),
                call=call,
            )
        except DatabaseAway:
            return False
        return True

    def unpick(self, contact_id: str, *, call: Call) -> None:
        try:
            self._database.ask(
                lambda connection: unpick_customer(connection, self._installation, contact_id), call=call
            )
        except DatabaseAway:
            log.warning("panel.pick_not_forgotten", contact=contact_id)


def _known_order(stored: StoredOrder) -> KnownOrder:
    return KnownOrder(decode.order(decode.Node(stored.document, "order")), stored.read_at)
