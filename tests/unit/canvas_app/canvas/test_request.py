"""Every shape in which Intercom may ask, and every rubbish that may come instead."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canvas_app.canvas.request import Admin, BadPayload, Initialize, Submit, parse_initialize, parse_submit
from clients.intercom.conversation import LONGEST_TEXT, MOST_PARTS, Passage

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(alphabet=st.characters(), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
MEMBERS = [
    "workspace_id",
    "app_id",
    "admin",
    "contact",
    "customer",
    "conversation",
    "component_id",
    "current_canvas",
    "stored_data",
    "input_values",
]


def initialize(**members: Any) -> Initialize:
    return parse_initialize(json.dumps(members).encode())


def submit(**members: Any) -> Submit:
    return parse_submit(json.dumps(members).encode())


def conversation(**members: Any) -> Any:
    parsed = initialize(conversation=members).conversation
    assert parsed is not None
    return parsed


def texts(**members: Any) -> list[tuple[Passage, str]]:
    return [(text.passage, text.html) for text in conversation(**members).texts]


def email(address: object) -> str | None:
    contact = initialize(contact={"id": "c", "email": address}).contact
    assert contact is not None
    return contact.email


def test_who_looks_at_whom_is_read() -> None:
    opened = initialize(
        workspace_id="abc123",
        workspace_region="EU",
        admin={"type": "admin", "id": "814860", "name": "Sam"},
        contact={
            "id": "66f0",
            "external_id": "4a1c",
            "email": "Anna.K@Example.com",
            "name": "Anna  Kowalska",
            "role": "user",
        },
    )
    assert opened.contact is not None
    assert (opened.workspace_id, opened.workspace_region, opened.admin) == ("abc123", "EU", Admin("814860"))
    assert (opened.contact.id, opened.contact.external_id, opened.contact.role) == ("66f0", "4a1c", "user")
    assert (opened.contact.email, opened.contact.name) == ("Anna.K@Example.com", "Anna Kowalska")


def test_an_old_app_calls_the_workspace_app_id() -> None:
    assert initialize(app_id="abc123").workspace_id == "abc123"


def test_an_old_app_calls_the_contact_customer() -> None:
    contact = initialize(customer={"id": "66f0"}).contact
    assert contact is not None
    assert contact.id == "66f0"


@pytest.mark.parametrize("empty", [None, {}, "gone", []])
def test_a_contact_that_says_nothing_gives_way_to_the_customer(empty: object) -> None:
    contact = initialize(contact=empty, customer={"id": "66f0"}).contact
    assert contact is not None
    assert contact.id == "66f0"


def test_a_contact_goes_before_a_customer() -> None:
    contact = initialize(contact={"id": "new"}, customer={"id": "old"}).contact
    assert contact is not None
    assert contact.id == "new"


def test_an_external_id_is_found_in_the_conversation_as_well() -> None:
    contacts = {"contacts": [{"id": "other", "external_id": "x"}, {"id": "66f0", "external_id": "4a1c"}]}
    contact = initialize(contact={"id": "66f0"}, conversation={"id": "1", "contacts": contacts}).contact
    assert contact is not None
    assert contact.external_id == "4a1c"


def test_an_empty_object_is_an_opening_of_nobody() -> None:
    assert initialize() == Initialize(workspace_id=None)


def test_context_is_ignored() -> None:
    assert initialize(context={"conversation_id": 7, "user": {"email": "a@b.example"}}) == Initialize(workspace_id=None)


@pytest.mark.parametrize("number", [215468, "215468"])
def test_a_conversation_id_is_text(number: object) -> None:
    assert conversation(id=number).id == "215468"


@pytest.mark.parametrize("nonsense", [True, 1.5, None, "", " ", [], {}, "x" * 256, "a\nb", "\u202e"])
def test_an_id_of_nonsense_is_no_id(nonsense: object) -> None:
    assert initialize(workspace_id=nonsense).workspace_id is None


@pytest.mark.parametrize("nonsense", [None, "x", 3, [], {}])
def test_a_conversation_of_nonsense_is_none(nonsense: object) -> None:
    assert initialize(conversation=nonsense).conversation is None


def test_texts_come_in_the_order_of_their_weight() -> None:
    assert texts(
        title="Title",
        source={"subject": "<p>Subject</p>", "body": "<p>Body</p>"},
        conversation_parts={
            "conversation_parts": [{"body": "first", "created_at": 1}, {"body": "last", "created_at": 2}]
        },
    ) == [
        (Passage.TITLE, "Title"),
        (Passage.SUBJECT, "<p>Subject</p>"),
        (Passage.BODY, "<p>Body</p>"),
        (Passage.PART, "last"),
        (Passage.PART, "first"),
    ]


def test_parts_are_read_newest_first_in_whatever_order_they_come() -> None:
    parts = [{"body": "b", "created_at": 2}, {"body": "c", "created_at": 3}, {"body": "a", "created_at": 1}]
    assert [html for _, html in texts(conversation_parts={"conversation_parts": parts})] == ["c", "b", "a"]


def test_parts_may_come_without_an_envelope() -> None:
    assert texts(conversation_parts=[{"body": "a"}]) == [(Passage.PART, "a")]


@pytest.mark.parametrize("body", [None, "", "  ", 1.5, {}, [], True])
def test_a_part_without_words_is_no_text(body: object) -> None:
    assert texts(id="1", conversation_parts={"conversation_parts": [{"body": body}]}) == []


def test_only_the_newest_parts_are_kept() -> None:
    parts = [{"body": str(n), "created_at": n} for n in range(500)]
    found = texts(conversation_parts={"conversation_parts": parts})
    assert (len(found), found[0]) == (MOST_PARTS, (Passage.PART, "499"))


def test_a_long_text_is_cut() -> None:
    assert len(texts(source={"body": "x" * 5_000_000})[0][1]) == LONGEST_TEXT


def test_custom_attributes_are_names_and_values() -> None:
    attributes = {"Order number": " DE-10482 ", "Count": 3, "Flag": True, "None": None, "List": ["x"], "Empty": ""}
    assert conversation(custom_attributes=attributes).attributes == (("Order number", "DE-10482"), ("Count", "3"))


@pytest.mark.parametrize(
    "address", ["a@b.example", "Anna.K+shop@Example.COM", " a@b.example ", '"a@b"@c.example', "ü@ü.example"]
)
def test_an_address_that_could_exist_is_kept_in_its_case(address: str) -> None:
    assert email(address) == address.strip()


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "anna",
        "@b.example",
        "a@",
        "a b@c.example",
        "a\x00@b.example",
        "a\n@b.example",
        "a@b.example\u202e",
        "\ud800@b.example",
        "x" * 250 + "@b.example",
        7,
        ["a@b.example"],
    ],
)
def test_an_address_that_cannot_exist_is_absent(address: object) -> None:
    assert email(address) is None


def test_a_click_is_everything_an_opening_is_and_what_was_clicked() -> None:
    clicked = submit(workspace_id="abc123", contact={"id": "66f0"}, component_id="refresh")
    assert clicked.contact is not None
    assert (clicked.workspace_id, clicked.contact.id, clicked.component_id) == ("abc123", "66f0", "refresh")


@pytest.mark.parametrize("nonsense", [None, {}, [], 1.5, "x" * 300])
def test_a_click_on_nothing_is_a_click_on_the_empty_id(nonsense: object) -> None:
    assert submit(component_id=nonsense).component_id == ""


@pytest.mark.parametrize(
    "members",
    [
        pytest.param({"current_canvas": {"content": {}, "stored_data": {"page": 2}}}, id="flat"),
        pytest.param({"current_canvas": {"current_canvas": {"stored_data": {"page": 2}}}}, id="nested twice"),
        pytest.param({"stored_data": {"page": 2}}, id="at the top"),
        pytest.param({"current_canvas": None, "stored_data": {"page": 2}}, id="no canvas"),
        pytest.param({"current_canvas": {"stored_data": {}}, "stored_data": {"page": 2}}, id="empty in the canvas"),
        pytest.param({"current_canvas": {"stored_data": {"page": 2}}, "stored_data": {"page": 9}}, id="in two places"),
    ],
)
def test_stored_data_is_found_wherever_it_is(members: dict[str, Any]) -> None:
    assert dict(submit(**members).stored) == {"page": 2}


def test_stored_data_can_be_written_again() -> None:
    raw = b'{"stored_data": {"a": "\\ud800", "b": 1e999, "c": NaN}}'
    assert json.dumps(dict(parse_submit(raw).stored), ensure_ascii=False).encode() == (
        '{"a": "\ufffd", "b": null, "c": null}'.encode()
    )


@pytest.mark.parametrize(
    "empty", [{}, {"q": None}, {"q": ""}, {"q": "  "}, {"q": []}, {"q": [None]}, {"q": {}}, None, [], "q"]
)
def test_an_input_left_empty_is_absent(empty: object) -> None:
    assert dict(submit(input_values=empty).inputs) == {}


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("DE-10482", "DE-10482"),
        (" 1001\n", "1001"),
        (1001, "1001"),
        (["a", "b", None], ("a", "b")),
        ("\u20681001\u2069", "1001"),
    ],
)
def test_an_input_is_what_was_typed_or_chosen(value: object, read: object) -> None:
    assert submit(input_values={"q": value}).inputs["q"] == read


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"order_id=1", "not JSON"),
        (b"\xff\xfe\x00", "not JSON"),
        (b"null", "not a JSON object"),
        (b'"text"', "not a JSON object"),
        (b"[{}]", "not a JSON object"),
        (b"[" * 200_000, "nested too deeply"),
        (b'{"a":' * 200_000, "nested too deeply"),
        (b'"' + b"x" * 5_000_000 + b'"', "not a JSON object"),
    ],
)
@pytest.mark.parametrize("parse", [parse_initialize, parse_submit])
def test_what_is_no_object_is_refused_with_a_reason(parse: Any, raw: bytes, reason: str) -> None:
    with pytest.raises(BadPayload) as refused:
        parse(raw)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b'\xef\xbb\xbf{"workspace_id":"w"}', id="byte order mark"),
        pytest.param(b'{"workspace_id":"x","workspace_id":"w"}', id="said twice"),
        pytest.param(b'{"workspace_id":"w","n":NaN,"i":-Infinity}', id="not numbers"),
        pytest.param(b'{"workspace_id":"w","n":' + b"9" * 10_000 + b"}", id="a number without end"),
        pytest.param(b'{"workspace_id":"w","name":"\xff\xfe"}', id="broken UTF-8"),
        pytest.param(b'{"workspace_id":"w","a":"' + b"x" * 5_000_000 + b'"}', id="5 MB"),
        pytest.param(b'{"workspace_id":"w","unknown":{"deep":' + b"[" * 100 + b"]" * 100 + b"}}", id="unknown keys"),
    ],
)
def test_odd_json_is_read_all_the_same(raw: bytes) -> None:
    assert parse_initialize(raw).workspace_id == "w"


def test_personal_data_stays_out_of_what_is_printed() -> None:
    printed = repr(
        submit(
            contact={"id": "1", "email": "anna@example.com", "name": "Anna"},
            conversation={"id": "1", "source": {"body": "secret words"}, "custom_attributes": {"a": "private"}},
            input_values={"q": "typed"},
        )
    )
    assert not [word for word in ("anna@", "Anna", "secret", "private", "typed") if word in printed]


@given(body=st.dictionaries(st.sampled_from(MEMBERS), JSON, max_size=6))
def test_any_object_is_read(body: dict[str, Any]) -> None:
    parsed = parse_submit(json.dumps(body).encode())
    assert repr(parsed).encode()


@given(raw=st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    with suppress(BadPayload):
        assert isinstance(parse_initialize(raw), Initialize)
