"""The sync beside the product: `python -m sync worker` as in production, after one quiet backfill.

What the sample shop holds at the start is history: contacts get their attributes, and no event.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Literal

from sandbox.process import Process, last_lines

STOP_LIMIT_S: Final = 20.0  # it ends what it has begun, and the embedded database with it
LOOK_S: Final = 0.2

State = Literal["starting", "running", "stopped"]
Say = Callable[[str], None]


class Companion:
    """The worker's process, and the first backfill's while that lasts. Either may end without the demo."""

    def __init__(self, worker: Process, environment: Mapping[str, str], directory: Path, say: Say) -> None:
        self._worker = worker
        self._environment = environment
        self._log = directory / "backfill.log"
        self._say = say
        self._stopping = threading.Event()
        self._filled = False
        self._filling = threading.Thread(target=self._fill, name="first-backfill")
        self._told_end = False

    @classmethod
    @contextmanager
    def started(
        cls, environment: Mapping[str, str], directory: Path, say: Say, *, backfill: bool = True
    ) -> Iterator[Companion]:
        """Until the block ends. Worker and product share `directory`, and so the embedded database in it.

        Without `backfill` there is none at the start: whoever connects a shop asks for it.
        """
        command = [sys.executable, "-m", "sync", "worker", "--conversations-seconds", "20"]
        log = directory / "sync.log"
        with Process.running("sync", command, environment=environment, log=log, stop_limit_s=STOP_LIMIT_S) as worker:
            companion = cls(worker, environment, directory, say)
            if not backfill:
                companion._filled = True
                yield companion
                return
            companion._filling.start()
            try:
                yield companion
            finally:
                companion._stopping.set()
                companion._filling.join()

    def state(self) -> State:
        """As the page says it."""
        if self._worker.status is not None:
            return "stopped"
        return "running" if self._filled else "starting"

    def tell_if_ended(self) -> None:
        """Say it once at the terminal; the page goes on and says so as well."""
        if self._worker.status is not None and not self._told_end:
            self._told_end = True
            self._say(f"The sync ended with status {self._worker.status}. Its last lines:")
            self._say(last_lines(self._worker.log, 10))

    def _fill(self) -> None:
        command = [sys.executable, "-m", "sync", "backfill", "--no-work"]
        with Process.running(
            "backfill", command, environment=self._environment, log=self._log, stop_limit_s=STOP_LIMIT_S
        ) as backfill:
            while backfill.status is None and not self._stopping.wait(LOOK_S):
                pass
            if backfill.status:
                self._say(f"The first backfill ended with status {backfill.status}. Its last lines:")
                self._say(last_lines(self._log, 10))
        self._filled = True
