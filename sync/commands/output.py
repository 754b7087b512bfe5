"""What a command says: tables and sentences for people, one JSON document for machines, and how it ends.

Plain text unless somebody looks at it in a terminal. What was said by others (Intercom's words, names in the shop) may
hold signs that a terminal takes for orders: none gets through.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, TypeVar

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from clients.errors import PlatformError
from sync.composition import WORKSPACE
from sync.environment import ConfigurationError
from sync.storage.errors import StorageUnavailable

FAILED: Final = 1
MISCONFIGURED: Final = 2
_WIDE: Final = 10_000  # without a terminal nothing is cut: a pipe has no width

F = TypeVar("F", bound=Callable[..., Any])


class CommandFailed(Exception):
    """The command could not do what it was asked, for a reason to be shown; it ends with status 1."""


class Style(StrEnum):
    """How a piece of text looks in a terminal that has colours."""

    PLAIN = ""
    GOOD = "green"
    WARNING = "yellow"
    BAD = "bold red"
    QUIET = "dim"
    BOLD = "bold"


class Output:
    """Of one command. `as_json`: nothing but the document of `json` goes to standard output."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self.screen = _console(sys.stdout)
        self.errors = _console(sys.stderr)

    def say(self, words: str, style: Style = Style.PLAIN) -> None:
        """A line for people."""
        if not self.as_json:
            _write(self.screen, Text(shown(words), style=style.value))

    def aside(self, words: str, style: Style = Style.QUIET) -> None:
        """A line for people that is no part of the result."""
        _write(self.errors, Text(shown(words), style=style.value))

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[object]], *, styles: Sequence[Style] = ()) -> None:
        """For people; `styles` of the rows. Cells that are None stay empty."""
        if self.as_json:
            return
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold", show_header=any(columns))
        for column in columns:
            table.add_column(Text(column), overflow="fold")
        for number, row in enumerate(rows):
            style = styles[number].value if number < len(styles) else ""
            table.add_row(*(Text("" if cell is None else shown(str(cell))) for cell in row), style=style)
        _write(self.screen, table)

    def json(self, document: object) -> None:
        """For machines."""
        if self.as_json:
            click.echo(json.dumps(plain(document), ensure_ascii=False, indent=2))

    def failure(self, words: str, document: Mapping[str, object]) -> None:
        """Why the command did not do it: to standard error, or as the document."""
        if self.as_json:
            self.json(document)
        else:
            _write(self.errors, Text(shown(words), style=Style.BAD.value))


@contextmanager
def answering(as_json: bool) -> Iterator[Output]:
    """The frame of every command: what it raises becomes words and an exit status."""
    output = Output(as_json=as_json)
    try:
        yield output
    except ConfigurationError as error:
        problems = [{"name": each.name, "wrong": each.wrong, "fix": each.fix} for each in error.problems]
        output.failure(str(error), {"error": "misconfigured", "problems": problems})
        raise click.exceptions.Exit(MISCONFIGURED) from error
    except PlatformError as error:
        words = "The database cannot be reached" if isinstance(error, StorageUnavailable) else "It did not work"
        document = {"error": error.reason_code, "reason": error.reason}
        output.failure(f"{words}: {error.reason}. `python -m sync doctor` tells more.", document)
        raise click.exceptions.Exit(FAILED) from error
    except CommandFailed as error:
        output.failure(str(error), {"error": "failed", "reason": str(error)})
        raise click.exceptions.Exit(FAILED) from error


def json_option(command: F) -> F:
    """`--json`, as every command has it."""
    return click.option("--json", "as_json", is_flag=True, help="One JSON document instead of text for people.")(
        command
    )


def workspace_option(command: F) -> F:
    """`--workspace`, as every command has it that works for one installation."""
    return click.option(
        WORKSPACE,
        metavar="ID",
        expose_value=False,
        callback=_choose,
        help="Of which Intercom workspace; needed where several installed the app.",
    )(command)


def _choose(context: click.Context, _option: click.Parameter, workspace: str | None) -> None:
    if workspace is not None:
        context.obj = replace(context.obj, workspace=workspace)


def yes_option(command: F) -> F:
    """`--yes`, for commands that ask first."""
    return click.option("--yes", "-y", is_flag=True, help="Do not ask first.")(command)


def confirm(question: str, *, yes: bool, as_json: bool) -> None:
    """Asks, unless `--yes` answered already. Machines must have answered."""
    if yes:
        return
    if as_json:
        raise click.UsageError("With --json nobody can be asked: add --yes.")
    click.confirm(question, abort=True, err=True)


def shown(text: str) -> str:
    """The text without signs that would move a terminal's cursor or change its colours."""
    return "".join(sign if sign.isprintable() or sign == "\n" else "\N{REPLACEMENT CHARACTER}" for sign in text)


def plain(value: object) -> Any:
    """As JSON knows it."""
    if isinstance(value, str | bool | int | float | None):
        return str(value) if isinstance(value, str) else value
    if isinstance(value, datetime):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        value = asdict(value)
    if isinstance(value, Mapping):
        return {str(name): plain(each) for name, each in value.items()}
    if isinstance(value, set | frozenset):
        return sorted((plain(each) for each in value), key=str)
    return [plain(each) for each in value] if isinstance(value, list | tuple) else str(value)


def _console(stream: Any) -> Console:
    if not stream.isatty():
        return Console(file=stream, width=_WIDE, color_system=None, force_terminal=False, emoji=False, highlight=False)
    return Console(file=stream, emoji=False, highlight=False)


def _write(console: Console, what: Text | Table) -> None:
    """Without the spaces that a table puts at the ends of its lines."""
    if console.is_terminal:
        console.print(what)
        return
    lines = io.StringIO()
    Console(file=lines, width=_WIDE, color_system=None, emoji=False, highlight=False).print(what, soft_wrap=True)
    click.echo("\n".join(line.rstrip() for line in lines.getvalue().splitlines()), file=console.file)
