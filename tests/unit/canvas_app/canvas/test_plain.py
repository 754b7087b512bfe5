"""What a customer or a shop wrote is seen as what they wrote, and does nothing."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from canvas_app.canvas.plain import as_typed, neutral, plain
from commerce.visible_text import clip, tidy

ANY_TEXT = st.text(alphabet=st.characters(), max_size=120) | st.text(
    alphabet="[]()<>*_`~#&;\\!ab1 \u2060\u2066\u2068\u2069\u202eש\u200d👩\ud800", max_size=60
)
LINK = re.compile(r"\]\(|\]\[|\]:")
TAG = re.compile(r"<[A-Za-z/!?]")


def seen(text: str) -> str:
    """What an eye sees: joiners and isolates are nothing, look-alikes are what they look like."""
    return as_typed(text)


@pytest.mark.parametrize(
    "text",
    [
        "[your refund](https://evil.example)",
        "![x](https://evil.example/pixel.png)",
        "[x][ref]",
        "<b>bold</b>",
        "<https://evil.example>",
        "<!-- hidden -->",
        "**bold** and __bold__",
        "2*3*4",
        "`code`",
        "~~gone~~",
        "&lt;b&gt;",
        "\\*kept\\*",
        "# heading",
        "1. FC Köln",
        "- list",
        "> quote",
        'O\'Brien & Söhne "quoted"',
    ],
)
def test_a_text_is_seen_as_it_was_written(text: str) -> None:
    assert seen(plain(text)) == text


@pytest.mark.parametrize(
    "text", ["[a](https://x.example)", "[a][b]", "[a]: https://x.example", "![a](https://x.example)"]
)
def test_a_link_is_no_link(text: str) -> None:
    assert not LINK.search(plain(text))


@pytest.mark.parametrize("text", ["**a**", "*a*", "`a`", "__a__", "_a_", "~~a~~"])
def test_emphasis_has_nothing_to_begin_with(text: str) -> None:
    assert not re.search("[*`_]|~~", plain(text))


@pytest.mark.parametrize("text", ["<b>", "</b>", "<script>", "<!doctype>", "<https://x.example>"])
def test_a_tag_is_no_tag(text: str) -> None:
    assert not TAG.search(plain(text))


@pytest.mark.parametrize(
    "text", ["SKU_1_RED", "A-1001 #7 (2 < 3) [new]", "Müller, Łódź, 株式会社", "👩‍👩‍👧 🇩🇪 ❤️", "نیم‌فاصله"]
)
def test_a_harmless_text_keeps_every_character(text: str) -> None:
    assert neutral(text, 500) == text


@pytest.mark.parametrize(
    "control", ["\u202a", "\u202e", "\u2066", "\u2067", "\u200e", "\u200f", "\u061c", "\ufeff", "\x00", "\x1b"]
)
def test_controls_of_direction_and_terminals_are_removed(control: str) -> None:
    assert plain(f"1{control}2") == "12"


def test_isolates_of_the_customer_are_removed() -> None:
    assert plain("a\u2069\u2068b") == "ab"


def test_a_value_from_right_to_left_is_isolated() -> None:
    assert plain("שרה") == "\u2068שרה\u2069"


def test_an_isolated_value_stays_isolated_inside_of_a_line() -> None:
    assert neutral(f"{plain('שרה')} · 12", 100) == "\u2068שרה\u2069 · 12"


@pytest.mark.parametrize("space", ["\n", "\r\n", "\t", "\u2028", "\u00a0", "   ", "\v"])
def test_every_white_space_is_one_space(space: str) -> None:
    assert tidy(f"{space}a{space}b{space}", 10) == "a b"


def test_half_of_a_surrogate_pair_is_a_replacement_character() -> None:
    assert plain("a\ud83db") == "a\ufffdb"


def test_marks_do_not_pile_up() -> None:
    assert tidy("e" + "\u0301" * 500, 100) == "e" + "\u0301" * 3


def test_a_long_text_ends_in_an_ellipsis() -> None:
    assert plain("x" * 5_000, 10) == "x" * 9 + "…"


@pytest.mark.parametrize(
    ("text", "limit", "clipped"),
    [
        ("ab👩‍👩‍👧cd", 5, "ab…"),
        ("abe\u0301cd", 4, "ab…"),
        ("a👍🏽bc", 3, "a…"),
        ("🇩🇪🇫🇷🇪🇸", 4, "🇩🇪…"),
        ("word another", 6, "word…"),
    ],
)
def test_a_cut_never_goes_through_a_character(text: str, limit: int, clipped: str) -> None:
    assert clip(text, limit) == clipped


def test_a_number_copied_from_the_panel_is_found_again() -> None:
    assert as_typed(" \u2068" + plain("_DE*10482_") + "\u2069\n") == "_DE*10482_"


@given(text=ANY_TEXT, limit=st.integers(1, 40))
def test_doing_it_twice_changes_nothing(text: str, limit: int) -> None:
    once = plain(text, limit)
    assert plain(once, limit) == once


@given(text=ANY_TEXT, limit=st.integers(1, 40))
@example(text="0 \u2068 0", limit=5)
def test_a_slot_and_the_slot_of_a_slot_are_the_same(text: str, limit: int) -> None:
    once = neutral(text, limit)
    assert neutral(once, limit) == once


@given(text=ANY_TEXT)
def test_nothing_reads_as_a_link_or_a_tag(text: str) -> None:
    shown = plain(text)
    assert not LINK.search(shown)
    assert not TAG.search(shown)


@given(text=ANY_TEXT, limit=st.integers(1, 40))
def test_a_text_is_never_longer_than_its_limit(text: str, limit: int) -> None:
    assert len(tidy(text, limit)) <= limit


@given(text=ANY_TEXT)
def test_every_text_can_be_encoded(text: str) -> None:
    assert plain(text).encode().decode() == plain(text)


@given(text=ANY_TEXT)
def test_isolates_are_closed(text: str) -> None:
    depth = 0
    for character in neutral(text, 100):
        depth += {"\u2068": 1, "\u2069": -1}.get(character, 0)
        assert depth >= 0
    assert depth == 0
