"""What a canvas remembers comes back from a browser: it survives the round trip, and rubbish does not survive."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from canvas_app.canvas.memory import SCREENS_REMEMBERED, Memory, Seal, uuid_or_none

CUSTOMER = "0b0f5f3e-6f5e-4a51-9c58-3c5f4f3e9a11"
CONTACT = "5ba682d23d7cf92bef87bfd4"
SEAL = Seal(["secret"])
READ_AT = datetime(2026, 11, 21, 14, 2, 11, 123000, tzinfo=UTC)


def went_out(memory: Memory) -> dict[str, object]:
    return memory.to_stored(seal=SEAL, contact_id=CONTACT)


def came_back(stored: dict[str, object]) -> Memory:
    return Memory.from_stored(stored, seal=SEAL, contact_id=CONTACT)


def test_a_memory_survives_the_round_trip() -> None:
    memory = Memory(customer=CUSTOMER, searched=True, total="100+").showing(
        "orders:10", read_at=READ_AT, back="overview"
    )
    assert came_back(went_out(memory)) == memory


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"customer": "11111111-6f5e-4a51-9c58-3c5f4f3e9a11"}, id="another customer"),
        pytest.param({"searched": False}, id="no longer searched"),
        pytest.param({"seal": "AAAA"}, id="another seal"),
        pytest.param({"seal": None}, id="no seal"),
        pytest.param({"seal": "\ud800.é"}, id="rubbish for a seal"),
    ],
)
def test_a_customer_is_believed_only_under_our_seal(change: dict[str, object]) -> None:
    stored = {**went_out(Memory(customer=CUSTOMER, searched=True)), **change}
    assert came_back(stored) == Memory()


def test_a_seal_for_one_contact_is_none_for_another() -> None:
    stored = went_out(Memory(customer=CUSTOMER))
    assert Memory.from_stored(stored, seal=SEAL, contact_id="another").customer is None


def test_a_seal_survives_the_rotation_of_the_secret() -> None:
    stored = went_out(Memory(customer=CUSTOMER))
    rotated = Seal(["newer", "secret"])
    assert Memory.from_stored(stored, seal=rotated, contact_id=CONTACT).customer == CUSTOMER


def test_only_the_latest_screens_are_remembered() -> None:
    memory = Memory()
    for page in range(40):
        memory = memory.showing(f"orders:{page}", read_at=READ_AT)
    assert len(memory.seen) == SCREENS_REMEMBERED
    assert "orders:39" in memory.seen


def test_a_screen_shown_again_is_the_latest() -> None:
    memory = Memory().showing("overview", read_at=READ_AT).showing("cart", read_at=READ_AT)
    assert list(memory.showing("overview", read_at=READ_AT).seen) == ["cart", "overview"]


@pytest.mark.parametrize(
    "stored",
    [
        {"screen": 3, "back": None, "customer": "anna@example.com", "seen": "yesterday"},
        {"screen": "x" * 5_000, "back": "", "customer": CUSTOMER + "'", "seen": {"overview": 10**30}},
        {"seen": {"overview": True, "": 5, "cart": "5"}},
        {},
    ],
)
def test_rubbish_is_as_good_as_nothing(stored: dict[str, object]) -> None:
    assert came_back(stored) == Memory()


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


@settings(max_examples=50)
@given(
    st.dictionaries(st.sampled_from(["screen", "back", "customer", "searched", "seal", "total", "seen"]), json_values)
)
def test_no_stored_value_breaks_it(stored: dict[str, object]) -> None:
    assert came_back(went_out(came_back(stored))) == came_back(stored)


@pytest.mark.parametrize(
    "value", ["", "x", CUSTOMER[:-1], f"{CUSTOMER} ", CUSTOMER.replace("-", ""), 7, None, f"{{{CUSTOMER[2:]}}}"]
)
def test_only_a_uuid_is_an_id(value: object) -> None:
    assert uuid_or_none(value) is None
