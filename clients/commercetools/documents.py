"""The GraphQL documents, cut down to what is asked for.

The files in `queries/` are complete: every part that depends on the merchant's permission, on
the API client's scopes or on the question stands behind `@include(if: $flag)`. Before a request
is sent, parts whose flag is not set are cut out, with the fragments and variables that nothing
uses any more. So the name of a field that is not allowed appears in no request at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from importlib import resources
from types import MappingProxyType
from typing import Final

from graphql import (
    REMOVE,
    DirectiveNode,
    DocumentNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    Node,
    OperationDefinitionNode,
    SelectionNode,
    VariableNode,
    Visitor,
    parse,
    print_ast,
    strip_ignored_characters,
    visit,
)

NAMED_ORDERS: Final = 6  # aliases n0 to n5: three numbers, as typed and in upper case


class Operation(StrEnum):
    """The questions we ask, by their names in the documents."""

    CUSTOMER = "Customer"
    CUSTOMER_BY_KEY = "CustomerByKey"
    CUSTOMERS = "Customers"
    ORDERS = "Orders"
    ORDER_BY_ID = "OrderById"
    ORDER_BY_NUMBER = "OrderByNumber"
    CART = "Cart"
    PING = "Ping"
    ORDER_FACT = "OrderFact"
    ORDER_FACTS = "OrderFacts"
    CUSTOMER_FACT = "CustomerFact"
    CUSTOMER_FACTS = "CustomerFacts"
    CART_FACT = "CartFact"
    CHANGED_ORDERS = "ChangedOrders"
    CHANGED_CUSTOMERS = "ChangedCustomers"
    CHANGED_PAYMENTS = "ChangedPayments"
    CHANGED_CARTS = "ChangedCarts"
    CHANGED_MESSAGES = "ChangedMessages"
    COUNT_ORDERS = "CountOrders"
    COUNT_CUSTOMERS = "CountCustomers"
    COUNT_PAYMENTS = "CountPayments"
    COUNT_CARTS = "CountCarts"


_FILES: Final[Mapping[Operation, str]] = MappingProxyType(
    {
        Operation.CUSTOMER: "panel.graphql",
        Operation.CUSTOMER_BY_KEY: "panel.graphql",
        Operation.CUSTOMERS: "panel.graphql",
        Operation.ORDERS: "panel.graphql",
        Operation.ORDER_BY_ID: "order.graphql",
        Operation.ORDER_BY_NUMBER: "order.graphql",
        Operation.CART: "order.graphql",
        Operation.PING: "ping.graphql",
        Operation.ORDER_FACT: "source.graphql",
        Operation.ORDER_FACTS: "source.graphql",
        Operation.CUSTOMER_FACT: "source.graphql",
        Operation.CUSTOMER_FACTS: "source.graphql",
        Operation.CART_FACT: "source.graphql",
        Operation.CHANGED_ORDERS: "source.graphql",
        Operation.CHANGED_CUSTOMERS: "source.graphql",
        Operation.CHANGED_PAYMENTS: "source.graphql",
        Operation.CHANGED_CARTS: "source.graphql",
        Operation.CHANGED_MESSAGES: "source.graphql",
        Operation.COUNT_ORDERS: "source.graphql",
        Operation.COUNT_CUSTOMERS: "source.graphql",
        Operation.COUNT_PAYMENTS: "source.graphql",
        Operation.COUNT_CARTS: "source.graphql",
    }
)


@dataclass(frozen=True, slots=True)
class Document:
    """The text to send and the names of the variables it takes."""

    operation: Operation
    text: str
    variables: frozenset[str]


def file_names() -> tuple[str, ...]:
    return tuple(dict.fromkeys(_FILES.values()))


@cache
def complete(file_name: str) -> str:
    """The text of a file as it stands, nothing cut out."""
    return resources.files("clients.commercetools").joinpath("queries", file_name).read_text(encoding="utf-8")


@cache
def flags_of(operation: Operation) -> frozenset[str]:
    """The flags that something in `operation` depends on."""
    return _flags(_only(operation, _parsed(_FILES[operation])))


def document(operation: Operation, flags: Iterable[str]) -> Document:
    """`operation` with the parts of `flags`, without all other optional parts.

    Raises `ValueError` for a flag that the operation does not know: a slip of the pen would
    otherwise hide a part for ever.
    """
    return _document(operation, frozenset(flags))


@lru_cache(maxsize=512)
def _document(operation: Operation, flags: frozenset[str]) -> Document:
    whole = _only(operation, _parsed(_FILES[operation]))
    if unknown := flags - _flags(whole):
        raise ValueError(f"{operation}: no such flags: {', '.join(sorted(unknown))}")
    pruned = _only(operation, visit(whole, _Pruning(flags)))
    used = _variables(pruned)
    pruned = visit(pruned, _WithoutUnusedVariables(used))
    return Document(operation, strip_ignored_characters(print_ast(pruned)), used)


@cache
def _parsed(file_name: str) -> DocumentNode:
    return parse(complete(file_name), no_location=True)


class _Pruning(Visitor):
    """Cuts out what is not wanted and takes the directive off what is."""

    def __init__(self, wanted: frozenset[str]) -> None:
        super().__init__()
        self._wanted = wanted

    def enter(self, node: Node, *_: object) -> object:
        if isinstance(node, SelectionNode):
            flags = [flag for flag in map(_flag, node.directives or ()) if flag is not None]
            if any(flag not in self._wanted for flag in flags):
                return REMOVE
        if isinstance(node, DirectiveNode) and _flag(node) is not None:
            return REMOVE
        return None


class _WithoutUnusedVariables(Visitor):
    def __init__(self, used: frozenset[str]) -> None:
        super().__init__()
        self._used = used

    def enter_variable_definition(self, node: Node, *_: object) -> object:
        variable = getattr(node, "variable", None)
        return None if isinstance(variable, VariableNode) and variable.name.value in self._used else REMOVE


def _only(operation: Operation, whole: DocumentNode) -> DocumentNode:
    """The operation and the fragments that it uses, directly or through others."""
    fragments = {part.name.value: part for part in whole.definitions if isinstance(part, FragmentDefinitionNode)}
    root = next(part for part in whole.definitions if _is_operation(part, operation))
    needed: dict[str, FragmentDefinitionNode] = {}
    waiting: list[Node] = [root]
    while waiting:
        for name in _names(waiting.pop(), FragmentSpreadNode):
            if name not in needed:
                needed[name] = fragments[name]
                waiting.append(fragments[name])
    return DocumentNode(definitions=(root, *needed.values()))


def _is_operation(node: Node, operation: Operation) -> bool:
    return isinstance(node, OperationDefinitionNode) and node.name is not None and node.name.value == operation


def _flag(directive: DirectiveNode) -> str | None:
    """The variable of `@include(if: $flag)`."""
    if directive.name.value != "include" or not directive.arguments:
        return None
    value = directive.arguments[0].value
    return value.name.value if isinstance(value, VariableNode) else None


def _flags(whole: DocumentNode) -> frozenset[str]:
    found: set[str] = set()

    class Finder(Visitor):
        def enter_directive(self, node: DirectiveNode, *_: object) -> None:
            if (flag := _flag(node)) is not None:
                found.add(flag)

    visit(whole, Finder())
    return frozenset(found)


def _variables(whole: DocumentNode) -> frozenset[str]:
    """The variables that are used, not only declared."""
    found: set[str] = set()

    class Finder(Visitor):
        def enter_argument(self, node: Node, *_: object) -> None:
            found.update(_names(node, VariableNode))

    visit(whole, Finder())
    return frozenset(found)


def _names(root: Node, kind: type[FragmentSpreadNode] | type[VariableNode]) -> tuple[str, ...]:
    found: list[str] = []

    class Finder(Visitor):
        def enter(self, node: Node, *_: object) -> None:
            if isinstance(node, kind):
                found.append(node.name.value)

    visit(root, Finder())
    return tuple(dict.fromkeys(found))
