"""Every document we can send is valid by commercetools' own schema."""

from __future__ import annotations

from itertools import combinations

import pytest
from graphql import GraphQLSchema, parse, validate

from clients.commercetools.documents import Operation, complete, document, file_names, flags_of
from clients.commercetools.sections import ROOT_FLAGS

CUTTABLE = frozenset({Operation.CUSTOMER, Operation.CUSTOMERS})  # without any root nothing would be left
OPERATIONS = tuple(Operation)


def problems(schema: GraphQLSchema, text: str) -> list[str]:
    return [error.message for error in validate(schema, parse(text))]


def flag_sets(operation: Operation) -> tuple[frozenset[str], ...]:
    """None, all, each alone, all but each, and every pair of the parts that are no roots."""
    flags = flags_of(operation)
    ground = frozenset({"withOrders" if operation is Operation.CUSTOMER else "withCustomers"})
    ground = ground if operation in CUTTABLE else frozenset()
    alone = [frozenset({flag}) if flag in ROOT_FLAGS.values() else ground | {flag} for flag in flags]
    pairs = [ground | frozenset(pair) for pair in combinations(sorted(flags - set(ROOT_FLAGS.values())), 2)]
    return (ground, flags, *alone, *((flags - {flag}) | ground for flag in flags), *pairs)


@pytest.mark.parametrize("name", file_names())
def test_a_complete_document_is_valid(name: str, commercetools_schema: GraphQLSchema) -> None:
    assert problems(commercetools_schema, complete(name)) == []


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_document_is_valid_for_any_choice_of_parts(operation: Operation, commercetools_schema: GraphQLSchema) -> None:
    texts = {document(operation, flags).text for flags in flag_sets(operation)}
    broken = {text: found for text in texts if (found := problems(commercetools_schema, text))}
    assert broken == {}
