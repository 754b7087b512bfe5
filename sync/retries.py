"""What becomes of a job that failed: a decision, which the job engine carries out.

Only what will be refused again is given up. A platform that is away may stay away for days and loses nothing; a
credential that is not accepted waits for the person who replaces it. What we do not understand gets a few
more tries, for a fault of ours must not go round for ever: an answer that cannot be read (which may be that of a
proxy) as well as an exception that nobody foresaw.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from clients.errors import (
    BadAnswer,
    CredentialsRefused,
    Overloaded,
    PlatformError,
    Refused,
    ScopeMissing,
    TryAgain,
    VersionRefused,
)

MOST_DOUBLINGS: Final = 20


def is_unknown(error: BaseException) -> bool:
    """Whether a failure means nothing to us: it may pass, or be a fault that never will."""
    return isinstance(error, BadAnswer) or not isinstance(error, TryAgain | Refused)


@dataclass(frozen=True, slots=True)
class RetryIn:
    """Seconds to wait, and then again."""

    seconds: float


@dataclass(frozen=True, slots=True)
class GiveUp:
    """It becomes a dead letter, for this reason."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """`first`, `longest`, `locked_out`: seconds to wait after the first failure, at most, and without credentials.

    `unknown_attempts`: how often a job is tried whose failures, or the answers to which, mean nothing to us.
    """

    first: float = 0.5
    longest: float = 300.0
    locked_out: float = 60.0
    unknown_attempts: int = 10

    def decide(self, error: BaseException, *, attempts: int, unknown: int, chance: float) -> RetryIn | GiveUp:
        """`attempts`: before this one; `unknown`: those of them that failed in a way that `is_unknown`.

        Only these count towards giving up: a job that was tried for days while a platform was away has all its tries
        yet. `chance`: random, 0 to 1; it keeps jobs that failed together apart.
        """
        match error:
            case CredentialsRefused() | ScopeMissing() | VersionRefused():
                return RetryIn(self.locked_out * (1 + chance / 2))
            case Refused() if not is_unknown(error):
                return GiveUp(error.reason_code)
            case Overloaded(retry_after=float() | int() as pause):
                return RetryIn(pause + chance * max(1.0, pause / 10))
            case Exception() if is_unknown(error) and unknown + 1 >= self.unknown_attempts:
                return GiveUp(error.reason_code if isinstance(error, PlatformError) else type(error).__name__)
            case _:
                return RetryIn(self._back_off(attempts) * (0.5 + chance / 2))

    def _back_off(self, attempts: int) -> float:
        return min(self.longest, self.first * 2.0 ** min(attempts, MOST_DOUBLINGS))
