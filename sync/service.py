"""A worker with all that goes on around it: the workspace made ready, the shop watched, the old forgotten."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Final

import structlog

from clients.errors import PlatformError
from sync.composition import Home
from sync.delivery import LOCKED_OUT
from sync.environment import ConfigurationError
from sync.handlers import Stages
from sync.looking import Lookouts, LookSettings
from sync.preflight import Preflight
from sync.rounds import Round, Rounds
from sync.storage.installations import note_refusal
from sync.storage.purge import purge
from sync.worker import Worker, WorkerSettings, stopping_on_signals

PURGE_SECONDS: Final = 3600.0
LAST_SECONDS: Final = 8.0  # for what the sources had begun

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceSettings:
    worker: WorkerSettings = field(default_factory=WorkerSettings)
    looks: LookSettings = field(default_factory=LookSettings)


class Service:
    """One process's worker. `run` once, from the main thread; SIGTERM and SIGINT end it in good order."""

    def __init__(self, home: Home, *, settings: ServiceSettings) -> None:
        self._home = home
        self._settings = settings
        self._preflight = Preflight(home)
        self._worker = Worker(home.database, Stages([home.at]), settings=settings.worker)
        self._stopping = threading.Event()
        self._lookouts = Lookouts(home, stopping=self._stopping, settings=settings.looks)
        self._fault: ConfigurationError | None = None

    def run(self) -> None:
        """Until it is told to stop. Raises ConfigurationError for what a person has to mend, at once or once known."""
        with stopping_on_signals(self._stop):
            rounds = Rounds([*self._ready(), *self._lookouts.rounds(), self._purging()], stopping=self._stopping)
            self._tell_the_beginning()
            threading.Thread(target=self._tell_the_end, name="stopping", daemon=True).start()
            rounds.start()
            try:
                self._worker.run()
            finally:
                self._stop()
                if rounds.stop(within=LAST_SECONDS):
                    self._lookouts.let_others_look()
                log.info("sync.worker_stopped")
        if self._fault is not None:
            raise self._fault

    def _stop(self) -> None:
        """The sources first: what they would still find waits where it is."""
        self._stopping.set()
        self._worker.stop()

    def _tell_the_beginning(self) -> None:
        log.info(
            "sync.worker_started",
            project=self._home.settings.shop.project_key,
            concurrency=self._settings.worker.concurrency,
            database="embedded" if self._home.settings.database_url is None else "external",
        )
        if (reason := self._home.row.events_stopped_reason) is not None:
            log.warning("sync.events_stopped", reason=reason)

    def _tell_the_end(self) -> None:
        # Not from the signal handler: it may have come in the middle of a line of the log.
        self._stopping.wait()
        log.info("sync.worker_stopping")

    def _ready(self) -> list[Round]:
        """Makes the workspace ready now, or leaves it to a round if Intercom is away."""
        try:
            self._preflight.run()
        except PlatformError as error:
            log.warning("sync.workspace_not_ready", reason=error.reason_code)
            self._note_refusal(error)
            return [Round(name="workspace", run=self._preflight_again, every=None)]
        return []

    def _preflight_again(self) -> None:
        try:
            self._preflight.run()
        except ConfigurationError as error:
            self._fault = error
            self._stop()

    def _purging(self) -> Round:
        return Round(name="purge", run=self._purge, every=PURGE_SECONDS)

    def _purge(self) -> None:
        removed = purge(self._home.database, now=self._home.now())
        if any(removed.values()):
            log.info("sync.purged", removed=dict(removed))

    def _note_refusal(self, error: PlatformError) -> None:
        if isinstance(error, LOCKED_OUT):
            home = self._home
            with home.database.transaction() as connection:
                note_refusal(connection, home.row.id, "intercom", error.reason_code, now=home.now())
