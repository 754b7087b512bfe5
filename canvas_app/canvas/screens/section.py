"""How the parts of a long screen look: a quiet heading, and long lists that say how much they leave out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from canvas_app.canvas.components import Component, DataTable, Divider, List, ListItem, Row, Text, TextStyle
from canvas_app.canvas.screens.look import Look

ROWS_SHOWN: Final = 20


def heading(text: str) -> tuple[Component, ...]:
    """A line, and the name of what follows."""
    return (Divider(), Text(text=text, style=TextStyle.MUTED, tight=True))


def listed(title: str, items: Sequence[ListItem], look: Look, *, shown: int = ROWS_SHOWN) -> Iterator[Component]:
    """A section that is a list; nothing when there is nothing to list."""
    if items:
        yield from heading(title)
        yield List(items=items[:shown])
        yield from and_more(len(items) - shown, look)


def tabled(title: str, rows: Sequence[Row], look: Look, *, shown: int = ROWS_SHOWN) -> Iterator[Component]:
    """A section that is a table; nothing when there are no rows."""
    if rows:
        yield from heading(title)
        yield DataTable(items=rows[:shown])
        yield from and_more(len(rows) - shown, look)


def and_more(count: int, look: Look) -> Iterator[Component]:
    """`and 23 more`, nothing when all are shown."""
    if count > 0:
        yield Text(text=look.words.t("and {count} more", count=look.formats.count(count)), style=TextStyle.MUTED)
