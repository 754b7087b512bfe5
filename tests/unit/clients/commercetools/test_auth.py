"""One token for all threads, minted once at a time, renewed before anybody has to wait."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from clients.commercetools.auth import RENEWAL_PAUSE, Bearer, Token, TokenSource
from clients.deadline import Call, Deadline
from clients.errors import CredentialsRefused, PlatformError, TimedOut, TryAgain


@dataclass
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Mint:
    """Tokens of 100 seconds, to be renewed after 80; raises `error` instead while there is one."""

    clock: Clock
    error: PlatformError | None = None
    minted: list[str] = field(default_factory=list)

    def __call__(self, call: Call) -> Token:
        self.minted.append(call.correlation_id)
        if self.error is not None:
            raise self.error
        now = self.clock.now
        return Token(value=f"token-{len(self.minted)}", scopes=None, renew_at=now + 80, expires_at=now + 100)


@dataclass
class Later:
    """Work that waits until the test runs it, or (`at_once`) runs in a thread right away."""

    at_once: bool = False
    waiting: list[Callable[[], None]] = field(default_factory=list)

    def __call__(self, work: Callable[[], None]) -> None:
        if self.at_once:
            threading.Thread(target=work).start()
        else:
            self.waiting.append(work)

    def run(self) -> None:
        while self.waiting:
            self.waiting.pop(0)()


def call(seconds: float = 2.0, correlation_id: str = "ict-1") -> Call:
    return Call(Deadline.after(seconds), correlation_id)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def mint(clock: Clock) -> Mint:
    return Mint(clock)


in_threads = Later(at_once=True)


def test_a_valid_token_is_used_again(clock: Clock, mint: Mint) -> None:
    tokens = TokenSource(mint, clock=clock, spawn=in_threads)
    assert tokens.token(call()) is tokens.token(call())
    assert mint.minted == ["ict-1"]


def test_a_token_is_renewed_while_callers_go_on_with_the_old_one(clock: Clock, mint: Mint) -> None:
    later = Later(at_once=True)
    tokens = TokenSource(mint, clock=clock, spawn=later)
    old = tokens.token(call())
    later.at_once = False
    clock.now += 81
    assert tokens.token(call()) is old
    assert tokens.token(call()) is old
    assert len(later.waiting) == 1
    later.run()
    assert tokens.token(call()).value == "token-2"


def test_a_renewal_that_fails_costs_nobody_anything_and_is_not_repeated_at_once(clock: Clock, mint: Mint) -> None:
    later = Later(at_once=True)
    tokens = TokenSource(mint, clock=clock, spawn=later)
    old = tokens.token(call())
    later.at_once = False
    mint.error = TryAgain("down")
    clock.now += 81
    assert tokens.token(call()) is old
    later.run()
    clock.now += RENEWAL_PAUSE / 2
    assert tokens.token(call()) is old
    assert later.waiting == []


def test_an_expired_token_is_never_handed_out(clock: Clock, mint: Mint) -> None:
    tokens = TokenSource(mint, clock=clock, spawn=in_threads)
    tokens.token(call())
    clock.now += 100
    assert tokens.token(call()).value == "token-2"


def test_a_rejected_token_is_replaced(clock: Clock, mint: Mint) -> None:
    tokens = TokenSource(mint, clock=clock, spawn=in_threads)
    tokens.reject(tokens.token(call()))
    assert tokens.token(call()).value == "token-2"


def test_a_late_rejection_does_not_throw_away_the_new_token(clock: Clock, mint: Mint) -> None:
    tokens = TokenSource(mint, clock=clock, spawn=in_threads)
    old = tokens.token(call())
    tokens.reject(old)
    new = tokens.token(call())
    tokens.reject(old)
    assert tokens.token(call()) is new


def test_who_waits_for_a_token_waits_no_longer_than_the_deadline(clock: Clock, mint: Mint) -> None:
    tokens = TokenSource(mint, clock=clock, spawn=Later())
    with pytest.raises(TimedOut):
        tokens.token(call(0.05))


def test_a_token_that_came_too_late_for_one_serves_the_next(clock: Clock, mint: Mint) -> None:
    later = Later()
    tokens = TokenSource(mint, clock=clock, spawn=later)
    with pytest.raises(TimedOut):
        tokens.token(call(0.01))
    later.run()
    assert tokens.token(call(0.01)).value == "token-1"


def test_every_waiting_thread_gets_an_error_of_its_own(clock: Clock, mint: Mint) -> None:
    mint.error = CredentialsRefused("no", status=401)
    tokens = TokenSource(mint, clock=clock, spawn=in_threads)
    raised: list[PlatformError] = []
    for _ in range(2):
        with pytest.raises(CredentialsRefused) as error:
            tokens.token(call())
        raised.append(error.value)
    assert raised[0] is not raised[1] is not mint.error
    assert [(error.reason, error.status) for error in raised] == [("no", 401)] * 2


def test_without_a_thread_to_mint_in_there_is_no_token_and_no_wait(clock: Clock, mint: Mint) -> None:
    def refuse(_: Callable[[], None]) -> None:
        raise RuntimeError("can't start new thread")

    tokens = TokenSource(mint, clock=clock, spawn=refuse)
    with pytest.raises(TryAgain):
        tokens.token(call())


def test_a_mistake_of_ours_in_the_mint_does_not_block_the_next(clock: Clock) -> None:
    later = Later()

    def broken(_: Call) -> Token:
        raise ZeroDivisionError

    tokens = TokenSource(broken, clock=clock, spawn=later)
    for _ in range(2):
        with pytest.raises(TimedOut):
            tokens.token(call(0.01))
        assert len(later.waiting) == 1
        later.run()


def test_a_token_is_not_shown() -> None:
    token = Token(value="planted", scopes=None, renew_at=0, expires_at=1)
    assert "planted" not in f"{token!r} {Bearer(token)!r}"
