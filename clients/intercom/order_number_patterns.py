"""A shop's own patterns for order numbers, taken only when no text can make them slow.

Patterns run over what strangers write. Python's regular expressions go back and try again, so that a
careless one (`(\\d+-?)+x`) can keep a worker busy for hours. A pattern is therefore read before it is used, and
refused when the number of ways to try it is not small.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from typing import Any, Final

from clients.intercom.order_numbers import WINDOW

LONGEST_PATTERN: Final = 200
MOST_WAYS: Final = 2_000  # to match at one place; 0.5 s for the longest conversation, at worst

_REPEATS: Final = {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}


def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern, case ignored. Raises ValueError whose text says what is wrong with it."""
    if not 0 < len(pattern) <= LONGEST_PATTERN:
        raise ValueError(f"must have 1 to {LONGEST_PATTERN} characters")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            usable = re.compile(pattern, re.IGNORECASE)
            ways = _ways(_tree(pattern))
    except (re.error, OverflowError, RecursionError, Warning) as error:
        raise ValueError(f"is no regular expression: {error}") from error
    if ways > MOST_WAYS:
        raise ValueError("can be tried in too many ways")
    if usable.fullmatch(""):
        raise ValueError("matches the empty text")
    return usable


def _tree(pattern: str) -> Any:
    """The parsed pattern. The parser is no public name; before Python 3.11 it was called `sre_parse`."""
    from re import _parser  # type: ignore[attr-defined]

    return _parser.parse(pattern, re.IGNORECASE)


def _ways(tree: Any) -> int:
    """How many ways there are, at most, to match at one place of one window."""
    ways = 1
    for operation, argument in tree:
        name = str(operation)
        if name.startswith("GROUPREF"):
            raise ValueError("refers back to what it found")
        if name in _REPEATS:
            low, high, repeated = argument
            inner = _ways(repeated)
            if int(high) > 1 and inner > 1:
                raise ValueError("repeats something that is itself not of one length")
            ways *= inner * (min(int(high), WINDOW) - min(int(low), WINDOW) + 1)
        elif name == "BRANCH":
            ways *= sum(_ways(branch) for branch in argument[1])
        else:
            for inner_tree in _inside(argument):
                ways *= _ways(inner_tree)
    return ways


def _inside(argument: Any) -> Iterator[Any]:
    """The parts of a group or of a look-around."""
    for part in argument if isinstance(argument, tuple) else (argument,):
        if hasattr(part, "data"):
            yield part
