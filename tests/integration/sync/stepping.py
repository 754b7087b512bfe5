"""The jobs one after the other, in this thread, with an end at any line: what the engine does, without its clock.

A job that ends badly is still there, as one is whose worker was killed, and runs again when it is told to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

from procrastinate.jobs import Job
from psycopg import Connection

from clients.commercetools.source import LIMITS
from clients.errors import PlatformError, Unreachable
from clients.intercom.calls import Intercom
from clients.intercom.door import Door, Json
from clients.intercom.settings import IntercomSettings
from clients.intercom.spending import Allowance
from clients.wire.answers import Answer
from clients.wire.http import Http, Method
from sync.handlers import Stages
from sync.installation import Installation
from sync.jobs import READ_RESOURCE, UPDATE_SUBJECT, Jobs
from sync.storage.allowance import BATCH, DatabaseStore
from sync.storage.database import Database
from sync.storage.errors import StorageUnavailable
from sync.storage.hints import ResourceType
from sync.storage.installations import SINGLE
from sync.storage.subjects import ARRIVED, wake_subjects
from tests.integration.sync.companion import Companion, closing

When = Literal["before", "after"]  # it was done, or was done and nobody heard of it
MOST_JOBS = 500


class Killed(BaseException):
    """The process is gone: nothing of ours may catch it."""


@dataclass(frozen=True)
class Stop:
    when: When
    error: Callable[[], BaseException]


@dataclass
class Trap:
    """While it is set it counts what passes, and stops the one with the number `at` (from 1)."""

    at: int = 0
    stop: Stop = field(default_factory=lambda: Stop("before", Killed))
    passed: int = 0
    is_set: bool = False

    def prepare(self, at: int, stop: Stop) -> None:
        self.at, self.stop, self.passed = at, stop, 0

    @contextmanager
    def set(self) -> Iterator[None]:
        self.is_set = True
        try:
            yield
        finally:
            self.is_set = False

    @property
    def has_sprung(self) -> bool:
        return self.passed >= self.at

    @contextmanager
    def passing(self) -> Iterator[When | None]:
        """When the one in the block is to be stopped, which it does itself `before`; None for all others."""
        self.passed += self.is_set
        is_it = self.is_set and self.passed == self.at
        yield self.stop.when if is_it else None
        if is_it:
            raise self.stop.error()


@dataclass
class Traps:
    calls: Trap = field(default_factory=Trap)
    commits: Trap = field(default_factory=Trap)


class TrappedDoor(Door):
    """To Intercom, until the trap springs."""

    trap: Trap

    def send(self, method: Method, path: str, body: Json | None = None, **more: Any) -> Answer:
        with self.trap.passing() as stopped:
            if stopped == "before":
                raise self.trap.stop.error()
            return super().send(method, path, body, **more)


class TrappedDatabase(Database):
    """Transactions, until the trap springs: then nothing of one was kept, or all of it and nobody was told."""

    trap: Trap

    @contextmanager
    def transaction(self, *, timeout: float | None = None) -> Iterator[Connection]:
        with self.trap.passing() as stopped, super().transaction(timeout=timeout) as connection:
            yield connection
            if stopped == "before":
                raise self.trap.stop.error()


def no_answer() -> BaseException:
    return Unreachable("connection reset")


def no_database() -> BaseException:
    return StorageUnavailable("database: AdminShutdown")


class Steps:
    """Runs the jobs of one installation by hand, what is to be read first. `trapped`: another one for stage 2.

    `arrived`: how long ago a doubt must be for its contact to be looked at.
    """

    def __init__(self, at: Installation, trapped: Installation | None = None, *, arrived: timedelta = ARRIVED) -> None:
        self.at = at
        assert isinstance(at.database, Database)
        threads = ThreadPoolExecutor(1)  # which nothing is given to
        self._reads = Jobs(database=at.database, handlers=Stages([at]), threads=threads)
        self._updates = Jobs(database=at.database, handlers=Stages([trapped or at]), threads=threads, arrived=arrived)

    def settle(self) -> None:
        """Everything that waits, until nothing does. Raises what a job raises; the job waits on."""
        for _ in range(MOST_JOBS):
            job = self._next()
            if job is None:
                return
            self.run(job)
        raise AssertionError("the jobs never end")

    def try_each(self, *, subject: str = "") -> list[PlatformError]:
        """Every job that waits now (or those of one subject), once; what those that failed raised. They wait on."""
        failed: list[PlatformError] = []
        for job in [each for each in self.waiting() if str(each.lock).endswith(subject)]:
            try:
                self.run(job)
            except PlatformError as error:
                failed.append(error)
        return failed

    def read_all(self) -> None:
        """Stage 1 alone, until nothing is left to be read."""
        while reads := [job for job in self.waiting() if job.task_name == READ_RESOURCE]:
            for job in reads:
                self.run(job)

    def wake(self, *subjects: str) -> None:
        with self.at.database.transaction() as connection:
            wake_subjects(connection, self.at.id, subjects)

    def run(self, job: Job) -> None:
        named = job.task_kwargs
        if job.task_name == UPDATE_SUBJECT:
            self._updates.update_subject(job, str(named["installation"]), str(named["key"]))
        else:
            type_ = ResourceType(str(named["type"]))
            self._reads.read_resource(job, str(named["installation"]), type_, str(named["id"]))
        with self.at.database.transaction() as connection:
            connection.execute("DELETE FROM procrastinate_jobs WHERE id = %s", (job.id,))

    def _next(self) -> Job | None:
        return next(iter(self.waiting(limit=1)), None)

    def waiting(self, *, limit: int = MOST_JOBS) -> list[Job]:
        """The jobs that wait, whatever moment they are dated to."""
        with self.at.database.transaction() as connection:
            rows = connection.execute(
                "SELECT id, task_name, args, lock, priority, attempts FROM procrastinate_jobs WHERE status = 'todo'"
                " ORDER BY task_name, id LIMIT %s",
                (limit,),
            ).fetchall()
        return [
            Job(
                id=id_,
                status="doing",
                queue="sync",
                priority=priority,
                lock=lock,
                queueing_lock=None,
                task_name=name,
                task_kwargs=arguments,
                attempts=attempts,
            )
            for id_, name, arguments, lock, priority, attempts in rows
        ]


@contextmanager
def trapped_steps(here: Companion) -> Iterator[tuple[Steps, Traps]]:
    """Stage 2 goes to Intercom and to the database by way of traps."""
    traps = Traps()
    with ExitStack() as stack:
        http = stack.enter_context(closing(Http(LIMITS)))
        settings = IntercomSettings(access_token=here.intercom.access_token, api_url=here.intercom.url)
        door = TrappedDoor(settings, http=http, allowance=Allowance(DatabaseStore(here.database, SINGLE), batch=BATCH))
        door.trap = traps.calls
        database = stack.enter_context(TrappedDatabase.open(here.database.url, var=Path("var")))
        database.trap = traps.commits
        yield Steps(here.at, replace(here.at, database=database, intercom=Intercom(door))), traps
