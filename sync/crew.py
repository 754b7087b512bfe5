"""Who works for an estate in one process: a worker for the jobs of all, and a household for each installation."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from sync.environment import ConfigurationError
from sync.estate import Estate
from sync.handlers import Stages
from sync.home import Home
from sync.household import LAST_SECONDS, Households
from sync.looking import LookSettings
from sync.rounds import Round, Rounds
from sync.sharing import Shares
from sync.worker import Worker, WorkerSettings

FOLLOW_SECONDS: Final = 1.0  # between two looks at which installations there are


@dataclass(frozen=True, slots=True, kw_only=True)
class CrewSettings:
    worker: WorkerSettings = field(default_factory=WorkerSettings)
    looks: LookSettings = field(default_factory=LookSettings)


class Crew:
    """`prepare`, then `run`, once each; `stop` from any thread or signal handler. `more`: what else comes round."""

    def __init__(self, estate: Estate, *, settings: CrewSettings | None = None, more: Iterable[Round] = ()) -> None:
        self.settings = settings or CrewSettings()
        self.stopping = threading.Event()
        shares = None if estate.is_fixed else Shares(self.settings.worker.concurrency)
        stages = Stages.finding(estate.find, shares=shares)
        self._worker = Worker(estate.database, stages, settings=self.settings.worker)
        self._households = Households(estate, looks=self.settings.looks, on_fault=self._note_fault)
        follow = Round(name="installations", run=self._households.follow, every=FOLLOW_SECONDS)
        self._rounds = Rounds([follow, *more], stopping=self.stopping)
        self._fault: ConfigurationError | None = None

    def prepare(self, homes: Iterable[Home], *, may_wait: bool) -> None:
        """Makes these workspaces ready before anything else; `may_wait`: or later, when Intercom is away.

        Raises ConfigurationError for what a person has to mend, and PlatformError unless it may wait.
        """
        for home in homes:
            self._households.prepare(home, may_wait=may_wait)

    def run(self) -> None:
        """Until it is told to stop. Raises ConfigurationError for what became known that a person has to mend."""
        self._rounds.start()
        try:
            self._worker.run()
        finally:
            self.stop()
            self._rounds.stop(within=LAST_SECONDS)
            self._households.stop()
        if self._fault is not None:
            raise self._fault

    def stop(self) -> None:
        """The sources first: what they would still find waits where it is."""
        self.stopping.set()
        self._households.ask_to_stop()
        self._worker.stop()

    def _note_fault(self, error: ConfigurationError) -> None:
        self._fault = error
        self.stop()
