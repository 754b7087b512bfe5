"""Where all queues lead: into the sync's database, as hints. One is told "taken" only when they are durable."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol, TypeAlias

from canvas_app.writer import PLACES, WAIT_SECONDS, Writer
from clients.authenticity import NotAuthentic
from sync.sources.notifications import Taken, take_notifications
from sync.storage.database import Database
from sync.storage.installations import SINGLE
from sync.storage.installed import InstalledRow, State, installation_of_door_key


class Taking(Protocol):
    """Where what comes through a door is kept."""

    def take(self, body: bytes | str, *, source: str) -> Taken:
        """When this returns, what `body` says is durable. Raises `PlatformError`: the queue must bring it again."""
        ...


Recipient: TypeAlias = Callable[[str], Taking]
"""Whom the push is for that came with this key. Raises `NotAuthentic`, and `PlatformError` when nobody can say."""


class Intake:
    """Of one workspace. Thread-safe; nothing is opened before the first push, so it may be made before a fork.

    `url`: None for the embedded database under `var`. `patience` stretches every wait for the database, where the
    machine is slower than queues would bear.
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
        patience: float = 1.0,
    ) -> None:
        self._writer = Writer(
            url,
            var=var,
            project_key=project_key,
            workspace_id=workspace_id,
            now=now,
            places=places,
            patience=patience,
        )
        self._one = _IntakeOfOne(self._writer, SINGLE, project_key, now, WAIT_SECONDS * patience)

    def take(self, body: bytes | str, *, source: str) -> Taken:
        """As `Taking`."""
        return self._one.take(body, source=source)

    def close(self) -> None:
        self._writer.close()


class Intakes:
    """Of all workspaces that gave a door key to their shop. Thread-safe, and opened late as well."""

    def __init__(self, writer: Writer, *, now: Callable[[], datetime], patience: float = 1.0) -> None:
        self._writer = writer
        self._now = now
        self._wait = WAIT_SECONDS * patience

    def of(self, door_key: str) -> Taking:
        """As `Recipient`."""
        row = self._writer.write(lambda database: _row_of(database, door_key, wait=self._wait))
        if row is None:
            raise NotAuthentic("wrong_key")
        if row.state is not State.CONNECTED or row.project_key is None:
            raise NotAuthentic("no_shop", is_misaddressed=True)
        return _IntakeOfOne(self._writer, row.id, row.project_key, self._now, self._wait)

    def close(self) -> None:
        self._writer.close()


@dataclass(frozen=True, slots=True)
class _IntakeOfOne:
    writer: Writer
    installation: str
    project_key: str
    now: Callable[[], datetime]
    wait: float

    def take(self, body: bytes | str, *, source: str) -> Taken:
        """As `Taking`."""

        def keep(database: Database) -> Taken:
            return take_notifications(
                database,
                self.installation,
                body,
                project_key=self.project_key,
                source=source,
                now=self.now(),
                wait=self.wait,
            )

        return self.writer.write(keep)


def _row_of(database: Database, door_key: str, *, wait: float) -> InstalledRow | None:
    with database.transaction(timeout=wait) as connection:
        return installation_of_door_key(connection, door_key)
