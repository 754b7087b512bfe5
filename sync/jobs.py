"""The jobs: what Procrastinate runs for us, with our own rules for retries, recovery and ends.

A job is named by its resource or subject and by nothing else; what is to be done stands in our tables. So it may run
twice, and a job that is lost with its process is simply run again.
https://procrastinate.readthedocs.io/en/stable/discussions.html
"""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Awaitable, Callable, Hashable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Final, Protocol

from cachetools import LRUCache
from procrastinate import App, BaseRetryStrategy, JobContext, PsycopgConnector, RetryDecision
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager

from sync.priorities import Priority
from sync.retries import RetryIn, RetryPolicy, is_unknown
from sync.storage.database import CONNECT, Database
from sync.storage.hints import ResourceRead, ResourceType, begin_read
from sync.storage.subjects import ARRIVED, SubjectUpdate, begin_update
from sync.storage.waking import QUEUE, Beginning

READ_RESOURCE: Final = "read_resource"  # as `sql/hints.sql` and `sql/subjects.sql` write them
UPDATE_SUBJECT: Final = "update_subject"
MOST_PUZZLES: Final = 10_000  # of jobs that fail and that we do not understand


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedJob:
    """A job that will not be tried again: of a resource, or of a subject."""

    installation: str
    reason: str
    attempts: int  # with the last one
    resource_type: ResourceType | None = None
    resource_id: str | None = None
    subject: str | None = None


class Handlers(Protocol):
    """The work itself, in plain synchronous code, called from several threads at once.

    What began is committed before a handler is called: its flag is cleared. Whatever a handler raises is judged by
    `RetryPolicy`; what is given up goes to `bury`, which writes the dead letter. If `bury` fails, the job is retried.
    """

    def read_resource(self, read: ResourceRead) -> None: ...

    def update_subject(self, update: SubjectUpdate) -> None: ...

    def bury(self, job: FailedJob, error: Exception) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Jobs:
    """The tasks as the engine knows them, around the handlers. One for each running worker.

    `arrived`: how long after a request was given up nothing of it is on its way any more.
    """

    database: Database
    handlers: Handlers
    threads: ThreadPoolExecutor
    policy: RetryPolicy = field(default_factory=RetryPolicy)
    arrived: timedelta = ARRIVED
    chance: Callable[[], float] = random.random
    _puzzles: Puzzles = field(default_factory=lambda: Puzzles())

    def app(self) -> App:
        """A new app, of which each event loop needs its own."""
        # The listener has a connection of its own; the pool fetches, finishes and beats the heart.
        connector = PsycopgConnector(
            conninfo=self.database.url, kwargs=dict(CONNECT), min_size=1, max_size=4, timeout=5.0, reconnect_timeout=5.0
        )
        app = App(connector=connector)
        app.job_manager = _JobManager(app.connector)
        strategy = _RetryStrategy(self.policy, self.chance)
        for name, task in ((READ_RESOURCE, self._read_resource), (UPDATE_SUBJECT, self._update_subject)):
            app.task(name=name, queue=QUEUE, pass_context=True, retry=strategy)(task)
        return app

    async def _read_resource(self, context: JobContext, *, installation: str, type: str, id: str) -> None:
        await self._in_thread(lambda: self.read_resource(context.job, installation, ResourceType(type), id))

    async def _update_subject(self, context: JobContext, *, installation: str, key: str) -> None:
        await self._in_thread(lambda: self.update_subject(context.job, installation, key))

    async def _in_thread(self, body: Callable[[], None]) -> None:
        await asyncio.get_running_loop().run_in_executor(self.threads, body)

    def read_resource(self, job: Job, installation: str, type_: ResourceType, id_: str) -> None:
        """Stage 1 of one resource, from its flag to its end."""
        failed = FailedJob(
            installation=installation, attempts=job.attempts + 1, resource_type=type_, resource_id=id_, reason=""
        )
        with self._burying(failed):
            with self.database.transaction() as connection:
                read = begin_read(connection, installation, type_, id_, began=_beginning(job))
            if read is not None:
                self.handlers.read_resource(read)

    def update_subject(self, job: Job, installation: str, key: str) -> None:
        """Stage 2 of one subject, from its flag to its end."""
        failed = FailedJob(installation=installation, attempts=job.attempts + 1, subject=key, reason="")
        with self._burying(failed):
            with self.database.transaction() as connection:
                update = begin_update(connection, installation, key, began=_beginning(job), arrived=self.arrived)
            if update is not None:
                self.handlers.update_subject(update)

    @contextmanager
    def _burying(self, job: FailedJob) -> Iterator[None]:
        """Lets out what is worth another try; the rest ends here."""
        about = (job.installation, job.resource_type, job.resource_id, job.subject)
        try:
            yield
        except Exception as error:
            unknown = self._puzzles.before(about, error)
            decision = self.policy.decide(error, attempts=job.attempts - 1, unknown=unknown, chance=0.0)
            if isinstance(decision, RetryIn):
                raise
            self.handlers.bury(replace(job, reason=decision.reason), error)
        self._puzzles.solved(about)


class Puzzles:
    """How often jobs failed in this process in ways that mean nothing to us. Thread-safe.

    The engine counts all attempts alike, also those while a platform was away.
    """

    def __init__(self) -> None:
        self._failures: LRUCache[Hashable, int] = LRUCache(MOST_PUZZLES)
        self._lock = threading.Lock()

    def before(self, about: Hashable, error: Exception) -> int:
        """Such failures before this one, which counts from now on if it is one."""
        with self._lock:
            failures = self._failures.get(about, 0)
            if is_unknown(error):
                self._failures[about] = failures + 1
            return failures

    def solved(self, about: Hashable) -> None:
        """It succeeded, or was given up."""
        with self._lock:
            self._failures.pop(about, None)


def _beginning(job: Job) -> Beginning:
    return Beginning(priority=Priority(job.priority), attempts=job.attempts, job=job.id)


class _RetryStrategy(BaseRetryStrategy):
    """What reaches the engine is retried: what is given up was buried, and counts as done."""

    def __init__(self, policy: RetryPolicy, chance: Callable[[], float]) -> None:
        self._policy = policy
        self._chance = chance

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision:
        decision = self._policy.decide(exception, attempts=job.attempts, unknown=0, chance=self._chance())
        # A job that was to be given up comes here only when it could not be buried.
        seconds = decision.seconds if isinstance(decision, RetryIn) else self._policy.locked_out
        return RetryDecision(
            retry_in={"milliseconds": round(seconds * 1000)}, priority=Priority(job.priority).after_failure()
        )


class _JobManager(JobManager):
    """The engine's, but for one race that would end the worker, and for an end that a broken connection takes away.

    The engine says once how a job ended. If that does not arrive, its living worker seems to be at it for ever.
    """

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:
        await self._twice(lambda: JobManager.finish_job(self, job, status, delete_job))

    async def retry_job(self, job: Job, *args: Any, **kwargs: Any) -> None:
        await self._twice(lambda: JobManager.retry_job(self, job, *args, **kwargs))

    async def _twice(self, say: Callable[[], Awaitable[None]]) -> None:
        # With the whole database the listener's connection goes as well, and with it this run of the engine.
        try:
            await say()
        except ConnectorException:
            await say()

    async def fetch_job(self, queues: object, worker_id: int) -> Job | None:
        """None also when the lock was taken at this very moment.

        Two workers may each take a job of one lock: a waiting one, and one of a higher priority that came in between.
        The database lets one of them win; the other job is still there.
        """
        try:
            return await super().fetch_job(queues=queues, worker_id=worker_id)  # type: ignore[arg-type]
        except UniqueViolation:
            return None
