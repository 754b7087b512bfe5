from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commerce.masks import HIDDEN, Mask, mask

KEY = b"a key of this installation"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("4111111111111111", "…1111"),
        ("pay_8Xk2", "…8Xk2"),
        ("1234567", "…567"),
        ("1234", "…34"),
        ("12", "…2"),
        ("1", "…"),
        ("", ""),
    ],
)
def test_the_last_four_and_never_more_than_half(value: str, shown: str) -> None:
    assert mask(Mask.LAST4, value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("anna@example.com", "…@example.com"),
        (" anna@example.com ", "…@example.com"),
        ('"anna@home"@example.com', "…@example.com"),
        ("anna", "…"),
        ("anna@", "…"),
        ("@anna or Anna Kowalska", "…"),
    ],
)
def test_the_domain_without_its_owner(value: str, shown: str) -> None:
    assert mask(Mask.DOMAIN, value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("Anna Kowalska", "A. K."),
        ("  Anna   Maria Kowalska ", "A. M. K."),
        ("J Smith", "J. S."),
        ("山田 太郎", "山. 太."),
        ("山 明", "…"),
        ("李", "…"),
        ("Lindenweg 7", "L."),
        ("4711", "…"),
    ],
)
def test_initials(value: str, shown: str) -> None:
    assert mask(Mask.INITIALS, value) == shown


def test_the_same_value_has_the_same_hash() -> None:
    assert mask(Mask.HASH, "anna@example.com", key=KEY) == mask(Mask.HASH, "anna@example.com", key=KEY)


def test_another_key_makes_another_hash() -> None:
    assert mask(Mask.HASH, "anna@example.com", key=KEY) != mask(Mask.HASH, "anna@example.com", key=b"another")


def test_there_is_no_hash_without_a_key() -> None:
    with pytest.raises(ValueError, match="key"):
        mask(Mask.HASH, "anna@example.com")


@pytest.mark.parametrize("kind", Mask)
def test_nothing_stays_nothing(kind: Mask) -> None:
    assert mask(kind, "  ", key=KEY) == ""


@given(st.text())
def test_the_last_four_are_at_most_four_and_at_most_half(value: str) -> None:
    shown = mask(Mask.LAST4, value).removeprefix(HIDDEN)
    assert len(shown) <= min(4, len(value.strip()) // 2)
    assert value.strip().endswith(shown)


@given(st.emails() | st.text() | st.text(alphabet="ab@. "))
def test_of_an_address_nothing_before_the_last_at_is_shown(value: str) -> None:
    shown = mask(Mask.DOMAIN, value)
    assert shown in ("", HIDDEN, f"{HIDDEN}@{value.strip().rpartition('@')[2]}")


@given(st.text() | st.text(alphabet="aB 山7"))
def test_initials_show_one_letter_a_word_and_never_the_whole(value: str) -> None:
    shown = mask(Mask.INITIALS, value)
    letters = [] if shown in ("", HIDDEN) else [part.removesuffix(".") for part in shown.split(" ")]
    assert all(len(letter) == 1 for letter in letters)
    assert not value.strip() or "".join(letters) != "".join(value.split())


@given(st.text(st.characters(), min_size=1).filter(str.strip))
def test_a_hash_is_sixteen_hexadecimal_digits(value: str) -> None:
    assert len(bytes.fromhex(mask(Mask.HASH, value, key=KEY))) == 8
