"""Brings everything that a shop has into the facts, and every customer up to date, quietly.

Facts first, page by page; then each subject once. The other way round, a customer with ten orders would be brought
up to date eleven times, and Intercom's allowance is what a backfill lasts by. Each page is one transaction with the
position in it: it can be stopped, or killed, at any point, and goes on where it was.
"""

from __future__ import annotations

import threading
from collections.abc import Generator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, Literal
from uuid import uuid4

import structlog
from psycopg import Connection

from clients.commercetools.source import Kind, ShopSource
from clients.commercetools.source_questions import moment
from clients.errors import PlatformError, TryAgain
from sync.installation import Installation, Node
from sync.keeping import Kept, keep_customer, keep_order, settle
from sync.priorities import Priority
from sync.sources.hinting import hint_of
from sync.sources.pages import Page, Pages
from sync.sources.telling import told
from sync.storage.backfills import (
    begin_backfill,
    count_subjects_of_facts,
    finish_backfill,
    plan_anew,
    running_backfill,
    same_facts,
    save_backfill,
    subjects_of_facts,
    waiting_jobs,
)
from sync.storage.changes import end_turn, take_turn
from sync.storage.errors import StorageRefused, StorageUnavailable
from sync.storage.hints import MOST_AT_ONCE, Hint, ResourceType, in_batches, record_hints
from sync.storage.installations import set_history_since
from sync.storage.traces import add_traces

SOURCE: Final = "backfill"
TURN: Final = "backfill"
LEASE: Final = timedelta(seconds=60)
FIRST_PLANS: Final = 500  # rows

log = structlog.get_logger(__name__)


class AlreadyRunning(Exception):
    """Another process is at it."""


class Stage(StrEnum):
    """In this order."""

    CUSTOMERS = "customers"
    ORDERS = "orders"
    CARTS = "carts"
    SUBJECTS = "subjects"


_STAGES: Final = tuple(Stage)
_KINDS: Final[Mapping[Stage, Kind]] = {
    Stage.CUSTOMERS: Kind.CUSTOMER,
    Stage.ORDERS: Kind.ORDER,
    Stage.CARTS: Kind.CART,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BackfillSettings:
    """`page`: resources of one request. `most_waiting`: jobs; while more wait, no more are made. `pause`: seconds
    between two looks at whether that has changed.
    """

    page: int = 100
    most_waiting: int = 2_000
    pause: float = 1.0
    longest_pause: float = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """`done` of `total` (None: unknown) in this stage. `waits_for`: what it is held by: the workers, who have enough
    to do, or the shop, which does not answer (`reason`). After the last stage `is_finished`.
    """

    stage: Stage
    done: int
    total: int | None
    waits_for: Literal["workers", "shop"] | None = None
    reason: str | None = None
    is_finished: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where it is: what its row says."""

    row: int
    stage: Stage
    after: str | None  # the last one that was looked at
    done: int
    total: int | None
    is_finished: bool = False

    @property
    def position(self) -> dict[str, object]:
        return {"stage": self.stage.value, "after": self.after}

    def moved(self, rows: int, last: str | None) -> _Place:
        """Behind `rows` more, of which `last` was the last one; None = the stage is done."""
        if last is not None:
            return replace(self, after=last, done=self.done + rows)
        if self.stage is _STAGES[-1]:
            return replace(self, done=self.done + rows, is_finished=True)
        following = _STAGES[_STAGES.index(self.stage) + 1]
        return replace(self, stage=following, after=None, done=0, total=None)

    def progress(self, rows: int = 0, **more: Any) -> Progress:
        return Progress(stage=self.stage, done=self.done + rows, total=self.total, **more)


def first_position() -> dict[str, object]:
    """Of one that begins."""
    return {"stage": _STAGES[0].value, "after": None}


class Backfill:
    """Of one installation. With `since` only what was modified since then; `send_history`: tells events since then.

    A backfill that was not finished goes on if it has the same `since`; else this one takes its place.
    """

    def __init__(
        self,
        installation: Installation,
        source: ShopSource,
        *,
        since: datetime | None = None,
        send_history: datetime | None = None,
        settings: BackfillSettings | None = None,
    ) -> None:
        self._at = installation
        self._source = source
        self._since = since
        self._send_history = send_history
        self._settings = settings or BackfillSettings()
        self._holder = uuid4().hex
        self._pages = {
            stage: Pages(installation, source, kind=kind, size=self._settings.page)
            for stage, kind in _KINDS.items()
            if kind is not Kind.CART
        }
        self._uncounted: set[Stage] = set()
        self._kept_rows, self._planned_rows = 0, FIRST_PLANS

    def run(self, stop: threading.Event | None = None) -> Generator[Progress, None, None]:
        """Goes on from page to page as the caller asks for the next progress; ends early once `stop` is set.

        Raises `AlreadyRunning`, what the database raises, and `Refused` when the shop does not let us in. Run again,
        it goes on.
        """
        stop = stop or threading.Event()
        self._take_turn()
        try:
            place = self._begin()
            failures = 0
            while not place.is_finished and not stop.is_set():
                try:
                    progress, place = self._step(place)
                    failures = 0
                except TryAgain as error:
                    if isinstance(error, StorageUnavailable):
                        raise
                    failures += 1
                    progress = place.progress(waits_for="shop", reason=error.reason)
                yield progress
                if progress.waits_for:
                    stop.wait(min(self._settings.pause * (1 << min(failures, 10)), self._settings.longest_pause))
                self._take_turn()
        finally:
            with suppress(PlatformError), self._at.database.transaction() as connection:
                end_turn(connection, self._at.id, TURN, self._holder)

    def _take_turn(self) -> None:
        with self._at.database.transaction() as connection:
            if not take_turn(connection, self._at.id, TURN, self._holder, lease=LEASE):
                raise AlreadyRunning

    def _begin(self) -> _Place:
        now = self._at.now()
        with self._at.database.transaction() as connection:
            if self._send_history is not None:
                set_history_since(connection, self._at.id, self._send_history)
            row = running_backfill(connection, self._at.id)
            if row is not None and row.options["since"] != self._since_text:
                finish_backfill(connection, row.id, now=now)
                row = None
            if row is None:
                options = {"since": self._since_text}
                row = begin_backfill(
                    connection, self._at.id, options=options, position=first_position(), total=None, now=now
                )
        stage = Stage(row.position["stage"])
        log.info("sync.backfill_begun", stage=stage.value, done=row.done)
        return _Place(row=row.id, stage=stage, after=row.position["after"], done=row.done, total=row.total)

    @property
    def _since_text(self) -> str | None:
        return None if self._since is None else moment(self._since)

    def _step(self, place: _Place) -> tuple[Progress, _Place]:
        """One page. Raises what the platform and the database raise; then nothing of it was kept."""
        if place.total is None and place.stage not in self._uncounted:
            place = replace(place, total=self._count(place.stage))
            if place.total is None:
                self._uncounted.add(place.stage)
        if place.stage in (Stage.CARTS, Stage.SUBJECTS) and self._is_enough():
            return place.progress(waits_for="workers"), place
        match place.stage:
            case Stage.CUSTOMERS | Stage.ORDERS:
                rows, after = self._facts(place)
            case Stage.CARTS:
                rows, after = self._carts(place)
            case Stage.SUBJECTS:
                rows, after = self._subjects(place)
        return place.progress(rows, is_finished=after.is_finished), after

    def _count(self, stage: Stage) -> int | None:
        if stage is Stage.SUBJECTS:
            with self._at.database.transaction() as connection:
                return count_subjects_of_facts(connection, self._at.id, since=self._since_text)
        return self._source.count(_KINDS[stage], since=self._since, call=self._at.call())

    def _is_enough(self) -> bool:
        """Whether more jobs would only make the queue longer."""
        with self._at.database.transaction() as connection:
            return (
                waiting_jobs(connection, self._at.id, most=self._settings.most_waiting) >= self._settings.most_waiting
            )

    def _facts(self, place: _Place) -> tuple[int, _Place]:
        asked_at = self._at.now()
        page = self._pages[place.stage].after(place.after, since=self._since)
        rows = len(page.nodes) or (1 if page.unreadable else 0)
        after = place.moved(rows, page.last_id)
        try:
            with self._at.database.transaction() as connection:
                self._keep(connection, place.stage, page, asked_at)
                self._save(connection, after)
        except StorageRefused:  # one of them can never be kept, and must not hold up the others
            with self._at.database.transaction() as connection:
                self._hint(connection, place.stage, [str(node["id"]) for node in page.nodes])
                self._save(connection, after)
        self._plan_anew(rows)
        return rows, after

    def _plan_anew(self, rows: int) -> None:
        """Whenever there is four times as much as before."""
        self._kept_rows += rows
        if self._kept_rows >= self._planned_rows:
            self._planned_rows = self._kept_rows * 4
            with self._at.database.transaction() as connection:
                plan_anew(connection)

    def _keep(self, connection: Connection, stage: Stage, page: Page, read_at: datetime) -> None:
        if page.unreadable is not None:
            self._hint(connection, stage, [page.unreadable])
        if not page.nodes:
            return
        same = same_facts(connection, self._at.id, "order" if stage is Stage.ORDERS else "customer", page.nodes)
        fresh = [node for node in page.nodes if node["id"] not in same]
        kept = [self._kept(connection, stage, node, read_at) for node in fresh]
        type_ = _KINDS[stage].value
        read = [told(type_, str(node["id"]), each, at=read_at) for node, each in zip(fresh, kept, strict=True)]
        add_traces(connection, self._at.id, read)
        # who lost an order is in no fact any more, and must be woken now
        moved = [each for each in kept if len(each.subjects) > 1]
        settle(connection, self._at.id, moved, priority=Priority.BACKFILL)

    def _kept(self, connection: Connection, stage: Stage, node: Node, read_at: datetime) -> Kept:
        if stage is Stage.ORDERS:
            hash_key = self._at.mapping.hash_key
            return keep_order(connection, self._at.id, node, hash_key=hash_key, read_at=read_at)
        return keep_customer(connection, self._at.id, node, read_at=read_at)

    def _hint(self, connection: Connection, stage: Stage, ids: Sequence[str]) -> None:
        type_ = ResourceType.ORDER if stage is Stage.ORDERS else ResourceType.CUSTOMER
        for part in in_batches([Hint(source=SOURCE, type=type_, id=id_) for id_ in ids]):
            record_hints(connection, self._at.id, part, priority=Priority.BACKFILL)

    def _carts(self, place: _Place) -> tuple[int, _Place]:
        """Which of a customer's carts is the active one, only the question for it tells."""
        page = self._source.listed(
            Kind.CART, after_id=place.after, since=self._since, limit=MOST_AT_ONCE, call=self._at.call()
        )
        named = (hint_of(Kind.CART, each, source=SOURCE) for each in page.changes)
        hints = [hint for hint in named if hint is not None]
        after = place.moved(len(page.changes), page.changes[-1].id if page.is_full else None)
        with self._at.database.transaction() as connection:
            record_hints(connection, self._at.id, hints, priority=Priority.BACKFILL)
            self._save(connection, after)
        return len(page.changes), after

    def _subjects(self, place: _Place) -> tuple[int, _Place]:
        with self._at.database.transaction() as connection:
            keys = subjects_of_facts(
                connection, self._at.id, after=place.after or "", since=self._since_text, limit=MOST_AT_ONCE
            )
            woken = Kept(version=None, stored=True, subjects=frozenset(keys))
            settle(connection, self._at.id, [woken], priority=Priority.BACKFILL)
            after = place.moved(len(keys), keys[-1] if len(keys) == MOST_AT_ONCE else None)
            self._save(connection, after)
        return len(keys), after

    def _save(self, connection: Connection, place: _Place) -> None:
        now = self._at.now()
        save_backfill(connection, place.row, position=place.position, done=place.done, total=place.total, now=now)
        if place.is_finished:
            finish_backfill(connection, place.row, now=now)
            log.info("sync.backfill_finished", subjects=place.done)
