"""What cannot be a canvas cannot be made; what can be shown always fits."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from canvas_app.canvas.components import (
    Align,
    Button,
    ButtonStyle,
    Canvas,
    DataTable,
    Divider,
    Dropdown,
    Input,
    InvalidCanvas,
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
)

TWO = (Option(id="a", text="A"), Option(id="b", text="B"))


def rows_shown(canvas: Canvas) -> int:
    return sum(len(part.items) for part in canvas.components if isinstance(part, List | DataTable))


def notes(canvas: Canvas) -> list[str]:
    return [part.text for part in canvas.components if isinstance(part, Text)]


def test_a_text_says_only_what_differs_from_the_default() -> None:
    assert Text(text="Hello").to_dict() == {"type": "text", "text": "Hello", "style": "paragraph"}


def test_a_text_can_be_styled_aligned_and_tight() -> None:
    text = Text(text="Oh", style=TextStyle.ERROR, align=Align.RIGHT, tight=True, id="oh")
    assert text.to_dict() == {
        "type": "text",
        "id": "oh",
        "text": "Oh",
        "style": "error",
        "align": "right",
        "bottom_margin": "none",
    }


def test_a_button_is_never_primary_by_accident() -> None:
    assert Button(id="go", label="Go").to_dict()["style"] == "secondary"


def test_a_button_can_open_a_page() -> None:
    button = Button(id="mc", label="Open", action=Url("https://mc.example/x"), style=ButtonStyle.LINK)
    assert button.to_dict()["action"] == {"type": "url", "url": "https://mc.example/x"}


def test_tertiary_text_takes_the_place_of_a_missing_subtitle() -> None:
    assert ListItem(id="i", title="T", tertiary_text="more").to_dict() == {
        "type": "item",
        "id": "i",
        "title": "T",
        "subtitle": "more",
    }


def test_tertiary_text_follows_the_subtitle() -> None:
    item = ListItem(id="i", title="T", subtitle="S", tertiary_text="more").to_dict()
    assert (item["subtitle"], item["tertiary_text"]) == ("S", "more")


@pytest.mark.parametrize("nothing", ["", "   ", "\u200b\u202e", "\x00"])
def test_a_title_of_nothing_visible_is_a_dash(nothing: str) -> None:
    assert ListItem(id="i", title=nothing).to_dict()["title"] == "—"


@pytest.mark.parametrize("nothing", ["", "   ", "\u200b\u202e", None])
def test_a_subtitle_of_nothing_visible_is_left_out(nothing: str | None) -> None:
    assert "subtitle" not in ListItem(id="i", title="T", subtitle=nothing).to_dict()


def test_a_value_in_an_input_stays_as_it_was_typed() -> None:
    assert Input(id="q", value="A*B_ [x](y)").to_dict()["value"] == "A*B_ [x](y)"


def test_an_input_can_say_that_it_failed() -> None:
    assert Input(id="q", save_state=SaveState.FAILED).to_dict()["save_state"] == "failed"


@pytest.mark.parametrize(
    ("component", "limit"),
    [
        (lambda text: Text(text=text).to_dict()["text"], Text.TEXT_LIMIT),
        (lambda text: Button(id="b", label=text).to_dict()["label"], Button.LABEL_LIMIT),
        (lambda text: ListItem(id="i", title=text).to_dict()["title"], ListItem.TITLE_LIMIT),
        (lambda text: ListItem(id="i", title="t", subtitle=text).to_dict()["subtitle"], ListItem.SUBTITLE_LIMIT),
        (lambda text: Row(field="f", value=text).to_dict()["value"], Row.VALUE_LIMIT),
        (lambda text: Input(id="q", label=text).to_dict()["label"], Input.LABEL_LIMIT),
        (lambda text: Option(id="o", text=text).to_dict()["text"], Option.TEXT_LIMIT),
    ],
)
def test_every_slot_is_clipped(component: Callable[[str], str], limit: int) -> None:
    assert len(component("x" * 5_000)) == limit


@pytest.mark.parametrize(
    "url",
    [
        "http://insecure.example",
        "HTTPS://shouting.example",
        "javascript:alert(1)",
        "//no-scheme.example",
        "/relative",
        "https://",
        "https://?q=1",
        "https://user@evil.example",
        "https://user:pw@evil.example",
        "https://a.example/with space",
        "https://a.example/line\nbreak",
        "https://a.example\\@evil.example",
        "https://[broken",
        "https://ümlaut.example",
        "https://a.example/" + "x" * 2_000,
        "",
    ],
)
def test_a_link_that_is_not_plain_https_is_refused(url: str) -> None:
    with pytest.raises(InvalidCanvas):
        Url(url)


@pytest.mark.parametrize("name", ["", " ", "a b", "ü", "a\n", "x" * 201])
def test_an_id_that_might_not_come_back_is_refused(name: str) -> None:
    with pytest.raises(InvalidCanvas):
        Button(id=name, label="Go")


def test_a_list_item_and_a_button_cannot_share_an_id() -> None:
    with pytest.raises(InvalidCanvas, match="'same' is used twice"):
        Canvas([List(items=[ListItem(id="same", title="T")]), Button(id="same", label="Go")])


def test_texts_and_dividers_count_when_ids_are_compared() -> None:
    with pytest.raises(InvalidCanvas):
        Canvas([Text(id="same", text="T"), Divider(id="same")])


def test_the_same_text_may_stand_there_twice() -> None:
    assert len(Canvas([Text(text="T"), Text(text="T")]).components) == 2


@pytest.mark.parametrize("count", [0, 1, 11])
@pytest.mark.parametrize("kind", [Dropdown, SingleSelect])
def test_a_choice_has_two_to_ten_options(kind: type[Dropdown] | type[SingleSelect], count: int) -> None:
    with pytest.raises(InvalidCanvas, match="2 to 10 options"):
        kind(id="c", options=[Option(id=f"o{n}", text="T") for n in range(count)])


@pytest.mark.parametrize("kind", [Dropdown, SingleSelect])
def test_the_option_chosen_at_first_is_one_of_them(kind: type[Dropdown] | type[SingleSelect]) -> None:
    with pytest.raises(InvalidCanvas, match="not among"):
        kind(id="c", options=TWO, value="z")


def test_options_cannot_share_an_id() -> None:
    with pytest.raises(InvalidCanvas, match="twice"):
        Dropdown(id="c", options=[Option(id="a", text="A"), Option(id="a", text="B")])


@pytest.mark.parametrize("make", [lambda: List(items=[]), lambda: DataTable(items=[]), lambda: Canvas([])])
def test_nothing_is_empty(make: Callable[[], object]) -> None:
    with pytest.raises(InvalidCanvas):
        make()


@pytest.mark.parametrize("value", [float("nan"), object(), "\ud800", {1, 2}])
def test_stored_data_that_is_not_json_is_refused(value: object) -> None:
    with pytest.raises(InvalidCanvas):
        Canvas([Divider()], {"x": value})


def test_too_much_stored_data_is_refused() -> None:
    with pytest.raises(InvalidCanvas, match="at most 60000"):
        Canvas([Divider()], {"x": "é" * 30_000})


def test_stored_data_is_a_copy() -> None:
    data: dict[str, object] = {"screen": "orders"}
    canvas = Canvas([Divider()], data)
    data["screen"] = "changed"
    assert canvas.stored_data == {"screen": "orders"}


def test_an_answer_without_stored_data_has_no_such_member() -> None:
    assert Canvas([Spacer(size=SpacerSize.XL)]).to_dict() == {
        "content": {"components": [{"type": "spacer", "size": "xl"}]}
    }


def test_an_answer_is_utf_8_json() -> None:
    assert json.loads(Canvas([Text(text="Grüße")], {"at": 1}).to_json()) == {
        "canvas": {
            "content": {"components": [{"type": "text", "text": "Grüße", "style": "paragraph"}]},
            "stored_data": {"at": 1},
        }
    }


def test_what_fits_is_untouched() -> None:
    items = [ListItem(id=f"i{n}", title="T", action=Submit()) for n in range(100)]
    assert rows_shown(Canvas([List(items=items)])) == 100


def test_a_list_too_long_says_how_many_rows_are_missing() -> None:
    items = [ListItem(id=f"i{n}", title="長" * 120, subtitle="長" * 160) for n in range(200)]
    canvas = Canvas([List(items=items), Button(id="back", label="Back")])
    assert notes(canvas) == [f"… +{200 - rows_shown(canvas)}"]


def test_shortening_a_list_keeps_the_way_back() -> None:
    items = [Row(field="f" * 60, value="長" * 300) for _ in range(500)]
    canvas = Canvas([DataTable(items=items), Button(id="back", label="Back")])
    assert canvas.components[-1] == Button(id="back", label="Back")


def test_of_two_lists_the_bigger_one_is_shortened() -> None:
    long = List(items=[ListItem(id=f"l{n}", title="長" * 120) for n in range(300)])
    short = List(items=[ListItem(id=f"s{n}", title="short") for n in range(3)])
    assert short in Canvas([long, short]).components


def test_texts_without_number_still_fit() -> None:
    canvas = Canvas([Text(text="長" * 500) for _ in range(300)])
    assert len(json.dumps(canvas.to_dict()["content"], ensure_ascii=False).encode()) <= Canvas.BYTE_LIMIT
