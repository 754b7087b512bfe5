"""A worker in threads of its own, beside something else that this process does."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sync.crew import Crew
from sync.estate import Estate
from sync.home import Home


@contextmanager
def worker_beside(estate: Estate, home: Home) -> Iterator[None]:
    """Makes the workspace of `home` ready, works as `Service` does, and in the end ends what has begun.

    Jobs of all installations are in one queue, so it works for all of them. Raises ConfigurationError and PlatformError
    when the workspace cannot be made ready.
    """
    crew = Crew(estate)
    crew.prepare([home], may_wait=False)
    thread = threading.Thread(target=crew.run, name="crew")
    thread.start()
    try:
        yield
    finally:
        crew.stop()
        thread.join()
