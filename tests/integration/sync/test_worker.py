"""Workers as processes: killed, told to stop, and left without their database."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from sync.storage.database import Database
from sync.storage.hints import record_hints
from sync.storage.schema import migrate
from sync.storage.waking import recover_stalled_jobs
from tests.integration.sync.working import SHOP, SOON, Noting, eventually, hint, idle, jobs, working

ROOT = Path(__file__).parents[3]
SCRIPT = Path(__file__).with_name("worker_process.py")

StartWorker = Callable[[float], subprocess.Popen[str]]


@pytest.fixture
def start_worker(database: Database, database_url: str) -> Iterator[StartWorker]:
    """A worker process whose reads take so many seconds, or until all may go on."""
    with database.transaction() as connection:
        connection.execute("CREATE TABLE note (id text, word text, at timestamptz DEFAULT clock_timestamp())")
    with ExitStack() as stack:

        def start(seconds: float) -> subprocess.Popen[str]:
            worker = subprocess.Popen(
                [sys.executable, str(SCRIPT), database_url, str(seconds)],
                env=os.environ | {"PYTHONPATH": str(ROOT)},
                stderr=subprocess.PIPE,
                text=True,
            )
            stack.callback(worker.communicate)
            stack.callback(worker.kill)
            return worker

        yield start


def notes(database: Database, word: str) -> list[str]:
    with database.transaction() as connection:
        return [id_ for (id_,) in connection.execute("SELECT id FROM note WHERE word = %s ORDER BY at", (word,))]


def record(database: Database, *ids: str) -> None:
    with database.transaction() as connection:
        record_hints(connection, SHOP, [hint(id_) for id_ in ids])


def test_a_job_whose_worker_is_killed_is_run_by_another(database: Database, start_worker: StartWorker) -> None:
    record(database, "order-1")
    first = start_worker(60.0)
    assert eventually(lambda: notes(database, "begun"), within=SOON)
    first.send_signal(signal.SIGKILL)
    first.wait(SOON)
    start_worker(0.0)
    assert eventually(lambda: notes(database, "done") == ["order-1"], within=SOON)
    assert eventually(lambda: idle(database))


def test_hints_that_came_while_a_worker_lay_dead_are_answered(database: Database, start_worker: StartWorker) -> None:
    record(database, "order-1")
    first = start_worker(60.0)
    assert eventually(lambda: notes(database, "begun"), within=SOON)
    first.send_signal(signal.SIGKILL)
    first.wait(SOON)
    record(database, "order-1")
    start_worker(0.0)
    assert eventually(lambda: notes(database, "done") and idle(database), within=SOON)
    with database.transaction() as connection:
        assert connection.execute("SELECT count(*) FROM hint WHERE handled_at IS NULL").fetchone() == (0,)


def test_a_worker_that_is_told_to_stop_ends_its_job_and_begins_no_other(
    database: Database, start_worker: StartWorker
) -> None:
    worker = start_worker(SOON)
    record(database, "order-1", "order-2", "order-3", "order-4", "order-5")
    assert eventually(lambda: len(notes(database, "begun")) == 2, within=SOON)
    worker.send_signal(signal.SIGTERM)
    worker.send_signal(signal.SIGTERM)  # an impatient operator changes nothing
    time.sleep(0.5)
    with database.transaction() as connection:
        connection.execute("INSERT INTO note (id, word) VALUES ('all', 'go on')")
    assert worker.wait(SOON) == 0
    assert sorted(notes(database, "done")) == sorted(notes(database, "begun")) == ["order-1", "order-2"]
    assert len(jobs(database)) == 3
    assert jobs(database, "doing") == []


def test_an_idle_worker_stops_when_it_is_told_to(start_worker: StartWorker, database: Database) -> None:
    worker = start_worker(0.0)
    record(database, "order-1")
    assert eventually(lambda: notes(database, "done"), within=SOON)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(SOON) == 0


def test_a_worker_outlives_the_connections_to_its_database(database: Database, database_url: str) -> None:
    handlers = Noting(database)
    with working(database, handlers):
        record(database, "order-1")
        assert eventually(lambda: len(handlers.reads) == 1 and idle(database))
        with psycopg.connect(database_url, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        record_anyway(database, "order-2")
        assert eventually(lambda: len(handlers.reads) == 2, within=SOON)


def test_a_worker_outlives_its_embedded_server(tmp_path: Path) -> None:
    with Database.open(None, var=tmp_path) as database:
        migrate(database)
        handlers = Noting(database)
        with working(database, handlers):
            record(database, "order-1")
            assert eventually(lambda: len(handlers.reads) == 1)
            os.kill(int((tmp_path / "postgres" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
            record_anyway(database, "order-2")
            assert eventually(lambda: "order-2" in {read.id for read in handlers.reads}, within=SOON)
            assert eventually(lambda: idle(database), within=SOON)


def record_anyway(database: Database, id_: str) -> None:
    """As a source does: again, until the database has taken it."""
    from sync.storage.errors import StorageUnavailable

    def taken() -> bool:
        try:
            record(database, id_)
        except StorageUnavailable:
            return False
        return True

    assert eventually(taken, within=SOON)


def test_a_job_is_put_back_once_however_many_look(database: Database) -> None:
    record(database, "order-1")
    with database.transaction() as connection:
        connection.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 minute'), (now())"
        )
        dead, living = (id_ for (id_,) in connection.execute("SELECT id FROM procrastinate_workers ORDER BY id"))
        connection.execute("SELECT procrastinate_fetch_job_v2(NULL, %s)", (dead,))
    stalled = timedelta(seconds=10)
    with database.transaction() as connection:
        assert len(recover_stalled_jobs(connection, stalled=stalled)) == 1
        connection.execute("SELECT procrastinate_fetch_job_v2(NULL, %s)", (living,))
    with database.transaction() as connection:
        assert recover_stalled_jobs(connection, stalled=stalled) == ()
    assert len(jobs(database, "doing")) == 1
