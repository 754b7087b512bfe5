"""A worker: runs jobs until it is told to stop, however often the database goes away meanwhile."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from types import FrameType

import psycopg
import structlog
from procrastinate import App
from procrastinate.exceptions import ProcrastinateException

from clients.errors import PlatformError
from sync.jobs import Handlers, Jobs
from sync.retries import RetryPolicy
from sync.storage.database import Database
from sync.storage.subjects import ARRIVED
from sync.storage.waking import QUEUE, recover_stalled_jobs

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerSettings:
    """Seconds, but for `concurrency`: the number of jobs, and of threads.

    `polling`: retries and jobs that wait for a lock are found by it. A worker is given up for dead after `stalled`
    without a sign of life, of which it gives one each `heartbeat`; then its jobs are run again. `arrived` after a
    request was given up, nothing of it is on its way any more.
    """

    concurrency: int = 8
    polling: float = 0.2
    heartbeat: float = 2.0
    stalled: float = 10.0
    restart: float = 1.0
    arrived: float = ARRIVED.total_seconds()


class Worker:
    """`run` blocks; `stop` may be called from any thread or signal handler, and lets running jobs end."""

    def __init__(
        self,
        database: Database,
        handlers: Handlers,
        *,
        settings: WorkerSettings | None = None,
        policy: RetryPolicy | None = None,
    ) -> None:
        self._settings = settings or WorkerSettings()
        self._threads = ThreadPoolExecutor(self._settings.concurrency, thread_name_prefix="job")
        self._jobs = Jobs(
            database=database,
            handlers=handlers,
            threads=self._threads,
            policy=policy or RetryPolicy(),
            arrived=timedelta(seconds=self._settings.arrived),
        )
        self._database = database
        self._stopping = threading.Event()
        self._running: tuple[asyncio.AbstractEventLoop, asyncio.Event] | None = None

    def stop(self) -> None:
        if self._stopping.is_set():
            return  # a second request would end the jobs that the first lets end
        self._stopping.set()
        if (running := self._running) is not None:
            loop, asked_to_stop = running
            with suppress(RuntimeError):  # the loop has just ended by itself
                loop.call_soon_threadsafe(asked_to_stop.set)

    def run(self) -> None:
        """Until `stop`. The engine ends whenever it loses the database, and is begun again."""
        try:
            while not self._stopping.is_set():
                try:
                    asyncio.run(self._run_once())
                except (ProcrastinateException, psycopg.Error, OSError) as error:
                    log.warning("sync.worker_lost_the_database", error=type(error).__name__)
                self._stopping.wait(self._settings.restart)
        finally:
            self._threads.shutdown()

    async def _run_once(self) -> None:
        asked_to_stop = asyncio.Event()
        self._running = asyncio.get_running_loop(), asked_to_stop
        if self._stopping.is_set():
            return  # it came while nobody could be asked
        recovery = asyncio.create_task(self._recover_stalled_jobs())
        try:
            # Never cancelled while it opens: a pool that is half open keeps the loop from ending.
            async with self._jobs.app().open_async() as app:
                engine = asyncio.create_task(self._run_engine(app))
                asking = asyncio.create_task(asked_to_stop.wait())
                await asyncio.wait({engine, asking}, return_when=asyncio.FIRST_COMPLETED)
                asking.cancel()
                engine.cancel()
                with suppress(asyncio.CancelledError):
                    await engine
        finally:
            self._running = None
            recovery.cancel()

    async def _run_engine(self, app: App) -> None:
        # Cancelled, it takes no more jobs and waits for those that run.
        await app.run_worker_async(
            queues=[QUEUE],
            concurrency=self._settings.concurrency,
            fetch_job_polling_interval=self._settings.polling,
            update_heartbeat_interval=self._settings.heartbeat,
            stalled_worker_timeout=self._settings.stalled,
            delete_jobs="successful",
            install_signal_handlers=False,
        )

    async def _recover_stalled_jobs(self) -> None:
        while True:
            await asyncio.to_thread(self._recover_once)
            await asyncio.sleep(self._settings.stalled / 4)

    def _recover_once(self) -> None:
        try:
            with self._database.transaction() as connection:
                jobs = recover_stalled_jobs(connection, stalled=timedelta(seconds=self._settings.stalled))
        except PlatformError as error:
            log.warning("sync.stalled_jobs_not_recovered", reason=error.reason)
        else:
            if jobs:
                log.warning("sync.stalled_jobs_recovered", jobs=jobs)


def run_worker(worker: Worker) -> None:
    """Runs the worker as this process: SIGTERM and SIGINT drain it. Only from the main thread."""
    with stopping_on_signals(worker.stop):
        worker.run()


@contextmanager
def stopping_on_signals(end: Callable[[], None]) -> Iterator[None]:
    """SIGTERM and SIGINT call `end` until the block is left. Only from the main thread."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        end()

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
