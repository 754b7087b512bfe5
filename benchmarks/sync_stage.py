"""The sync, set up as in production: `python -m sync worker`, a durable database, both platforms in processes apart."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

import psycopg

from benchmarks.big_shop import Names
from benchmarks.stage import VAR, ShopProcess, StandIn, environment, rss_mb, running, shop
from sandbox.intercom import IntercomStandIn
from sandbox.process import ROOT, Process
from sync import logs
from sync.composition import Surroundings, at_home
from sync.home import Home
from sync.priorities import Priority
from sync.storage.database import Database
from sync.storage.embedded import EmbeddedServer
from sync.storage.hints import Hint, ResourceType, in_batches, record_hints
from sync.storage.installations import SINGLE
from sync.storage.schema import migrate

PLENTY: Final = 1_000_000  # requests in a window, where the allowance is not what is measured
PATIENCE_S: Final = 300.0
STOP_LIMIT_S: Final = 20.0
_PLACE: Final = VAR / "sync"


class NotInTime(Exception):
    """What was to happen did not; the text says what."""


@dataclass(frozen=True, slots=True)
class WorkerProcess:
    """A running `python -m sync worker`."""

    process: Process

    @property
    def rss_mb(self) -> float:
        return rss_mb(self.process.pid)


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncStage:
    """A shop, an Intercom, and a database between them; workers come and go."""

    shop: ShopProcess
    intercom: StandIn
    database: Database
    environment: Mapping[str, str] = field(repr=False)
    names: Names

    def hint(self, orders: Iterable[int], *, priority: Priority = Priority.LIVE) -> float:
        """All in one transaction, so that workers see them at the same moment: the one returned (Unix time)."""
        hints = [Hint(source="benchmark", type=ResourceType.ORDER, id=self.names.order(each)) for each in orders]
        with self.database.transaction() as connection:
            for part in in_batches(hints):
                record_hints(connection, SINGLE, part, priority=priority)
        return time.time()

    def wait_until_idle(self, *, seconds: float = PATIENCE_S) -> float:
        """When (Unix time) no job waited or ran any more. Raises `NotInTime`."""
        wait_for(lambda: not self.jobs(), seconds=seconds, what="the queue is not empty")
        return time.time()

    def jobs(self) -> int:
        return self._count("SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')")

    def workers(self) -> int:
        """Those that give signs of life."""
        return self._count(
            "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '5 seconds'"
        )

    def forget_live_calls(self) -> None:
        """A worker's start counts as something that is waited for, and so a part is kept for more of it for a while."""
        with self.database.transaction() as connection:
            connection.execute("UPDATE allowance SET live_at = NULL")

    def dead_letters(self) -> int:
        return self._count("SELECT count(*) FROM dead_letter")

    def contact(self, customer: int) -> dict[str, Any] | None:
        """As Intercom holds it, with the time of each attribute's last change."""
        found: dict[str, Any] | None = self.intercom.control(
            "GET", query=f"?external_id={self.names.customer(customer)}"
        )
        return found

    def accepted(self) -> Mapping[str, int]:
        """Intercom's requests by route, since its log was cleared."""
        counts: Mapping[str, int] = self.intercom.control("GET")["accepted"]
        return counts

    @contextmanager
    def home(self) -> Iterator[Home]:
        """The installation, for what is to be done in this process."""
        surroundings = Surroundings(environ=self.environment, directory=_PLACE, set_up_logs=_quietly)
        with at_home(surroundings) as home:
            yield home

    def _count(self, query: str) -> int:
        with self.database.transaction() as connection:
            row = connection.execute(query).fetchone()
        assert row is not None
        return int(row[0])


def wait_for(true: Callable[[], object], *, seconds: float = PATIENCE_S, what: str, every: float = 0.05) -> None:
    """Raises `NotInTime`."""
    ends = time.monotonic() + seconds
    while not true():
        if time.monotonic() > ends:
            raise NotInTime(f"{what} within {seconds:g} s")
        time.sleep(every)


@contextmanager
def sync_stage(*, customers: int, orders_each: int = 1, rate_limit: int = PLENTY) -> Iterator[SyncStage]:
    """Without a worker yet; everything in it is new."""
    options = ("--customers", str(customers), "--orders-each", str(orders_each))
    with ExitStack() as stack:
        url = stack.enter_context(a_database())
        stand_in = stack.enter_context(shop(module="benchmarks.big_shop", options=options))
        intercom = stack.enter_context(running("sandbox.intercom", "--rate-limit", str(rate_limit)))
        database = stack.enter_context(Database.open(url, var=_PLACE))
        migrate(database)
        surroundings = environment(stand_in.port, ROOT / "mapping.toml") | {
            "INTERCOM_ACCESS_TOKEN": IntercomStandIn.access_token,
            "INTERCOM_API_URL": f"http://127.0.0.1:{intercom.port}",
            "DATABASE_URL": url,
        }
        yield SyncStage(
            shop=stand_in, intercom=intercom, database=database, environment=surroundings, names=Names.of_samples()
        )


@contextmanager
def a_database() -> Iterator[str]:
    """The address of an empty one in an embedded server of our own, which is as durable as that of the product."""
    shutil.rmtree(_PLACE, ignore_errors=True)
    _PLACE.mkdir(parents=True)
    try:
        with EmbeddedServer(_PLACE) as server:
            with psycopg.connect(server.url, autocommit=True) as connection:
                connection.execute("CREATE DATABASE measured")
            yield urlunsplit(urlsplit(server.url)._replace(path="/measured"))
    finally:
        shutil.rmtree(_PLACE / "postgres", ignore_errors=True)


@contextmanager
def working(stage: SyncStage, count: int = 1, *options: str) -> Iterator[Sequence[WorkerProcess]]:
    """So many workers, all ready, until the block ends. They leave the shop alone unless `options` say otherwise."""
    command = [sys.executable, "-m", "sync", "worker", *(options or ("--no-poll",))]
    wait_for(lambda: stage.workers() == 0, seconds=20.0, what="others have not stopped")
    with ExitStack() as stack:
        processes = [
            stack.enter_context(
                Process.running(
                    "worker", command, environment=stage.environment, log=log_of(number), stop_limit_s=STOP_LIMIT_S
                )
            )
            for number in range(count)
        ]

        def ready() -> bool:
            for process in processes:
                process.raise_if_ended()
            return stage.workers() == count

        wait_for(ready, seconds=30.0, what=f"{count} workers are not ready")
        yield [WorkerProcess(process) for process in processes]


def _quietly(level: str, form: str) -> None:
    logs.configure(level=level, form=form)


def log_of(worker: int) -> Path:
    return _PLACE / f"worker-{worker}.log"
