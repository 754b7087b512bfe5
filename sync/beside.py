"""A worker in threads of its own, beside something else that this process does."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sync.composition import Home
from sync.handlers import Stages
from sync.looking import Lookouts
from sync.preflight import Preflight
from sync.rounds import Rounds
from sync.worker import Worker


@contextmanager
def worker_beside(home: Home) -> Iterator[None]:
    """Makes the workspace ready, works and looks for changes as `Service` does, and in the end ends what has begun.

    Raises ConfigurationError and PlatformError when the workspace cannot be made ready.
    """
    Preflight(home).run()
    stopping = threading.Event()
    lookouts = Lookouts(home, stopping=stopping)
    rounds = Rounds(lookouts.rounds(), stopping=stopping)
    worker = Worker(home.database, Stages([home.at]))
    thread = threading.Thread(target=worker.run, name="worker")
    rounds.start()
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        worker.stop()
        thread.join()
        if rounds.stop(within=8.0):
            lookouts.let_others_look()
