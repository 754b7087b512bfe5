"""Handlers that note what they were asked and can be told to wait or to fail, and a worker in a thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sync.jobs import FailedJob, Handlers
from sync.retries import RetryPolicy
from sync.storage.database import Database
from sync.storage.hints import Hint, ResourceRead, ResourceType, finish_read
from sync.storage.subjects import SubjectUpdate, finish_update
from sync.worker import Worker, WorkerSettings

SHOP = "shop"
SOON = 60.0  # seconds in which something that will happen has happened, on the slowest machine
# As quick as can be, but for one thing: a worker of a slow machine is not to be given up for dead.
QUICK = WorkerSettings(concurrency=4, polling=0.1, heartbeat=0.3, stalled=10.0, restart=0.2)


def hint(id_: str = "order-1", *, version: int | None = None, source: str = "poll") -> Hint:
    return Hint(source=source, type=ResourceType.ORDER, id=id_, version=version, correlation_id=f"c-{id_}")


@dataclass
class Noting:
    """`script`: what the next reads and updates do before they succeed; each entry is called once."""

    database: Database
    reads: list[ResourceRead] = field(default_factory=list)
    updates: list[SubjectUpdate] = field(default_factory=list)
    buried: list[FailedJob] = field(default_factory=list)
    script: list[Callable[[], None]] = field(default_factory=list)
    bury_script: list[Callable[[], None]] = field(default_factory=list)
    running: int = 0
    most_running: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def read_resource(self, read: ResourceRead) -> None:
        with self._noted():
            self.reads.append(read)
            self._next(self.script)
            with self.database.transaction() as connection:
                finish_read(connection, read)

    def update_subject(self, update: SubjectUpdate) -> None:
        with self._noted():
            self.updates.append(update)
            self._next(self.script)
            with self.database.transaction() as connection:
                finish_update(connection, update.installation, update.key)

    def bury(self, job: FailedJob, error: Exception) -> None:
        self._next(self.bury_script)
        self.buried.append(job)

    def _next(self, script: list[Callable[[], None]]) -> None:
        with self.lock:
            step = script.pop(0) if script else None
        if step is not None:
            step()

    @contextmanager
    def _noted(self) -> Iterator[None]:
        with self.lock:
            self.running += 1
            self.most_running = max(self.most_running, self.running)
        try:
            yield
        finally:
            with self.lock:
                self.running -= 1


@contextmanager
def working(
    database: Database,
    handlers: Handlers,
    *,
    settings: WorkerSettings = QUICK,
    policy: RetryPolicy | None = None,
) -> Iterator[Worker]:
    worker = Worker(database, handlers, settings=settings, policy=policy)
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        yield worker
    finally:
        worker.stop()
        thread.join(SOON)
        assert not thread.is_alive(), "the worker does not stop"


def failing(error: Exception) -> Callable[[], None]:
    def fail() -> None:
        raise error

    return fail


def eventually(true: Callable[[], object], *, within: float = SOON) -> bool:
    """Whether it became true within so many seconds."""
    end = time.monotonic() + within
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def jobs(database: Database, status: str = "todo") -> list[tuple[str, int]]:
    """Lock and priority of the jobs in this state, in the order in which they were deferred."""
    with database.transaction() as connection:
        rows = connection.execute(
            "SELECT lock, priority FROM procrastinate_jobs WHERE status = %s ORDER BY id", (status,)
        )
        return list(rows.fetchall())


def idle(database: Database) -> bool:
    """Whether no job waits or runs. One question: a job that fails between two is found by neither."""
    with database.transaction() as connection:
        row = connection.execute("SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')").fetchone()
    return row == (0,)
