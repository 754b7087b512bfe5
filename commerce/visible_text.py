"""Text that people typed, made one line of what can be seen."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

ELLIPSIS: Final = "…"
FIRST_STRONG_ISOLATE: Final = "\u2068"
POP_ISOLATE: Final = "\u2069"

LONGEST_READ: Final = 20_000  # characters looked at; what comes after would be clipped anyway

# Control characters that are not white space, soft hyphens, zero-width spaces and joiners of words, marks,
# overrides and isolates of direction (other than the two that `plain` itself sets), byte order marks,
# annotations, non-characters, tags. Joiners inside of words and emoji (U+200C, U+200D) stay.
INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2067\u206a-\u206f"
    "\u3164\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
ISOLATES: Final = re.compile(f"[{FIRST_STRONG_ISOLATE}{POP_ISOLATE}]")
SURROGATE: Final = re.compile("[\ud800-\udfff]")
_PILED_MARKS: Final = re.compile(
    "([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]{3})[\u0300-\u036f]+"
)


def tidy(value: str, limit: int) -> str:
    """`value` as one line of at most `limit` characters, without what cannot be seen. Markdown stays as it is."""
    text = value[:LONGEST_READ]
    if not (text.isascii() and text.isprintable()):
        text = INVISIBLE.sub("", SURROGATE.sub("\ufffd", text))
        text = _PILED_MARKS.sub(r"\1", text)
    text = clip(" ".join(text.split()), limit)
    return _balanced(text).strip(" \u200c\u200d")


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
    """`text` with only those isolates that are both opened and closed; the blanks around one that goes become one."""
    if not ISOLATES.search(text):
        return text
    keep: set[int] = set()
    opened: list[int] = []
    for match in ISOLATES.finditer(text):
        if match.group() == FIRST_STRONG_ISOLATE:
            opened.append(match.start())
        elif opened:
            keep |= {opened.pop(), match.start()}
    kept = "".join(c for at, c in enumerate(text) if at in keep or not ISOLATES.match(c))
    return " ".join(kept.split())
