"""Where a demo keeps logs and database: a directory of its own under var/demo, empty at every start.

The stand-ins begin afresh each time, so what an earlier demo wrote down about them is worth nothing.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final

from sandbox.process import ROOT

DEMOS: Final = ROOT / "var" / "demo"
LOCK: Final = ".in-use"
DATABASE: Final = "var"
STOP_LIMIT_S: Final = 5.0


@contextmanager
def a_place(name: str, *, demos: Path = DEMOS) -> Iterator[Path]:
    """The directory `name`, held until the block ends; then the database is removed and the logs stay.

    Directories of demos that are over are removed: their databases too, if one was left running by a kill.
    """
    demos.mkdir(parents=True, exist_ok=True)
    _remove_old(demos)
    place = demos / name
    place.mkdir(exist_ok=True)
    with (place / LOCK).open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _empty(place)
        try:
            yield place
        finally:
            _end_database(place)
            shutil.rmtree(place / DATABASE, ignore_errors=True)


def _remove_old(demos: Path) -> None:
    for place in demos.iterdir():
        if not place.is_dir():
            place.unlink(missing_ok=True)
            continue
        with (place / LOCK).open("ab") as lock:
            if _is_free(lock):
                _end_database(place)
                shutil.rmtree(place, ignore_errors=True)


def _is_free(lock: IO[bytes]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _empty(place: Path) -> None:
    for each in place.iterdir():
        if each.is_dir():
            shutil.rmtree(each)
        elif each.name != LOCK:
            each.unlink()


def _end_database(place: Path) -> None:
    """Stop a server that works in this place and that nobody stopped."""
    data = place / DATABASE / "postgres"
    try:
        pid = int((data / "postmaster.pid").read_text().splitlines()[0])
    except (OSError, ValueError, IndexError):
        return  # none, or it ended in good order
    until = time.monotonic() + STOP_LIMIT_S
    with suppress(ProcessLookupError, PermissionError):
        while _works_in(pid, data) and time.monotonic() < until:
            os.kill(pid, signal.SIGINT)  # a fast shutdown: https://www.postgresql.org/docs/current/server-shutdown.html
            time.sleep(0.1)


def _works_in(pid: int, data: Path) -> bool:
    """Whether this process is that database's server: the number alone may be another's by now."""
    try:
        return Path(f"/proc/{pid}/cwd").resolve() == data.resolve()
    except OSError:
        return False
