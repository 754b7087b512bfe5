"""The statistics behind the benchmarks' tables."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.figures import Spread, percentile, slope, typical

MEASURED = st.lists(st.floats(0, 1e6), min_size=1, max_size=50)


def test_the_ninety_ninth_percentile_of_a_hundred_is_the_last_but_one() -> None:
    assert percentile(range(1, 101), 99) == 99


def test_a_median_is_a_value_that_was_measured() -> None:
    assert percentile([1.0, 2.0, 10.0, 20.0], 50) == 2.0


def test_one_value_is_every_percentile() -> None:
    assert [percentile([7.0], percent) for percent in (0, 50, 99, 100)] == [7.0] * 4


@given(MEASURED, st.floats(0, 100))
def test_at_least_as_many_values_as_asked_for_are_not_above_a_percentile(values: list[float], percent: float) -> None:
    below = sum(value <= percentile(values, percent) for value in values)
    assert below >= len(values) * percent / 100 - 1e-9


@given(MEASURED)
def test_the_order_in_which_values_came_does_not_matter(values: list[float]) -> None:
    assert Spread.of(values) == Spread.of(values[::-1])


@pytest.mark.parametrize("percent", [-1, 101, float("nan")])
def test_no_percentage_is_refused(percent: float) -> None:
    with pytest.raises(ValueError, match="not a percentage"):
        percentile([1.0], percent)


def test_nothing_measured_has_no_percentile() -> None:
    with pytest.raises(ValueError, match="nothing was measured"):
        percentile([], 50)


def test_one_noisy_run_does_not_decide() -> None:
    runs = [Spread(2, 5, 6, 100), Spread(2, 500, 900, 100), Spread(3, 6, 7, 100)]
    assert typical(runs) == Spread(2, 6, 7, 300)


def test_without_runs_nothing_is_typical() -> None:
    with pytest.raises(ValueError, match="nothing was run"):
        typical([])


def test_a_straight_line_has_its_own_slope() -> None:
    assert slope([(0, 1), (10, 21), (20, 41)]) == pytest.approx(2)


def test_what_stays_the_same_does_not_grow() -> None:
    assert slope([(1_000, 90), (2_000, 90), (3_000, 90)]) == 0


def test_one_place_has_no_slope() -> None:
    with pytest.raises(ValueError, match="two different places"):
        slope([(1, 1), (1, 2)])
