"""An installation at work: what the stages read from, write to, and go by."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Protocol
from uuid import uuid4

from clients.deadline import Call, Deadline, Reply
from clients.intercom.calls import Intercom
from sync.mapping.rules import SyncMapping
from sync.storage.database import Transactions

CALL_SECONDS: Final = 10.0  # for one request, tokens and retries included

Node = Mapping[str, object]


class Shop(Protocol):
    """What stage 1 asks commercetools; `clients.commercetools.source.ShopSource` answers.

    None only when the shop says that there is no such resource.
    """

    def order(self, order_id: str, *, call: Call) -> Node | None: ...

    def customer(self, customer_id: str, *, call: Call) -> Node | None: ...

    def active_cart(self, customer_id: str, *, call: Call) -> Node | None: ...

    def order_by_number(self, number: str, *, call: Call) -> str | None: ...

    def orders_of_customer(self, customer_id: str, *, call: Call) -> tuple[str, ...]: ...

    def orders_of_guest(self, email: str, *, call: Call) -> tuple[str, ...]: ...

    def orders_of_payment(self, payment_id: str, *, call: Call) -> tuple[str, ...]: ...


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """One workspace joined to one project, for as long as a worker runs. Thread-safe."""

    id: str
    database: Transactions
    mapping: SyncMapping
    shop: Shop
    intercom: Intercom
    now: Callable[[], datetime] = _utc_now
    clock: Callable[[], float] = field(default=time.monotonic)

    def call(self, correlation_id: str | None = None, *, heard: Callable[[Reply], None] | None = None) -> Call:
        """For one request to a platform; `heard` is told how it ended."""
        return Call(Deadline.after(CALL_SECONDS, clock=self.clock), correlation_id or uuid4().hex, heard)
