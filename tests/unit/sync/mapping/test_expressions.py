"""Paths are checked against the document when they are read, and say what they need."""

from __future__ import annotations

import jmespath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.mapping.evaluation import BoundedInterpreter
from sync.mapping.expressions import Expression, NotComputable, read_expression
from sync.mapping.faults import Lines, Spot
from sync.mapping.shapes import DOCUMENT, Field, paths


def read(text: object, *, of_one_value: bool = True) -> Expression | str:
    """The expression, or the one thing that is wrong with it."""
    spot = Spot(("attributes", "ct_x"), Lines(""), [])
    found = read_expression(text, spot, of_one_value=of_one_value)
    if found is None:
        assert spot.faults
        return f"{spot.faults[0].message}. {spot.faults[0].fix}"
    assert spot.faults == []
    return found


def needs(text: str) -> set[str]:
    found = read(text)
    assert isinstance(found, Expression), found
    return set(found.needs)


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        ("order.number", set()),
        ("customer.email", {"customer.email"}),
        ("customer.first_name", {"customer.name"}),
        ("customer.custom.loyaltyTier", {"customer.custom.loyaltyTier"}),
        ('customer.custom."loyalty-tier"', {"customer.custom.loyalty-tier"}),
        ("order.custom.box.colour", {"order.custom.box"}),
        ("orders[0].custom.gift", {"order.custom.gift"}),
        ("orders[?custom.gift == 'yes'] | [0].number", {"order.custom.gift"}),
        ("orders[-1].email", {"order.email"}),
        ("max_by(orders, &total.amount).email", {"order.email"}),
        ("sort_by(orders, &placed_at)[0].number", set()),
        ("join(', ', orders[*].number)", set()),
        ("join(', ', orders[].items[].sku)", set()),
        ("sum(map(&total.amount, orders))", set()),
        ("not_null(customer.company, order.billing_address.company)", {"customer.company", "order.billing_address"}),
        ("order.shipping_address.phone", {"order.shipping_address", "address.phone"}),
        ("customer.addresses[0].city", {"customer.addresses"}),
        ("{who: customer}.who.email", {"customer.email"}),
        ("[customer, order][0].email", {"customer.email", "order.email"}),
        ("customer.group == 'VIP' && order.status == 'Open'", {"customer.group"}),
        ("!(customer.vat_id)", {"customer.vat_id"}),
        ("order.workflow_state", {"order.workflow_state"}),
        ("order.discount_codes[0]", {"order.discount_codes"}),
        ("length(order.parcels)", set()),
        ("order.total", set()),
        ("`1`", set()),
    ],
)
def test_a_path_needs_exactly_what_it_names(text: str, needed: set[str]) -> None:
    assert needs(text) == needed


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("customer.emial", '"customer.emial" has no "emial". Did you mean "email"?'),
        ("ordr.number", 'Did you mean "order"?'),
        ("orders[].items[].foo", "Known here are name, sku"),
        ("orders.number", "Pick one with [0]"),
        ("order.number.length", "A single value has no fields"),
        ("orders[].number", "is a list. Pick one"),
        ("customer", "is not a single value"),
        ("order.custom", "is not a single value"),
        ("order.shipping_address", "is not a single value"),
        ("@", "is not a single value"),
        ("customer.*", "takes every field at once"),
        ("customer.custom.*", "takes every field at once"),
        ("order.custom.* | [0]", "takes every field at once"),
        ("to_string(customer)", "takes every field at once"),
        ("to_string(orders)", "takes every field at once"),
        ("values(order.shipping_address)", "takes every field at once"),
        ("merge(customer, order).email", "takes every field at once"),
        ("upper(order.number)", 'has no function "upper"'),
        ("lenght(orders)", 'Did you mean "length"?'),
        ("order..number", "is not JMESPath"),
        ("order.number ||", "is not JMESPath"),
        ("", "is not a path"),
        (7, "is not a path"),
        (None, "is not a path"),
        (["order.number"], "is not a path"),
        ("(" * 5000 + "a" + ")" * 5000, "is not JMESPath"),
    ],
)
def test_a_path_that_cannot_be_right_is_a_fault_with_its_mending(text: object, said: str) -> None:
    found = read(text)
    assert isinstance(found, str)
    assert said in found


def test_a_condition_may_be_a_list() -> None:
    assert isinstance(read("orders[].returns[?is_open][]", of_one_value=False), Expression)


@pytest.mark.parametrize("path", [path for path, shape in paths() if isinstance(shape, Field)])
def test_every_field_of_the_document_can_be_named(path: str) -> None:
    assert isinstance(read(path.replace("[]", "[0]")), Expression)


@pytest.mark.parametrize(
    ("value", "holds"),
    [(None, False), (False, False), ("", False), ([], False), ({}, False), (0, True), ("no", True), ([None], True)],
)
def test_a_condition_holds_as_jmespath_has_it(value: object, holds: bool) -> None:
    condition = read("customer.custom.flag")
    assert isinstance(condition, Expression)
    assert condition.holds({"customer": {"custom": {"flag": value}}}) is holds


def test_a_value_that_an_expression_cannot_work_with_is_said_so() -> None:
    expression = read("sum(order.custom.sizes)")
    assert isinstance(expression, Expression)
    with pytest.raises(NotComputable, match="sum"):
        expression.value({"order": {"custom": {"sizes": ["S", "M"]}}})


@pytest.mark.parametrize(
    "doubling",
    ["[@, @][]", "join('', [@, @])", "[@, @]", "{a: @, b: @}", "[@, @][?@ == @]", "[to_string([@, @])]"],
)
def test_an_expression_cannot_take_all_memory(doubling: str) -> None:
    """Several workspaces share a process, and each may write a mapping."""
    expression = read_unchecked(" | ".join(["order.number", *[doubling] * 40, "to_string(@)"]))
    with pytest.raises(NotComputable, match="too much"):
        expression.value({"order": {"number": "SO-1"}})


def test_a_long_text_between_many_parts_is_too_much() -> None:
    between, parts = "-" * 2000, ", ".join(["'x'"] * 2000)
    expression = read_unchecked(f"join('{between}', [{parts}])")
    with pytest.raises(NotComputable, match="too much"):
        expression.value({})


def test_an_expression_that_can_be_ever_more_things_is_a_fault() -> None:
    found = read(" | ".join(["order", *["[@, @]"] * 60]), of_one_value=False)
    assert isinstance(found, str)
    assert "too many things" in found


def test_an_expression_of_too_many_steps_is_a_fault() -> None:
    found = read("order | " * 3000 + "order")
    assert isinstance(found, str)
    assert "is too long" in found


def read_unchecked(text: str) -> Expression:
    """With shapes that nobody looked at, as those of custom fields and literals are."""
    parsed = jmespath.compile(text).parsed
    return Expression(text, search=lambda document: BoundedInterpreter().visit(parsed, document))


words = st.sampled_from(
    ["customer", "order", "orders", "email", "number", "custom", "[0]", "[]", "[?", "]", ".", "*", "|", "(", ")", "&",
     "length", "to_string", "'a'", "`1`", "==", "&&", "!", "@", "{", "}", ":", ",", "max_by"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(words, max_size=12).map("".join) | st.text(max_size=20))
def test_any_text_is_an_expression_or_a_fault(text: str) -> None:
    assert isinstance(read(text, of_one_value=False), Expression | str)


def test_the_document_needs_nothing_that_the_panel_does_not_know() -> None:
    from commerce.personal_fields import is_personal_field

    asked = {shape.needs for _, shape in paths() if not hasattr(shape, "prefix") and shape.needs}
    assert {name for name in asked if not is_personal_field(name)} == {"order.workflow_state", "order.discount_codes"}
    assert DOCUMENT.fields.keys() == {"customer", "order", "orders", "cart", "lifetime"}
