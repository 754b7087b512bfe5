"""The sync's database as the web side uses it: gladly when it is there, and never waited for.

An agent's screen must not depend on it. So every question has a fraction of a second and a thread of its own that may
be left behind; only a few may be under way, and after one that failed none is put for a while.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from pathlib import Path
from typing import Final, TypeVar

import structlog
from psycopg import Connection

from canvas_app.canvas.lookup.breaker import Breaker, BreakerState
from clients.deadline import Call, Deadline
from clients.errors import PlatformError
from sync.storage.database import Database
from sync.storage.embedded import running_server_url
from sync.storage.errors import StorageUnavailable

SECONDS: Final = 0.15  # for one question, the wait for a connection included
PLACES: Final = 4  # questions under way at once
PAUSE_SECONDS: Final = 5.0  # after one that failed

log = structlog.get_logger(__name__)

T = TypeVar("T")


class DatabaseAway(Exception):
    """The database did not answer in time, or is not asked at the moment. The log knows more."""


class PanelDatabase:
    """The database at `url`; None: the embedded one under `var` while somebody else runs it. Thread-safe.

    Nothing is opened before the first question, so it may be made before a fork. `patience` stretches the time of every
    question, where the machine is slower than agents would bear. `breaker`: who says when none is put.
    """

    def __init__(
        self,
        url: str | None,
        *,
        var: Path,
        places: int = PLACES,
        breaker: Breaker | None = None,
        patience: float = 1.0,
    ) -> None:
        self.patience = patience
        self._url = url
        self._var = var
        self._pool_size = places
        self._places = threading.BoundedSemaphore(places)
        self.breaker = breaker or Breaker(failures=1, pause=PAUSE_SECONDS)
        self._lock = threading.Lock()
        self._opened: tuple[str, Database] | None = None

    def ask(self, question: Callable[[Connection], T], *, call: Call, seconds: float = SECONDS) -> T:
        """What `question` returns, as a transaction of its own. Raises `DatabaseAway`, and nothing else.

        A question that was given up may have been answered all the same.
        """
        deadline = Deadline.after(min(seconds * self.patience, call.deadline.remaining()))
        if self.breaker.state is BreakerState.OPEN or deadline.passed:
            raise DatabaseAway
        if not self._places.acquire(timeout=deadline.remaining()):
            self._failed("busy")
            raise DatabaseAway
        if not self.breaker.allows():
            self._places.release()
            raise DatabaseAway
        return self._answer(self._begin(question, deadline), deadline)

    def check(self, question: Callable[[Connection], T], *, call: Call) -> T:
        """For readiness: asks in any case and in this thread. Raises what storage raises."""
        with self._database().transaction(timeout=call.deadline.remaining()) as connection:
            return question(connection)

    def close(self) -> None:
        with self._lock:
            opened, self._opened = self._opened, None
        if opened is not None:
            opened[1].close()

    def _begin(self, question: Callable[[Connection], T], deadline: Deadline) -> Future[T]:
        answer: Future[T] = Future()
        # No pool: its threads are waited for when the process ends, and this one may hang as long as the database does.
        asking = threading.Thread(target=self._run, args=(question, answer, deadline), name="database", daemon=True)
        try:
            asking.start()
        except RuntimeError as error:  # no more threads to be had
            self._places.release()
            answer.set_exception(StorageUnavailable(str(error)))
        return answer

    def _run(self, question: Callable[[Connection], T], answer: Future[T], deadline: Deadline) -> None:
        try:
            with self._database().transaction(timeout=deadline.remaining()) as connection:
                found = question(connection)
        except BaseException as error:  # noqa: BLE001 - whoever waits decides
            answer.set_exception(error)
        else:
            answer.set_result(found)
        finally:
            self._places.release()

    def _answer(self, answer: Future[T], deadline: Deadline) -> T:
        try:
            found = answer.result(timeout=deadline.remaining())
        except FutureTimeout as error:
            self._failed("timed_out")
            raise DatabaseAway from error
        except PlatformError as error:
            self._failed(error.reason_code)
            raise DatabaseAway from error
        except Exception as error:
            self.breaker.failed()
            log.exception("panel.database_broke", exc_info=error)
            raise DatabaseAway from error
        self.breaker.succeeded()
        return found

    def _failed(self, reason: str) -> None:
        self.breaker.failed()
        log.warning("panel.database_away", reason=reason)

    def _database(self) -> Database:
        url = self._url or running_server_url(self._var)
        if url is None:
            raise StorageUnavailable("nobody runs the embedded database")
        with self._lock:
            if self._opened is None or self._opened[0] != url:
                if self._opened is not None:
                    self._opened[1].close()
                self._opened = url, Database.open(url, var=self._var, pool_size=self._pool_size)
            return self._opened[1]
