"""What is sealed opens for its own purpose and with the operator's keys, and for nobody else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.sealing import Seal, SealBroken

OLD, NEW, OTHER = "o" * 32, "n" * 32, "x" * 32
TOKEN = "dG9rOmZha2VfdG9rZW4="
HERE = "w:abc/token"


@settings(max_examples=15)
@given(text=st.text(max_size=200), context=st.text(max_size=40))
def test_what_is_sealed_opens(text: str, context: str) -> None:
    seal = Seal((NEW,))
    assert seal.open(seal.seal(text, context=context), context=context) == text


@pytest.mark.parametrize("context", ["w:abc/shop", "w:abd/token", "", "W:ABC/TOKEN"])
def test_what_is_sealed_for_one_purpose_opens_for_no_other(context: str) -> None:
    seal = Seal((NEW,))
    with pytest.raises(SealBroken):
        seal.open(seal.seal(TOKEN, context=HERE), context=context)


@settings(max_examples=25)
@given(where=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_one_changed_bit_breaks_the_seal(where: int, bit: int) -> None:
    seal = Seal((NEW,))
    sealed = bytearray(seal.seal(TOKEN, context=HERE))
    sealed[where % len(sealed)] ^= 1 << bit
    with pytest.raises(SealBroken):
        seal.open(bytes(sealed), context=HERE)


@pytest.mark.parametrize("rubbish", [b"", b".", b"\xff\x00", b"AAAAAAAA", b"AAAAAAAA." + b"A" * 100])
def test_rubbish_is_a_broken_seal(rubbish: bytes) -> None:
    with pytest.raises(SealBroken):
        Seal((NEW,)).open(rubbish, context=HERE)


def test_a_key_that_is_gone_opens_nothing() -> None:
    with pytest.raises(SealBroken, match="SECRET_KEY"):
        Seal((NEW,)).open(Seal((OLD,)).seal(TOKEN, context=HERE), context=HERE)


@given(keys=st.permutations([OLD, NEW, OTHER]))
@settings(max_examples=6)
def test_whatever_the_order_of_the_keys_each_of_them_opens(keys: list[str]) -> None:
    for each in keys:
        assert Seal(tuple(keys)).open(Seal((each,)).seal(TOKEN, context=HERE), context=HERE) == TOKEN


def test_only_what_the_newest_key_sealed_is_not_old() -> None:
    before, during, after = Seal((OLD,)), Seal((NEW, OLD)), Seal((NEW,))
    old, new = before.seal(TOKEN, context=HERE), during.seal(TOKEN, context=HERE)
    assert (during.is_old(old), during.is_old(new), after.is_old(new), before.is_old(old)) == (
        True,
        False,
        False,
        False,
    )
    assert after.open(new, context=HERE) == TOKEN


def test_the_same_secret_looks_different_each_time_and_never_like_itself() -> None:
    seal = Seal((NEW,))
    first, second = (seal.seal(TOKEN, context=HERE) for _ in range(2))
    assert first != second
    assert TOKEN.encode() not in first


def test_a_seal_tells_no_key() -> None:
    assert NEW not in repr(Seal((NEW,)))


def test_a_seal_without_a_key_is_none() -> None:
    with pytest.raises(ValueError, match="key"):
        Seal(())
