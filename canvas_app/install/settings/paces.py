"""How fast backfills go, told from what was seen of them within the last minute."""

from __future__ import annotations

import threading
from collections import deque
from datetime import datetime, timedelta
from typing import Final

from cachetools import LRUCache

from sync.storage.backfills import BackfillRow

WITHIN: Final = timedelta(seconds=60)
_MOST: Final = 500  # backfills remembered at once

_Seen = deque[tuple[datetime, str, int]]


class Paces:
    """Of this process, which sees a backfill when somebody looks at it. Thread-safe."""

    def __init__(self) -> None:
        self._seen: LRUCache[int, _Seen] = LRUCache(_MOST)
        self._lock = threading.Lock()

    def rate(self, row: BackfillRow) -> float | None:
        """Of the present stage, a second; None while it cannot be told, or nothing moves."""
        stage, at = str(row.position.get("stage")), row.updated_at
        with self._lock:
            seen = self._seen.setdefault(row.id, deque(maxlen=200))
            if seen and seen[-1][1] != stage:
                seen.clear()
            if not seen or seen[-1][0] < at:
                seen.append((at, stage, row.done))
            while at - seen[0][0] > WITHIN:
                seen.popleft()
            (began, _, before), (ended, _, done) = seen[0], seen[-1]
        seconds = (ended - began).total_seconds()
        return (done - before) / seconds if seconds > 0 and done > before else None
