"""Forgets by age what nobody needs any more, and nothing that keeps an event from being sent again.

The ledger stays for ever, so do facts and subjects: they are as many as the shop has orders and customers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Final

from sync.storage.database import Database
from sync.storage.forgetting import forget_long_gone
from sync.storage.statements import statement

MOST_AT_ONCE: Final = 5_000  # rows in one transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """For how long after the last thing that happened to it."""

    hints: timedelta = timedelta(days=7)
    traces: timedelta = timedelta(days=14)
    intents: timedelta = timedelta(days=30)
    unaddressed: timedelta = timedelta(days=30)  # events for people whom Intercom does not have
    dead_letters: timedelta = timedelta(days=90)
    jobs: timedelta = timedelta(days=7)
    workers: timedelta = timedelta(days=1)
    audit: timedelta = timedelta(days=400)
    used: timedelta = timedelta(hours=1)  # links and states that were good only once, after they have expired
    uninstalled: timedelta = timedelta(days=30)  # everything of who uninstalled the app


def purge(database: Database, *, now: datetime, keep: Keep | None = None) -> Mapping[str, int]:
    """The number of rows removed, of events given up, and of installations forgotten, by kind.

    Any number of processes may do it at once.
    """
    ages: dict[str, timedelta] = asdict(keep or Keep())
    gone = forget_long_gone(database, before=now - ages.pop("uninstalled"))
    return {kind: _purge_kind(database, kind, now - age) for kind, age in ages.items()} | {"uninstalled": gone}


def _purge_kind(database: Database, kind: str, before: datetime) -> int:
    removed = 0
    while True:
        with database.transaction() as connection:
            cursor = connection.execute(statement("purge", kind), {"before": before, "most": MOST_AT_ONCE})
        removed += cursor.rowcount
        if cursor.rowcount < MOST_AT_ONCE:
            return removed
