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
import unicodedata
from typing import Final

WORD_JOINER: Final = "\u2060"
ELLIPSIS: Final = "…"
FIRST_STRONG_ISOLATE: Final = "\u2068"
POP_ISOLATE: Final = "\u2069"

LONGEST_READ: Final = 20_000  # characters looked at; what comes after would be clipped anyway

_LOOK_ALIKES: Final = {"*": "∗", "`": "ˋ"}
_UNDO_LOOK_ALIKES: Final = str.maketrans({"∗": "*", "ˋ": "`", "∼": "~", "ˍ": "_"})

# Control characters that are not white space, soft hyphens, zero-width spaces and joiners of words, marks,
# overrides and isolates of direction (other than the two that `plain` itself sets), byte order marks,
# annotations, non-characters, tags. Joiners inside of words and emoji (U+200C, U+200D) stay.
_INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2067\u206a-\u206f"
    "\u3164\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
_ISOLATES: Final = re.compile(f"[{FIRST_STRONG_ISOLATE}{POP_ISOLATE}]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_PILED_MARKS: Final = re.compile(
    "([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]{3})[\u0300-\u036f]+"
)
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
    text = neutral(_ISOLATES.sub("", value[:LONGEST_READ]), limit)
    return f"{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}" if _RIGHT_TO_LEFT.search(text) else text


def neutral(value: str, limit: int) -> str:
    """`value` as one clipped line in which nothing is markdown or HTML."""
    text = tidy(value, limit)
    for character, look_alike in _LOOK_ALIKES.items():
        text = text.replace(character, look_alike)
    text = text.replace("~~", "∼∼")
    text = _BOUNDARY_UNDERSCORE.sub("ˍ", text)
    return _SYNTAX.sub(WORD_JOINER, text)


def tidy(value: str, limit: int) -> str:
    """`value` as one line of at most `limit` characters, without what cannot be seen. Markdown stays as it is."""
    text = value[:LONGEST_READ]
    if not (text.isascii() and text.isprintable()):
        text = _INVISIBLE.sub("", _SURROGATE.sub("\ufffd", text))
        text = _PILED_MARKS.sub(r"\1", text)
    text = clip(" ".join(text.split()), limit)
    return _balanced(text).strip(" \u200c\u200d")


def as_typed(value: str, limit: int = 500) -> str:
    """What the agent meant by a text that may have been copied from a canvas: `plain` undone, ends trimmed."""
    text = _SURROGATE.sub("", _ISOLATES.sub("", value[:LONGEST_READ]))
    text = _INVISIBLE.sub("", text).translate(_UNDO_LOOK_ALIKES)
    return " ".join(text.split())[:limit].strip()


def clip(value: str, limit: int) -> str:
    """At most `limit` characters, ending in an ellipsis when something was cut, never inside an emoji or letter."""
    if len(value) <= limit:
        return value
    cut = limit - len(ELLIPSIS)
    earliest = max(cut - 32, 0)  # longer clusters are noise: cut them anywhere
    boundary = next((at for at in range(cut, earliest, -1) if _starts_a_character(value, at)), cut)
    return value[:boundary].rstrip() + ELLIPSIS


def _starts_a_character(value: str, at: int) -> bool:
    """Whether one can cut before `value[at]` without splitting what a reader takes for one character."""
    here, before = value[at], value[at - 1]
    if before == "\u200d" or here == "\u200d" or unicodedata.category(here).startswith("M"):
        return False
    if "\U0001f3fb" <= here <= "\U0001f3ff":  # skin tones
        return False
    if _is_flag_half(here) and _is_flag_half(before):
        start = at
        while start > 0 and _is_flag_half(value[start - 1]):
            start -= 1
        return (at - start) % 2 == 0
    return True


def _is_flag_half(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _balanced(text: str) -> str:
    """`text` with only those isolates that are both opened and closed."""
    if not _ISOLATES.search(text):
        return text
    keep: set[int] = set()
    opened: list[int] = []
    for match in _ISOLATES.finditer(text):
        if match.group() == FIRST_STRONG_ISOLATE:
            opened.append(match.start())
        elif opened:
            keep |= {opened.pop(), match.start()}
    return "".join(c for at, c in enumerate(text) if at in keep or not _ISOLATES.match(c))
