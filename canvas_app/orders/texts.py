"""The shop's texts as HTML takes them: on one line, without what cannot be seen, and not altered beyond that. Pure.

A canvas has to keep Intercom from reading markdown into them (`canvas_app.canvas.plain`); a template escapes by itself.
"""

from __future__ import annotations

from typing import Final

from canvas_app.canvas.plain import WORD_JOINER
from commerce.visible_text import tidy

LONGEST: Final = 300


def shown(value: str, limit: int = LONGEST) -> str:
    """A text of the shop."""
    return tidy(value, limit)


def bare(text: str) -> str:
    """A line that was written for a canvas, so that it can be copied from a page as it is."""
    return text.replace(WORD_JOINER, "")
