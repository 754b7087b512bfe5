"""The components that an agent fills in: https://developers.intercom.com/docs/canvas-kit"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from canvas_app.canvas.actions import NOTHING, Action, Wire, wire
from canvas_app.canvas.component_rules import check_choice, check_id
from canvas_app.canvas.plain import neutral
from commerce.visible_text import tidy


class SaveState(StrEnum):
    """`SAVED` blocks the input and shows it as done, `FAILED` shows it in red."""

    UNSAVED = "unsaved"
    SAVED = "saved"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """A line to type in; an action gives it a button of its own. Its value is no markdown and stays as typed."""

    LABEL_LIMIT: ClassVar[int] = 80
    PLACEHOLDER_LIMIT: ClassVar[int] = 120
    VALUE_LIMIT: ClassVar[int] = 254  # the longest e-mail address

    id: str
    label: str | None = None
    placeholder: str | None = None
    value: str | None = None
    action: Action | None = None
    save_state: SaveState = SaveState.UNSAVED
    disabled: bool = False

    def __post_init__(self) -> None:
        check_id(self.id)

    def ids(self) -> Iterable[str]:
        return (self.id,)

    def to_dict(self) -> Wire:
        return wire(
            type="input",
            id=self.id,
            label=neutral(self.label or "", self.LABEL_LIMIT) or None,
            placeholder=tidy(self.placeholder or "", self.PLACEHOLDER_LIMIT) or None,
            value=tidy(self.value or "", self.VALUE_LIMIT) or None,
            action=self.action.to_dict() if self.action else None,
            save_state=None if self.save_state == SaveState.UNSAVED else SaveState(self.save_state).value,
            disabled=self.disabled or None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    TEXT_LIMIT: ClassVar[int] = 120

    id: str
    text: str
    disabled: bool = False

    def __post_init__(self) -> None:
        check_id(self.id)

    def to_dict(self) -> Wire:
        text = neutral(self.text, self.TEXT_LIMIT) or NOTHING
        return wire(type="option", id=self.id, text=text, disabled=self.disabled or None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropdown:
    """One of 2 to 10 options; needs a button to be submitted. With one option or more than ten use a list."""

    LABEL_LIMIT: ClassVar[int] = 80

    id: str
    options: Sequence[Option]
    label: str | None = None
    value: str | None = None  # the id of the option chosen at first
    disabled: bool = False

    def __post_init__(self) -> None:
        check_choice(self.id, [option.id for option in self.options], self.value)

    def ids(self) -> Iterable[str]:
        return (self.id,)

    def to_dict(self) -> Wire:
        return wire(
            type="dropdown",
            id=self.id,
            label=neutral(self.label or "", self.LABEL_LIMIT) or None,
            options=[option.to_dict() for option in self.options],
            value=self.value,
            disabled=self.disabled or None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SingleSelect:
    """One of 2 to 10 options, all of them visible; an action fires on choice."""

    LABEL_LIMIT: ClassVar[int] = 80

    id: str
    options: Sequence[Option]
    label: str | None = None
    value: str | None = None  # the id of the option chosen at first
    action: Action | None = None
    disabled: bool = False

    def __post_init__(self) -> None:
        check_choice(self.id, [option.id for option in self.options], self.value)

    def ids(self) -> Iterable[str]:
        return (self.id,)

    def to_dict(self) -> Wire:
        return wire(
            type="single-select",
            id=self.id,
            label=neutral(self.label or "", self.LABEL_LIMIT) or None,
            options=[option.to_dict() for option in self.options],
            value=self.value,
            action=self.action.to_dict() if self.action else None,
            disabled=self.disabled or None,
        )
