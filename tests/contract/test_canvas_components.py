"""Every component, with any text in any slot, is valid by Intercom's own description of a canvas."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from canvas_app.canvas.components import (
    Align,
    Button,
    ButtonStyle,
    Canvas,
    Component,
    DataTable,
    Divider,
    Dropdown,
    Input,
    List,
    ListItem,
    Option,
    Row,
    SaveState,
    SingleSelect,
    Spacer,
    SpacerSize,
    Submit,
    Text,
    TextStyle,
    Url,
    plain,
)

SCHEMAS = ("canvas-initialize-response.schema.json", "canvas-submit-response.schema.json")
ANY_TEXT = st.text(alphabet=st.characters(), max_size=80) | st.sampled_from(
    ["[x](http://evil.example)", "<b>", "\ud800", "\u202e", "\x00", "", " ", "**", "é" * 6_000, '"\\', "null"]
)
LINK = Url("https://shop.example/orders/1")


@pytest.fixture(scope="module", params=SCHEMAS)
def problems(request: pytest.FixtureRequest, contract: Callable[[str], Path]) -> Callable[[Canvas], list[str]]:
    """What is wrong with a canvas, by one of the two descriptions."""
    check = _load(contract("check.py"))
    canvases = check.Canvases(contract(request.param))

    def found(canvas: Canvas) -> list[str]:
        problems: list[str] = canvases.problems(json.loads(canvas.to_json()))
        return problems

    return found


def _load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("canvas_contract_check", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


EVERY_COMPONENT: list[Component] = [
    *(Text(text="Anna", style=style) for style in TextStyle),
    *(Text(text="Anna", align=align, tight=True, id=f"t-{align}") for align in Align),
    *(Button(id=f"b-{style}", label="Go", style=style) for style in ButtonStyle),
    Button(id="b-url", label="Go", action=LINK, disabled=True),
    List(items=[ListItem(id="i-bare", title="T")]),
    List(
        items=[
            ListItem(id="i-full", title="T", subtitle="S", tertiary_text="3", action=Submit()),
            ListItem(id="i-tertiary", title="T", tertiary_text="3", action=LINK, disabled=True),
        ],
        disabled=True,
    ),
    DataTable(items=[Row(field="Total", value="1.00 EUR"), Row(field="", value="")]),
    Divider(),
    Divider(id="d", tight=True),
    *(Spacer(size=size, id=f"s-{size}") for size in SpacerSize),
    Input(id="q-bare"),
    *(
        Input(id=f"q-{state}", label="L", placeholder="P", value="V", action=Submit(), save_state=state)
        for state in SaveState
    ),
    Input(id="q-url", action=LINK, disabled=True),
    Dropdown(id="dd", options=[Option(id="1", text="One"), Option(id="2", text="Two", disabled=True)]),
    Dropdown(
        id="dd-full", label="L", value="1", disabled=True, options=[Option(id=str(n), text="T") for n in range(10)]
    ),
    SingleSelect(id="ss", options=[Option(id="1", text="One"), Option(id="2", text="Two")]),
    SingleSelect(
        id="ss-full",
        label="L",
        value="2",
        action=Submit(),
        options=[Option(id="1", text="1"), Option(id="2", text="2")],
    ),
]


@pytest.mark.parametrize("component", EVERY_COMPONENT, ids=lambda part: type(part).__name__)
def test_a_component_is_valid(component: Component, problems: Callable[[Canvas], list[str]]) -> None:
    assert problems(Canvas([component], {"read_at": "2026-11-23T14:02:11Z"})) == []


def test_all_components_together_are_valid(problems: Callable[[Canvas], list[str]]) -> None:
    assert problems(Canvas(EVERY_COMPONENT)) == []


def test_a_canvas_too_big_is_valid_once_made(problems: Callable[[Canvas], list[str]]) -> None:
    items = [ListItem(id=f"i{n}", title="_" * 120, subtitle="長" * 160, action=LINK) for n in range(1_000)]
    rows = [Row(field="f", value="&lt;" * 100) for _ in range(1_000)]
    texts = [Text(text="👩‍👩‍👧" * 200) for _ in range(200)]
    assert problems(Canvas([List(items=items), DataTable(items=rows), *texts])) == []


def _with(text: st.SearchStrategy[str]) -> st.SearchStrategy[list[Any]]:
    """One of each component, with texts drawn for every slot."""
    maybe = st.none() | text
    option = st.tuples(st.builds(Option, id=st.just("1"), text=text), st.builds(Option, id=st.just("2"), text=text))
    return st.tuples(
        st.builds(Text, text=text, style=st.sampled_from(TextStyle)),
        st.builds(Text, text=text.map(plain)),
        st.builds(Button, id=st.just("b"), label=text),
        st.builds(
            lambda item: List(items=[item]),
            st.builds(ListItem, id=st.just("i"), title=text, subtitle=maybe, tertiary_text=maybe),
        ),
        st.builds(lambda row: DataTable(items=[row]), st.builds(Row, field=text, value=text)),
        st.builds(Input, id=st.just("q"), label=maybe, placeholder=maybe, value=maybe),
        st.builds(Dropdown, id=st.just("dd"), options=option, label=maybe),
        st.builds(SingleSelect, id=st.just("ss"), options=option, label=maybe),
    ).map(list)


@settings(max_examples=60)
@given(components=_with(ANY_TEXT))
def test_any_text_in_any_slot_is_valid(components: list[Any], problems: Callable[[Canvas], list[str]]) -> None:
    assert problems(Canvas(components)) == []
