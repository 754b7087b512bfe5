"""How text from the environment becomes values, and how everything that is wrong with it is said at once.

No value is ever repeated in a message: a password pasted into the wrong variable must not end up in a log.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar
from urllib.parse import urlsplit

from dotenv import dotenv_values

from clients.wire.hosts import is_loopback

T_co = TypeVar("T_co", covariant=True)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend before the product can start: what is named, what is wrong with it, what to do."""

    name: str
    wrong: str
    fix: str

    def __str__(self) -> str:
        return f"{self.name}: {self.wrong}. {self.fix}"


class ConfigurationError(Exception):
    """The configuration cannot be used. Holds all problems, not only the first; safe to print."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(["The configuration is not usable:", *(f"  - {each}" for each in self.problems)]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable(Generic[T_co]):
    """One environment variable: its name, how its text becomes a value, and how to mend it.

    `parse` raises ValueError with a reason that does not repeat the text. `default` is text as an operator would
    write it; None means that the variable must be set. A variable set to blanks counts as not set.
    """

    name: str
    meaning: str
    fix: str
    parse: Callable[[str], T_co]
    default: str | None = None

    def read(self, environ: Mapping[str, str]) -> T_co:
        text = environ.get(self.name, "").strip() or self.default
        if text is None:
            raise ValueError("not set")
        if not text.isprintable():
            raise ValueError("contains a line break or another control character")
        return self.parse(text)

    def read_or_default(self, environ: Mapping[str, str]) -> T_co:
        """For the few moments before the configuration is checked: a malformed value counts as unset."""
        return self.read({} if self.problems(environ) else environ)

    def problems(self, environ: Mapping[str, str]) -> tuple[Problem, ...]:
        try:
            self.read(environ)
        except ValueError as exc:
            return (Problem(self.name, str(exc), self.fix),)
        return ()


def url(text: str) -> str:
    """An absolute https address without a trailing slash; plain http is taken for loopback only."""
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError as exc:
        raise ValueError("is not a usable address") from exc  # the original repeats parts of the text
    if parts.scheme not in ("http", "https") or not host or " " in text:
        raise ValueError("is not an absolute https:// address")
    if parts.username or parts.password:
        raise ValueError("must not contain a user name or password")
    if parts.query or parts.fragment:
        raise ValueError("must not contain a query or a fragment")
    if parts.scheme == "http" and not is_loopback(host):
        raise ValueError("must start with https:// (http:// is for loopback only)")
    return text.rstrip("/")


def without(problem: Callable[[str], str | None]) -> Callable[[str], str]:
    """A parser that takes text in which `problem` finds nothing wrong; its words become the reason."""

    def parse(text: str) -> str:
        if wrong := problem(text):
            raise ValueError(wrong)
        return text.rstrip("/")

    return parse


def matching(pattern: str, reason: str) -> Callable[[str], str]:
    """A parser that takes text of this shape and nothing else."""
    compiled = re.compile(pattern)

    def parse(text: str) -> str:
        if not compiled.fullmatch(text):
            raise ValueError(reason)
        return text

    return parse


def one_of(*choices: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text.lower() not in choices:
            raise ValueError(f"is none of {', '.join(choices)}")
        return text.lower()

    return parse


def whole_number(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", text) or not low <= int(text) <= high:
            raise ValueError(f"is not a whole number from {low} to {high}")
        return int(text)

    return parse


def optional(parse: Callable[[str], T]) -> Callable[[str], T | None]:
    """For variables with the default "": unset becomes None."""

    def parse_if_set(text: str) -> T | None:
        return parse(text) if text else None

    return parse_if_set


def with_dotenv(environ: Mapping[str, str], path: Path) -> dict[str, str]:
    """The environment, with what a `.env` file adds to it; what is set already wins. No file is no problem.

    `$` in a value stands for itself: secrets may hold one. Raises ConfigurationError when the file cannot be read.
    """
    if not path.exists():
        return dict(environ)
    try:
        added = dotenv_values(path, interpolate=False, encoding="utf-8")
    except (OSError, UnicodeError) as exc:
        raise ConfigurationError([Problem(str(path), "cannot be read as UTF-8 text", "Mend or remove it")]) from exc
    return {name: value for name, value in added.items() if value is not None} | dict(environ)
