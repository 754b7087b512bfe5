"""What a click does, and the shape in which components travel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

from canvas_app.canvas.component_rules import check_url

Wire: TypeAlias = dict[str, object]

NOTHING: Final = "—"  # stands for a required text of which nothing visible is left


def wire(**members: object) -> Wire:
    """The members that are there: Intercom's schemas know no null."""
    return {name: value for name, value in members.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Submit:
    """A click sends a Submit request with all values of the canvas."""

    def to_dict(self) -> Wire:
        return {"type": "submit"}


@dataclass(frozen=True, slots=True)
class Url:
    """A click opens `url` (https, percent-encoded) in a new tab."""

    url: str

    def __post_init__(self) -> None:
        check_url(self.url)

    def to_dict(self) -> Wire:
        return {"type": "url", "url": self.url}


Action: TypeAlias = Submit | Url
