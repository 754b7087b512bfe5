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
    """Stop a server that works in this place, or is being started there, and that nobody stopped.

    A sync that is told to stop while its database starts is gone before its database is there.
    """
    data = place.resolve() / DATABASE / "postgres"
    until = time.monotonic() + STOP_LIMIT_S
    while pids := _at_work_on(data):
        # a fast shutdown: https://www.postgresql.org/docs/current/server-shutdown.html
        signum = signal.SIGINT if time.monotonic() < until else signal.SIGKILL
        for pid in pids:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signum)
        time.sleep(0.1)


def _at_work_on(data: Path) -> set[int]:
    """Every process of that database: servers have it as their directory, who starts them names it. Linux only.

    Looked for twice: one may begin another while the list is being read.
    """
    mark = bytes(data)
    found: set[int] = set()
    for _ in range(2):
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                command = (process / "cmdline").read_bytes()
                if mark in command.split(b"\0") or Path(os.readlink(process / "cwd")) == data:
                    found.add(int(process.name))
    return found
