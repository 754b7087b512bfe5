"""No value becomes syntax: what was quoted is read back with a tokenizer that knows nothing of the quoting."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.commercetools.predicates import (
    Predicate,
    UnusableValue,
    all_of,
    equals,
    has_id,
    inside,
    is_id,
    is_in,
    is_missing,
    is_usable,
    quoted,
)

HOSTILE = st.one_of(
    st.text(min_size=1),
    st.text(alphabet='"\\() =,aor', min_size=1),
    st.sampled_from(['x" or id is defined', 'x\\" or id is defined', "\\", '"', '\\"', "\\\\", "a\\", '" or "1"="1']),
).filter(is_usable)


def tokens(predicate: str) -> list[str]:
    """The predicate in pieces: every string literal (decoded, behind an S), every word, every sign."""
    found: list[str] = []
    position = 0
    while position < len(predicate):
        character = predicate[position]
        position += 1
        if character == '"':
            value = ""
            while predicate[position] != '"':
                position += predicate[position] == "\\"
                value += predicate[position]
                position += 1
            position += 1
            found.append("S" + value)
        elif character.isalnum():
            word = character
            while position < len(predicate) and predicate[position].isalnum():
                word += predicate[position]
                position += 1
            found.append(word)
        elif character != " ":
            found.append(character)
    return found


@given(HOSTILE)
def test_no_value_breaks_out_of_an_equality(value: str) -> None:
    assert tokens(equals("customerEmail", value)) == ["customerEmail", "=", "S" + value]


@given(st.lists(HOSTILE, min_size=1, max_size=4, unique=True))
def test_no_value_breaks_out_of_a_list(values: list[str]) -> None:
    literals = [token for value in values for token in (",", "S" + value)][1:]
    assert tokens(is_in("customerEmail", values)) == ["customerEmail", "in", "(", *literals, ")"]


@given(HOSTILE, HOSTILE)
def test_values_that_are_joined_stay_apart(one: str, other: str) -> None:
    joined = all_of(equals("a", one), is_missing("b"), inside("store", equals("key", other)))
    beginning = ["a", "=", "S" + one, "and", "b", "is", "not", "defined", "and"]
    assert tokens(joined) == [*beginning, "store", "(", "key", "=", "S" + other, ")"]


@pytest.mark.parametrize("value", ["", "a\nb", "a\x00b", "a\x7fb", "a\u2028b", "a\x85b", "\ud800", "a\udfffb"])
def test_a_value_that_no_predicate_can_carry_is_refused(value: str) -> None:
    with pytest.raises(UnusableValue):
        quoted(value)


def test_a_value_is_listed_once() -> None:
    assert is_in("email", ["a", "b", "a"]) == Predicate('email in ("a", "b")')


def test_a_list_of_nothing_is_refused() -> None:
    with pytest.raises(UnusableValue):
        is_in("email", [])


@pytest.mark.parametrize("field", ["", "a b", 'a"', "a=1 or b", "a.b", "é"])
def test_a_field_is_a_name(field: str) -> None:
    with pytest.raises(UnusableValue):
        equals(field, "x")


@pytest.mark.parametrize(
    "value",
    ["", "1", "8a0f3c1e-5b7d-4f7a-9a55-0c7f3c1d2b1", '8a0f3c1e-5b7d-4f7a-9a55-0c7f3c1d2b10"', " " * 36, "８" * 36],
)
def test_an_id_is_a_uuid(value: str) -> None:
    assert not is_id(value)
    with pytest.raises(UnusableValue):
        has_id("customerId", value)
