"""How the first screen keeps within its room."""

from __future__ import annotations

import pytest

from canvas_app.canvas.components import Button, Divider, List, ListItem, Text
from canvas_app.canvas.screens.room import first_that_fits, height

LINE = Text(text="x")
TALL = [LINE] * 14  # 420 px


def test_texts_wrap_and_wide_characters_take_two_places() -> None:
    heights = [height([Text(text=text)]) for text in ("x" * 46, "x" * 47, "字" * 23, "字" * 24)]
    assert heights == [30, 50, 30, 50]


def test_a_tight_text_has_no_margin() -> None:
    assert height([Text(text="x", tight=True)]) == 20


def test_a_row_with_a_subtitle_is_higher() -> None:
    rows = [ListItem(id="a", title="x"), ListItem(id="b", title="x", subtitle="y")]
    assert height([List(items=rows), Divider(), Button(id="c", label="z")]) == 32 + 50 + 11 + 46


def test_the_richest_drawing_that_fits_is_chosen() -> None:
    assert first_that_fits([TALL, [LINE, LINE], [LINE]]) == [LINE, LINE]


def test_poorer_drawings_are_not_even_made_once_one_fits() -> None:
    def drawings() -> object:
        yield [LINE]
        raise AssertionError("one was enough")

    assert first_that_fits(drawings()) == [LINE]  # type: ignore[arg-type]


def test_when_nothing_fits_the_poorest_is_drawn() -> None:
    assert first_that_fits([TALL + TALL, TALL]) == TALL


def test_there_is_always_something_to_draw() -> None:
    with pytest.raises(ValueError, match="nothing to draw"):
        first_that_fits([])
