"""`POST /{projectKey}/graphql`: parse, validate and execute as the platform does, errors included."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cachetools import LRUCache
from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLResolveInfo,
    execute_sync,
    parse,
    validate,
)
from graphql.language import OperationDefinitionNode

from sandbox.commercetools.answers import error
from sandbox.commercetools.reading import Reading, failure
from sandbox.commercetools.schema import schema
from sandbox.wire import Answer, as_json


@dataclass(frozen=True, slots=True)
class GraphQLRequest:
    """The body of a GraphQL request; `operation` is the name that will run, "" when it has none."""

    query: str
    variables: Mapping[str, Any]
    operation: str


def read_request(body: bytes) -> GraphQLRequest | None:
    """The request in `body`, None when it is none."""
    try:
        content = json.loads(body)
    except ValueError:
        return None
    if not isinstance(content, dict) or not isinstance(content.get("query"), str):
        return None
    variables = content.get("variables") or {}
    if not isinstance(variables, dict):
        return None
    name = content.get("operationName")
    return GraphQLRequest(content["query"], variables, name if isinstance(name, str) else _only_name(content["query"]))


class GraphQLDoor:
    """Answers requests, and remembers the answers while nothing they depend on changes.

    The memory is for benchmarks: on a small machine the stand-in would otherwise spend the
    time that is to be measured elsewhere. Thread-safe.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._remembered: LRUCache[Hashable, Answer] = LRUCache(maxsize=512)

    def answer(self, request: GraphQLRequest, body: bytes, reading: Reading) -> Answer:
        """The answer to `request`, which was read from `body`."""
        if reading.switches.stale_for_s:
            return _executed(request, reading)
        key = (reading.shop, reading.scopes, reading.switches.decides_answers, body)
        with self._lock:
            remembered: Answer | None = self._remembered.get(key)
        if remembered is None:
            remembered = _executed(request, reading)
            with self._lock:
                self._remembered[key] = remembered
        return remembered

    def forget(self) -> None:
        """Let go of remembered answers, and of the shops they came from."""
        with self._lock:
            self._remembered.clear()


def _executed(request: GraphQLRequest, reading: Reading) -> Answer:
    """200 with partial data where the platform gives partial data."""
    document, problems = _document(request.query)
    if document is None or problems:
        return _errors_only(problems)
    failing = reading.switches.failing_fields
    result = execute_sync(
        schema(),
        document,
        variable_values=dict(request.variables),
        operation_name=request.operation or None,
        context_value=reading,
        middleware=[_failing(failing)] if failing else None,
    )
    if reading.missing_scopes and reading.switches.missing_scope_style == "forbidden":
        return _forbidden(reading.missing_scopes)
    return _answer_of(result, reading)


def _answer_of(result: ExecutionResult, reading: Reading) -> Answer:
    problems = result.errors or []
    if result.data is None and any(problem.path is None for problem in problems):
        return _errors_only(problems)
    content: dict[str, Any] = {"data": result.data}
    if problems:
        content["errors"] = [_formatted(problem) for problem in problems]
    status = reading.switches.rejected_field_status if result.data is None else 200
    return as_json(content, status=status)


def _errors_only(problems: list[GraphQLError]) -> Answer:
    """A request that cannot be executed at all: bad syntax, unknown field, missing variable."""
    return as_json({"errors": [_formatted(problem) for problem in problems]}, status=400)


def _forbidden(scopes: set[str]) -> Answer:
    named = ", ".join(sorted(scopes))
    return error(403, message=f"Insufficient scope. One of the following scopes is missing: {named}.")


def _formatted(problem: GraphQLError) -> dict[str, Any]:
    formatted: dict[str, Any] = dict(problem.formatted)
    if problem.original_error is not None and not isinstance(problem.original_error, GraphQLError):
        formatted["extensions"] = {"code": "General"}
    formatted.setdefault("extensions", {"code": "InvalidInput"})
    return formatted


@lru_cache(maxsize=256)
def _document(query: str) -> tuple[DocumentNode | None, list[GraphQLError]]:
    try:
        document = parse(query)
    except GraphQLError as problem:
        return None, [problem]
    return document, validate(schema(), document)


def _only_name(query: str) -> str:
    document, _ = _document(query)
    if document is None:
        return ""
    names = [
        node.name.value for node in document.definitions if isinstance(node, OperationDefinitionNode) and node.name
    ]
    return names[0] if len(names) == 1 else ""


def _failing(fields: Mapping[str, str]) -> Callable[..., Any]:
    """Fields that fail on demand: `{"PaymentInfo.payments": "General"}`."""

    def middleware(
        resolve: Callable[..., Any], source: Any, info: GraphQLResolveInfo[Reading], **arguments: Any
    ) -> Any:
        code = fields.get(f"{info.parent_type.name}.{info.field_name}")
        if code is not None:
            raise failure(code, f"{info.field_name} could not be read.")
        return resolve(source, info, **arguments)

    return middleware
