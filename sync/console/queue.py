"""The queue of one installation: how much waits, how urgent it is, and how much gets done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from psycopg import Connection
from psycopg.rows import class_row

from sync.priorities import Priority
from sync.storage.state import STALLED
from sync.storage.statements import statement

MINUTES: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Jobs:
    """`stalled`: begun by a worker that gives no sign of life. `workers`: of all installations. `waiting_since`: of the
    oldest reason to work that was not answered.
    """

    waiting: int
    retrying: int
    running: int
    stalled: int
    workers: int
    waiting_since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Minute:
    """`reads`: resources read from the shop; `updates`: contacts looked after."""

    at: datetime
    reads: int
    updates: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """`depths`: waiting jobs by urgency, every one of them. `minutes`: the last hour, oldest first."""

    jobs: Jobs
    depths: tuple[tuple[Priority, int], ...]
    minutes: tuple[Minute, ...]

    @property
    def is_stuck(self) -> bool:
        """Work waits, and nobody is there to do it."""
        return self.jobs.workers == 0 and self.jobs.waiting_since is not None


def queue(connection: Connection, installation: str, *, now: datetime) -> Queue:
    named = {"installation": installation}
    with connection.cursor(row_factory=class_row(Jobs)) as cursor:
        jobs = cursor.execute(statement("console", "queue"), named | {"stalled": STALLED}).fetchone()
    assert jobs is not None
    with connection.cursor(row_factory=class_row(Minute)) as minutes:
        done = minutes.execute(statement("console", "throughput"), named | {"now": now, "minutes": MINUTES}).fetchall()
    waiting: dict[int, int] = dict(connection.execute(statement("console", "depths"), named).fetchall())
    depths = tuple((each, waiting.get(each.value, 0)) for each in Priority)
    return Queue(jobs=jobs, depths=depths, minutes=tuple(done))
