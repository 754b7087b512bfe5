"""Whether the clocks of those who speak with each other agree."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sync.doctor.findings import Finding, ok, warning

TOLERATED: Final = 5.0  # seconds: an answer's date is cut to the second, and the answer took its time


def clock_finding(whose: str, theirs: datetime, ours: datetime) -> Finding:
    """How far another clock is from ours."""
    what = f"clock: {whose}"
    ahead = (theirs - ours).total_seconds()
    if abs(ahead) <= TOLERATED:
        return ok(what, f"within {TOLERATED:.0f} seconds of ours")
    side = "ahead of" if ahead > 0 else "behind"
    return warning(
        what, f"{abs(ahead):.0f} seconds {side} ours", "Let this machine take its time from the network (NTP)"
    )
