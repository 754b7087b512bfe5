"""Everything that can happen to a sync: its workers and its database killed, and both platforms at their worst.

What happens is told by a seed; when exactly it hits is not.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from random import Random
from typing import Final

import psycopg

from clients.errors import PlatformError
from sandbox.commercetools.switches import Fault as ShopFault
from sandbox.intercom.switches import Door
from sandbox.intercom.switches import Fault as IntercomFault
from sandbox.wire.faults import FaultKind
from sync.storage.database import Database
from tests.integration.sync.chaos.side import Side
from tests.integration.sync.chaos.worker_process import CONCURRENCY
from tests.integration.sync.working import eventually

MOST_KILLS: Final = 16  # a new process takes a second of work from everybody
MOST_PAUSES: Final = 2
MOST_SLEEPS: Final = 3  # of a worker, for longer than it may be silent
ASLEEP: Final = 2.5  # seconds: the others take it for dead after 1.5
MOST_STORMS: Final = 3  # at once in front of one platform, or nothing would come through
LONGEST_PAUSE: Final = 0.9  # seconds between two troubles
MOST: Final = 6  # requests that one storm hits

_DOORS: Final[tuple[Door, ...]] = ("events", "contacts", "tags", "any")
_LOSSES: Final[tuple[FaultKind, ...]] = ("reset", "truncated", "status")

Send = tuple[int, object]  # an intent, and when it was sent


@dataclass
class Trouble:
    """Goes on from `start` to `stop`. `happened` counts what was done.

    `in_flight`: sends that a killed worker may have had under way, the other worker's among them.
    """

    side: Side
    chance: Random
    happened: Counter[str] = field(default_factory=Counter)
    in_flight: set[Send] = field(default_factory=set)
    _stopping: threading.Event = field(default_factory=threading.Event)
    _thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))
    _end: Future[None] | None = None

    def start(self) -> None:
        self._end = self._thread.submit(self._go)

    def stop(self) -> None:
        """Both platforms are healthy again, and nobody is killed any more. Raises what kept trouble from being made."""
        assert self._end is not None
        self._stopping.set()
        self._thread.shutdown()
        self.side.intercom.switches.set(faults=())
        self.side.commercetools.switches.set(faults=())
        self._end.result()

    @property
    def answers_lost(self) -> int:
        """Events that Intercom accepted and did not say so."""
        return self.side.intercom.log.lost["POST /events"]

    @property
    def most_sent_again(self) -> int:
        """Each lost answer, each send that was under way at a kill, and each job at the kill of the database."""
        of_database = self.happened["database killed"] * CONCURRENCY * len(self.side.workers)
        return self.answers_lost + len(self.in_flight) + of_database

    def kill_worker(self) -> None:
        if self.happened["worker killed"] == MOST_KILLS:
            return
        index = self.chance.randrange(len(self.side.workers))
        self.side.restart(index, before=self._look_at_what_was_in_flight)
        self.happened["worker killed"] += 1

    def _put_worker_to_sleep(self) -> None:
        """Others take its jobs over, and then it goes on with them."""
        if self.happened["worker asleep"] == MOST_SLEEPS:
            return
        worker = self.chance.choice(self.side.workers)
        worker.send_signal(signal.SIGSTOP)
        try:
            self._look_at_what_was_in_flight()
            self._stopping.wait(ASLEEP)
        finally:
            worker.send_signal(signal.SIGCONT)
        self.happened["worker asleep"] += 1

    def kill_database(self) -> None:
        kill_database(self.side)
        self.happened["database killed"] += 1

    def _go(self) -> None:
        troubles: tuple[tuple[Callable[[], None], int], ...] = (
            (self.kill_worker, 2),
            (self._put_worker_to_sleep, 1),
            (self._lose_answers, 3),
            (self._storm_in_intercom, 3),
            (self._storm_in_the_shop, 3),
            (self._refuse_more_requests, 1),
        )
        kinds, weights = zip(*troubles, strict=True)
        while not self._stopping.wait(self.chance.uniform(0.1, LONGEST_PAUSE)):
            (trouble,) = self.chance.choices(kinds, weights)
            trouble()

    def _lose_answers(self) -> None:
        """The worst of all: it is done, and nobody knows."""
        door: Door = self.chance.choice(_DOORS)
        kind: FaultKind = self.chance.choice(_LOSSES)
        self._fault_of_intercom(IntercomFault(kind=kind, door=door, handled=True, times=self._some()))

    def _storm_in_intercom(self) -> None:
        fault = self.chance.choice(
            (
                IntercomFault(kind="status", status=503, times=self._some()),
                IntercomFault(kind="status", status=500, times=self._some()),
                IntercomFault(kind="reset", times=self._some()),
                IntercomFault(kind="drip", every_ms=1, times=self._some()),
                IntercomFault(kind="invalid_json", times=self._some()),
            )
        )
        self._fault_of_intercom(fault)

    def _refuse_more_requests(self) -> None:
        """Everybody waits for the end of the window then: twice is enough."""
        if self.happened["Intercom: 429"] < MOST_PAUSES:
            self._fault_of_intercom(IntercomFault(kind="status", status=429, times=1))

    def _storm_in_the_shop(self) -> None:
        fault = self.chance.choice(
            (
                ShopFault(kind="status", status=503, times=self._some()),
                ShopFault(kind="status", status=502, door="any", times=self._some()),
                ShopFault(kind="status", status=429, retry_after=1, times=self._some()),
                ShopFault(kind="reset", times=self._some()),
                ShopFault(kind="truncated", times=self._some()),
                ShopFault(kind="invalid_json", times=self._some()),
                ShopFault(kind="drip", every_ms=1, times=self._some()),
            )
        )
        switches = self.side.commercetools.switches
        if len(switches.now.faults) < MOST_STORMS:
            self.happened[f"commercetools: {_named(fault)}"] += fault.times or 0
            switches.set(faults=(*switches.now.faults, fault))

    def _fault_of_intercom(self, fault: IntercomFault) -> None:
        name = f"Intercom: {_named(fault)}{', carried out' if fault.is_after_handling else ''}"
        switches = self.side.intercom.switches
        if len(switches.now.faults) < MOST_STORMS:
            self.happened[name] += fault.times or 0
            switches.set(faults=(*switches.now.faults, fault))

    def _some(self) -> int:
        return self.chance.randint(1, MOST)

    def _look_at_what_was_in_flight(self) -> None:
        assert eventually(self._looked, within=30)

    def _looked(self) -> bool:
        try:
            self.in_flight |= under_way(self.side.database)
        except PlatformError:
            return False  # the database is away as well
        return True


def under_way(database: Database) -> set[Send]:
    with database.transaction() as connection:
        rows = connection.execute("SELECT id, sent_at FROM intent WHERE state = 'sent'")
        return {(id_, sent_at) for id_, sent_at in rows}


def kill_database(side: Side) -> None:
    """Of the side: with all its processes, or where the server is everybody's, each of the side's connections."""
    note = side.postmaster
    if note is not None:
        os.kill(int(note.read_text(encoding="utf-8").split()[0]), signal.SIGKILL)
        return
    assert side.url is not None
    with psycopg.connect(side.url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def _named(fault: ShopFault | IntercomFault) -> str:
    return str(fault.status) if fault.kind == "status" else fault.kind
