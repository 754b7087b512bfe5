"""What a worker's jobs do: each goes to the stage of its installation, and what is given up goes to the dead letters.

While a neighbour does not let us in, no job asks it: all but one in a while step back at once, and nothing is lost.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Final, Self, TypeAlias

import structlog
from structlog.contextvars import bound_contextvars

from clients.errors import CredentialsRefused, PlatformError, ScopeMissing, VersionRefused
from sync.delivery import LOCKED_OUT, answer_of
from sync.installation import Installation
from sync.jobs import FailedJob
from sync.sharing import Shares
from sync.stage_one import StageOne
from sync.stage_two import StageTwo
from sync.storage.dead_letters import Place, bury
from sync.storage.hints import ResourceRead, ResourceType
from sync.storage.installations import SINGLE, Neighbour, clear_refusal, note_refusal
from sync.storage.subjects import SubjectUpdate
from sync.storage.traces import Trace, add_traces

log = structlog.get_logger(__name__)

Find: TypeAlias = Callable[[str], Installation | None]
"""An installation by its id, None when it is gone; raises PlatformError for one whose work has to wait."""

ASK_AGAIN: Final = 30.0  # seconds after a refusal until one call finds out whether it still holds


class LockedOut(CredentialsRefused):
    """Nobody was asked: the neighbour refused us a moment ago."""

    reason_code = "locked_out"


@dataclass(slots=True)
class Passage:
    """One job's. `has_asked`: whether it asked the neighbour anything, who can only answer then."""

    has_asked: bool = True


@dataclass(slots=True)
class Gate:
    """Keeps calls away from a neighbour that refuses all of them. Thread-safe."""

    at: Installation
    neighbour: Neighbour
    ask_again: float = ASK_AGAIN
    _closed_until: float | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def passing(self) -> Iterator[Passage]:
        """Raises `LockedOut` while it is closed; closes and opens with what comes of the block."""
        was_closed = self._enter()
        passage = Passage()
        try:
            yield passage
        except LOCKED_OUT as error:
            if not isinstance(error, LockedOut):
                self._close(error)
            raise
        if was_closed and passage.has_asked:
            self._open()
        elif was_closed:
            self._let_another_ask()

    def _enter(self) -> bool:
        with self._lock:
            if self._closed_until is None:
                return False
            if self.at.clock() < self._closed_until:
                raise LockedOut(f"{self.neighbour} does not let us in")
            self._closed_until = self.at.clock() + self.ask_again  # this call asks for all
            return True

    def _let_another_ask(self) -> None:
        with self._lock:
            if self._closed_until is not None:
                self._closed_until = self.at.clock()

    def _close(self, error: CredentialsRefused | ScopeMissing | VersionRefused) -> None:
        with self._lock:
            is_news = self._closed_until is None
            self._closed_until = self.at.clock() + self.ask_again
        if is_news:
            log.error("sync.locked_out", neighbour=self.neighbour, reason=error.reason_code, status=error.status)
        with self.at.database.transaction() as connection:
            note_refusal(connection, self.at.id, self.neighbour, error.reason_code, now=self.at.now())

    def _open(self) -> None:
        with self._lock:
            self._closed_until = None
        log.info("sync.let_in_again", neighbour=self.neighbour)
        with self.at.database.transaction() as connection:
            clear_refusal(connection, self.at.id, self.neighbour)


@dataclass(frozen=True, slots=True)
class _Stages:
    at: Installation
    one: StageOne
    two: StageTwo
    intercom: Gate
    shop: Callable[[str], Gate]  # one for each type of resource: a scope that is missing closes no other


class Stages:
    """The `Handlers` of a worker, for all its installations."""

    def __init__(self, installations: Iterable[Installation] = ()) -> None:
        self._find: Find = {each.id: each for each in installations}.get
        self._shares: Shares | None = None
        self._by_id: dict[str, _Stages] = {}

    @classmethod
    def finding(cls, find: Find, *, shares: Shares | None = None) -> Self:
        """Of installations that may come, change and go: `find` is asked for each job. `shares`: of several."""
        stages = cls()
        stages._find, stages._shares = find, shares
        return stages

    def read_resource(self, read: ResourceRead) -> None:
        with self._working(read.installation) as stages:
            if stages is not None:
                with stages.shop(read.type.value).passing() as passage:
                    passage.has_asked = stages.one.read(read)

    def update_subject(self, update: SubjectUpdate) -> None:
        with self._working(update.installation) as stages:
            if stages is not None:
                with stages.intercom.passing() as passage:
                    passage.has_asked = stages.two.update(update)

    def bury(self, job: FailedJob, error: Exception) -> None:
        """A resource that cannot be read, or a subject that cannot be brought up to date as a whole."""
        with self._working(job.installation) as stages:
            if stages is not None:
                _bury(stages.at, job, error)

    @contextmanager
    def _working(self, installation: str) -> Iterator[_Stages | None]:
        """None for an installation that is gone: its job ends, and nobody misses it.

        Raises `TakesTurns`, and what `find` raises.
        """
        with bound_contextvars(**({} if installation == SINGLE else {"installation": installation})):
            at = self._find(installation)
            if at is None:
                self._by_id.pop(installation, None)
                log.debug("sync.job_let_go", installation=installation)
                yield None
            else:
                with nullcontext() if self._shares is None else self._shares.working(installation):
                    yield self._stages(at)

    def _stages(self, at: Installation) -> _Stages:
        known = self._by_id.get(at.id)
        if known is None or known.at is not at:
            known = self._by_id[at.id] = _stages(at)
        return known


def _bury(at: Installation, job: FailedJob, error: Exception) -> None:
    answer = answer_of(error) if isinstance(error, PlatformError) else {"reason": type(error).__name__}
    place = Place(
        part="read" if job.subject is None else "update",
        subject=job.subject,
        resource_type=job.resource_type.value if job.resource_type else None,
        resource_id=job.resource_id,
    )
    fault = None if isinstance(error, PlatformError) else error  # one of ours: where it is, is the news
    log.error("sync.dead_letter", part=place.part, reason=job.reason, attempts=job.attempts, exc_info=fault)
    with at.database.transaction() as connection:
        bury(connection, at.id, place, job.reason, now=at.now(), answer=answer)
        trace = Trace(
            at=at.now(),
            step="refused",
            subject=place.subject,
            resource_type=place.resource_type,
            resource_id=place.resource_id,
            detail={"part": place.part, **answer},
        )
        add_traces(connection, at.id, [trace])


def _stages(at: Installation) -> _Stages:
    gates = {type_.value: Gate(at, "commercetools") for type_ in ResourceType}
    return _Stages(at, StageOne(at), StageTwo(at), Gate(at, "intercom"), gates.__getitem__)
