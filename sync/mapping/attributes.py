"""One attribute or tag of the mapping, of a contact or of a conversation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Final, TypeVar

from commerce.masks import Mask
from sync.mapping.expressions import Expression, read_expression
from sync.mapping.faults import Spot
from sync.mapping.rules import LONGEST_TEXT, AttributeRule, AttributeType, TagRule
from sync.mapping.toml_values import Parser, one_of, options

PREFIX: Final = "ct_"

Choice = TypeVar("Choice", bound=StrEnum)


def attribute_rule(name: str, value: object, spot: Spot) -> AttributeRule | None:
    """None for what is no rule; what is wrong goes to the faults of `spot`."""
    if not re.fullmatch(PREFIX + r"[A-Za-z0-9_-]+", name) or len(name) > LONGEST_TEXT:
        spot.fault("is no name for an attribute", f'Begin with "{PREFIX}", then letters, digits, "_" and "-"')
    table = value if isinstance(value, dict) else {"path": value}
    given = options(table, _ATTRIBUTE, spot)
    type_ = given.get("type", AttributeType.STRING)
    if "path" not in table:
        spot.fault("has no path", f'Write {name} = {{ path = "order.number" }}')
    if given.get("mask") and type_ is not AttributeType.STRING:
        spot.below("mask").fault(f"cannot mask a value of type {type_}", "Only texts are masked")
    expression = given.pop("path", None)
    if expression is None:
        return None
    return AttributeRule(name=name, expression=expression, line=spot.lines.of(spot.path), **given)


def tag_rule(name: str, value: object, spot: Spot) -> TagRule | None:
    """None for what is no rule; what is wrong goes to the faults of `spot`."""
    if not name.strip() or len(name) > LONGEST_TEXT:
        spot.fault("is no name for a tag", f"Use 1 to {LONGEST_TEXT} characters")
    condition = read_expression(value, spot)
    return TagRule(name=name, condition=condition, line=spot.lines.of(spot.path)) if condition else None


def path_to_one_value(value: object, spot: Spot) -> Expression | None:
    return read_expression(value, spot, of_one_value=True)


def choice(of: type[Choice], default: Choice) -> Parser:
    def read(value: object, spot: Spot) -> Choice:
        chosen = one_of(tuple(each.value for each in of), value, spot)
        return of(chosen) if chosen else default

    return read


_ATTRIBUTE: Final[Mapping[str, Parser]] = {
    "path": path_to_one_value,
    "type": choice(AttributeType, AttributeType.STRING),
    "mask": choice(Mask, Mask.HASH),
    "condition": read_expression,
}
