"""A platform that counts calls in fixed windows, and clients that spend by the allowance, in simulated time."""

from __future__ import annotations

import heapq
import itertools
import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import formatdate
from random import Random

from clients.intercom.allowance import AllowanceState, Grant, Wait, grant, learned, lost
from clients.intercom.announcements import announcement

WINDOW = 10


@dataclass
class Platform:
    """`ahead`: its clock minus the clients', which may begin anywhere.

    `others`: calls of another consumer that every window begins with. `offset`: seconds past the full ten at which
    windows begin; the headers say whole seconds all the same, cut off.
    """

    limit: int
    ahead: float = 1_800_000_000.0
    others: int = 0
    offset: float = 0.0
    spent: Counter[int] = field(default_factory=Counter)  # accepted calls of ours, by window
    refused: int = 0

    def answer(self, now: float) -> tuple[int, dict[str, str]]:
        """Status and headers."""
        window = math.floor((now + self.ahead - self.offset) / WINDOW)
        limit = self.limit - self.others
        status = 200
        if self.spent[window] >= limit:
            self.refused += 1
            status = 429
        else:
            self.spent[window] += 1
        return status, {
            "x-ratelimit-limit": str(self.limit),
            "x-ratelimit-remaining": str(limit - self.spent[window]),
            "x-ratelimit-reset": str(math.floor((window + 1) * WINDOW + self.offset)),
            "date": formatdate(now + self.ahead, usegmt=True),
        }


@dataclass
class Simulation:
    """Clients that call whenever they may. `latency` is drawn for each way of each call."""

    platform: Platform
    random: Random
    latency: Callable[[Random], float]
    loss: float = 0.0  # share of calls whose answer never arrives, once the limit is known
    now: float = 0.0
    state: AllowanceState = field(default_factory=AllowanceState)
    live_waits: list[float] = field(default_factory=list)
    _events: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)
    _order: itertools.count[int] = field(default_factory=itertools.count)

    def at(self, moment: float, action: Callable[[], None]) -> None:
        heapq.heappush(self._events, (moment, next(self._order), action))

    def run(self, until: float) -> None:
        while self._events and self._events[0][0] < until:
            self.now, _, action = heapq.heappop(self._events)
            action()

    def consumer(self, *, live: bool = False) -> None:
        """One that has always something to send."""
        self._ask(lambda: self._ask_again(live), live=live, asked_at=self.now)

    def live_call(self) -> None:
        """A single live call; how long it waited for its grant is kept."""
        self._ask(lambda: None, live=True, asked_at=self.now)

    def _ask_again(self, live: bool) -> None:
        self._ask(lambda: self._ask_again(live), live=live, asked_at=self.now)

    def _ask(self, done: Callable[[], None], *, live: bool, asked_at: float) -> None:
        self.state, verdict = grant(self.state, live=live, now=self.now)
        if isinstance(verdict, Wait):
            self.at(self.now + verdict.seconds, lambda: self._ask(done, live=live, asked_at=asked_at))
            return
        if live:
            self.live_waits.append(self.now - asked_at)
        self._send(verdict, done)

    def _send(self, granted: Grant, done: Callable[[], None]) -> None:
        sent_at = self.now

        def arrives() -> None:
            status, headers = self.platform.answer(self.now)
            came_back = self.now + self.latency(self.random)
            self.at(came_back, lambda: self._answered(granted, status, headers, sent_at, done))

        self.at(self.now + self.latency(self.random), arrives)

    def _answered(
        self, granted: Grant, status: int, headers: dict[str, str], sent_at: float, done: Callable[[], None]
    ) -> None:
        if self.state.limit is not None and self.random.random() < self.loss:
            self.state = lost(self.state, granted.window)
        else:
            said = announcement(headers, took=self.now - sent_at, refused=status == 429)
            jitter = self.random.random()
            self.state = learned(self.state, granted.window, said, answered_at=self.now, jitter=jitter)
        done()
