"""commercetools query predicates, built so that no value can become syntax.

GraphQL has no variables for `where`, so a value is part of the text: every one goes through
`quoted`. Values come from contacts and are hostile until quoted.

https://docs.commercetools.com/api/predicates/query
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final, NewType

Predicate = NewType("Predicate", str)

_FIELD: Final = re.compile(r"[A-Za-z][A-Za-z0-9]*")
_ID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_NEVER_IN_A_VALUE: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})  # controls, lone surrogates, line separators


class UnusableValue(ValueError):
    """A value that no predicate can carry: empty, no UUID where one is needed, or with control characters."""


def is_id(value: str) -> bool:
    """Whether `value` has the shape of a commercetools id (a UUID)."""
    return _ID.fullmatch(value) is not None


def is_usable(value: str) -> bool:
    """Whether `value` can be looked for at all; one with control characters matches nothing anyway."""
    return bool(value) and not any(unicodedata.category(character) in _NEVER_IN_A_VALUE for character in value)


def quoted(value: str) -> str:
    """`value` as a string literal. Raises `UnusableValue`."""
    if not is_usable(value):
        raise UnusableValue("empty, or with control characters")
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def equals(field: str, value: str) -> Predicate:
    """`field = "value"`. Raises `UnusableValue`."""
    return Predicate(f"{_named(field)} = {quoted(value)}")


def is_in(field: str, values: Iterable[str]) -> Predicate:
    """`field in ("a", "b")`, every value once. Raises `UnusableValue`, also when there is none."""
    literals = ", ".join(quoted(value) for value in dict.fromkeys(values))
    if not literals:
        raise UnusableValue("nothing to look for")
    return Predicate(f"{_named(field)} in ({literals})")


def has_id(field: str, value: str) -> Predicate:
    """`field = "uuid"`. Raises `UnusableValue` when `value` is no UUID."""
    if not is_id(value):
        raise UnusableValue("not an id")
    return equals(field, value)


def is_missing(field: str) -> Predicate:
    """`field is not defined`."""
    return Predicate(f"{_named(field)} is not defined")


def is_given(field: str) -> Predicate:
    """`field is defined`."""
    return Predicate(f"{_named(field)} is defined")


def is_after(field: str, value: str) -> Predicate:
    """`field > "value"`. Raises `UnusableValue`."""
    return Predicate(f"{_named(field)} > {quoted(value)}")


def is_since(field: str, value: str) -> Predicate:
    """`field >= "value"`. Raises `UnusableValue`."""
    return Predicate(f"{_named(field)} >= {quoted(value)}")


def inside(field: str, predicate: Predicate) -> Predicate:
    """`field(predicate)`: about a part of the resource."""
    return Predicate(f"{_named(field)}({predicate})")


def all_of(*predicates: Predicate) -> Predicate:
    """All of them, joined with `and`."""
    return Predicate(" and ".join(predicates))


def any_of(*predicates: Predicate) -> Predicate:
    """One of them at least, each in brackets, as is the whole: it can be joined with others."""
    return Predicate("(" + " or ".join(f"({predicate})" for predicate in predicates) + ")")


def _named(field: str) -> str:
    if _FIELD.fullmatch(field) is None:
        raise UnusableValue("not a field name")
    return field
