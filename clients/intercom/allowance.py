"""How much of Intercom's rate limit may be spent now. Values in, values out: the clock is an argument.

Intercom counts calls in fixed windows of ten seconds and announces with every answer how many are left in this one. So:

* no more is granted than was announced, less what is granted and not yet answered, for that may or may not be counted;
* a window is opened by a few calls, and the rest wait for the first answer, because others spend from it, too;
* calls that nobody waits for are spread over the window, so that a live change finds something left at any moment;
  and while there are live changes, a tenth of the window is kept for them;
* a refusal (429) pauses everybody until the window is over.

Times are seconds of one clock, any, as long as everybody who shares a state uses the same. Intercom's clock is another:
how far it is ahead is bounded by the `Date` of its answers, and where that leaves room, a window is taken to end later
rather than earlier.

What nobody answers, also because its process was killed, is forgotten one window later: a call must be over in
`LONGEST_CALL`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from clients.intercom.announcements import LONGEST_PAUSE, Announcement

WINDOW: Final = 10.0
LONGEST_CALL: Final = 7.0  # seconds, all of it: less than any window lasts, whatever we make of its ends
KEPT_FOR_LIVE: Final = 0.1  # of the limit
LIVE_MEMORY: Final = 30.0  # seconds after a live call in which some are kept for the next
OPENING: Final = 0.02  # of the limit: what may go out before a window's first answer
OPENING_PATIENCE: Final = 1.0  # seconds without an answer, after which one more may
TAIL: Final = 1.0  # the last seconds of a window, in which everything is free for all
HEAD_START: Final = 0.05  # of the limit, free for all from the first moment on
SHORT_WAIT: Final = 0.03  # for answers that are on their way
_SHORTEST_WAIT: Final = 0.001  # so that rounding never makes it nothing
_SAME_WINDOW: Final = 2.0  # seconds: two resets nearer to each other than this are one, rounded differently
_LATE_STEP: Final = 0.25  # how much later we take windows to end after one that outlasted our reckoning
_LATEST: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowanceState:
    """What all who share a workspace's limit know together."""

    limit: int | None = None  # calls per window; None before the first answer
    window: int = 0  # our own count of windows
    heard: bool = False  # whether an answer has told about this window
    announced: int = 1  # what is left by the lowest announcement, or by the limit
    in_flight: int = 0  # granted in this window and not yet answered
    carried: int = 0  # the same, granted in the one before
    resets_at: float = 0.0  # this window is over
    length: float = WINDOW
    reset: float | None = None  # of the last window that was announced, by Intercom's clock: its name
    late: float = 0.0  # windows end so much later than announced
    ahead_least: float | None = None  # Intercom's clock minus ours is between these
    ahead_most: float | None = None
    paused_until: float = 0.0
    granted_at: float = 0.0  # the last grant before this window's first answer
    live_at: float | None = None  # the last live call
    live_granted: int = 0  # in this window

    @property
    def available(self) -> int:
        """What may still be granted in this window: never too much, and exact once nothing is in flight."""
        return self.announced - self.in_flight - self.carried


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """`count` calls may be made. An `opening` one is waited for by others: tell its answer at once."""

    window: int
    count: int = 1
    opening: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Nothing may be spent; worth asking again in so many seconds."""

    seconds: float


Verdict: TypeAlias = Grant | Wait


def grant(state: AllowanceState, *, live: bool, now: float, wanted: int = 1) -> tuple[AllowanceState, Verdict]:
    """Up to `wanted` calls, or how long to wait. `live`: somebody may be looking at what this call changes."""
    state = _at(state, now)
    if live:
        state = replace(state, live_at=now)
    if now < state.paused_until:
        return state, Wait(seconds=state.paused_until - now)
    if state.available < 1:
        return state, Wait(seconds=_until_more(state, now))
    if not state.heard:
        return _opening(state, live=live, now=now)
    if live:
        return _granted(state, min(wanted, state.available), live=True)
    return _spread(state, now, wanted)


def unused(state: AllowanceState, window: int, count: int) -> AllowanceState:
    """`count` calls that were granted in `window` will not be made."""
    return _landed(state, window, count)


def lost(state: AllowanceState, window: int) -> AllowanceState:
    """A call was made, and no answer came: it may be counted in this window or still in the next.

    So it stays in flight until it is forgotten; where no limit is known there is nothing to count it against.
    """
    return _landed(state, window, 1) if state.limit is None else state


def learned(
    state: AllowanceState, window: int, said: Announcement, *, answered_at: float, jitter: float = 0.0
) -> AllowanceState:
    """A call that was granted in `window` was answered at `answered_at`.

    `jitter`: seconds that are added to a pause, so that all who share a limit with us do not come back at once.
    """
    state = _landed(_at(state, answered_at), window, 1)
    state = _compared(state, said, answered_at)
    state = replace(state, limit=said.limit or state.limit)
    if said.remaining is None:
        state = _one_less(state)
    else:
        state = _heard(state, window, said, min(said.remaining, said.limit or said.remaining), answered_at)
    return _paused(state, said, answered_at, jitter) if said.refused else state


def _at(state: AllowanceState, now: float) -> AllowanceState:
    """The state at `now`, in the next window when the known one is over. A clock that jumped ends it as well."""
    if state.paused_until - now > LONGEST_PAUSE + _LATEST:
        state = replace(state, paused_until=now)
    if now < state.resets_at <= now + LONGEST_PAUSE + _LATEST:
        return state
    return _next_window(state, now)


def _next_window(state: AllowanceState, now: float) -> AllowanceState:
    """What a new window holds is its limit, as far as we know; what was granted before may fall into it."""
    return replace(
        state,
        window=state.window + 1,
        heard=False,
        announced=state.limit or 1,
        carried=state.in_flight,
        in_flight=0,
        resets_at=now + WINDOW,
        length=WINDOW,
        granted_at=now - OPENING_PATIENCE,
        live_granted=0,
    )


def _until_more(state: AllowanceState, now: float) -> float:
    """Until the window is over; but answers that are on their way may show that less is spent than feared."""
    return SHORT_WAIT if state.announced > 0 else state.resets_at - now


def _opening(state: AllowanceState, *, live: bool, now: float) -> tuple[AllowanceState, Verdict]:
    few = max(1, math.floor((state.limit or 0) * OPENING))
    if state.in_flight >= few and now < state.granted_at + OPENING_PATIENCE:
        return state, Wait(seconds=SHORT_WAIT)
    state, granted = _granted(replace(state, granted_at=now), 1, live=live)
    return state, replace(granted, opening=True)


def _spread(state: AllowanceState, now: float, wanted: int) -> tuple[AllowanceState, Verdict]:
    """For calls that nobody waits for: what is left must never fall below what the rest of the window should find."""
    limit = state.limit or state.announced
    kept = _kept_for_live(state, limit, now)
    free = state.available - kept
    if free < 1:
        return state, Wait(seconds=SHORT_WAIT if state.announced > kept else state.resets_at - now)
    portion = min(free, wanted, max(1, limit // 100))  # one by one would be a question to the database each
    wait = _seconds_until_spread(state, limit, left_after=state.available - portion, now=now)
    if wait > 0:
        return state, Wait(seconds=max(wait, _SHORTEST_WAIT))
    return _granted(state, portion, live=False)


def _kept_for_live(state: AllowanceState, limit: int, now: float) -> int:
    if state.live_at is None or now - state.live_at > LIVE_MEMORY:
        return 0
    return max(0, math.ceil(limit * KEPT_FOR_LIVE) - state.live_granted)


def _seconds_until_spread(state: AllowanceState, limit: int, *, left_after: int, now: float) -> float:
    """Until no more than `left_after` need be left: all but the head start at first, nothing when the tail begins."""
    share = min(1.0, left_after / limit + HEAD_START)
    return (state.resets_at - now) - (TAIL + share * (state.length - TAIL))


def _granted(state: AllowanceState, count: int, *, live: bool) -> tuple[AllowanceState, Grant]:
    state = replace(
        state,
        in_flight=state.in_flight + count,
        live_granted=state.live_granted + (count if live else 0),
    )
    return state, Grant(window=state.window, count=count)


def _landed(state: AllowanceState, window: int, count: int) -> AllowanceState:
    if window == state.window:
        return replace(state, in_flight=max(0, state.in_flight - count))
    if window == state.window - 1:
        return replace(state, carried=max(0, state.carried - count))
    return state  # forgotten already


def _one_less(state: AllowanceState) -> AllowanceState:
    """It may have been counted. Where no answer ever speaks of a limit, one call at a time is still made."""
    return replace(state, announced=max(0 if state.limit else 1, state.announced - 1))


def _compared(state: AllowanceState, said: Announcement, answered_at: float) -> AllowanceState:
    """Bounds how far Intercom's clock is ahead: it stood between `date` and a second later, while we waited."""
    if said.date is None:
        return state
    least, most = said.date - answered_at, said.date + 1.0 - (answered_at - said.took)
    known_least, known_most = state.ahead_least, state.ahead_most
    if known_least is not None and known_most is not None and least <= known_most and known_least <= most:
        least, most = max(least, known_least), min(most, known_most)  # else one of the clocks was set anew
    return replace(state, ahead_least=least, ahead_most=most)


def _heard(
    state: AllowanceState, window: int, said: Announcement, remaining: int, answered_at: float
) -> AllowanceState:
    mine = window == state.window
    if said.reset is None:
        announced = min(state.announced, remaining) if state.heard else remaining
        return replace(state, heard=True, announced=announced) if mine else state
    if state.reset is None or said.reset >= state.reset + _SAME_WINDOW:
        return _began(state, said.reset, remaining, answered_at)
    if said.reset <= state.reset - _SAME_WINDOW:  # an answer that took its time, or a clock that was set back
        return _began(state, said.reset, remaining, answered_at) if mine else state
    if state.heard:
        reset = max(state.reset, said.reset)
        ends = _ends(state, reset, answered_at)
        return replace(state, announced=min(state.announced, remaining), reset=reset, resets_at=ends)
    return _outlasted(state, answered_at) if mine else state


def _began(state: AllowanceState, reset: float, remaining: int, answered_at: float) -> AllowanceState:
    """The first answer of a window; the platform may have begun it before we thought that the last one was over."""
    if state.heard:
        state = _next_window(state, answered_at)
    ends = _ends(state, reset, answered_at)
    length = max(WINDOW, ends - answered_at)
    return replace(state, heard=True, announced=remaining, reset=reset, resets_at=ends, length=length)


def _ends(state: AllowanceState, reset: float, answered_at: float) -> float:
    """A reset by our clock, not too early. Without a `Date` ever, the clocks are taken to agree."""
    ends = reset - (state.ahead_least or 0.0) + state.late
    return min(ends, answered_at + LONGEST_PAUSE)


def _outlasted(state: AllowanceState, answered_at: float) -> AllowanceState:
    """We took a window to be over, and it was not: wait a little, and longer from now on."""
    late = min(_LATEST, state.late + _LATE_STEP)
    return replace(state, late=late, paused_until=max(state.paused_until, answered_at + late))


def _paused(state: AllowanceState, said: Announcement, answered_at: float, jitter: float) -> AllowanceState:
    """Until the refusing window is over, or as long as the answer asks for. One that nobody named is a whole one."""
    if said.reset is not None and state.reset is not None and said.reset <= state.reset - _SAME_WINDOW:
        return state  # that one is over
    if said.retry_after is not None:
        until = answered_at + said.retry_after
    elif state.heard or said.pause is None:
        until = min(state.resets_at, answered_at + LONGEST_PAUSE)
    else:
        until = answered_at + said.pause
    return replace(state, paused_until=max(state.paused_until, until + jitter))
