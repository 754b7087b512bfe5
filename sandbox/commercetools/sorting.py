"""commercetools' `sort` expressions: https://docs.commercetools.com/api/general-concepts#sorting"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

from sandbox.commercetools.queryable import Fields
from sandbox.shop.resources import Document

_EXPRESSION: Final = re.compile(r"(?P<path>[A-Za-z][A-Za-z0-9_.-]*)(?:\s+(?P<direction>asc|desc))?")


class InvalidSort(ValueError):
    """The platform would answer `InvalidInput` with this text."""


def sorted_by(documents: Iterable[Document], expressions: Sequence[str], fields: Fields) -> list[Document]:
    """The documents in the wanted order; a document without the field comes first in ascending order.

    Raises `InvalidSort` for an expression it does not understand or a field the resource does not have.
    """
    result = list(documents)
    for path, descending in reversed([_parsed(expression, fields) for expression in expressions]):
        result.sort(key=lambda document, path=path: _key(document, path), reverse=descending)  # type: ignore[misc]
    return result


def _parsed(expression: str, fields: Fields) -> tuple[tuple[str, ...], bool]:
    match = _EXPRESSION.fullmatch(expression.strip())
    if match is None:
        raise InvalidSort(f"Malformed parameter: sort: Syntax error in {expression!r}.")
    path = tuple(match["path"].split("."))
    inner: Fields | None = fields
    for name in path:
        if inner is None or (name not in inner and "*" not in inner):
            raise InvalidSort(f"Malformed parameter: sort: The field '{match['path']}' does not exist.")
        inner = inner.get(name)
    return path, match["direction"] == "desc"


def _key(document: Any, path: Sequence[str]) -> tuple[bool, Any]:
    value = document
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return (value is not None, "" if value is None else value)
