"""Search queries over contacts and conversations.

https://developers.intercom.com/docs/references/rest-api/api.intercom.io/contacts/searchcontacts
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from sandbox.intercom.refusals import Refusal, invalid, missing

MOST_FILTERS: Final = 15
DEEPEST: Final = 2

Kind = Literal["string", "number", "boolean", "date", "ids"]
Test = Callable[[Any], bool]

_EQUALITY: Final = frozenset({"=", "!=", "IN", "NIN"})
_OPERATORS: Final[Mapping[Kind, frozenset[str]]] = {
    "string": _EQUALITY | {"~", "!~", "^", "$"},
    "number": _EQUALITY | {"<", ">", "<=", ">="},
    "boolean": _EQUALITY,
    "date": frozenset({"=", "<", ">"}),
    "ids": frozenset({"=", "!=", "IN", "NIN"}),
}


@dataclass(frozen=True, slots=True)
class Field:
    """A field that can be searched by: its kind, and how it is read of a thing."""

    kind: Kind
    read: Callable[[Any], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Searchable:
    """What can be asked of one kind of thing. `field` gives None for a name that is no field.

    Dates are compared by calendar day in the workspace's time zone, as up to version 2.16.
    """

    field: Callable[[str], Field | None]
    timezone: ZoneInfo
    ignores_case: bool = True


def compiled(query: object, searchable: Searchable) -> Test:
    """The test that a query describes; raises `Refusal` for one that Intercom would not take."""
    if not isinstance(query, dict):
        raise missing("query not specified")
    return _compiled(query, searchable, depth=0)


def _compiled(query: Mapping[str, Any], searchable: Searchable, *, depth: int) -> Test:
    operator, value = query.get("operator"), query.get("value")
    if operator not in ("AND", "OR"):
        return _filter(query, searchable)
    if depth >= DEEPEST:
        raise invalid(f"query has more than {DEEPEST} levels of nesting", field="query")
    if not isinstance(value, list) or not value or not all(isinstance(part, dict) for part in value):
        raise invalid(f"value of {operator} must be a list of filters", field="query")
    if len(value) > MOST_FILTERS:
        raise invalid(f"query has more than {MOST_FILTERS} filters in a group", field="query")
    tests = [_compiled(part, searchable, depth=depth + 1) for part in value]
    joined = all if operator == "AND" else any
    return lambda thing: joined(test(thing) for test in tests)


def _filter(query: Mapping[str, Any], searchable: Searchable) -> Test:
    name, operator, value = query.get("field"), query.get("operator"), query.get("value")
    if not isinstance(name, str) or "value" not in query:
        raise missing("field, operator and value are required")
    field = searchable.field(name)
    if field is None:
        raise invalid(f"{name} is not a valid field", field=name)
    if operator not in _OPERATORS[field.kind]:
        raise invalid(f"{operator} is not a valid operator for {name}", field=name)
    many = operator in ("IN", "NIN")
    if many != isinstance(value, list):
        raise invalid(f"value of {operator} must {'' if many else 'not '}be a list", field=name)
    fold = _folding(field.kind, searchable)
    wanted = [fold(each) for each in value] if isinstance(value, list) else fold(value)
    compare = _COMPARISONS[str(operator)]
    read = field.read
    if field.kind == "ids":
        return _of_ids(str(operator), wanted, read)
    return lambda thing: compare(fold(read(thing)), wanted)


def _of_ids(operator: str, wanted: Any, read: Callable[[Any], Any]) -> Test:
    asked = set(wanted) if isinstance(wanted, list) else {wanted}
    if operator in ("=", "IN"):
        return lambda thing: not asked.isdisjoint(read(thing))
    return lambda thing: asked.isdisjoint(read(thing))


def _folding(kind: Kind, searchable: Searchable) -> Callable[[Any], Any]:
    if kind == "string":
        return lambda value: value.lower() if isinstance(value, str) and searchable.ignores_case else value
    if kind == "date":
        return lambda value: _day(value, searchable.timezone)
    if kind == "ids":
        return lambda value: str(value)
    return lambda value: value


def _day(value: object, timezone: ZoneInfo) -> object:
    if value is None:
        return None
    try:
        return datetime.fromtimestamp(int(str(value)), timezone).date()
    except ValueError as error:
        raise invalid("a date must be a Unix timestamp in seconds") from error


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    return lambda have, want: have is not None and want is not None and compare(have, want)


def _within(compare: Callable[[str, str], bool]) -> Callable[[Any, Any], bool]:
    return lambda have, want: isinstance(have, str) and compare(have, str(want))


_COMPARISONS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "=": lambda have, want: bool(have == want),
    "!=": lambda have, want: bool(have != want),
    "IN": lambda have, want: have in want,
    "NIN": lambda have, want: have not in want,
    "<": _ordered(lambda have, want: bool(have < want)),
    ">": _ordered(lambda have, want: bool(have > want)),
    "<=": _ordered(lambda have, want: bool(have <= want)),
    ">=": _ordered(lambda have, want: bool(have >= want)),
    "~": _within(lambda have, want: want in have),
    "!~": lambda have, want: not (isinstance(have, str) and str(want) in have),
    "^": _within(str.startswith),
    "$": _within(str.endswith),
}


def sorting(body: Mapping[str, Any], searchable: Searchable) -> tuple[Callable[[Any], Any], bool]:
    """The key to sort by and whether downwards; by creation when the request names nothing."""
    sort = body.get("sort") or {}
    if not isinstance(sort, dict):
        raise invalid("sort must be an object", field="sort")
    order = sort.get("order", "descending")
    if order not in ("ascending", "descending"):
        raise Refusal(400, "invalid_sort_order", "sort order must be ascending or descending", field="sort")
    name = str(sort.get("field", "created_at"))
    field = searchable.field(name)
    if field is None:
        raise invalid(f"{name} is not a valid field", field="sort")
    read = field.read
    return (lambda thing: _sortable(read(thing))), order == "descending"


def _sortable(value: object) -> tuple[int, Any]:
    """What has no value comes first."""
    return (0, 0) if value is None else (1, value)
