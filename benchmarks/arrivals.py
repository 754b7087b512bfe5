"""Changes in the shop, one customer each, and how long it takes until Intercom shows them."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from benchmarks.sync_stage import SyncStage, wait_for

TOLD_BY: Final = "ct_lifetime_value"  # the attribute that every change of a price changes
MISSING_S: Final = 30.0  # for the last one

Tell = Callable[[int], object]  # of an order that changed, by its number


def nobody(order: int) -> None:
    """Who watches the shop finds out by itself."""


def by_hint(stage: SyncStage) -> Tell:
    return lambda order: stage.hint([order])


@dataclass(slots=True)
class Changes:
    """Of one stage. `customers` have contacts by now; each has one of its orders changed, once."""

    stage: SyncStage
    customers: Iterator[int]
    orders_each: int
    tell: Tell
    made: dict[int, float] = field(default_factory=dict)  # by customer, Unix time

    def make(self) -> None:
        """One change, now."""
        customer = next(self.customers)
        order = customer * self.orders_each
        self.made[customer] = time.time()
        self.stage.shop.change(touch=[order])
        self.tell(order)

    def seconds(self) -> list[float]:
        """Of each change, once all have arrived. Raises `NotInTime`."""
        return [self._arrived(customer) - at for customer, at in self.made.items()]

    def _arrived(self, customer: int) -> float:
        at = 0.0

        def has_come() -> bool:
            nonlocal at
            shown = self.stage.contact(customer)
            at = float(shown["changed_at"].get(TOLD_BY, 0.0)) if shown else 0.0
            return at > self.made[customer]

        wait_for(has_come, seconds=MISSING_S, what=f"the change of customer {customer} has not arrived")
        return at


def changed(
    stage: SyncStage, customers: Iterable[int], *, orders_each: int = 1, tell: Tell, count: int, every: float
) -> list[float]:
    """Seconds of `count` changes, made about `every` so many seconds, however long they take."""
    changes = Changes(stage, iter(customers), orders_each, tell)
    for _ in range(count):
        changes.make()
        time.sleep(every * random.uniform(0.5, 1.5))
    return changes.seconds()


@contextmanager
def changing(
    stage: SyncStage, customers: Sequence[int], *, orders_each: int = 1, every: float
) -> Iterator[Callable[[], list[float]]]:
    """Changes told by hints, beside what happens in the block, while there are customers; then their seconds."""
    changes = Changes(stage, iter(customers), orders_each, by_hint(stage))
    stop = threading.Event()

    def go() -> None:
        while len(changes.made) < len(customers) and not stop.wait(every * random.uniform(0.5, 1.5)):
            changes.make()

    thread = threading.Thread(target=go, name="changes")
    thread.start()
    try:
        yield changes.seconds
    finally:
        stop.set()
        thread.join()
