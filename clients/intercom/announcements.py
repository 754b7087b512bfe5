"""What each answer announces about Intercom's rate limit.

`X-RateLimit-Limit` calls fit into one window, `X-RateLimit-Remaining` of them are left until `X-RateLimit-Reset` (unix
seconds by Intercom's clock): https://developers.intercom.com/docs/references/rest-api/errors/rate-limiting
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Final

LONGEST_PAUSE: Final = 60.0  # seconds: whatever announces more is broken, and must not stop us for ever
_RELATIVE: Final = 86_400.0  # a reset below is seconds from now, not a point in time


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """None for what was not said, or made no sense. Times are unix seconds by Intercom's clock."""

    limit: int | None = None
    remaining: int | None = None
    reset: float | None = None
    date: float | None = None  # when it answered, cut to the second
    retry_after: float | None = None  # seconds
    took: float = 0.0  # seconds between question and answer, by our clock
    refused: bool = False  # 429

    @property
    def pause(self) -> float | None:
        """Seconds from the answer until calls are welcome again; at least until then, however our clock stands."""
        if self.retry_after is not None:
            return self.retry_after
        if self.reset is None or self.date is None:
            return None
        return min(max(0.0, self.reset - self.date), LONGEST_PAUSE)


def announcement(headers: Mapping[str, str], *, took: float, refused: bool) -> Announcement:
    """Reads an answer's headers; their names are lower-case."""
    limit = _number(headers.get("x-ratelimit-limit"))
    remaining = _number(headers.get("x-ratelimit-remaining"))
    date = _date(headers.get("date"))
    reset = _number(headers.get("x-ratelimit-reset"))
    if reset is not None and reset < _RELATIVE:
        reset = None if date is None else date + min(reset, LONGEST_PAUSE)
    retry_after = _number(headers.get("retry-after"))
    return Announcement(
        limit=int(limit) if limit is not None and limit >= 1 else None,
        remaining=None if remaining is None else int(remaining),
        reset=reset,
        date=date,
        retry_after=None if retry_after is None else min(retry_after, LONGEST_PAUSE),
        took=took,
        refused=refused,
    )


def _number(text: str | None) -> float | None:
    """Negative ones, of a limit that is overdrawn, are zero."""
    try:
        number = float(text or "")
    except ValueError:
        return None
    return max(0.0, number) if math.isfinite(number) and number < 1e12 else None


def _date(text: str | None) -> float | None:
    try:
        return parsedate_to_datetime(text or "").timestamp()
    except (ValueError, TypeError, OverflowError):
        return None
