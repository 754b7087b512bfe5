"""A PostgreSQL of our own under `var/`, for one machine and one user.

Started by the first process that needs it, shared by all that do, revived when it died, and stopped by the last that
closes it in good order. A process that is killed takes nothing with it: the server stays, and so does the data.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from types import TracebackType
from typing import IO, Final
from urllib.parse import parse_qs, quote, urlsplit

import psycopg
import structlog

from sync.storage.errors import StorageUnavailable

SCRIPT: Final = Path(__file__).with_name("postgres_server.py")
START_SECONDS: Final = 60.0
START_ATTEMPTS: Final = 5
LOOK_SECONDS: Final = 1.0  # between two looks whether the server lives
NAP: Final = "5s"  # between two looks of autovacuum
SOCKET_LINE: Final = 4  # of postmaster.pid: the directory of the socket
LONGEST_SOCKET: Final = 103  # bytes in the path of a Unix socket, on the most narrow system

log = structlog.get_logger(__name__)


class EmbeddedServer:
    """The server whose data is in `var/postgres`. `url` stays the same for as long as `var` does."""

    def __init__(self, var: Path) -> None:
        self.data = var.resolve() / "postgres"
        self._runtime = runtime_directory(var.resolve())
        self._users: IO[bytes] | None = None
        self._stopped = threading.Event()
        self._look = threading.Event()
        self._supervisor = threading.Thread(target=self._supervise, name="postgres-supervisor", daemon=True)
        self.url = ""

    def start(self) -> None:
        """Attaches to the running server or starts it, then keeps it alive. Raises `StorageUnavailable`."""
        self.data.parent.mkdir(parents=True, exist_ok=True)
        for directory in (self._runtime, self._runtime / "python_PostgresServer"):
            directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Held shared by every user of the server; the system releases it even when the process is killed.
        self._users = (self._runtime / "users.lock").open("ab")
        fcntl.flock(self._users, fcntl.LOCK_SH)
        try:
            self.url = self._start()
        except BaseException:
            self._leave()
            raise
        _vacuum_often(self.url)
        self._supervisor.start()

    def __enter__(self) -> EmbeddedServer:
        self.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Stops the server if nobody else uses it."""
        self._stopped.set()
        self._look.set()
        if self._supervisor.is_alive():
            self._supervisor.join(START_SECONDS)
        if self._users is None:
            return
        try:
            fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._run("stop")
        except BlockingIOError:
            pass  # another process goes on with it
        finally:
            self._leave()

    def _leave(self) -> None:
        if self._users is not None:
            self._users.close()
            self._users = None

    def look(self) -> None:
        """Asks the supervisor to look now: somebody met a dead connection."""
        self._look.set()

    def alive(self) -> bool:
        """Whether a server listens. Its process number proves nothing: another process may have got it."""
        directory = parse_qs(urlsplit(self.url).query)["host"][0]
        with socket.socket(socket.AF_UNIX) as door:
            door.settimeout(LOOK_SECONDS)
            try:
                door.connect(f"{directory}/.s.PGSQL.5432")
            except (ConnectionRefusedError, FileNotFoundError):
                return False
            except OSError:
                return True  # busy, not dead
        return True

    def _supervise(self) -> None:
        while not self._stopped.is_set():
            self._look.wait(LOOK_SECONDS)
            self._look.clear()
            if self._stopped.is_set() or self.alive():
                continue
            log.warning("storage.embedded_server_died")
            try:
                self._run("start")
                log.info("storage.embedded_server_revived")
            except StorageUnavailable as error:
                log.error("storage.embedded_server_not_revived", reason=error.reason)

    def _start(self) -> str:
        # After a crash it first replays what was committed, and may not be ready within one attempt.
        for _ in range(START_ATTEMPTS - 1):
            try:
                return self._run("start")
            except StorageUnavailable as error:
                log.warning("storage.embedded_server_not_started", reason=error.reason)
                self._stopped.wait(LOOK_SECONDS)
        return self._run("start")

    def _run(self, action: str) -> str:
        try:
            done = subprocess.run(  # noqa: S603 - our own script, our own directory
                [sys.executable, str(SCRIPT), action, str(self.data), str(self._runtime)],
                capture_output=True,
                text=True,
                timeout=START_SECONDS,
                check=True,
                start_new_session=True,  # a Ctrl-C in the terminal is for us, not for the server
            )
        except subprocess.TimeoutExpired as error:
            raise StorageUnavailable(f"embedded PostgreSQL: no {action} within {START_SECONDS:.0f} s") from error
        except subprocess.CalledProcessError as error:
            last = (error.stderr.strip().splitlines() or ["no reason given"])[-1]
            raise StorageUnavailable(f"embedded PostgreSQL: {action} failed in {self.data}: {last}") from error
        return done.stdout.strip()


def _vacuum_often(url: str) -> None:
    """A queue fills and empties within the minute that autovacuum sleeps by default."""
    try:
        with psycopg.connect(url, autocommit=True, connect_timeout=int(LOOK_SECONDS) + 1) as connection:
            if connection.execute("SHOW autovacuum_naptime").fetchone() != (NAP,):
                connection.execute(f"ALTER SYSTEM SET autovacuum_naptime = '{NAP}'")
                connection.execute("SELECT pg_reload_conf()")
    except psycopg.OperationalError as error:
        log.warning("storage.embedded_server_not_tuned", error=type(error).__name__)


def running_server_url(var: Path) -> str | None:
    """Where the server listens that others run under `var`; None when nobody does. For guests: it is not kept alive."""
    try:
        note = (var.resolve() / "postgres" / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        directory = note[SOCKET_LINE]
    except (OSError, UnicodeError, IndexError):
        return None  # not there, or just being written
    return f"postgresql://postgres:@/postgres?host={quote(directory)}" if directory else None


def runtime_directory(var: Path) -> Path:
    """Where lock and socket live: `var/run`, unless a socket there would have too long a name."""
    here = var / "run"
    if len(bytes(here / "python_PostgresServer" / ("x" * 10) / ".s.PGSQL.5432")) <= LONGEST_SOCKET:
        return here
    mark = hashlib.sha256(bytes(var)).hexdigest()[:10]
    return Path(tempfile.gettempdir()) / f"cti-{os.getuid()}-{mark}"
