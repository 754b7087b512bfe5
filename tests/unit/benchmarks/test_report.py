"""The benchmarks' results as people and machines read them."""

from __future__ import annotations

import json

import pytest

from benchmarks.report import Figure, as_json, table

FIGURES = (
    Figure("warm", "p50", 1.234, "ms"),
    Figure("warm", "p99", 12.0, "ms", 10),
    Figure("crowd", "requests to the shop", 1, "", 1),
)


def test_a_bar_that_is_reached_exactly_is_met() -> None:
    assert Figure("crowd", "requests", 1, "", 1).met is True


def test_a_bar_that_is_passed_by_a_little_is_missed() -> None:
    assert Figure("warm", "p99", 10.001, "ms", 10).met is False


def test_without_a_bar_nothing_is_met_or_missed() -> None:
    assert Figure("warm", "p50", 1.0, "ms").met is None


def test_the_table_says_what_is_met_and_what_is_missed() -> None:
    lines = table(FIGURES).splitlines()
    assert [line.rsplit(None, 1)[-1] for line in lines[3:]] == ["MISSED", "met"]


def test_the_table_names_a_scenario_once() -> None:
    assert table(FIGURES).count("warm") == 1


def test_the_columns_of_the_table_stand_below_each_other() -> None:
    lines = table(FIGURES).splitlines()
    assert lines[2].index("p50") == lines[3].index("p99") == lines[0].index("figure")


@pytest.mark.parametrize(
    ("figure", "shown"),
    [
        pytest.param(Figure("a", "b", 2_154.96, "ms", 3_500), "2,155.0 ms  ≤ 3,500 ms", id="thousands"),
        pytest.param(Figure("a", "b", 0.2049, "x"), "0.20 x", id="a ratio"),
        pytest.param(Figure("a", "b", 643.6, "µs"), "644 µs", id="microseconds are whole"),
    ],
)
def test_numbers_are_as_exact_as_they_were_measured(figure: Figure, shown: str) -> None:
    assert shown in table([figure])


def test_the_json_holds_what_the_table_shows() -> None:
    written = json.loads(json.dumps(as_json(FIGURES, {"cores": 2})))
    assert written["surroundings"] == {"cores": 2}
    assert written["figures"][1] == {
        "scenario": "warm",
        "what": "p99",
        "value": 12.0,
        "unit": "ms",
        "most": 10,
        "least": None,
        "met": False,
    }


def test_a_bar_may_be_one_to_reach() -> None:
    reached, missed = Figure("use", "share", 95.0, "%", least=95), Figure("use", "share", 94.9, "%", least=95)
    assert (reached.met, missed.met) == (True, False)
    assert table([missed]).splitlines()[2].split() == ["use", "share", "94.9", "%", "≥", "95", "%", "MISSED"]
