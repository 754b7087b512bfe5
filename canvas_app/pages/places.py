"""Keeps the pages of one workspace from taking all threads and connections, which all workspaces share.

Pages ask the shop and Intercom, and wait when those hang. An agent's panel of another workspace must not.
"""

from __future__ import annotations

import threading
from collections import Counter
from typing import Final

MOST: Final = 4  # requests at once; fewer than the pages' connections to the database (`canvas_app.pages.database`)


class Places:
    """So many requests of each installation at once. Thread-safe; of this process alone."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._taken: Counter[str] = Counter()
        self._lock = threading.Lock()

    def take(self, installation: str) -> bool:
        """False when there is none left. Who took one leaves it."""
        with self._lock:
            if self._taken[installation] >= self._most:
                return False
            self._taken[installation] += 1
            return True

    def leave(self, installation: str) -> None:
        with self._lock:
            self._taken[installation] -= 1
            self._taken += Counter()  # forgets those at nought
