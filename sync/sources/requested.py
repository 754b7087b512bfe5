"""Backfills that a person asks for in a page: begun, paused and carried on by a wish that a worker follows."""

from __future__ import annotations

import threading
from datetime import datetime
from typing import Final

import structlog
from psycopg import Connection

from clients.commercetools.source_questions import moment
from clients.errors import PlatformError
from sync.home import Home
from sync.sources.backfill import AlreadyRunning, Backfill, Progress, first_position
from sync.storage.backfills import (
    BackfillRow,
    begin_backfill,
    finish_backfill,
    hold_backfill,
    newest_backfill,
    running_backfill,
    want_backfill,
)
from sync.storage.installations import set_history_since

FAILED_PAUSE: Final = 15.0  # seconds after the shop refused it, or the database went

log = structlog.get_logger(__name__)


def request_backfill(
    connection: Connection,
    installation: str,
    *,
    now: datetime,
    since: datetime | None = None,
    send_history: datetime | None = None,
) -> BackfillRow:
    """Has a worker begin one, or carry on the one with the same `since` that is not finished; any other is ended."""
    if send_history is not None:
        set_history_since(connection, installation, send_history)
    options = {"since": None if since is None else moment(since)}
    row = running_backfill(connection, installation)
    if row is not None and row.options["since"] == options["since"]:
        want_backfill(connection, installation, "running", is_new=True)
    else:
        if row is not None:
            finish_backfill(connection, row.id, now=now)
        begin_backfill(
            connection,
            installation,
            options=options,
            position=first_position(),
            total=None,
            wanted="running",
            now=now,
        )
    begun = newest_backfill(connection, installation)
    assert begun is not None
    return begun


def pause_backfill(connection: Connection, installation: str) -> bool:
    """It stops after the page that it is at, within seconds; false when none is under way."""
    return want_backfill(connection, installation, "paused")


def resume_backfill(connection: Connection, installation: str) -> bool:
    """It goes on where it was; false when there is none to go on."""
    return want_backfill(connection, installation, "running")


class RequestedBackfill:
    """Of one installation. `run` once; until it is done, paused, or `stopping` is set."""

    def __init__(self, home: Home, *, stopping: threading.Event) -> None:
        self._home = home
        self._stopping = stopping

    def run(self) -> None:
        """Raises nothing: what keeps it from going on is written beside it, and it is begun again."""
        try:
            row = self._wanted()
            if row is not None:
                self._carry_out(row)
        except AlreadyRunning:
            return  # another process is at it
        except PlatformError as error:
            log.warning("sync.backfill_interrupted", reason=error.reason_code)
            self._note(error)
            self._stopping.wait(FAILED_PAUSE)
        except Exception:
            log.exception("sync.backfill_broke")
            self._stopping.wait(FAILED_PAUSE)

    def _carry_out(self, row: BackfillRow) -> None:
        since = row.options["since"]
        source = Backfill(
            self._home.at, self._home.shop, since=None if since is None else datetime.fromisoformat(since)
        )
        paused, held = _EitherEvent(self._stopping), row.held
        for progress in source.run(paused):
            held_now = _held(progress)
            if held_now != held:
                self._hold(row, held_now)
                held = held_now
            now = self._wanted()
            if not progress.is_finished and (now is None or now.id != row.id):
                log.info("sync.backfill_paused", stage=progress.stage.value, done=progress.done)
                paused.set()

    def _wanted(self) -> BackfillRow | None:
        with self._home.database.transaction() as connection:
            row = newest_backfill(connection, self._home.row.id)
        return row if row is not None and row.finished_at is None and row.wanted == "running" else None

    def _hold(self, row: BackfillRow, held: dict[str, str | None] | None) -> None:
        with self._home.database.transaction() as connection:
            hold_backfill(connection, row.id, held, now=self._home.now())

    def _note(self, error: PlatformError) -> None:
        try:
            if (row := self._wanted()) is not None:
                self._hold(row, {"waits_for": "shop", "reason": error.reason_code})
        except PlatformError:
            return  # it is the database


class _EitherEvent(threading.Event):
    """Set when it is set itself, or the process is to stop."""

    def __init__(self, other: threading.Event) -> None:
        super().__init__()
        self._other = other

    def is_set(self) -> bool:
        return super().is_set() or self._other.is_set()

    def wait(self, timeout: float | None = None) -> bool:
        return self._other.wait(timeout) or super().is_set()


def _held(progress: Progress) -> dict[str, str | None] | None:
    if progress.waits_for is None:
        return None
    return {"waits_for": progress.waits_for, "reason": progress.reason}
