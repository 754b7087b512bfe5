"""A worker in threads of its own, beside something else that this process does."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from clients.errors import PlatformError
from sync.composition import Home
from sync.handlers import Stages
from sync.preflight import Preflight
from sync.rounds import Round, Rounds
from sync.sources.poll import Poll
from sync.worker import Worker


@contextmanager
def worker_beside(home: Home) -> Iterator[None]:
    """Makes the workspace ready, works and watches the shop until the block ends, and then ends what has begun.

    Raises ConfigurationError and PlatformError when the workspace cannot be made ready.
    """
    Preflight(home).run()
    poll = Poll(home.at, home.shop)
    stopping = threading.Event()
    rounds = Rounds([Round(name="poll", run=poll.sweep, every=1.0)], stopping=stopping)
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
            with suppress(PlatformError):
                poll.release()
