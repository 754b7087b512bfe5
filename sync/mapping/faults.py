"""What is wrong with a mapping, said all at once, each with its line and the way to mend it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

MOST_FAULTS: Final = 200  # that are told at once: nobody reads on, and finding the line of each takes its time
_KEY: Final = r"""(?:"[^"\n]*"|'[^'\n]*'|[A-Za-z0-9_-]+)"""
_DOTTED: Final = rf"{_KEY}(?:\s*\.\s*{_KEY})*"
_HEADER: Final = re.compile(rf"\s*\[\[?\s*({_DOTTED})\s*\]")
_ASSIGNMENT: Final = re.compile(rf"\s*({_DOTTED})\s*=")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to mend: the line (from 1), the key, what is wrong with it, what to do."""

    line: int
    key: str
    message: str
    fix: str

    def __str__(self) -> str:
        return f"line {self.line}, {self.key}: {self.message}. {self.fix}"


class MappingError(ValueError):
    """The mapping cannot be used. Holds every fault, in the order of the lines."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: fault.line))
        super().__init__("\n".join(map(str, self.faults)))


class Lines:
    """Where each key of a TOML text stands: the standard library's reader does not say."""

    def __init__(self, text: str) -> None:
        self._lines = text.splitlines()
        self._of: dict[tuple[str, ...], int] = {}
        table: tuple[str, ...] = ()
        for number, line in enumerate(self._lines, start=1):
            if header := _HEADER.match(line):
                table = _parts(header.group(1))
                self._of.setdefault(table, number)
            elif assignment := _ASSIGNMENT.match(line):
                path = table + _parts(assignment.group(1))
                for length in range(len(table) + 1, len(path) + 1):
                    self._of.setdefault(path[:length], number)

    def of(self, path: Sequence[str], *, value: str | None = None) -> int:
        """The line of a key, or of the table around it; with `value`, of that text at or below it."""
        line = self._nearest(tuple(path))
        if value is not None:
            quoted = re.compile(rf"""["']{re.escape(value)}["']""")
            below = range(line, len(self._lines) + 1)
            return next((number for number in below if quoted.search(self._code(number))), line)
        return line

    def _nearest(self, path: tuple[str, ...]) -> int:
        """The line of `path`, written with or without quotation marks, else of what is around it."""
        while path:
            for spelling in (path, tuple(".".join(path).split("."))):
                if spelling in self._of:
                    return self._of[spelling]
            path = path[:-1]
        return 1

    def _code(self, number: int) -> str:
        """A line, empty when it is a comment."""
        line = self._lines[number - 1]
        return "" if line.lstrip().startswith("#") else line


@dataclass(frozen=True, slots=True)
class Spot:
    """A key that is being read; what is wrong with it goes to `faults`."""

    path: tuple[str, ...]
    lines: Lines
    faults: list[Fault]

    def fault(self, message: str, fix: str, *, value: str | None = None) -> None:
        """Notes a fault of this key; `value` is the text in it that is wrong."""
        if len(self.faults) >= MOST_FAULTS:
            return
        self.faults.append(Fault(self.lines.of(self.path, value=value), ".".join(self.path), message, fix))

    def below(self, *names: str) -> Spot:
        return Spot((*self.path, *names), self.lines, self.faults)


def did_you_mean(name: str, known: Iterable[str], otherwise: str) -> str:
    """The fix for a name that is not known: the one it is nearly, else `otherwise`."""
    near = difflib.get_close_matches(name, list(known), n=1)
    return f'Did you mean "{near[0]}"?' if near else otherwise


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in re.findall(_KEY, dotted))
