"""A worker as a process of its own, which notes each read as a row: begun, and done after some seconds.

python worker_process.py <database url> <seconds of a read>
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from sync.jobs import FailedJob
from sync.storage.database import Database
from sync.storage.hints import ResourceRead, finish_read
from sync.storage.subjects import SubjectUpdate
from sync.worker import Worker, WorkerSettings, run_worker


class Slow:
    """Takes its time, and says so in the table `note`."""

    def __init__(self, database: Database, seconds: float) -> None:
        self._database = database
        self._seconds = seconds

    def read_resource(self, read: ResourceRead) -> None:
        self._note(read, "begun")
        end = time.monotonic() + self._seconds
        while time.monotonic() < end and not self._may_go_on():
            time.sleep(0.05)
        with self._database.transaction() as connection:
            finish_read(connection, read)
        self._note(read, "done")

    def _may_go_on(self) -> bool:
        with self._database.transaction() as connection:
            return connection.execute("SELECT FROM note WHERE word = 'go on'").fetchone() is not None

    def _note(self, read: ResourceRead, word: str) -> None:
        with self._database.transaction() as connection:
            connection.execute("INSERT INTO note (id, word) VALUES (%s, %s)", (read.id, word))

    def update_subject(self, update: SubjectUpdate) -> None: ...

    def bury(self, job: FailedJob, error: Exception) -> None: ...


def main(url: str, seconds: float) -> None:
    settings = WorkerSettings(concurrency=2, polling=0.1, heartbeat=0.3, stalled=3.0, restart=0.2)
    with Database.open(url, var=Path("var")) as database:
        run_worker(Worker(database, Slow(database, seconds), settings=settings))


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
