"""Where all queues lead: into the sync's database, as hints. One is told "taken" only when they are durable."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from canvas_app.writer import PLACES, WAIT_SECONDS, Writer
from sync.sources.notifications import Taken, take_notifications
from sync.storage.database import Database
from sync.storage.installations import SINGLE


class Intake:
    """Of one workspace. Thread-safe; nothing is opened before the first push, so it may be made before a fork.

    `url`: None for the embedded database under `var`.
    """

    def __init__(
        self,
        url: str | None,
        *,
        var: Path,
        project_key: str,
        workspace_id: str | None,
        now: Callable[[], datetime],
        places: int = PLACES,
    ) -> None:
        self._project_key = project_key
        self._now = now
        self._writer = Writer(url, var=var, project_key=project_key, workspace_id=workspace_id, now=now, places=places)

    def take(self, body: bytes | str, *, source: str) -> Taken:
        """When this returns, what `body` says is durable. Raises `PlatformError`: the queue must bring it again."""

        def keep(database: Database) -> Taken:
            return take_notifications(
                database,
                SINGLE,
                body,
                project_key=self._project_key,
                source=source,
                now=self._now(),
                wait=WAIT_SECONDS,
            )

        return self._writer.write(keep)

    def close(self) -> None:
        self._writer.close()
