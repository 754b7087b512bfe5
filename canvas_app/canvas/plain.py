"""Text of customers and shops, made fit to be shown in a canvas as exactly the text it is.

Intercom interprets markdown in text components (links and bold are documented, the rest of the
dialect is not: https://developers.intercom.com/docs/canvas-kit), and does not say whether it does so
elsewhere. There is no documented escape either: a backslash or an entity might be shown as such.
So nothing is escaped. What markdown or HTML would read as syntax is *interrupted* by an invisible
WORD JOINER (U+2060), which every browser draws as nothing, or, where an interruption does not help
(`*`, a backtick, `~~` and `_` at the edge of a word), drawn by its look-alike. `as_typed` undoes both when an
agent copies such a text into an input.

Directional controls are removed, so that no value can turn round what stands beside it; a value that
is itself written from right to left is isolated by `plain`, so that the numbers after it stay in place.
"""

from __future__ import annotations

import re
from typing import Final

from commerce.visible_text import (
    FIRST_STRONG_ISOLATE,
    INVISIBLE,
    ISOLATES,
    LONGEST_READ,
    POP_ISOLATE,
    SURROGATE,
    tidy,
)

WORD_JOINER: Final = "\u2060"

_LOOK_ALIKES: Final = {"*": "∗", "`": "ˋ"}
_UNDO_LOOK_ALIKES: Final = str.maketrans({"∗": "*", "ˋ": "`", "∼": "~", "ˍ": "_"})

_RIGHT_TO_LEFT: Final = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)

_SYNTAX: Final = re.compile(
    r"(?<=\])(?=[(\[:])"  # [label](target), [label][reference], [reference]: target
    r"|(?<=<)(?=[A-Za-z/!?])"  # <b>, </b>, <!--, <https://...>
    r"|(?<=&)(?=#?[A-Za-z0-9]{1,31};)"  # &lt;
    r"|(?<=\\)(?=[!-/:-@\[-`{-~])"  # a backslash that would vanish
    r"|^(?=>|(?:#{1,6}|[-+]|[0-9]{1,9}[.)]|={1,3}|-{3,})(?: |$))"  # headings, lists, quotations, rules
)
_BOUNDARY_UNDERSCORE: Final = re.compile(r"(?<![^\W_])_|_(?![^\W_])")  # within a word it is harmless


def plain(value: str, limit: int = 500) -> str:
    """`value` as one line of at most `limit` characters that reads as it is and stays in its place.

    For a value that becomes part of a longer line. A whole slot needs no call: every component
    does the like itself, and doing it twice changes nothing.
    """
    text = neutral(ISOLATES.sub("", value[:LONGEST_READ]), limit)
    return f"{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}" if _RIGHT_TO_LEFT.search(text) else text


def neutral(value: str, limit: int) -> str:
    """`value` as one clipped line in which nothing is markdown or HTML."""
    text = tidy(value, limit)
    for character, look_alike in _LOOK_ALIKES.items():
        text = text.replace(character, look_alike)
    text = text.replace("~~", "∼∼")
    text = _BOUNDARY_UNDERSCORE.sub("ˍ", text)
    return _SYNTAX.sub(WORD_JOINER, text)


def as_typed(value: str, limit: int = 500) -> str:
    """What the agent meant by a text that may have been copied from a canvas: `plain` undone, ends trimmed."""
    text = SURROGATE.sub("", ISOLATES.sub("", value[:LONGEST_READ]))
    text = INVISIBLE.sub("", text).translate(_UNDO_LOOK_ALIKES)
    return " ".join(text.split())[:limit].strip()
