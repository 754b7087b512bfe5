"""Wakes the customers whose carts have been left alone for long enough.

Nothing changes when a cart is abandoned, so nothing tells of it; and a job dated into the future would hold the lock of
its subject until then. So whoever polls looks for them: each cart is found once for each time it was touched.
A cart that is read after that moment wakes its customer anyway.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from clients.commercetools.source_questions import moment
from sync.people import customer_subject
from sync.storage.changes import untouched_carts
from sync.storage.cursors import load_cursor, save_cursor
from sync.storage.database import Transactions
from sync.storage.subjects import wake_subjects

CURSOR: Final = "idle_carts"
MOST_AT_ONCE: Final = 200
MARGIN: Final = timedelta(seconds=5)
"""The plan is made on another machine, whose clock may be late."""

_BEHIND_ALL: Final = "~"  # of all customers whose carts were touched in one moment


def wake_idle_carts(database: Transactions, installation: str, *, idle: timedelta, now: datetime) -> int:
    """The number of customers woken. Begins with what comes to be idle after the first call."""
    until = moment(now - idle - MARGIN)
    woken = 0
    while True:
        with database.transaction() as connection:
            position = load_cursor(connection, installation, CURSOR) or {"touched": until, "customer": _BEHIND_ALL}
            after = str(position["touched"]), str(position["customer"])
            carts = untouched_carts(connection, installation, after=after, until=until, limit=MOST_AT_ONCE)
            subjects = [customer_subject(customer) for _, customer in carts]
            if subjects:
                wake_subjects(connection, installation, subjects)
            is_last = len(carts) < MOST_AT_ONCE
            reached = (max(until, after[0]), _BEHIND_ALL) if is_last else carts[-1]
            save_cursor(connection, installation, CURSOR, {"touched": reached[0], "customer": reached[1]})
        woken += len(subjects)
        if is_last:
            return woken
