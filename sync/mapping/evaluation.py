"""JMESPath, run within bounds: whoever writes a mapping shares memory and processors with others.

A few characters can double what they are given, again and again (`|[@,@][]`, `|join('', [@, @])`): forty of them would
take all memory there is. So everything that an expression makes is counted, and it ends when that is too much.
"""

from __future__ import annotations

from typing import Any, Final

from jmespath import Options
from jmespath.functions import Functions
from jmespath.visitor import TreeInterpreter

MOST: Final = 1_000_000  # steps, and elements and characters that are made, for one value; below a second of work

_REPEATS: Final = frozenset({"multi_select_list", "multi_select_dict"})
"""What can hold the same thing several times. All else takes things apart, or puts them in a row."""


class TooMuch(ValueError):
    """The expression makes more than anybody needs for one value."""

    def __init__(self) -> None:
        super().__init__("makes too much of what it finds")


class BoundedInterpreter(TreeInterpreter):
    """For one evaluation. Raises `TooMuch`."""

    def __init__(self, *, most: int = MOST) -> None:
        super().__init__(Options(custom_functions=_BoundedFunctions()))
        self._left = most

    def visit(self, node: Any, *args: Any, **kwargs: Any) -> Any:
        found = super().visit(node, *args, **kwargs)
        self._spend(1 + len(found) if isinstance(found, (str, list)) else 1)
        if node["type"] in _REPEATS:
            self._spend_on_all_of(found)
        return found

    def _spend_on_all_of(self, found: object) -> None:
        """With everything inside, as often as it is in there: comparing and writing out would go through it all."""
        inside = [found]
        while inside:
            match inside.pop():
                case str() as text:
                    self._spend(len(text))
                case list() as several:
                    self._spend(len(several))
                    inside += several
                case dict() as named:
                    self._spend(len(named))
                    inside += named.values()

    def _spend(self, steps: int) -> None:
        self._left -= steps
        if self._left < 0:
            raise TooMuch


class _BoundedFunctions(Functions):
    """All others make about as much as they are given."""

    def call_function(self, function_name: str, resolved_args: Any) -> Any:
        match function_name, resolved_args:
            case "join", [str() as between, list() as parts] if len(between) * len(parts) > MOST:
                raise TooMuch
        return super().call_function(function_name, resolved_args)
