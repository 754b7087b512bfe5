"""A worker as this process: it ends in good order when it is told to, seals anew and forgets the old meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Final

import structlog

from sync.crew import Crew, CrewSettings
from sync.estate import Estate
from sync.resealing import reseal
from sync.rounds import Round
from sync.sealing import Seal
from sync.storage.purge import purge
from sync.worker import stopping_on_signals

PURGE_SECONDS: Final = 3600.0
RESEAL_SECONDS: Final = 3600.0

log = structlog.get_logger(__name__)


class Service:
    """`run` once, from the main thread; SIGTERM and SIGINT end it in good order. `seal`: None if nothing is sealed."""

    def __init__(self, estate: Estate, *, settings: CrewSettings, seal: Seal | None = None) -> None:
        self._estate = estate
        self._seal = seal
        self._crew = Crew(estate, settings=settings, more=self._more_rounds())

    def run(self) -> None:
        """Until it is told to stop. Raises ConfigurationError for what a person has to mend, at once or once known."""
        with stopping_on_signals(self._crew.stop):
            if self._estate.is_fixed:  # else each is made ready on its own, and none waits for another
                self._crew.prepare(self._estate.homes, may_wait=True)
            self._tell_the_beginning()
            threading.Thread(target=self._tell_the_end, name="stopping", daemon=True).start()
            try:
                self._crew.run()
            finally:
                log.info("sync.worker_stopped")

    def _tell_the_beginning(self) -> None:
        homes, fixed = self._estate.homes, self._estate.is_fixed
        log.info(
            "sync.worker_started",
            **({"project": homes[0].settings.shop.project_key} if fixed else {"installations": len(homes)}),
            concurrency=self._crew.settings.worker.concurrency,
            database="embedded" if self._estate.database.is_embedded else "external",
        )
        for home in homes:
            if (reason := home.row.events_stopped_reason) is not None:
                log.warning("sync.events_stopped", reason=reason, **({} if fixed else {"installation": home.row.id}))

    def _tell_the_end(self) -> None:
        # Not from the signal handler: it may have come in the middle of a line of the log.
        self._crew.stopping.wait()
        log.info("sync.worker_stopping")

    def _more_rounds(self) -> Iterator[Round]:
        yield Round(name="purge", run=self._purge, every=PURGE_SECONDS)
        if (seal := self._seal) is not None:
            yield Round(name="reseal", run=lambda: reseal(self._estate.database, seal), every=RESEAL_SECONDS)

    def _purge(self) -> None:
        removed = purge(self._estate.database, now=self._estate.now())
        if any(removed.values()):
            log.info("sync.purged", removed=dict(removed))
