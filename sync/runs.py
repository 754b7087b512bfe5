"""A run of stage 2, and how it gives way to a newer one.

The engine lets one job of a subject run at a time. But a worker that gave no sign of life for a while, because its
machine was asleep or out of breath, is taken for dead: its jobs are run again while it may still be at them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from psycopg import Connection

from sync.storage.database import Transactions
from sync.storage.subjects import SubjectUpdate, is_newest_run


class Superseded(Exception):
    """Somebody else has begun to update the subject: everything that is left to do is theirs."""


@dataclass(frozen=True, slots=True)
class OfRun:
    """The database as one run uses it: each transaction raises `Superseded` once a newer run has begun.

    It asks without a lock, which would hold up whoever wakes the subject. What begins in the instant between is told by
    the newer run's own confirmation, or found when the doubt about this one is settled.
    """

    database: Transactions
    update: SubjectUpdate

    @contextmanager
    def transaction(self, *, timeout: float | None = None) -> Iterator[Connection]:
        with self.database.transaction(timeout=timeout) as connection:
            if not is_newest_run(connection, self.update.installation, self.update.key, self.update.run):
                raise Superseded
            yield connection
