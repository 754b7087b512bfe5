"""Times, spans and numbers as the console writes them. Pure. All times are UTC, and say so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def moment(at: datetime) -> str:
    """`23 Nov 2026, 14:02:07 UTC`"""
    return f"{day(at)}, {at.astimezone(UTC):%H:%M:%S} UTC"


def day(at: datetime) -> str:
    """`23 Nov 2026`"""
    return f"{at.astimezone(UTC).day} {at.astimezone(UTC):%b %Y}"


def clock(at: datetime) -> str:
    """`14:02:07.120`: order within a second is what a timeline is read for."""
    at = at.astimezone(UTC)
    return f"{at:%H:%M:%S}.{at.microsecond // 1000:03d}"


def span(lasted: timedelta) -> str:
    """Its largest unit, and never less than a second: `4 s`, `12 min`, `3 h`, `2 days`."""
    seconds = max(1, round(lasted.total_seconds()))
    for size, unit in ((86_400, "day"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            number = seconds // size
            return f"{number} {unit}{'s' if unit == 'day' and number > 1 else ''}"
    return f"{seconds} s"


def count(number: int, thing: str = "", things: str | None = None) -> str:
    """`1,204 dead letters`, or the number alone."""
    named = thing if number == 1 else (things or f"{thing}s")
    return f"{number:,} {named}" if thing else f"{number:,}"
