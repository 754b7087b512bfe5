"""What went wrong, for the one who looks at it: in words, and with the way on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Way:
    """A link that leads on."""

    label: str
    href: str


class Trouble(Exception):
    """Ends a request with a page of its own. `ways`: the best one first. Safe to show and to log."""

    def __init__(
        self,
        status: int,
        title: str,
        text: str,
        *ways: Way,
        reason: str | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(title)
        self.status = status
        self.title = title
        self.text = text
        self.ways = ways
        self.reason = reason  # a code for the log
        self.retry_after = retry_after
