"""Looking for an order or a person."""

from __future__ import annotations

from typing import Any

from canvas_app.canvas import screens
from canvas_app.canvas.components import Canvas
from canvas_app.canvas.found import NamedOrder, Relation
from tests.gallery import FRESH, HOSTILE, a_look, ids_of, older, texts_of, the_customer


def _form(**fields: Any) -> dict[str, Any]:
    canvas = screens.search_form(a_look(), memory={}, **fields)
    content: Any = canvas.to_dict()["content"]
    return {component["type"]: component for component in content["components"]}


def _results(query: str = "someone@example.org", **found: Any) -> Canvas:
    return screens.search_results(query, FRESH, a_look(), memory={}, **found)


def test_the_form_has_an_input_and_a_button_to_start() -> None:
    assert ids_of(screens.search_form(a_look(), memory={})) == ["query", "find", "overview"]


def test_the_form_leads_back_to_where_the_search_began() -> None:
    assert ids_of(screens.search_form(a_look(), memory={}, back="orders:10"))[-1] == "orders:10"


def test_a_failed_search_keeps_what_was_typed_and_marks_it() -> None:
    field = _form(query="DE-1", error="Nothing found.")["input"]
    assert (field["value"], field["save_state"]) == ("DE-1", "failed")


def test_a_search_without_a_word_says_what_to_type() -> None:
    assert screens.nothing_typed(a_look()) == "Type an order number or an e-mail address."


def test_what_was_found_opens_with_one_click() -> None:
    found = _results(
        orders=(NamedOrder(older("X-1"), Relation.OTHER),),
        customers=(the_customer(id="c1"),),
        guest_orders=(older("G-1"),),
    )
    assert ids_of(found)[:3] == ["order:order-X-1", "customer:c1", "order:order-G-1"]


def test_an_order_found_twice_is_listed_once() -> None:
    order = older("X-1")
    ids = ids_of(_results(orders=(NamedOrder(order, Relation.OTHER),), guest_orders=(order, order)))
    assert ids.count("order:order-X-1") == 1


def test_results_lead_back_to_the_search() -> None:
    assert ids_of(_results(customers=(the_customer(),)))[-1] == "search"


def test_nothing_found_shows_the_form_again_with_what_to_try() -> None:
    canvas = _results("DE-99")
    hint = "Nothing found for DE-99. Try the whole order number, or the e-mail address used for the order."
    assert (hint in texts_of(canvas), "query" in ids_of(canvas)) == (True, True)


def test_a_hostile_query_is_shown_shortened_and_as_text() -> None:
    assert len(screens.nothing_found(HOSTILE, a_look())) < 200
