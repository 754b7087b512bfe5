"""Jobs on a real worker: nothing twice at once, nothing forgotten, and the newest state in the end."""

from __future__ import annotations

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial

import psycopg
import pytest
from procrastinate import App
from procrastinate.sql import queries

from clients.errors import BadAnswer, CredentialsRefused, Rejected, ScopeMissing, Unreachable, VersionRefused
from sync.jobs import Jobs
from sync.priorities import Priority
from sync.retries import RetryPolicy
from sync.storage.database import Database
from sync.storage.hints import ResourceType, begin_read, record_hints
from sync.storage.subjects import wake_subjects
from sync.storage.waking import Beginning
from tests.integration.sync.working import SHOP, SOON, Noting, eventually, failing, hint, idle, jobs, working

AWAY = Unreachable("connection refused")
SLOW_RETRY = RetryPolicy(first=60.0)
QUICK_RETRY = RetryPolicy(first=0.05, longest=0.1, locked_out=0.05)


@pytest.fixture
def handlers(database: Database) -> Noting:
    return Noting(database)


def record(database: Database, *versions: int, priority: Priority = Priority.LIVE, id_: str = "order-1") -> int:
    with database.transaction() as connection:
        return record_hints(connection, SHOP, [hint(id_, version=v) for v in versions], priority=priority)


def wake(database: Database, key: str = "c:1", *, apart: float = 1.0, priority: Priority = Priority.LIVE) -> int:
    with database.transaction() as connection:
        return wake_subjects(connection, SHOP, [key], priority=priority, apart=timedelta(seconds=apart))


def test_a_hint_that_comes_while_the_job_runs_is_exactly_one_more_job(database: Database, handlers: Noting) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def wait() -> None:
        begun.set()
        go_on.wait(SOON)

    handlers.script.append(wait)
    record(database, 1)
    with working(database, handlers):
        assert begun.wait(SOON)
        assert [record(database, 2), record(database, 3), record(database, 4)] == [1, 0, 0]
        go_on.set()
        assert eventually(lambda: len(handlers.reads) == 2 and idle(database))
    assert [read.wanted_version for read in handlers.reads] == [1, 4]


def test_jobs_of_one_resource_never_run_at_once(database: Database, handlers: Noting) -> None:
    handlers.script.extend([lambda: time.sleep(0.1)] * 5)
    with working(database, handlers):
        for version in range(20):
            record(database, version)
            time.sleep(0.02)
        assert eventually(lambda: idle(database))
    assert handlers.most_running == 1
    assert len(handlers.reads) > 1


def test_a_read_is_told_of_all_hints_it_answers(database: Database, handlers: Noting) -> None:
    record(database, 7, 9, 8)
    with working(database, handlers):
        assert eventually(lambda: handlers.reads and idle(database))
    read = handlers.reads[0]
    assert (read.wanted_version, {h.version for h in read.hints}, read.correlation_id) == (9, {7, 8, 9}, "c-order-1")
    with database.transaction() as connection:
        assert connection.execute("SELECT count(*) FROM hint WHERE handled_at IS NULL").fetchone() == (0,)


def test_hints_of_a_failed_read_are_answered_by_the_next(database: Database, handlers: Noting) -> None:
    handlers.script.append(failing(AWAY))
    record(database, 5)
    with working(database, handlers, policy=QUICK_RETRY):
        assert eventually(lambda: len(handlers.reads) == 2 and idle(database))
    assert [(read.wanted_version, read.attempts, read.priority) for read in handlers.reads] == [
        (5, 0, Priority.LIVE),
        (5, 1, Priority.RETRY),
    ]


def test_a_newer_hint_runs_at_once_although_an_older_job_waits_for_its_retry(
    database: Database, handlers: Noting
) -> None:
    handlers.script.append(failing(AWAY))
    record(database, 1)
    with working(database, handlers, policy=SLOW_RETRY):
        assert eventually(lambda: jobs(database) == [("shop/order/order-1", Priority.RETRY)])
        record(database, 2)
        assert eventually(lambda: len(handlers.reads) == 2 and idle(database))  # the retry's work is done with it
    assert handlers.reads[1].wanted_version == 2


def test_a_job_that_fails_while_a_newer_hint_waits_leads_to_the_newest_state(
    database: Database, handlers: Noting
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def fail_later() -> None:
        begun.set()
        go_on.wait(SOON)
        raise AWAY

    handlers.script.append(fail_later)
    record(database, 1)
    with working(database, handlers, policy=SLOW_RETRY):
        assert begun.wait(SOON)
        record(database, 2)
        go_on.set()
        assert eventually(lambda: len(handlers.reads) == 2 and idle(database))
        record(database, 3)  # and the resource is not stuck
        assert eventually(lambda: len(handlers.reads) == 3 and idle(database))
    assert [read.wanted_version for read in handlers.reads] == [1, 2, 3]


def test_failures_do_not_pile_up_jobs(database: Database, handlers: Noting) -> None:
    handlers.script.extend([failing(AWAY)] * 10)
    with working(database, handlers, policy=SLOW_RETRY):
        for version in range(1, 11):
            record(database, version)
            assert eventually(partial(has_read, handlers, version))
        assert eventually(lambda: len(jobs(database)) == 1 and not jobs(database, "doing"))


def has_read(handlers: Noting, times: int) -> bool:
    return len(handlers.reads) == times


def test_a_live_hint_passes_a_backfill_job_that_waits_for_the_same_resource(database: Database) -> None:
    assert record(database, 1, priority=Priority.BACKFILL) == 1
    assert record(database, 2, priority=Priority.LIVE) == 1
    assert record(database, 3, priority=Priority.BACKFILL) == 0
    assert sorted(priority for _, priority in jobs(database)) == [Priority.BACKFILL, Priority.LIVE]


def test_the_live_job_does_the_backfill_jobs_work(database: Database, handlers: Noting) -> None:
    record(database, 1, priority=Priority.BACKFILL)
    record(database, 2, priority=Priority.LIVE)
    with working(database, handlers):
        assert eventually(lambda: handlers.reads and idle(database))
    assert [(read.priority, read.wanted_version) for read in handlers.reads] == [(Priority.LIVE, 2)]


def test_a_backfill_job_that_failed_steps_behind_the_rest_of_the_backfill(database: Database, handlers: Noting) -> None:
    handlers.script.append(failing(AWAY))
    record(database, 1, priority=Priority.BACKFILL)
    with working(database, handlers, policy=SLOW_RETRY):
        assert eventually(lambda: jobs(database) == [("shop/order/order-1", Priority.BACKFILL_RETRY)])


def test_what_is_refused_is_buried_and_done(database: Database, handlers: Noting) -> None:
    handlers.script.append(failing(Rejected("no such thing", status=400)))
    record(database, 1)
    with working(database, handlers):
        assert eventually(lambda: handlers.buried and idle(database))
    (buried,) = handlers.buried
    assert (buried.resource_id, buried.reason, buried.attempts) == ("order-1", "rejected", 1)
    assert len(handlers.reads) == 1


def test_what_cannot_be_buried_is_tried_again(database: Database, handlers: Noting) -> None:
    refused = failing(Rejected("no such thing"))
    handlers.script.extend([refused, refused])
    handlers.bury_script.append(failing(OSError("disk")))
    record(database, 1)
    with working(database, handlers, policy=QUICK_RETRY):
        assert eventually(lambda: handlers.buried and idle(database))
    assert (len(handlers.reads), len(handlers.buried)) == (2, 1)


def test_what_nobody_understands_is_buried_after_a_few_tries(database: Database, handlers: Noting) -> None:
    handlers.script.extend([failing(KeyError("x"))] * 3)
    record(database, 1)
    with working(database, handlers, policy=RetryPolicy(first=0.02, unknown_attempts=3)):
        assert eventually(lambda: handlers.buried and idle(database))
    assert (handlers.buried[0].reason, handlers.buried[0].attempts) == ("KeyError", 3)


def test_an_answer_that_stays_unreadable_is_buried_after_a_few_tries(database: Database, handlers: Noting) -> None:
    handlers.script.extend([failing(BadAnswer("not JSON"))] * 3)
    record(database, 1)
    with working(database, handlers, policy=RetryPolicy(first=0.02, unknown_attempts=3)):
        assert eventually(lambda: handlers.buried and idle(database))
    assert (handlers.buried[0].reason, handlers.buried[0].attempts) == ("bad_answer", 3)


def test_tries_while_a_platform_is_away_are_not_held_against_what_nobody_understands(
    database: Database, handlers: Noting
) -> None:
    handlers.script.extend([*([failing(Unreachable("away"))] * 4), failing(BadAnswer("not JSON"))])
    record(database, 1)
    with working(database, handlers, policy=RetryPolicy(first=0.02, longest=0.05, unknown_attempts=3)):
        assert eventually(lambda: len(handlers.reads) == 6 and idle(database))
    assert handlers.buried == []


def test_the_end_of_a_job_is_told_again_where_the_connection_broke(database: Database, handlers: Noting) -> None:
    break_the_connection_once(database, before="DELETE")
    record(database, 1)
    with working(database, handlers):
        assert eventually(lambda: handlers.reads and idle(database))
    assert len(handlers.reads) == 1


def test_a_retry_is_told_again_where_the_connection_broke(database: Database, handlers: Noting) -> None:
    handlers.script.append(failing(Unreachable("away")))
    break_the_connection_once(database, before="UPDATE OF attempts")
    record(database, 1)
    with working(database, handlers, policy=QUICK_RETRY):
        assert eventually(lambda: len(handlers.reads) == 2 and idle(database))


def break_the_connection_once(database: Database, *, before: str) -> None:
    """Of whoever changes a job in this way first: as a network does that drops one of several."""
    with database.transaction() as connection:
        connection.execute("CREATE SEQUENCE breaks")  # what a sequence gave is not taken back
        connection.execute(
            "CREATE FUNCTION break() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " IF nextval('breaks') = 1 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF;"
            " RETURN coalesce(NEW, OLD); END $$"
        )
        connection.execute(
            f"CREATE TRIGGER break BEFORE {before} ON procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION break()"
        )


@pytest.mark.parametrize("error", [CredentialsRefused("token"), ScopeMissing("scope"), VersionRefused("version")])
def test_while_nobody_lets_us_in_everything_waits_and_nothing_is_buried(
    database: Database, handlers: Noting, error: Exception
) -> None:
    handlers.script.extend([failing(error)] * 3)
    wake(database)
    with working(database, handlers, policy=QUICK_RETRY):
        assert eventually(lambda: len(handlers.updates) == 4 and idle(database))
    assert handlers.buried == []


def test_a_subject_is_updated_at_once_and_then_once_a_second(database: Database, handlers: Noting) -> None:
    with working(database, handlers):
        wake(database)
        assert eventually(lambda: len(handlers.updates) == 1 and idle(database))
    first = begun(database)
    assert [wake(database, apart=1.5) for _ in range(10)] == [1] + [0] * 9
    with working(database, handlers):
        assert eventually(lambda: len(handlers.updates) == 2 and idle(database))
    assert begun(database) - first >= timedelta(seconds=1.5)


def test_a_subject_that_rested_is_updated_at_once(database: Database, handlers: Noting) -> None:
    with working(database, handlers):
        wake(database)
        assert eventually(lambda: len(handlers.updates) == 1 and idle(database))
    assert eventually(lambda: datetime.now(UTC) - begun(database) > timedelta(seconds=0.2))
    wake(database, apart=0.2)
    with database.transaction() as connection:
        assert connection.execute("SELECT scheduled_at FROM procrastinate_jobs WHERE status = 'todo'").fetchall() == [
            (None,)
        ]


def begun(database: Database, key: str = "c:1") -> datetime:
    """When the last update of a subject began."""
    with database.transaction() as connection:
        row = connection.execute("SELECT begun_at FROM subject WHERE key = %s", (key,)).fetchone()
    assert row is not None
    at: datetime = row[0]
    return at


def test_a_subject_that_was_erased_is_left_alone(database: Database, handlers: Noting) -> None:
    wake(database)
    with database.transaction() as connection:
        connection.execute("DELETE FROM subject")
    with working(database, handlers):
        assert eventually(lambda: idle(database))
    assert handlers.updates == []


def test_a_worker_that_loses_the_race_for_a_lock_looks_again_later(
    database: Database, database_url: str, handlers: Noting
) -> None:
    """A job is being fetched while one of a higher priority for the same lock comes in: the second fetch must lose."""
    record(database, 1, priority=Priority.BACKFILL)
    with psycopg.connect(database_url) as faster, ThreadPoolExecutor(1) as threads:
        row = faster.execute("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id").fetchone()
        assert row is not None
        faster.commit()
        faster.execute(queries["fetch_job"], {"queues": None, "worker_id": row[0]})
        record(database, 2, priority=Priority.LIVE)
        engine = Jobs(database=database, handlers=handlers, threads=threads)
        fetching = threads.submit(lambda: asyncio.run(fetch_one(engine.app(), row[0])))
        time.sleep(0.3)
        assert not fetching.done(), "the second fetch waits for the first"
        faster.commit()
        assert fetching.result(SOON) is None
    assert jobs(database) == [("shop/order/order-1", Priority.LIVE)]


async def fetch_one(app: App, worker_id: int) -> object:
    async with app.open_async():
        return await app.job_manager.fetch_job(queues=None, worker_id=worker_id)


def test_a_read_that_is_no_job_takes_nothing_over(database: Database) -> None:
    record(database, 1)
    with database.transaction() as connection:
        read = begin_read(connection, SHOP, ResourceType.ORDER, "order-1", began=Beginning())
    assert read is not None
    assert jobs(database) == [("shop/order/order-1", Priority.LIVE)]
