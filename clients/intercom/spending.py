"""One process's hand on the allowance: who may call now, what was heard, and nobody sleeping for long.

The state is kept in a store: in memory for one process, in PostgreSQL (`sync.storage.allowance`) for all that share a
workspace. From a shared one calls are taken a few at a time, and what answers say is told together with the next
question, unless others wait for it. So a backfill costs the database about a hundred short transactions a window.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol, TypeAlias

from clients.deadline import Deadline
from clients.errors import Overloaded, TryAgain
from clients.intercom import allowance
from clients.intercom.allowance import AllowanceState, Grant, Verdict, Wait
from clients.intercom.announcements import Announcement

LONGEST_WAIT: Final = 1.0  # seconds; who would wait longer is told so instead, and gives its worker back
_FRESH: Final = 1.0  # seconds that a call may be held in hand before it is given back
_JITTER: Final = 1.0  # seconds, at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A call of `window` was answered `age` seconds ago."""

    window: int
    said: Announcement
    age: float
    jitter: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """A call of `window` was made and not answered."""

    window: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unused:
    """Calls of `window` that will not be made."""

    window: int
    count: int


Report: TypeAlias = Answered | Lost | Unused


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """For `wanted` calls."""

    live: bool
    wanted: int = 1


class Store(Protocol):
    """Where the state is kept that all who share a workspace's limit have in common."""

    def exchange(self, reports: Sequence[Report], ask: Ask | None) -> Verdict | None:
        """Takes all reports or, raising `TryAgain`, none; then answers `ask`."""


def exchanged(
    state: AllowanceState, reports: Sequence[Report], ask: Ask | None, *, now: float
) -> tuple[AllowanceState, Verdict | None]:
    """What every store does with the state it keeps."""
    for report in reports:
        match report:
            case Answered(window=window, said=said, age=age, jitter=jitter):
                state = allowance.learned(state, window, said, answered_at=now - age, jitter=jitter)
            case Lost(window=window):
                state = allowance.lost(state, window)
            case Unused(window=window, count=count):
                state = allowance.unused(state, window, count)
    if ask is None:
        return state, None
    return allowance.grant(state, live=ask.live, now=now, wanted=ask.wanted)


class InMemoryStore:
    """For one process: nobody else knows what it spends, but what others spend is heard from the answers."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._state = AllowanceState()

    def exchange(self, reports: Sequence[Report], ask: Ask | None) -> Verdict | None:
        with self._lock:
            self._state, verdict = exchanged(self._state, reports, ask, now=self._clock())
            return verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Permit:
    """To make one call. Its end must be told: `answered`, `lost` or `unused`."""

    window: int
    opening: bool = False


@dataclass(frozen=True, slots=True)
class _InHand:
    """Calls taken from the store and not yet passed on, to be used until `until`."""

    window: int = 0
    count: int = 0
    until: float = 0.0


class Allowance:
    """Thread-safe. `batch`: calls that are taken and answers that are told at a time; 1 where a question costs nothing.

    `heard` is what the last answer announced, for progress bars and `doctor`.
    """

    def __init__(
        self,
        store: Store,
        *,
        batch: int = 1,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        random: Callable[[], float] = random.random,
    ) -> None:
        self._store = store
        self._batch = batch
        self._clock = clock
        self._sleep = sleep
        self._random = random
        self._lock = threading.Lock()  # of what follows; never held while the store is asked
        self._asking = threading.Lock()  # one thread at a time asks the store
        self._in_hand = _InHand()
        self._reports: list[tuple[float, Report]] = []  # and when they were made
        self._closed_until = {True: 0.0, False: 0.0}  # for live calls and for the others
        self._out = 0  # permits whose end was not told
        self.heard: Announcement | None = None

    def acquire(self, *, live: bool, deadline: Deadline) -> Permit:
        """Waits up to a second. Raises `Overloaded` when it would take longer, `TryAgain` when the store fails."""
        give_up = self._clock() + min(LONGEST_WAIT, deadline.remaining())
        while isinstance(found := self._permit(live), Wait):
            if self._clock() + found.seconds > give_up:
                raise Overloaded("what Intercom allows is spent for now", retry_after=found.seconds)
            self._sleep(found.seconds)
        return found

    def answered(self, permit: Permit, said: Announcement) -> None:
        """The call was answered, just now, whatever the answer."""
        self._ended(
            permit,
            Answered(window=permit.window, said=said, age=0.0, jitter=self._random() * _JITTER),
            at_once=permit.opening or said.refused,
        )
        if said.limit is not None:
            self.heard = said

    def lost(self, permit: Permit) -> None:
        """The call was made, and may or may not have arrived."""
        self._ended(permit, Lost(window=permit.window), at_once=permit.opening)

    def unused(self, permit: Permit) -> None:
        """The call was not made after all."""
        self._ended(permit, Unused(window=permit.window, count=1), at_once=permit.opening)

    def _permit(self, live: bool) -> Permit | Wait:
        with self._lock:
            if (found := self._from_hand(live)) is not None:
                return found
        with self._asking:
            with self._lock:  # somebody else may have asked meanwhile
                if (found := self._from_hand(live)) is not None:
                    return found
            verdict = self._exchange(Ask(live=live, wanted=1 if live else self._batch))
            with self._lock:
                return self._passed_on(verdict, live)

    def _from_hand(self, live: bool) -> Permit | Wait | None:
        now = self._clock()
        hand = self._in_hand
        if hand.count and now < hand.until:
            self._in_hand = replace(hand, count=hand.count - 1)
            self._out += 1
            return Permit(window=hand.window)
        self._give_back(now)
        closed = self._closed_until[live]
        return Wait(seconds=closed - now) if now < closed else None

    def _passed_on(self, verdict: Verdict | None, live: bool) -> Permit | Wait:
        match verdict:
            case Grant(window=window, count=count, opening=opening):
                self._give_back(self._clock())
                self._in_hand = _InHand(window, count - 1, self._clock() + _FRESH)
                self._out += 1
                return Permit(window=window, opening=opening)
            case Wait(seconds=seconds):
                self._closed_until[live] = self._clock() + seconds
                return verdict
        raise TryAgain("the store of the allowance did not answer")

    def _give_back(self, now: float) -> None:
        hand = self._in_hand
        if hand.count:
            self._reports.append((now, Unused(window=hand.window, count=hand.count)))
        self._in_hand = _InHand()

    def _ended(self, permit: Permit, report: Report, *, at_once: bool) -> None:
        with self._lock:
            self._out -= 1
            now = self._clock()
            self._reports.append((now, report))
            if at_once:  # what the store knew is out of date
                self._closed_until = {True: 0.0, False: 0.0}
            if self._out == 0 or at_once:
                self._give_back(now)
            due = at_once or self._out == 0 or len(self._reports) >= self._batch
        if due:
            self._settle()

    def _settle(self) -> None:
        try:
            with self._asking:
                self._exchange(None)
        except TryAgain:
            return  # told with the next question; the answer that was just received must not be lost for this

    def _exchange(self, ask: Ask | None) -> Verdict | None:
        """Tells what is to be told, and asks. What the store did not take stays."""
        with self._lock:
            telling, self._reports = self._reports, []
        now = self._clock()
        try:
            return self._store.exchange([_aged(report, now - made) for made, report in telling], ask)
        except BaseException:
            with self._lock:
                self._reports = telling + self._reports
            raise


def _aged(report: Report, age: float) -> Report:
    return replace(report, age=age) if isinstance(report, Answered) else report
