"""commercetools' query predicates (`where`): parsed for real, so that a predicate built wrongly fails here too.

The language: https://docs.commercetools.com/api/predicates/query
A predicate is compiled to a function over a REST-shaped document.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sandbox.commercetools.queryable import Fields

Test = Callable[[Any], bool]


class InvalidPredicate(ValueError):
    """The platform would answer `InvalidInput` with this text."""


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # string, number, word, sign, end
    text: str
    at: int


_TOKEN: Final = re.compile(
    r"""\s*(?:
      (?P<string>"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")
    | (?P<number>-?[0-9]+(?:\.[0-9]+)?)
    | (?P<word>[A-Za-z_][A-Za-z0-9_-]*|`[^`]+`)
    | (?P<sign><=|>=|<>|!=|[=<>(),])
    )""",
    re.VERBOSE,
)
_KEYWORDS: Final = frozenset(
    {"and", "or", "not", "in", "is", "defined", "contains", "all", "any", "empty", "within", "true", "false", "matches"}
)


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    at = 0
    end = len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise InvalidPredicate(f"Syntax error while parsing 'where'. Unexpected input at position {at}.")
        tokens.append(_Token(match.lastgroup, match.group(match.lastgroup), match.start(match.lastgroup)))
        at = match.end()
    tokens.append(_Token("end", "", end))
    return tokens


def compile_predicate(text: str, fields: Fields) -> Test:
    """A function that says whether a document with these `fields` matches.

    Raises `InvalidPredicate` for bad syntax, a field the resource does not have, or values
    of the wrong kind.
    """
    return _Parser(_tokens(text), fields).whole()


def _values(found: Any) -> Sequence[Any]:
    """A list field matches when one of its elements does."""
    if found is None:
        return ()
    return found if isinstance(found, (list, tuple)) else (found,)


def _comparable(left: Any, right: Any) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return isinstance(left, bool) and isinstance(right, bool)
    if isinstance(left, (int, float)):
        return isinstance(right, (int, float))
    return isinstance(left, str) and isinstance(right, str)


_COMPARISONS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "=": lambda found, wanted: bool(found == wanted),
    "!=": lambda found, wanted: bool(found != wanted),
    "<>": lambda found, wanted: bool(found != wanted),
    "<": lambda found, wanted: bool(found < wanted),
    "<=": lambda found, wanted: bool(found <= wanted),
    ">": lambda found, wanted: bool(found > wanted),
    ">=": lambda found, wanted: bool(found >= wanted),
}


class _Parser:
    """Recursive descent: `or` binds loosest, then `and`, then `not(...)`."""

    def __init__(self, tokens: Sequence[_Token], fields: Fields) -> None:
        self._tokens = tokens
        self._next = 0
        self._fields: list[Fields] = [fields]

    def whole(self) -> Test:
        test = self._either()
        self._expect("end", "")
        return test

    def _either(self) -> Test:
        tests = [self._both()]
        while self._accept("word", "or"):
            tests.append(self._both())
        return tests[0] if len(tests) == 1 else lambda document: any(test(document) for test in tests)

    def _both(self) -> Test:
        tests = [self._one()]
        while self._accept("word", "and"):
            tests.append(self._one())
        return tests[0] if len(tests) == 1 else lambda document: all(test(document) for test in tests)

    def _one(self) -> Test:
        if self._accept("word", "not"):
            self._expect("sign", "(")
            inner = self._either()
            self._expect("sign", ")")
            return lambda document: not inner(document)
        if self._accept("sign", "("):
            inner = self._either()
            self._expect("sign", ")")
            return inner
        return self._about_a_field()

    def _about_a_field(self) -> Test:
        token = self._take()
        if token.kind != "word" or token.text in _KEYWORDS:
            raise self._unexpected(token)
        name = token.text.strip("`")
        if name not in self._fields[-1] and "*" not in self._fields[-1]:
            raise InvalidPredicate(f"Malformed parameter: where: The field '{name}' does not exist.")
        if self._accept("sign", "("):
            return self._nested(name)
        if self._accept("word", "is"):
            return self._defined(name)
        if self._accept("word", "not"):
            self._expect("word", "in")
            within = self._within(name)
            return lambda document: not within(document)
        if self._accept("word", "in"):
            return self._within(name)
        return self._compared(name)

    def _nested(self, name: str) -> Test:
        inner_fields = self._fields[-1].get(name)
        if inner_fields is None:
            raise InvalidPredicate(f"Malformed parameter: where: The field '{name}' is not an object.")
        self._fields.append(inner_fields)
        inner = self._either()
        self._fields.pop()
        self._expect("sign", ")")
        return lambda document: any(inner(value) for value in _values(document.get(name)))

    def _defined(self, name: str) -> Test:
        negated = self._accept("word", "not")
        if self._accept("word", "defined"):
            return lambda document: (document.get(name) is not None) is not negated
        self._expect("word", "empty")
        return lambda document: (not _values(document.get(name))) is not negated

    def _within(self, name: str) -> Test:
        self._expect("sign", "(")
        wanted = [self._value()]
        while self._accept("sign", ","):
            wanted.append(self._value())
        self._expect("sign", ")")
        return lambda document: any(value in wanted for value in _values(document.get(name)))

    def _compared(self, name: str) -> Test:
        sign = self._take()
        comparison = _COMPARISONS.get(sign.text)
        if sign.kind != "sign" or comparison is None:
            raise self._unexpected(sign)
        if self._fields[-1].get(name) is not None:
            raise InvalidPredicate(f"Malformed parameter: where: The field '{name}' cannot be compared with a value.")
        wanted = self._value()
        return lambda document: any(
            _comparable(value, wanted) and comparison(value, wanted) for value in _values(document.get(name))
        )

    def _value(self) -> Any:
        token = self._take()
        if token.kind in ("string", "number"):
            return json.loads(token.text)
        if token.kind == "word" and token.text in ("true", "false"):
            return token.text == "true"
        raise self._unexpected(token)

    def _take(self) -> _Token:
        token = self._tokens[self._next]
        self._next = min(self._next + 1, len(self._tokens) - 1)
        return token

    def _accept(self, kind: str, text: str) -> bool:
        token = self._tokens[self._next]
        if token.kind != kind or token.text != text:
            return False
        self._take()
        return True

    def _expect(self, kind: str, text: str) -> None:
        if not self._accept(kind, text):
            raise self._unexpected(self._tokens[self._next])

    def _unexpected(self, token: _Token) -> InvalidPredicate:
        found = f"'{token.text}'" if token.text else "end of input"
        return InvalidPredicate(
            f"Malformed parameter: where: Syntax error while parsing 'where'. Unexpected {found} at {token.at}."
        )
