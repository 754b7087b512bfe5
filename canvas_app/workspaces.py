"""The panel's installations where any number of workspaces install the app: found in the database, held in memory.

The database is asked for the row of a workspace with a panel every few seconds at most, and never waited for: while it
is away, the panel goes on with what it knew. An agent's panel must not depend on it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import structlog
from cachetools import LRUCache

from canvas_app.assembled import Assembled, assemble
from canvas_app.canvas.lookup.remembered import RememberedInDatabase
from canvas_app.conversations import OpenedConversations
from canvas_app.database import DatabaseAway, PanelDatabase
from canvas_app.installation import Installation, NotSetUp, WorkspacesUnknown
from canvas_app.mapping import Mapping, MappingError, parse_mapping
from canvas_app.metrics import Metrics
from canvas_app.words import Words
from canvas_app.words.catalogues import words_of
from clients.deadline import Call, Deadline
from sync.credentials import open_shop
from sync.environment import ConfigurationError
from sync.logs import correlation_id
from sync.sealing import Seal, SealBroken
from sync.storage.installed import InstalledRow, State, installed_by_workspace

FRESH_SECONDS: Final = 2.0  # how long a row that makes a panel is believed without asking again
ASK_SECONDS: Final = 0.15
MOST: Final = 200  # workspaces held at once; the one that was not asked for longest goes first
AT_ONCE: Final = 24  # look-ups of one workspace under way, so that a shop that hangs leaves room for others

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Held:
    """What was made of a row. `row` None: not installed."""

    row: InstalledRow | None
    assembled: Assembled | None
    answer: Installation | NotSetUp | None
    asked_at: float

    def is_believed(self, now: float) -> bool:
        """Whoever has just installed the app, or connected the shop, looks at the panel next."""
        return isinstance(self.answer, Installation) and now - self.asked_at < FRESH_SECONDS


class Workspaces:
    """Thread-safe. `close` when the process ends."""

    def __init__(
        self,
        database: PanelDatabase,
        *,
        seal: Seal,
        metrics: Metrics,
        clock: Callable[[], float] = time.monotonic,
        most: int = MOST,
    ) -> None:
        self._database = database
        self._seal = seal
        self._metrics = metrics
        self._clock = clock
        self._held = _Holding(most)
        self._lock = threading.Lock()

    def find(self, workspace_id: str | None) -> Installation | NotSetUp | None:
        if not workspace_id:
            return None
        with self._lock:
            held = self._held.get(workspace_id)
        if held is not None and held.is_believed(self._clock()):
            return held.answer
        try:
            row = self._row(workspace_id)
        except DatabaseAway as error:
            if held is None:
                raise WorkspacesUnknown from error
            return held.answer
        return self._brought_up_to_date(workspace_id, row)

    def close(self) -> None:
        with self._lock:
            while self._held:
                self._held.popitem()

    def _row(self, workspace_id: str) -> InstalledRow | None:
        call = Call(Deadline.after(ASK_SECONDS), correlation_id())
        return self._database.ask(lambda connection: installed_by_workspace(connection, workspace_id), call=call)

    def _brought_up_to_date(self, workspace_id: str, row: InstalledRow | None) -> Installation | NotSetUp | None:
        with self._lock:
            held = self._held.get(workspace_id)
            if held is not None and _revision(held.row) == _revision(row):
                held.asked_at = self._clock()
                return held.answer
            if held is not None and _revision(held.row) > _revision(row):
                return held.answer  # asked before, answered after
            made = self._made(row)
            self._held[workspace_id] = made
            if held is not None:
                _close(held)
            return made.answer

    def _made(self, row: InstalledRow | None) -> _Held:
        if row is None or row.state is State.UNINSTALLED:
            return _Held(row, None, None, self._clock())
        try:
            mapping = parse_mapping(row.mapping)
            if row.state is not State.CONNECTED:
                return _Held(row, None, NotSetUp(words_of(mapping.panel.language)), self._clock())
            assembled = self._assembled(row, mapping)
        except (MappingError, SealBroken, ConfigurationError) as error:
            log.warning("panel.workspace_not_usable", installation=row.id, why=type(error).__name__)
            return _Held(row, None, NotSetUp(_english()), self._clock())
        return _Held(row, assembled, assembled.installation, self._clock())

    def _assembled(self, row: InstalledRow, mapping: Mapping) -> Assembled:
        return assemble(
            open_shop(self._seal, row),
            mapping,
            workspace_id=row.workspace_id,
            remembered=RememberedInDatabase(self._database, row.id, stores=mapping.panel.stores),
            metrics=self._metrics,
            at_once=AT_ONCE,
            opened=OpenedConversations(self._database, row.id, mapping.conversations),
        )


class _Holding(LRUCache[str, _Held]):
    """What has to make room is closed."""

    def popitem(self) -> tuple[str, _Held]:
        key, held = super().popitem()
        _close(held)
        return key, held


def _close(held: _Held) -> None:
    if held.assembled is not None:
        held.assembled.close()


def _revision(row: InstalledRow | None) -> int:
    return -1 if row is None else row.revision


def _english() -> Words:
    return words_of("en")
