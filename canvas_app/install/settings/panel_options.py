"""Options of the panel, changed in the text of a mapping; everything else in it stays as it was written. Pure."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from typing import Final, TypeAlias

Value: TypeAlias = str | bool | int | list[str]

_TABLE: Final = re.compile(r"^\s*\[")
_MOST_LINES: Final = 60  # of a value: with each more the text is read once more
_PANEL: Final = re.compile(r"^\s*\[panel\]\s*(#.*)?$")


class NotChangeable(Exception):
    """The text is written in a way that we cannot change without spoiling it: a person has to."""


def panel_table(text: str) -> Mapping[str, object]:
    """What the text says under `[panel]`; empty for a text that is no TOML."""
    try:
        panel = tomllib.loads(text).get("panel", {})
    except tomllib.TOMLDecodeError:
        return {}
    return panel if isinstance(panel, dict) else {}


def with_options(text: str, options: Mapping[str, Value | None]) -> str:
    """`text` with these keys of `[panel]`; None takes a key away. Raises `NotChangeable`."""
    changed = text
    for key, value in options.items():
        if panel_table(changed).get(key) != value:
            changed = _with(changed, key, value)
    if _document(changed) != _expected(text, options):
        raise NotChangeable
    return changed


def _document(text: str) -> Mapping[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise NotChangeable from error


def _expected(text: str, options: Mapping[str, Value | None]) -> Mapping[str, object]:
    """What a reader of the changed text must find."""
    document = dict(_document(text))
    panel = document.get("panel", {})
    if not isinstance(panel, dict):
        raise NotChangeable
    merged = {**panel, **options}
    document["panel"] = {key: value for key, value in merged.items() if value is not None}
    return document


def _with(text: str, key: str, value: Value | None) -> str:
    lines = text.splitlines()
    start = next((number for number, line in enumerate(lines) if _PANEL.match(line)), None)
    if start is None:
        lines, start = ["[panel]", "", *lines], 0
    end = next((number for number in range(start + 1, len(lines)) if _TABLE.match(lines[number])), len(lines))
    set_at = _found(lines, start, end, re.compile(rf"^\s*{key}\s*="))
    hinted_at = _found(lines, start, end, re.compile(rf"^\s*#\s*{key}\s*="))
    written = [] if value is None else [f"{key} = {_toml(value)}"]
    if set_at is not None:
        lines[set_at : _after(lines, set_at, end)] = written
    elif hinted_at is not None and written:
        lines[hinted_at] = written[0] + _comment_of(lines[hinted_at])
    else:
        lines[start + 1 : start + 1] = written
    return "\n".join(lines) + "\n"


def _found(lines: list[str], start: int, end: int, pattern: re.Pattern[str]) -> int | None:
    return next((number for number in range(start + 1, end) if pattern.match(lines[number])), None)


def _after(lines: list[str], start: int, end: int) -> int:
    """Behind the value that begins at `start`: lists may take several lines. Raises `NotChangeable`."""
    for number in range(start + 1, min(end, start + _MOST_LINES) + 1):
        try:
            tomllib.loads("\n".join(lines[start:number]))
        except tomllib.TOMLDecodeError:
            continue
        return number
    raise NotChangeable


def _comment_of(line: str) -> str:
    """What stands behind an option that was only hinted at."""
    found = re.search(r"\s{2,}#[^\"\]]*$", line)
    return found[0] if found else ""


def _toml(value: Value) -> str:
    """JSON's texts, lists and truth values are TOML's as well."""
    return json.dumps(value, ensure_ascii=True)
