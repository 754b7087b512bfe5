"""The stand-in's GraphQL schema is a subset of commercetools' own, and every field of it can be served."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
    get_named_type,
    graphql_sync,
    is_leaf_type,
    is_required_argument,
)
from graphql.type import GraphQLNamedType

from sandbox.commercetools.reading import Reading
from sandbox.commercetools.schema import SCHEMA_FILE, schema
from sandbox.commercetools.switches import Switches
from sandbox.commercetools.tokens import ApiClient
from sandbox.shop import SampleShop, sample_shop

OURS = build_schema(SCHEMA_FILE.read_text(encoding="utf-8"))
OUR_TYPES = [t for name, t in OURS.type_map.items() if not name.startswith("__")]
EVERY_FIELD_DEPTH = 8


@pytest.mark.parametrize("ours", OUR_TYPES, ids=lambda t: t.name)
def test_a_type_of_ours_is_a_subset_of_the_vendors(ours: GraphQLNamedType, commercetools_schema: GraphQLSchema) -> None:
    vendors = commercetools_schema.type_map.get(ours.name)
    assert vendors is not None
    assert list(differences(ours, vendors)) == []


def differences(ours: GraphQLNamedType, vendors: GraphQLNamedType) -> Iterator[str]:
    if type(ours) is not type(vendors):
        yield f"{ours.name} is a {type(vendors).__name__}"
    elif isinstance(ours, GraphQLEnumType) and isinstance(vendors, GraphQLEnumType):
        yield from (f"{ours.name}.{value}" for value in set(ours.values) - set(vendors.values))
    elif isinstance(ours, (GraphQLObjectType, GraphQLInterfaceType)):
        assert isinstance(vendors, (GraphQLObjectType, GraphQLInterfaceType))
        vendors_interfaces = {interface.name for interface in vendors.interfaces}
        yield from (f"{ours.name} implements {i.name}" for i in ours.interfaces if i.name not in vendors_interfaces)
        yield from field_differences(ours, vendors)


def field_differences(
    ours: GraphQLObjectType | GraphQLInterfaceType, vendors: GraphQLObjectType | GraphQLInterfaceType
) -> Iterator[str]:
    for name, field in ours.fields.items():
        theirs = vendors.fields.get(name)
        if theirs is None:
            yield f"{ours.name}.{name} does not exist"
            continue
        if str(field.type) != str(theirs.type):
            yield f"{ours.name}.{name}: {field.type} is {theirs.type}"
        for argument_name, argument in field.args.items():
            their_argument = theirs.args.get(argument_name)
            if their_argument is None or str(argument.type) != str(their_argument.type):
                yield f"{ours.name}.{name}({argument_name}: {argument.type})"
        for argument_name, argument in theirs.args.items():
            if argument_name not in field.args and is_required_argument(argument):
                yield f"{ours.name}.{name} lacks {argument_name}"


def test_our_enums_have_every_value_of_the_vendors(commercetools_schema: GraphQLSchema) -> None:
    """A value that is left out would look like one from the future."""
    for ours in OUR_TYPES:
        vendors = commercetools_schema.type_map[ours.name]
        if isinstance(ours, GraphQLEnumType) and isinstance(vendors, GraphQLEnumType):
            assert set(ours.values) == set(vendors.values), ours.name


def selection(graphql_type: GraphQLNamedType, depth: int) -> str:
    """Every field that can be asked for without arguments, down to `depth`."""
    if isinstance(graphql_type, GraphQLInterfaceType):
        options = [f"... on {t.name} {selection(t, depth)}" for t in OURS.get_possible_types(graphql_type)]
        return "{ __typename " + " ".join(options) + " }"
    assert isinstance(graphql_type, GraphQLObjectType)
    asked = []
    for name, field in graphql_type.fields.items():
        inner = get_named_type(field.type)
        if any(is_required_argument(argument) for argument in field.args.values()):
            continue
        language = '(acceptLanguage: ["en"])' if "acceptLanguage" in field.args else ""
        if is_leaf_type(inner):
            asked.append(name + language)
        elif depth > 0 and inner.name not in ("Customer", "Payment"):
            asked.append(f"{name} {selection(inner, depth - 1)}")
    return "{ " + " ".join(asked) + " }"


@pytest.mark.parametrize("root", ["orders", "customers", "carts", "payments", "states", "stores"])
def test_every_field_of_every_document_can_be_served(root: str) -> None:
    shop: SampleShop = sample_shop()
    reading = Reading(shop.now(), Switches(), ApiClient(shop.project.key).scopes)
    query_type = OURS.query_type
    assert query_type is not None
    page = get_named_type(query_type.fields[root].type)
    document = f'{{ {root}(limit: 500, sort: ["id asc"]) {selection(page, EVERY_FIELD_DEPTH)} }}'
    answered = graphql_sync(schema(), document, context_value=reading)
    assert answered.errors is None
    assert answered.data is not None
    assert answered.data[root]["count"] > 0
