"""Times that tests of the sources share."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

IDLE = timedelta(minutes=60)


class Clock:
    """Ours, which a test may set apart from the shop's; both go on by themselves."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead
