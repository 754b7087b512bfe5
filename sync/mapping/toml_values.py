"""Reading the mapping's values one by one: what is not as it should be becomes a fault of its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from sync.mapping.faults import Fault, MappingError, Spot, did_you_mean

Parser: TypeAlias = Callable[[object, Spot], object]

MOST_DOTS: Final = 100  # on a line
TABLES: Final = ("panel", "identity", "sync", "contact", "attributes", "events", "tags", "conversations")


def parsed(text: str) -> dict[str, Any]:
    """The TOML document in `text`. Raises MappingError, with one fault, if it is none."""
    _refuse_endless_keys(text)
    try:
        document = tomllib.loads(text)
        repr(document)  # a number in hexadecimal may be read, and be too long to be written
    except (ValueError, RecursionError) as error:  # of numbers with thousands of digits, too
        raise MappingError([_syntax_fault(text, error)]) from error
    return document


def _refuse_endless_keys(text: str) -> None:
    """A key of thousands of parts has the reader at work for hours; keys stand on one line."""
    for number, line in enumerate(text.splitlines(), start=1):
        if line.count(".") > MOST_DOTS:
            fix = 'Break a long list or text (""") into several lines'
            raise MappingError([Fault(number, "mapping", f"has more than {MOST_DOTS} dots on one line", fix)])


def options(table: object, parsers: Mapping[str, Parser], spot: Spot) -> dict[str, Any]:
    """The options that a table sets, by their names; keys that nobody knows are faults."""
    if not isinstance(table, dict):
        return {}
    for name in table.keys() - parsers.keys():
        spot.below(name).fault("is not an option", did_you_mean(name, parsers, f"Known are {', '.join(parsers)}"))
    return {name: parse(table[name], spot.below(name)) for name, parse in parsers.items() if name in table}


def flag(value: object, spot: Spot) -> bool:
    if not isinstance(value, bool):
        spot.fault(f"{quoted(value)} is neither true nor false", "Write true or false, without quotation marks")
    return value is True


def texts(value: object, spot: Spot) -> tuple[str, ...]:
    """The texts of a list that should hold nothing else."""
    entries = value if isinstance(value, list) else []
    found = tuple(entry for entry in entries if isinstance(entry, str) and entry.strip())
    if not isinstance(value, list) or len(found) < len(entries):
        spot.fault("is not a list of texts", f'Write {spot.path[-1]} = ["…", "…"]')
    return found


def one_of(choices: tuple[str, ...], value: object, spot: Spot) -> str | None:
    if isinstance(value, str) and value in choices:
        return value
    spot.fault(
        f"{quoted(value)} is not possible here", did_you_mean(str(value), choices, f"Use {' or '.join(choices)}")
    )
    return None


def store_keys(value: object, spot: Spot) -> tuple[str, ...]:
    """Keys of stores, each once: https://docs.commercetools.com/api/projects/stores"""
    keys = texts(value, spot)
    for key in keys:
        if not re.fullmatch(r"[A-Za-z0-9_-]{2,256}", key):
            fix = "Use the store's key from the Merchant Center: letters, digits, - and _"
            spot.fault(f"{quoted(key)} is not a store key", fix, value=key)
    return tuple(dict.fromkeys(keys))


def quoted(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)[:60]


def _syntax_fault(text: str, error: Exception) -> Fault:
    at = re.search(r"\(at line (\d+), column \d+\)", str(error))
    line = int(at.group(1)) if at else max(len(text.splitlines()), 1)
    reason = str(error).partition(" (at ")[0]
    return Fault(line, "mapping", f"is not TOML ({reason})", "See https://toml.io for how it is written")
