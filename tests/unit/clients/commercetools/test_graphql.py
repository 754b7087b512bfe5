"""What failed is unknown, what is null is nothing."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from clients.commercetools.graphql import Fault, without_failed_fields

JSON = st.recursive(
    st.none() | st.integers(0, 3) | st.just("x"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=12,
)
PATHS = st.lists(st.sampled_from(["a", "b", "c", 0, 1, -1]), max_size=4)


def test_the_nearest_null_above_the_failure_is_what_is_unknown() -> None:
    data = {"orders": {"results": [{"id": "1", "paymentInfo": None}, {"id": "2", "paymentInfo": None}]}}
    fault = Fault("General", ("orders", "results", 0, "paymentInfo", "payments", 0, "amountPlanned"))
    assert without_failed_fields(data, (fault,)) == {
        "orders": {"results": [{"id": "1"}, {"id": "2", "paymentInfo": None}]}
    }


def test_a_failed_root_is_gone_and_an_empty_one_stays() -> None:
    data = {"customer": None, "customerActiveCart": None}
    assert without_failed_fields(data, (Fault("General", ("customer",)),)) == {"customerActiveCart": None}


def test_an_error_without_a_path_leaves_every_null_root_in_doubt() -> None:
    data: dict[str, object] = {"customer": None, "orders": {"results": []}}
    assert without_failed_fields(data, (Fault("General"),)) == {"orders": {"results": []}}


def test_an_error_that_took_nothing_changes_nothing() -> None:
    data = {"customer": {"id": "1"}}
    assert without_failed_fields(data, (Fault("General", ("customer", "id")), Fault(None))) == data


@given(st.dictionaries(st.sampled_from("abc"), JSON, max_size=3), st.lists(PATHS, max_size=3))
@settings(max_examples=60)
def test_no_path_is_too_strange(data: dict[str, object], paths: list[list[str | int]]) -> None:
    known = without_failed_fields(data, tuple(Fault(None, tuple(path)) for path in paths))
    assert set(known) <= set(data)
