"""How one job at a time comes to be for one resource or subject.

`pending_priority` on its row says that a job waits, and how urgently. It is set in the transaction that gives a
reason to work and cleared by the job as the first thing it does. A reason that comes later defers a job of its own,
which runs when the first is done: both hold the same lock. So nothing that is known before a job begins
needs another job, and nothing that comes after is overlooked.
"""

from __future__ import annotations

from typing import Final

from psycopg import Connection

from sync.storage.statements import statement

QUEUE: Final = "sync"


def resource_lock(installation: str, type_: str, id_: str) -> str:
    """Must be what `wake_resources` writes."""
    return f"{installation}/{type_}/{id_}"


def subject_lock(installation: str, key: str) -> str:
    """Must be what `wake_subjects` writes."""
    return f"{installation}/{key}"


def take_over(connection: Connection, lock: str, *, job: int | None) -> None:
    """Removes the jobs that wait for the lock this running job holds; call it after the row's flag is cleared.

    Without it jobs that wait for their retry would pile up behind each other for as long as a platform is away.
    """
    if job is not None:
        connection.execute(statement("waking", "take_over"), {"lock": lock, "job": job})
