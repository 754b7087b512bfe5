"""Charts keep their shape whatever they are given."""

from __future__ import annotations

from canvas_app.pages.charts import bar_chart, line_chart


def test_a_line_goes_from_edge_to_edge_and_the_highest_value_is_on_top() -> None:
    chart = line_chart([0, 5, 10], width=100, height=50)
    assert chart.lines == ("0.0,48.0 50.0,25.0 100.0,2.0",)


def test_the_top_can_be_given() -> None:
    assert line_chart([5, 5], most=10, width=10, height=50).latest == (10.0, 25.0)


def test_a_gap_is_not_drawn_over() -> None:
    assert len(line_chart([1, None, 2, 3], width=90).lines) == 2


def test_nothing_is_an_empty_chart() -> None:
    assert line_chart([]).lines == ()
    assert line_chart([None]).latest is None
    assert bar_chart([]).bars == ()


def test_a_flat_line_of_zeros_lies_on_the_floor() -> None:
    assert line_chart([0, 0], width=10, height=50).lines == ("0.0,48.0 10.0,48.0",)


def test_small_values_are_seen_beside_large_ones_and_zero_is_not() -> None:
    tiny, none, large = bar_chart([("a", 1), ("b", 0), ("c", 10_000)], height=50).bars
    assert (tiny.height, none.height, large.height) == (1.5, 0.0, 50.0)
