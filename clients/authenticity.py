"""When what claims to come from a cloud's queue does not, or was not meant for us."""

from __future__ import annotations


class NotAuthentic(Exception):
    """Must not be acted upon. `reason` is a code, safe to log.

    `is_misaddressed`: it may be genuine, but was made for somebody else, or for another time.
    """

    def __init__(self, reason: str, *, is_misaddressed: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_misaddressed = is_misaddressed
