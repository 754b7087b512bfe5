"""What holds for every screen, in both languages, fresh and stale, ordinary and hostile."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from canvas_app.canvas import screens
from canvas_app.canvas.components import Canvas
from canvas_app.canvas.found import MatchedBy, NamedOrder, Relation
from canvas_app.words.catalogues import LANGUAGES
from tests.builders import a_customer, an_order
from tests.gallery import (
    FRESH,
    STALE,
    a_look,
    an_order_screen,
    every_screen,
    hostile_order,
    ids_of,
    inner_screens,
    matched,
    older,
    overviews,
    states_without_a_way_back,
    texts_of,
    the_order,
)

T = TypeVar("T")
Screens = Mapping[str, Canvas]
SCREENS: Mapping[str, Screens] = {language: dict(every_screen(a_look(language))) for language in LANGUAGES}
OVERVIEWS: Mapping[str, Screens] = {
    language: {
        **dict(overviews(a_look(language))),
        **{f"{name}, closed": canvas for name, canvas in overviews(a_look(language, fields=()))},
    }
    for language in LANGUAGES
}
INNER: Mapping[str, Screens] = {language: dict(inner_screens(a_look(language))) for language in LANGUAGES}
in_both_languages = pytest.mark.parametrize("language", LANGUAGES)


def _wire(canvas: Canvas) -> list[dict[str, Any]]:
    components: list[dict[str, Any]] = json.loads(canvas.to_json())["canvas"]["content"]["components"]
    return components


def _drawn_height(canvas: Canvas) -> int:
    """How high Intercom draws a canvas in a side panel of ordinary width, in px, generously."""
    return sum(_height_of(component) for component in _wire(canvas))


def _height_of(component: Mapping[str, Any]) -> int:
    match component["type"]:
        case "text":
            letters = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in component["text"])
            return 20 * max(1, -(-letters // 46)) + (0 if component.get("bottom_margin") else 10)
        case "list":
            return sum(50 if "subtitle" in item else 32 for item in component["items"])
        case "button":
            return 46
        case "divider":
            return 11
        case "spacer":
            return 10
        case other:
            raise AssertionError(f"{other} has no place on a first screen")


def _wrong(screens: Screens, look_for: Callable[[Canvas], T]) -> dict[str, T]:
    """What is wrong, by the names of the screens on which it is."""
    return {name: found for name, canvas in screens.items() if (found := look_for(canvas))}


@in_both_languages
def test_a_first_screen_is_at_most_400_px_high(language: str) -> None:
    heights = {name: _drawn_height(canvas) for name, canvas in OVERVIEWS[language].items()}
    assert {name: px for name, px in heights.items() if px > 400} == {}


_AMOUNTS = st.integers(min_value=0, max_value=10**9)
_TEXTS = st.text(max_size=60)


@given(
    names=st.tuples(_TEXTS, _TEXTS, _TEXTS),
    named=st.integers(0, 6),
    orders=st.integers(0, 3),
    language=st.sampled_from(LANGUAGES),
    stale=st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_a_customers_first_screen_fits_whatever_there_is(
    names: tuple[str, str, str], named: int, orders: int, language: str, stale: bool
) -> None:
    customer = a_customer(first_name=names[0], last_name=names[1], group=names[2])
    found = matched(
        named=tuple(NamedOrder(older(f"N-{n}"), list(Relation)[n % 3]) for n in range(named)),
        customer=customer,
        orders=tuple(the_order(id=f"o{n}", number=f"{names[0]}{n}") for n in range(orders)),
    )
    canvas = screens.overview(found, STALE if stale else FRESH, a_look(language), memory={})
    assert _drawn_height(canvas) <= 400


@in_both_languages
def test_a_first_screen_has_no_primary_button(language: str) -> None:
    assert _wrong(OVERVIEWS[language], lambda canvas: [c for c in _wire(canvas) if c.get("style") == "primary"]) == {}


@in_both_languages
def test_a_first_screen_offers_the_search(language: str) -> None:
    assert _wrong(OVERVIEWS[language], lambda canvas: "search" not in ids_of(canvas)) == {}


@in_both_languages
def test_every_inner_screen_ends_with_a_way_back_as_a_link(language: str) -> None:
    def lacks_a_way_back(canvas: Canvas) -> bool:
        last = _wire(canvas)[-1]
        kind = (last["type"], last.get("style"), last.get("action"))
        return kind != ("button", "link", {"type": "submit"}) or last["label"] not in ("Back", "Zurück")

    assert _wrong(INNER[language], lacks_a_way_back) == {}


@in_both_languages
def test_a_first_screen_without_facts_offers_to_try_again(language: str) -> None:
    states = dict(states_without_a_way_back(a_look(language)))
    assert _wrong(states, lambda canvas: "retry" not in ids_of(canvas)) == {}


@in_both_languages
def test_no_screen_shows_a_missing_fact(language: str) -> None:
    gap = re.compile(r"\bNone\b|\{\w*\}|(^|· )·|^ ?·|· ?$|^[—, ]*$")
    assert _wrong(SCREENS[language], lambda canvas: [text for text in texts_of(canvas) if gap.search(text)]) == {}


@in_both_languages
def test_no_screen_speaks_of_time_relative_to_now(language: str) -> None:
    relative = re.compile(r"\b(ago|today|yesterday|tomorrow|vor \d|heute|gestern|morgen)\b", re.IGNORECASE)
    assert _wrong(SCREENS[language], lambda canvas: [text for text in texts_of(canvas) if relative.search(text)]) == {}


@in_both_languages
def test_a_screen_remembers_only_what_it_was_given(language: str) -> None:
    assert _wrong(SCREENS[language], lambda canvas: set(canvas.stored_data) - {"screen"}) == {}


_KNOWN_IDS = re.compile(
    r"refresh|retry|overview|search|find|query|cart|contact|details|settings|install|full-order|merchant-center"
    r"|(order|orders|guest|pick|customer|number|parcels|parcel|delivery|label|item|return|transaction):\S+"
)


@in_both_languages
def test_component_ids_are_known_and_hold_no_personal_data(language: str) -> None:
    def unknown(canvas: Canvas) -> list[str]:
        return [name for name in ids_of(canvas) if not _KNOWN_IDS.fullmatch(name) or "@" in name or "Anna" in name]

    assert _wrong(SCREENS[language], unknown) == {}


@in_both_languages
def test_no_customers_text_becomes_a_link_or_a_tag(language: str) -> None:
    """What an agent typed stays in the input as it was typed; an input knows no markdown."""
    syntax = re.compile(r"\]\(|<b>|\*\*|\u202e")

    def interpreted(canvas: Canvas) -> list[str]:
        typed = {component.get("value") for component in _wire(canvas) if component["type"] == "input"}
        return [text for text in texts_of(canvas) if syntax.search(text) and text not in typed]

    assert _wrong(SCREENS[language], interpreted) == {}


def test_both_languages_offer_the_same_clicks() -> None:
    english, german = (
        {name: ids_of(canvas) for name, canvas in SCREENS[language].items() if "hostile" not in name}
        for language in LANGUAGES
    )
    assert {name for name in english if english[name] != german[name]} == set()


@pytest.mark.parametrize("name", ["customer by id", "order own id", "orders page", "cart", "search", "not set up"])
def test_german_screens_share_no_sentence_with_english_ones(name: str) -> None:
    english, german = ({*_sentences(SCREENS[language][name])} for language in LANGUAGES)
    assert english & german == set()


def _sentences(canvas: Canvas) -> Iterator[str]:
    """Texts of ours: those of several words that hold no number, name or code."""
    yield from (text for text in texts_of(canvas) if re.fullmatch(r"[A-Z][a-z]+( [a-z-]+)+[.:]?", text))


def test_the_longest_possible_order_still_fits_into_a_canvas() -> None:
    order = hostile_order()
    assert order.items is not None
    canvas = an_order_screen(a_look("de"), the_order(items=order.items * 500, discount_codes=order.discount_codes))
    assert len(canvas.to_json()) < 64_000


def test_an_order_without_anything_is_drawn_without_empty_sections() -> None:
    headings = [
        text for text in texts_of(an_order_screen(a_look(), an_order())) if text in ("Items", "Returns", "Parcels")
    ]
    assert headings == []


def test_how_a_contact_was_matched_is_said_in_words() -> None:
    said = {
        by: [
            text
            for text in texts_of(screens.overview(matched(by), FRESH, a_look(fields=()), memory={}))
            if "since" in text
        ]
        for by in MatchedBy
    }
    assert [texts[0].rsplit(" · ", 1)[-1] for texts in said.values()] == [
        "matched by id",
        "by e-mail, unverified",
        "picked by an agent",
        "found by search",
    ]
