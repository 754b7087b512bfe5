"""Canvas Kit components as values that cannot express an invalid canvas.

Shapes and rules: https://developers.intercom.com/docs/canvas-kit (the Inbox part of it).

* Visible text can be anything: it is shown as the text it is (no markdown, see `plain`), on one line,
  clipped to the slot's limit; where text is required and none is left, a dash stands in.
* What the program itself decides (ids, links, number of options) is checked: `InvalidCanvas`.
* A canvas always fits: the longest lists are shortened and say by how much, until it does.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import ClassVar, Final, Protocol

from canvas_app.canvas.actions import NOTHING, Action, Submit, Url, Wire, wire
from canvas_app.canvas.component_rules import (
    InvalidCanvas,
    check_id,
    check_not_empty,
    check_optional_id,
    check_unique,
    stored_copy,
)
from canvas_app.canvas.inputs import Dropdown, Input, Option, SaveState, SingleSelect
from canvas_app.canvas.plain import neutral, plain

__all__ = [
    "Align",
    "Button",
    "ButtonStyle",
    "Canvas",
    "Component",
    "DataTable",
    "Divider",
    "Dropdown",
    "Input",
    "InvalidCanvas",
    "List",
    "ListItem",
    "Option",
    "Row",
    "SaveState",
    "SingleSelect",
    "Spacer",
    "SpacerSize",
    "Submit",
    "Text",
    "TextStyle",
    "Url",
    "plain",
]


class TextStyle(StrEnum):
    HEADER = "header"
    PARAGRAPH = "paragraph"
    MUTED = "muted"
    ERROR = "error"


class Align(StrEnum):
    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


class ButtonStyle(StrEnum):
    """Primary buttons are for inside an entered flow only, links for going back and for the web outside."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    LINK = "link"


class SpacerSize(StrEnum):
    XS = "xs"
    S = "s"
    M = "m"
    L = "l"
    XL = "xl"


class Component(Protocol):
    """Anything that can stand in a canvas."""

    def to_dict(self) -> Wire: ...

    def ids(self) -> Iterable[str]:
        """The ids that must be unique in the canvas."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A paragraph or heading. No markdown: what is given is what is seen."""

    TEXT_LIMIT: ClassVar[int] = 500

    text: str
    style: TextStyle = TextStyle.PARAGRAPH
    align: Align = Align.LEFT
    tight: bool = False  # without the 10 px below it
    id: str | None = None

    def __post_init__(self) -> None:
        check_optional_id(self.id)

    def ids(self) -> Iterable[str]:
        return _given(self.id)

    def to_dict(self) -> Wire:
        return wire(
            type="text",
            id=self.id,
            text=neutral(self.text, self.TEXT_LIMIT) or NOTHING,
            style=TextStyle(self.style).value,
            align=None if self.align == Align.LEFT else Align(self.align).value,
            bottom_margin="none" if self.tight else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """Always says its style, because Intercom's default is primary, which the first canvas must not show."""

    LABEL_LIMIT: ClassVar[int] = 60

    id: str
    label: str
    action: Action = field(default_factory=Submit)
    style: ButtonStyle = ButtonStyle.SECONDARY
    disabled: bool = False

    def __post_init__(self) -> None:
        check_id(self.id)

    def ids(self) -> Iterable[str]:
        return (self.id,)

    def to_dict(self) -> Wire:
        return wire(
            type="button",
            id=self.id,
            label=neutral(self.label, self.LABEL_LIMIT) or NOTHING,
            style=ButtonStyle(self.style).value,
            action=self.action.to_dict(),
            disabled=self.disabled or None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ListItem:
    """A row of a list; `tertiary_text` follows the subtitle after a bullet, and takes its place when there is none."""

    TITLE_LIMIT: ClassVar[int] = 120
    SUBTITLE_LIMIT: ClassVar[int] = 160
    TERTIARY_LIMIT: ClassVar[int] = 80

    id: str
    title: str
    subtitle: str | None = None
    tertiary_text: str | None = None
    action: Action | None = None
    disabled: bool = False

    def __post_init__(self) -> None:
        check_id(self.id)

    def to_dict(self) -> Wire:
        subtitle = neutral(self.subtitle or "", self.SUBTITLE_LIMIT)
        tertiary = neutral(self.tertiary_text or "", self.TERTIARY_LIMIT)
        return wire(
            type="item",
            id=self.id,
            title=neutral(self.title, self.TITLE_LIMIT) or NOTHING,
            subtitle=subtitle or tertiary or None,
            tertiary_text=(tertiary or None) if subtitle else None,
            action=self.action.to_dict() if self.action else None,
            disabled=self.disabled or None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class List:
    items: Sequence[ListItem]
    disabled: bool = False

    def __post_init__(self) -> None:
        check_not_empty(self.items, "list")

    def ids(self) -> Iterable[str]:
        return (item.id for item in self.items)

    def to_dict(self) -> Wire:
        return wire(type="list", items=[item.to_dict() for item in self.items], disabled=self.disabled or None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A name and a value. The Inbox cuts long values and shows them whole on hover."""

    FIELD_LIMIT: ClassVar[int] = 60
    VALUE_LIMIT: ClassVar[int] = 300

    field: str
    value: str

    def to_dict(self) -> Wire:
        return {
            "type": "field-value",
            "field": neutral(self.field, self.FIELD_LIMIT) or NOTHING,
            "value": neutral(self.value, self.VALUE_LIMIT) or NOTHING,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class DataTable:
    items: Sequence[Row]

    def __post_init__(self) -> None:
        check_not_empty(self.items, "data-table")

    def ids(self) -> Iterable[str]:
        return ()

    def to_dict(self) -> Wire:
        return {"type": "data-table", "items": [row.to_dict() for row in self.items]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Divider:
    tight: bool = False  # without the 10 px below it
    id: str | None = None

    def __post_init__(self) -> None:
        check_optional_id(self.id)

    def ids(self) -> Iterable[str]:
        return _given(self.id)

    def to_dict(self) -> Wire:
        return wire(type="divider", id=self.id, bottom_margin="none" if self.tight else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spacer:
    size: SpacerSize = SpacerSize.S
    id: str | None = None

    def __post_init__(self) -> None:
        check_optional_id(self.id)

    def ids(self) -> Iterable[str]:
        return _given(self.id)

    def to_dict(self) -> Wire:
        return wire(type="spacer", id=self.id, size=SpacerSize(self.size).value)


@dataclass(frozen=True, slots=True)
class Canvas:
    """What the agent sees, and what Intercom gives back with the next click.

    Content and stored data may have 64 KB each, by a measure that is not documented; both stay below
    `BYTE_LIMIT` bytes of UTF-8 JSON. Too much content is shortened, too much stored data is `InvalidCanvas`.
    """

    BYTE_LIMIT: ClassVar[int] = 60_000

    components: Sequence[Component]
    stored_data: Mapping[str, object] = field(default_factory=dict)
    _drawn: Sequence[Wire] = field(init=False, repr=False, compare=False, default=())  # by whoever saw that they fit

    def __post_init__(self) -> None:
        check_not_empty(self.components, "canvas")
        check_unique(name for component in self.components for name in component.ids())
        drawn = fit(self.components, self.BYTE_LIMIT)
        object.__setattr__(self, "components", tuple(component for component, _ in drawn))
        object.__setattr__(self, "_drawn", tuple(wire for _, wire in drawn))
        object.__setattr__(self, "stored_data", stored_copy(self.stored_data, self.BYTE_LIMIT))

    def to_dict(self) -> Wire:
        """The canvas object of an answer."""
        content = {"components": list(self._drawn)}
        return wire(content=content, stored_data=dict(self.stored_data) or None)

    def to_json(self) -> bytes:
        """The whole answer to Initialize and Submit, in UTF-8."""
        return json.dumps({"canvas": self.to_dict()}, ensure_ascii=False, separators=(",", ":")).encode()


def fit(components: Sequence[Component], limit: int) -> tuple[tuple[Component, Wire], ...]:
    """`components`, each with how it travels, in at most `limit` bytes of UTF-8 JSON.

    What is biggest is halved until everything fits: a list or table first, with a muted `… +23` below it
    that says how many rows are not shown, then whatever else is biggest goes. What fits stays untouched.
    """
    pieces = [_Piece(component) for component in components]
    while sum(piece.size for piece in pieces) + _ENVELOPE > limit and pieces:
        long = [piece for piece in pieces if piece.rows > 1]
        biggest = max(long or pieces, key=lambda piece: piece.size)
        if biggest.rows > 1:
            biggest.halve()
        else:
            pieces.remove(biggest)
    return tuple(part for piece in pieces for part in piece.parts())


_ENVELOPE: Final = len('{"components": []}')
_NOTE_BYTES: Final = 120  # more than the note about rows not shown


class _Piece:
    """A component on its way to fitting: how big it is, and how many of its rows were left out."""

    def __init__(self, component: Component) -> None:
        self.component = component
        self.left_out = 0
        self.wire = component.to_dict()
        self.size = _bytes_of(self.wire) + 2

    @property
    def rows(self) -> int:
        return len(self.component.items) if isinstance(self.component, List | DataTable) else 0

    def halve(self) -> None:
        assert isinstance(self.component, List | DataTable)
        kept = (len(self.component.items) + 1) // 2
        self.left_out += len(self.component.items) - kept
        self.component = _first_rows(self.component, kept)
        self.wire = self.component.to_dict()
        self.size = _bytes_of(self.wire) + 2 + _NOTE_BYTES

    def parts(self) -> tuple[tuple[Component, Wire], ...]:
        if not self.left_out:
            return ((self.component, self.wire),)
        note = Text(text=f"… +{self.left_out}", style=TextStyle.MUTED)
        return ((self.component, self.wire), (note, note.to_dict()))


def _first_rows(component: List | DataTable, count: int) -> List | DataTable:
    if isinstance(component, List):
        return replace(component, items=component.items[:count])
    return replace(component, items=component.items[:count])


def _bytes_of(wire: object) -> int:
    return len(json.dumps(wire, ensure_ascii=False).encode())


def _given(name: str | None) -> tuple[str, ...]:
    return () if name is None else (name,)
