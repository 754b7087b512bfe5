"""How much room a screen takes, so that the first one stays within Intercom's 400 px.

The rule: https://developers.intercom.com/docs/canvas-kit/canvas-kit-inbox-best-practices. Intercom publishes
no sizes; these are measured from how it draws components in a side panel of ordinary width, rounded up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, TypeAlias
from unicodedata import east_asian_width

from canvas_app.canvas.components import (
    Button,
    Component,
    DataTable,
    Divider,
    List,
    Spacer,
    Text,
)

Drawing: TypeAlias = Sequence[Component]

FIRST_SCREEN: Final = 400  # px
_LINE: Final = 20
_CHARACTERS_A_LINE: Final = 46
_MARGIN: Final = 10
_ITEM: Final = 32
_ITEM_WITH_SUBTITLE: Final = 50
_ROW: Final = 24
_BUTTON: Final = 36 + _MARGIN
_DIVIDER: Final = 11
_SPACER: Final = 10
_INPUT: Final = 70


def first_that_fits(drawings: Iterable[Drawing]) -> Drawing:
    """The first drawing that is at most 400 px high; the last one when none is. Drawings are made only when asked for.

    Raises ValueError when there is none at all.
    """
    drawing: Drawing | None = None
    for drawing in drawings:
        if height(drawing) <= FIRST_SCREEN:
            return drawing
    if drawing is None:
        raise ValueError("nothing to draw")
    return drawing


def height(components: Iterable[Component]) -> int:
    """About how many px high these components are drawn."""
    return sum(_heights(components))


def _heights(components: Iterable[Component]) -> Iterator[int]:
    for component in components:
        match component:
            case Text():
                yield _lines(component.text) * _LINE + (0 if component.tight else _MARGIN)
            case List():
                yield sum(
                    _ITEM_WITH_SUBTITLE if item.subtitle or item.tertiary_text else _ITEM for item in component.items
                )
            case DataTable():
                yield len(component.items) * _ROW + _MARGIN
            case Button():
                yield _BUTTON
            case Divider():
                yield _DIVIDER
            case Spacer():
                yield _SPACER
            case _:
                yield _INPUT


def _lines(text: str) -> int:
    width = sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
    return max(1, -(-width // _CHARACTERS_A_LINE))
