"""The database is killed in the middle of pushes through every door: all are told to try again, and nothing is lost."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psycopg
import pytest

from clients.errors import PlatformError
from sandbox.doors import Mail
from sync.sources.sqs import SqsSource
from sync.storage.database import Database
from tests.integration.sync.doors.house import House, hinted, house, intake_of, mail
from tests.integration.sync.doors.queues import Shelf, source
from tests.integration.sync.doors.test_database_down import HURRIED
from tests.integration.sync.working import eventually

SOON = 60.0
EACH = 4  # pushes that are under way at one door when the database dies

Bring = Callable[[Mail], bool]  # whether it was taken


@dataclass(frozen=True, kw_only=True)
class Doors:
    """Of one embedded database, which the web side and the reader of the queue keep alive."""

    web: House
    sqs: Shelf
    database: Database
    postmaster: Path  # the file that names its process

    def ways(self) -> dict[str, Bring]:
        web, reader = self.web, source(self.sqs, self.database)
        return {
            "pubsub": lambda one: _taken(web.pubsub.push(one.text())),
            "sns": lambda one: _taken(web.sns.post(one.text())),
            "eventgrid": lambda one: _taken(web.eventgrid.post(one.cloud_event())),
            "sqs": lambda one: self._read(reader),
        }

    def kill(self, holder: int) -> None:
        """The holder of a lock first: it would let go in its last moment, and those who wait would write in theirs."""
        os.kill(holder, signal.SIGKILL)
        os.kill(int(self.postmaster.read_text(encoding="utf-8").split()[0]), signal.SIGKILL)

    def _read(self, reader: SqsSource) -> bool:
        try:
            return reader.look().hints == 1
        except PlatformError:
            return False


def _taken(status: int) -> bool:
    assert status in (204, 503)
    return status == 204


@pytest.fixture
def doors(shelf: Shelf, tmp_path: Path) -> Iterator[Doors]:
    shelf.client.set_queue_attributes(QueueUrl=shelf.settings.queue_url, Attributes={"VisibilityTimeout": "0"})
    with (
        intake_of(None, var=tmp_path, patience=HURRIED) as intake,
        house(intake) as web,
        Database.open(None, var=tmp_path) as database,
    ):
        yield Doors(web=web, sqs=shelf, database=database, postmaster=tmp_path / "postgres" / "postmaster.pid")


def test_pushes_that_the_database_dies_under_are_brought_again_and_kept(doors: Doors) -> None:
    before = mail()
    assert eventually(lambda: doors.web.pubsub.push(before.text()) == 204, within=SOON)  # makes the tables
    early = {name: doors.web.count(name, "unavailable") for name in ("pubsub", "sns", "eventgrid")}
    told = [mail() for _ in range(EACH * 3)]
    shelved = mail()
    doors.sqs.put(shelved.text())
    shares = {"pubsub": told[0::3], "sns": told[1::3], "eventgrid": told[2::3], "sqs": [shelved]}

    with ThreadPoolExecutor(len(told) + 1) as pool:
        with nothing_written(doors.database) as holder:
            under_way = brought(pool, doors.ways(), shares)
            assert eventually(lambda: waiting(doors.database) == len(told) + 1, within=SOON)
            doors.kill(holder)
        assert [each.result() for each in under_way] == [False] * (len(told) + 1)
    told_again = {name: doors.web.count(name, "unavailable") - early[name] for name in early}
    assert told_again == {"pubsub": EACH, "sns": EACH, "eventgrid": EACH}
    assert doors.sqs.left() == 1

    for name, bring in doors.ways().items():
        for one in shares[name]:
            assert eventually(partial(bring, one), within=SOON), f"{name} stays closed"
    assert {id_ for id_, _ in hinted(doors.database)} == {each.id for each in (before, shelved, *told)}
    assert doors.sqs.left() == 0


def brought(
    pool: ThreadPoolExecutor, ways: Mapping[str, Bring], shares: Mapping[str, Sequence[Mail]]
) -> list[Future[bool]]:
    return [pool.submit(ways[name], one) for name, share in shares.items() for one in share]


@contextmanager
def nothing_written(database: Database) -> Iterator[int]:
    """Whoever gives a hint waits in the middle of its transaction. Gives the server's process that holds them up."""
    with closing(psycopg.connect(database.url)) as connection:
        connection.execute("LOCK TABLE hint IN EXCLUSIVE MODE")
        yield connection.info.backend_pid


def waiting(database: Database) -> int:
    """How many transactions wait for a lock."""
    with database.transaction() as connection:
        row = connection.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'").fetchone()
    return int(row[0]) if row else 0
