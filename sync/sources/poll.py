"""Asks the shop each second what changed, and gives hints.

A row may become visible some time after the moment that it carries, so two things go on at once. Each sweep looks at
everything since the cursor, without an upper bound, and skips what was seen: news come with the next sweep. And the
cursor itself moves only to a minute ago: what becomes visible late is still found. Times are those of the shop's
clock; ours, if it is behind, only makes a look go further back.

The shop's messages, where it keeps any, are looked at in the same way and after the rest, with little patience: they
only say when things happened. When nobody looked for a while, they come first: what happened meanwhile gets its time.

One process at a time has the turn. What the shop deletes is in no list: `reconcile` finds it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol, TypeVar
from uuid import uuid4

import structlog

from clients.commercetools.source import Change, ChangesPage, Kind, ShopSource
from clients.errors import PlatformError, TryAgain
from commerce.milestones import MilestoneName
from sync.installation import Installation
from sync.sources.hinting import telling
from sync.sources.idle_carts import wake_idle_carts
from sync.sources.messages import MOST_PAGES, MessageLook
from sync.sources.trouble import Trouble
from sync.sources.watch import RowT, Watch
from sync.storage.changes import end_turn, take_turn
from sync.storage.errors import StorageFault, StorageRefused, StorageUnavailable

TURN: Final = "poll"
SOURCE: Final = "poll"
SKEW: Final = timedelta(seconds=30)  # of two clocks that is worth a word
INTERVAL: Final = 1.0
IDLE_CARTS_EACH: Final = timedelta(seconds=5)
_STORAGE: Final = (StorageUnavailable, StorageRefused, StorageFault)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class PollSettings:
    """`safety`: how late a change may become visible. `lease`: for how long a process that was killed keeps its turn;
    longer than a request may take. `page`: rows of a list (1 to 500).
    """

    safety: timedelta = timedelta(seconds=60)
    lease: timedelta = timedelta(seconds=15)
    page: int = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """What one look found. `is_ours`: false when another process has the turn. `failed`: reason codes by kind.

    `messages`: further hints, of what the polls find as well.
    """

    is_ours: bool = True
    looked_at: int = 0
    hints: int = 0
    carts_woken: int = 0
    messages: int = 0
    failed: Mapping[Kind, str] = field(default_factory=dict)


RowT_co = TypeVar("RowT_co", covariant=True)


class _Page(Protocol[RowT_co]):
    """Part of a list; there is more when `is_full`. `answered_at` is the platform's own clock."""

    @property
    def changes(self) -> Sequence[RowT_co]: ...

    @property
    def is_full(self) -> bool: ...

    @property
    def answered_at(self) -> datetime | None: ...


class Poll:
    """Of one installation, in one process; not for several threads. Every process may have one: they take turns."""

    def __init__(
        self,
        installation: Installation,
        source: ShopSource,
        *,
        settings: PollSettings | None = None,
        holder: str | None = None,
    ) -> None:
        self._at = installation
        self._source = source
        self._settings = settings or PollSettings()
        self._holder = holder or uuid4().hex
        self._watches = {kind: self._watch(kind) for kind in Kind}
        self._messages = MessageLook(installation, source, page=self._settings.page)
        self._trouble = Trouble(installation.database, installation.id)
        self._idle_looked_at: datetime | None = None
        self._told_of_skew = False

    def run(self, stop: threading.Event, *, interval: float = INTERVAL) -> None:
        """Sweeps each `interval` seconds until `stop` is set, whatever happens to shop and database."""
        while not stop.is_set():
            try:
                self.sweep()
            except PlatformError as error:
                log.warning("sync.poll_not_kept", reason=error.reason)
            stop.wait(interval)
        try:
            self.release()
        except PlatformError as error:
            log.warning("sync.poll_not_kept", reason=error.reason)

    def sweep(self) -> Sweep:
        """One look at all kinds. Raises only what the database raises: trouble with the shop is in the result."""
        if not self._take_turn():
            self._forget()
            return Sweep(is_ours=False)
        looked_at = hints = answered = 0
        is_behind = self._messages.are_behind(self._at.now()) and Kind.ORDER not in self._trouble.failing
        heard = self._hear() if is_behind else 0
        for kind, watch in self._watches.items():
            if self._trouble.is_paused(kind, now=self._at.now()):
                continue
            try:
                rows, given = self._look(watch, self._asking(kind))
            except _STORAGE:
                self._forget()
                raise
            except PlatformError as error:
                self._trouble.note(kind, error, now=self._at.now())
                if isinstance(error, TryAgain) and not answered:
                    break  # the shop is away: the others would only take their time to find that out
            else:
                looked_at, hints, answered = looked_at + rows, hints + given, answered + 1
                self._trouble.clear(kind)
        heard += self._hear() if answered else 0
        woken = self._wake_idle_carts()
        return Sweep(looked_at=looked_at, hints=hints, carts_woken=woken, messages=heard, failed=self._trouble.failing)

    def release(self) -> None:
        """Lets another process have the turn at once."""
        with self._at.database.transaction() as connection:
            end_turn(connection, self._at.id, TURN, self._holder)

    def _take_turn(self) -> bool:
        with self._at.database.transaction() as connection:
            return take_turn(connection, self._at.id, TURN, self._holder, lease=self._settings.lease)

    def _forget(self) -> None:
        for watch in self._watches.values():
            watch.forget()
        self._messages.watch.forget()

    def _watch(self, kind: Kind) -> Watch[Change]:
        at = self._at
        return Watch(database=at.database, installation=at.id, kind=kind.value, tell=telling(kind, SOURCE))

    def _asking(self, kind: Kind) -> Callable[[datetime, Change | None, str], ChangesPage]:
        limit = self._settings.page
        return lambda since, after, correlation_id: self._source.changed_since(
            kind, since, after=after, limit=limit, call=self._at.call(correlation_id)
        )

    def _hear(self) -> int:
        """How many hints messages gave. Raises only what the database raises."""
        messages = self._messages
        if not messages.are_due(self._at.now()):
            return 0
        try:
            _, hints = self._look(messages.watch, messages.ask, most_pages=MOST_PAGES)
        except _STORAGE:
            self._forget()
            raise
        except PlatformError as error:
            messages.note_failure(error, self._at.now())
            return 0
        messages.note_look(self._at.now())
        return hints

    def _look(
        self,
        watch: Watch[RowT],
        ask: Callable[[datetime, RowT | None, str], _Page[RowT]],
        *,
        most_pages: int | None = None,
    ) -> tuple[int, int]:
        """How many rows there were since the cursor, and how many hints were given of them.

        The very first look goes back no further than a change may be late: for older ones there is the backfill.
        """
        asked_at, correlation_id = self._at.now(), uuid4().hex
        newest = asked_at - self._settings.safety
        since = min(watch.cursor() or newest, newest)
        horizon: datetime | None = None
        after: RowT | None = None
        rows = hints = pages = 0
        while True:
            page = ask(since, after, correlation_id)
            horizon = horizon or self._horizon(asked_at, page)
            after = page.changes[-1] if page.is_full else None
            # Up to the last row of a page that others follow, everything was seen that can still become visible.
            reached = min(horizon, after.last_modified_at) if after else horizon
            rows, pages = rows + len(page.changes), pages + 1
            hints += watch.keep(page.changes, reached, now=self._at.now(), correlation_id=correlation_id)
            if after is None or pages == most_pages or not self._take_turn():
                break
        if hints:
            log.info("sync.changes_found", kind=watch.kind, hints=hints, correlation_id=correlation_id)
        return rows, hints

    def _horizon(self, asked_at: datetime, page: _Page[object]) -> datetime:
        """Up to here nothing can become visible any more."""
        answered_at = page.answered_at or asked_at
        if abs(answered_at - asked_at) > SKEW and not self._told_of_skew:
            self._told_of_skew = True
            log.warning("sync.clocks_differ", seconds=round((asked_at - answered_at).total_seconds()))
        return min(asked_at, answered_at) - self._settings.safety

    def _wake_idle_carts(self) -> int:
        mapping, now = self._at.mapping, self._at.now()
        if MilestoneName.CART_ABANDONED not in mapping.events:
            return 0
        if self._idle_looked_at is not None and now - self._idle_looked_at < IDLE_CARTS_EACH:
            return 0
        woken = wake_idle_carts(self._at.database, self._at.id, idle=mapping.options.cart_idle, now=now)
        self._idle_looked_at = now
        return woken
