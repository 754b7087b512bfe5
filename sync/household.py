"""An installation at work in one process: its workspace made ready, its shop watched, its backfill carried out."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import nullcontext, suppress
from dataclasses import replace
from typing import Final

import structlog
from structlog.contextvars import bound_contextvars

from clients.errors import PlatformError
from sync.delivery import LOCKED_OUT
from sync.environment import ConfigurationError
from sync.estate import Estate, NotSetUp
from sync.home import Home
from sync.looking import Lookouts, LookSettings
from sync.preflight import Preflight
from sync.rounds import Round, Rounds
from sync.sources.requested import RequestedBackfill
from sync.storage.backfills import installations_with_wanted_backfill
from sync.storage.installations import SINGLE, note_refusal

LAST_SECONDS: Final = 8.0  # for what the sources had begun

log = structlog.get_logger(__name__)


class Household:
    """`on_fault` is told what a person has to mend; what it raises has it looked for again. `on_ready`: nothing is."""

    def __init__(
        self,
        home: Home,
        *,
        looks: LookSettings | None = None,
        on_fault: Callable[[ConfigurationError], None],
        on_ready: Callable[[], None],
    ) -> None:
        self.home = home
        self._on_fault = on_fault
        self._on_ready = on_ready
        self._stopping = threading.Event()
        self._lookouts = Lookouts(home, stopping=self._stopping, settings=looks)
        self._preflight = Preflight(home)
        self._is_ready = False
        self._rounds = Rounds([])
        self._backfill: threading.Thread | None = None

    def prepare(self) -> None:
        """Makes the workspace ready now; else a round will. Raises ConfigurationError and PlatformError."""
        try:
            self._preflight.run()
        except PlatformError as error:
            log.warning("sync.workspace_not_ready", reason=error.reason_code)
            self._note_refusal(error)
            raise
        self._is_ready = True

    def start(self) -> None:
        """Once. What is not ready yet is made so in a round."""
        readying = [] if self._is_ready else [Round(name="workspace", run=self._prepare_again, every=None)]
        rounds = map(self._told_apart, [*readying, *self._lookouts.rounds()])
        self._rounds = Rounds(rounds, stopping=self._stopping)
        self._rounds.start()

    def ask_to_stop(self) -> None:
        """Nothing begins any more."""
        self._stopping.set()

    def stop(self) -> None:
        """Ends what has begun, and lets other processes have the turn."""
        self._stopping.set()
        has_ended = self._rounds.stop(within=LAST_SECONDS)
        if self._backfill is not None:
            self._backfill.join(LAST_SECONDS)
        if has_ended:
            self._lookouts.let_others_look()

    def carry_out_backfill(self) -> None:
        """The one that was asked for, in a thread of its own, unless it is at it."""
        if self._stopping.is_set() or (self._backfill is not None and self._backfill.is_alive()):
            return
        requested = RequestedBackfill(self.home, stopping=self._stopping)
        run = self._told_apart(Round(name="backfill", run=requested.run, every=None)).run
        self._backfill = threading.Thread(target=run, name="backfill", daemon=True)
        self._backfill.start()

    def _prepare_again(self) -> None:
        try:
            self._preflight.run()
        except ConfigurationError as error:
            self._on_fault(error)
        except PlatformError as error:
            self._note_refusal(error)
            raise
        else:
            self._on_ready()

    def _note_refusal(self, error: PlatformError) -> None:
        if isinstance(error, LOCKED_OUT):
            home = self.home
            with home.database.transaction() as connection:
                note_refusal(connection, home.row.id, "intercom", error.reason_code, now=home.now())

    def _told_apart(self, each: Round) -> Round:
        """What it logs names the installation, where there are several."""
        if self.home.row.id == SINGLE:
            return each

        def run() -> object:
            with bound_contextvars(installation=self.home.row.id):
                return each.run()

        return replace(each, run=run)


class Households:
    """Of an estate, in one process: one for each of its homes, as they come, change and go.

    `on_fault`: of an estate that is fixed; in others it holds up that installation alone.
    """

    def __init__(
        self, estate: Estate, *, looks: LookSettings | None = None, on_fault: Callable[[ConfigurationError], None]
    ) -> None:
        self._estate = estate
        self._looks = looks
        self._on_fault = on_fault
        self._by_id: dict[str, Household] = {}
        self._prepared: dict[str, Household] = {}
        self._leaving: list[threading.Thread] = []

    def prepare(self, home: Home, *, may_wait: bool) -> None:
        """Makes its workspace ready first. Raises ConfigurationError, and PlatformError unless it may wait."""
        household = self._household(home)
        with suppress(PlatformError) if may_wait else nullcontext():
            household.prepare()
        self._prepared[home.row.id] = household

    def follow(self) -> None:
        """Brings them in line with the estate. Raises what the database raises. In one thread at a time."""
        self._estate.look()
        homes = {home.row.id: home for home in self._estate.homes}
        for id_, household in list(self._by_id.items()):
            if homes.get(id_) is not household.home:
                del self._by_id[id_]
                self._leave(household)
        for id_, home in homes.items():
            if id_ not in self._by_id:
                prepared = self._prepared.pop(id_, None)
                self._by_id[id_] = prepared if prepared and prepared.home is home else self._household(home)
                self._by_id[id_].start()
        self._carry_out_backfills()

    def ask_to_stop(self) -> None:
        """Nothing begins any more."""
        for household in list(self._by_id.values()):
            household.ask_to_stop()

    def stop(self) -> None:
        """All of them, together."""
        for household in self._by_id.values():
            self._leave(household)
        for thread in self._leaving:
            thread.join()

    def _carry_out_backfills(self) -> None:
        with self._estate.database.transaction() as connection:
            wanted = installations_with_wanted_backfill(connection)
        for id_ in wanted:
            if id_ in self._by_id:
                self._by_id[id_].carry_out_backfill()

    def _leave(self, household: Household) -> None:
        household.ask_to_stop()
        thread = threading.Thread(target=household.stop, name="leaving", daemon=True)
        self._leaving = [each for each in self._leaving if each.is_alive()]
        self._leaving.append(thread)
        thread.start()

    def _household(self, home: Home) -> Household:
        return Household(
            home,
            looks=self._looks,
            on_fault=lambda error: self._fault(home, error),
            on_ready=lambda: self._estate.resume(home),
        )

    def _fault(self, home: Home, error: ConfigurationError) -> None:
        if self._estate.is_fixed:
            self._on_fault(error)
            return
        self._estate.suspend(home, error)
        raise NotSetUp("something about the workspace has to be mended first")
