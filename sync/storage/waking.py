"""How one job at a time comes to be for one resource or subject.

`pending_priority` on its row says that a job waits, and how urgently. It is set in the transaction that gives a
reason to work and cleared by the job as the first thing it does. A reason that comes later defers a job of its own,
which runs when the first is done: both hold the same lock. So nothing that is known before a job begins
needs another job, and nothing that comes after is overlooked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from psycopg import Connection

from sync.priorities import Priority
from sync.storage.statements import statement

QUEUE: Final = "sync"


def lock_prefix(installation: str) -> str:
    """What the locks of all its jobs begin with, and those of no other's."""
    return f"{installation}/"


def resource_lock(installation: str, type_: str, id_: str) -> str:
    """Must be what `wake_resources` writes."""
    return f"{installation}/{type_}/{id_}"


def subject_lock(installation: str, key: str) -> str:
    """Must be what `wake_subjects` writes."""
    return f"{installation}/{key}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """The job that begins; without a number it is no job of the engine, and takes nothing over."""

    priority: Priority = Priority.LIVE
    attempts: int = 0  # before this one
    job: int | None = None


JUST: Final = Beginning()


def take_over(connection: Connection, lock: str, began: Beginning) -> None:
    """Removes the jobs that wait for the lock this running job holds; call it after the row's flag is cleared.

    Without it jobs that wait for their retry would pile up behind each other for as long as a platform is away.
    """
    if began.job is not None:
        connection.execute(statement("waking", "take_over"), {"lock": lock, "job": began.job})


def hurry(connection: Connection, installation: str) -> int:
    """Has the jobs of an installation tried again now that wait for their next try; how many."""
    return connection.execute(statement("waking", "hurry"), {"prefix": lock_prefix(installation)}).rowcount


def recover_stalled_jobs(connection: Connection, *, stalled: timedelta) -> tuple[int, ...]:
    """Puts back the jobs of workers that gave no sign of life for `stalled`; their numbers.

    They stay `doing`, and their locks taken, until somebody does. Any number of workers may do so at once.
    """
    return tuple(id_ for (id_,) in connection.execute(statement("waking", "recover_stalled"), {"stalled": stalled}))
