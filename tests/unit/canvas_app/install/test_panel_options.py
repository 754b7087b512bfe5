"""Options are changed in the text of a mapping, and nothing else in it."""

from __future__ import annotations

import tomllib

import pytest

from canvas_app.install.new_mapping import mapping_in
from canvas_app.install.settings.panel_options import NotChangeable, Value, panel_table, with_options

TEXT = """# ours
[panel]

fields = [
  "customer.name",  # "quoted" # and more
]
# language = "en"                    # of the panel
stores = [
  "de",
  "at",
]
cache_seconds = 5 # short

[panel.masks]
language = "not this one"

[sync]
# language = "nor this"
stores = ["x"]
"""


@pytest.mark.parametrize(
    ("options", "gone", "new"),
    [
        ({"language": "de"}, ['# language = "en"                    # of the panel'],
         ['language = "de"                    # of the panel']),
        ({"stores": ["ch"]}, ["stores = [", '  "de",', '  "at",', "]"], ['stores = ["ch"]']),
        ({"stores": None}, ["stores = [", '  "de",', '  "at",', "]"], []),
        ({"cache_seconds": 10}, ["cache_seconds = 5 # short"], ["cache_seconds = 10"]),
        ({"show_cart": False}, [], ["show_cart = false"]),
        ({"cache_seconds": 5, "language": None}, [], []),
        ({"time_zone": 'a"b\\'}, [], ['time_zone = "a\\"b\\\\"']),
    ],
)  # fmt: skip
def test_only_the_option_is_changed(options: dict[str, Value | None], gone: list[str], new: list[str]) -> None:
    before, after = TEXT.splitlines(), with_options(TEXT, options).splitlines()
    kept = list(before)
    start = before.index(gone[0]) if gone else None
    if start is not None:
        kept[start : start + len(gone)] = []
    rest = list(after)
    for line in new:
        rest.remove(line)
    assert rest == kept


def test_a_mapping_without_a_panel_gets_one() -> None:
    assert tomllib.loads(with_options("[sync]\n", {"language": "de"})) == {"panel": {"language": "de"}, "sync": {}}
    assert tomllib.loads(with_options("", {"language": "de"})) == {"panel": {"language": "de"}}


@pytest.mark.parametrize("text", ["panel = { language = 'en' }\n", "panel.language = 'en'\n", "rubbish", "panel = 3\n"])
def test_what_is_written_in_another_way_is_left_to_a_person(text: str) -> None:
    with pytest.raises(NotChangeable):
        with_options(text, {"language": "de"})


def test_rubbish_has_no_panel() -> None:
    assert panel_table("rubbish") == panel_table("panel = 3") == {}


def test_a_new_workspace_begins_with_its_own_time_zone() -> None:
    text = '[panel]\n# time_zone = "UTC"                  # of dates\n'
    assert mapping_in("Europe/Berlin", text) == '[panel]\ntime_zone = "Europe/Berlin"                  # of dates\n'


@pytest.mark.parametrize("text", ["", '[panel]\ntime_zone = "Asia/Tokyo"\n'])
def test_a_time_zone_that_was_decided_stays(text: str) -> None:
    assert mapping_in("Europe/Berlin", text) == text


def test_a_list_of_thousands_of_lines_is_left_to_a_person() -> None:
    """Its end is looked for line by line, which would take minutes."""
    lines = "".join(f'"store-{number}",\n' for number in range(5000))
    with pytest.raises(NotChangeable):
        with_options(f"[panel]\nstores = [\n{lines}]\n", {"stores": ["one"]})
