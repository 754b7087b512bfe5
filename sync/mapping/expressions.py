"""JMESPath in the mapping: compiled at the start, checked against the document, and asked what it needs.

https://jmespath.org/specification.html. An expression is walked over the shape of the document in place
of a document: so a field that does not exist is a fault of its line, and what the expression names is known
before anything is asked of the shop. Only what is named counts: taking every field of a person at once is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias, cast

import jmespath
from jmespath.exceptions import JMESPathError
from jmespath.functions import Functions

from sync.mapping.evaluation import BoundedInterpreter
from sync.mapping.faults import Spot, did_you_mean
from sync.mapping.shapes import DOCUMENT, MONEY_FIELDS, CustomFields, Field, Many, Record, Shape

ANY: Final = Field("whatever it is")
MOST_SHAPES: Final = 200  # that a part of an expression may have; each alternative is one
Node: TypeAlias = dict[str, Any]
Shapes: TypeAlias = tuple[Shape, ...]

_OF_ITS_ARGUMENTS: Final = frozenset(
    {"sort_by", "max_by", "min_by", "sort", "reverse", "not_null", "to_array", "max", "min", "merge"}
)
_OF_WHOLE_VALUES: Final = frozenset({"to_string", "values", "merge"})
_ONE_ELEMENT: Final = frozenset({"max_by", "min_by", "max", "min"})


class NotComputable(ValueError):
    """An expression met a value that it cannot work with, such as a sum over what are no numbers."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A checked expression. `needs` names what has to be asked of the shop for it."""

    text: str
    needs: frozenset[str] = frozenset()
    search: Callable[[Mapping[str, object]], object] = field(default=lambda _: None, compare=False, repr=False)

    def value(self, document: Mapping[str, object]) -> object:
        """What it finds in `document`. Raises NotComputable."""
        try:
            return self.search(document)
        except (JMESPathError, ArithmeticError, ValueError, TypeError, RecursionError) as error:
            raise NotComputable(str(error).splitlines()[0] if str(error) else type(error).__name__) from error

    def holds(self, document: Mapping[str, object]) -> bool:
        """Whether it is true as JMESPath has it: not null, not false, and not empty. Raises NotComputable."""
        found = self.value(document)
        return found is not None and found is not False and found != "" and found != [] and found != {}


def read_expression(value: object, spot: Spot, *, of_one_value: bool = False) -> Expression | None:
    """The expression in `value`; what is wrong with it goes to the faults of `spot`, and None comes back.

    `of_one_value`: it has to end in a single value (or money), not in a record or a list of them.
    """
    if not isinstance(value, str) or not value.strip():
        spot.fault("is not a path", 'Write the path as a text: "order.number"')
        return None
    try:
        compiled = jmespath.compile(value)
    except (JMESPathError, RecursionError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        spot.fault(f'"{value}" is not JMESPath ({reason})', "See https://jmespath.org for how it is written")
        return None
    walk = _Walk(value, spot)
    try:
        found = walk.visit(cast(Node, compiled.parsed), (DOCUMENT,))
    except RecursionError:
        walk.fault("is too long", "Take fewer steps")
        return None
    if not walk.is_faulty and of_one_value:
        walk.check_one_value(found)
    return None if walk.is_faulty else Expression(value, frozenset(walk.needs), _searching(cast(Node, compiled.parsed)))


def _searching(parsed: Node) -> Callable[[Mapping[str, object]], object]:
    return lambda document: BoundedInterpreter().visit(parsed, document)


class _Walk:
    """One expression on its way over the shapes: collects what it needs, and its faults."""

    def __init__(self, text: str, spot: Spot) -> None:
        self.text, self.spot = text, spot
        self.needs: set[str] = set()
        self.is_faulty = False

    def fault(self, message: str, fix: str) -> None:
        self.is_faulty = True
        self.spot.fault(f'"{self.text}" {message}', fix, value=self.text)

    def check_one_value(self, found: Shapes) -> None:
        for shape in found:
            if isinstance(shape, Many):
                return self.fault("is a list", "Pick one with [0], or join them: \"join(', ', …)\"")
            if isinstance(shape, CustomFields) or (isinstance(shape, Record) and shape.fields is not MONEY_FIELDS):
                return self.fault("is not a single value", "Name the field that you mean")
        return None

    def visit(self, node: Node, current: Shapes) -> Shapes:
        """The shapes that a node of the expression makes of those that it is applied to."""
        visitor = _VISITORS.get(node["type"])
        found = visitor(self, node, current) if visitor else self.visit_all(node, current)
        if len(found) <= MOST_SHAPES:
            return found
        if not self.is_faulty:
            self.fault("can be too many things at once", "Use fewer alternatives")
        return ()

    def visit_all(self, node: Node, current: Shapes) -> Shapes:
        """Comparisons, negations and the like: every part is looked at, and a plain value comes out."""
        for child in node.get("children", ()):
            self.visit(child, current)
        return (ANY,)

    def either(self, node: Node, current: Shapes) -> Shapes:
        return tuple(shape for child in node["children"] for shape in self.visit(child, current))

    def chain(self, node: Node, current: Shapes) -> Shapes:
        for child in node["children"]:
            current = self.visit(child, current)
        return current

    def current(self, node: Node, current: Shapes) -> Shapes:
        return current

    def field(self, node: Node, current: Shapes) -> Shapes:
        name = node["value"]
        found: list[Shape] = []
        for shape in current:
            if shape is ANY:
                found.append(shape)
            elif isinstance(shape, CustomFields):
                self.needs.add(shape.prefix + name)
                found.append(ANY)
            elif isinstance(shape, Record) and name in shape.fields:
                found.append(self.taken(shape.fields[name]))
        if not found and current:
            self.unknown(name, current)
        return tuple(found)

    def taken(self, shape: Shape) -> Shape:
        if not isinstance(shape, CustomFields) and shape.needs:
            self.needs.add(shape.needs)
        return shape

    def unknown(self, name: str, current: Shapes) -> None:
        if any(isinstance(shape, Many) for shape in current):
            self.fault(f'takes "{name}" of a list', f"Pick one with [0], or write [].{name} or [?…].{name}")
            return
        known = [name for shape in current if isinstance(shape, Record) for name in shape.fields]
        fix = f"Known here are {', '.join(known)}" if known else "A single value has no fields"
        self.fault(f'has no "{name}"', did_you_mean(name, known, fix))

    def element(self, node: Node, current: Shapes) -> Shapes:
        return _elements(current)

    def sliced(self, node: Node, current: Shapes) -> Shapes:
        return tuple(shape for shape in current if isinstance(shape, Many) or shape is ANY)

    def projection(self, node: Node, current: Shapes) -> Shapes:
        left, right, *condition = node["children"]
        inner = _elements(self.visit(left, current))
        for each in condition:
            self.visit(each, inner)
        return tuple(Many(shape) for shape in self.visit(right, inner))

    def flatten(self, node: Node, current: Shapes) -> Shapes:
        found = self.visit(node["children"][0], current)
        lists = [shape for shape in found if isinstance(shape, Many)]
        return tuple(shape.of if isinstance(shape.of, Many) else shape for shape in lists) or (ANY,)

    def every_value(self, node: Node, current: Shapes) -> Shapes:
        left, right = node["children"]
        found = self.visit(left, current)
        self.refuse_whole(found)
        return tuple(Many(shape) for shape in self.visit(right, (ANY,)))

    def refuse_whole(self, shapes: Shapes) -> None:
        """Every field at once is no naming of fields."""
        inner = (shape.of if isinstance(shape, Many) else shape for shape in shapes)
        if any(isinstance(each, Record | CustomFields) for each in inner):
            self.fault("takes every field at once", "Name the fields that you mean: what is not named is not sent")

    def function(self, node: Node, current: Shapes) -> Shapes:
        name, arguments = node["value"], node["children"]
        if name not in Functions.FUNCTION_TABLE:
            self.fault(f'has no function "{name}"', did_you_mean(name, Functions.FUNCTION_TABLE, "See jmespath.org"))
        values = [self.visit(each, current) for each in arguments if each["type"] != "expref"]
        given = tuple(shape for shapes in values for shape in shapes)
        inner = _elements(given)
        for each in arguments:
            if each["type"] == "expref":
                mapped = self.visit(each["children"][0], inner)
                given = tuple(Many(shape) for shape in mapped) if name == "map" else given
        if name in _OF_WHOLE_VALUES:
            self.refuse_whole(given)
        if name in _ONE_ELEMENT:
            return inner
        return given if name in _OF_ITS_ARGUMENTS or name == "map" else (ANY,)

    def made_list(self, node: Node, current: Shapes) -> Shapes:
        return tuple(Many(shape) for shape in self.either(node, current))

    def made_record(self, node: Node, current: Shapes) -> Shapes:
        parts = {pair["value"]: self.visit(pair["children"][0], current) for pair in node["children"]}
        return (Record({name: shapes[0] if shapes else ANY for name, shapes in parts.items()}),)


def _elements(shapes: Shapes) -> Shapes:
    return tuple(shape.of if isinstance(shape, Many) else ANY for shape in shapes)


_VISITORS: Final[Mapping[str, Callable[[_Walk, Node, Shapes], Shapes]]] = {
    "field": _Walk.field,
    "subexpression": _Walk.chain,
    "index_expression": _Walk.chain,
    "pipe": _Walk.chain,
    "current": _Walk.current,
    "identity": _Walk.current,
    "index": _Walk.element,
    "slice": _Walk.sliced,
    "projection": _Walk.projection,
    "filter_projection": _Walk.projection,
    "value_projection": _Walk.every_value,
    "flatten": _Walk.flatten,
    "or_expression": _Walk.either,
    "and_expression": _Walk.either,
    "function_expression": _Walk.function,
    "multi_select_list": _Walk.made_list,
    "multi_select_dict": _Walk.made_record,
}
