"""One line of what `doctor` says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad it is: `failed` keeps the sync from its work, or an admin from what they asked for."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`what` was looked at, what was `found`, and the `fix` where there is something to do."""

    level: Level
    what: str
    found: str
    fix: str | None = None


def ok(what: str, found: str) -> Finding:
    return Finding(level=Level.OK, what=what, found=found)


def warning(what: str, found: str, fix: str) -> Finding:
    return Finding(level=Level.WARNING, what=what, found=found, fix=fix)


def failed(what: str, found: str, fix: str) -> Finding:
    return Finding(level=Level.FAILED, what=what, found=found, fix=fix)
