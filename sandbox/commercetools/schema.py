"""The stand-in's GraphQL schema, executable: our SDL file with resolvers over REST-shaped documents.

The two shapes of one resource differ by rule, not by case: `xxxRef` is REST's reference, `xxx` its target,
`name(locale:)` one language of REST's localized string, `nameAllLocales` all of them.
Source: https://docs.commercetools.com/api/graphql
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    build_schema,
    get_named_type,
)

from sandbox.commercetools.reading import Reading, active_cart, failure
from sandbox.shop.resources import Document, TypeId

SCHEMA_FILE: Final = Path(__file__).with_name("schema.graphql")

Resolver = Callable[..., Any]
Info = GraphQLResolveInfo[Reading]

_TYPE_ID: Final[Mapping[str, TypeId]] = {
    "Customer": "customer",
    "Order": "order",
    "Cart": "cart",
    "Payment": "payment",
    "State": "state",
    "CustomerGroup": "customer-group",
    "DiscountCode": "discount-code",
    "Store": "store",
    "Channel": "channel",
    "BusinessUnit": "business-unit",
    "Message": "message",
}
_BY_KEY: Final = frozenset({"store", "business-unit"})  # these are referred to by key, not by id


@cache
def schema() -> GraphQLSchema:
    """The schema with its resolvers, built once."""
    built = build_schema(SCHEMA_FILE.read_text(encoding="utf-8"))
    for graphql_type in built.type_map.values():
        if isinstance(graphql_type, GraphQLEnumType):
            # The platform is versionless: a value newer than this file must go out as it is.
            graphql_type.coerce_output_value = _as_it_is  # type: ignore[assignment, method-assign]
        elif isinstance(graphql_type, GraphQLInterfaceType):
            graphql_type.resolve_type = _CONCRETE.get(graphql_type.name)
        elif isinstance(graphql_type, GraphQLObjectType) and not graphql_type.name.startswith("__"):
            for name, field in graphql_type.fields.items():
                field.resolve = _resolver(graphql_type.name, name, field)
    return built


def _as_it_is(value: object) -> str:
    return str(value)


def _resolver(type_name: str, name: str, field: GraphQLField) -> Resolver:
    special = _SPECIAL.get((type_name, name))
    if special:
        return special
    if type_name == "Query":
        return _query_root(_TYPE_ID[get_named_type(field.type).name.removesuffix("QueryResult")], field)
    if name.endswith("Ref"):
        return _plain(name.removesuffix("Ref"), field)
    if name.endswith("AllLocales"):
        return _all_locales(name.removesuffix("AllLocales"))
    if "locale" in field.args:
        return _localized(name)
    target = _TYPE_ID.get(get_named_type(field.type).name)
    return _targets(name, target, field) if target and type_name[-11:] != "QueryResult" else _plain(name, field)


def _is_list(field: GraphQLField) -> bool:
    inner = field.type.of_type if isinstance(field.type, GraphQLNonNull) else field.type
    return isinstance(inner, GraphQLList)


def _plain(name: str, field: GraphQLField) -> Resolver:
    if _is_list(field) and isinstance(field.type, GraphQLNonNull):
        return lambda source, info, **_: source.get(name) or ()
    return lambda source, info, **_: source.get(name)


def _all_locales(name: str) -> Resolver:
    def resolve(source: Document, info: Info) -> list[dict[str, str]] | None:
        texts = source.get(name)
        return None if texts is None else [{"locale": locale, "value": text} for locale, text in texts.items()]

    return resolve


def _localized(name: str) -> Resolver:
    def resolve(
        source: Document,
        info: Info,
        locale: str | None = None,
        acceptLanguage: Sequence[str] | None = None,  # noqa: N803  (the schema's own argument name)
    ) -> str | None:
        reading: Reading = info.context
        wanted = [*((locale,) if locale else ()), *(acceptLanguage or ())]
        return in_language(source.get(name) or {}, wanted, fallback=reading.switches.language_fallback)

    return resolve


def in_language(texts: Mapping[str, str], wanted: Sequence[str], *, fallback: bool) -> str | None:
    """The text in the first wanted language there is; with `fallback`, "de-AT" also finds "de". None = none of them."""
    for language in wanted:
        for candidate in (language, language.partition("-")[0]) if fallback else (language,):
            if candidate in texts:
                return texts[candidate]
    return None


def _target(reading: Reading, type_id: TypeId, reference: Document | None) -> Document | None:
    """What a reference leads to; None when the target was deleted. Costs the target's scope."""
    if reference is None:
        return None
    if type_id in _BY_KEY:
        return reading.first(type_id, lambda document: document["key"] == reference["key"])
    return reading.get(type_id, reference["id"])


def _targets(name: str, type_id: TypeId, field: GraphQLField) -> Resolver:
    def many(source: Document, info: Info) -> list[Document]:
        info.context.require(type_id)
        found = (_target(info.context, type_id, reference) for reference in source.get(name) or ())
        return [document for document in found if document is not None]

    def one(source: Document, info: Info) -> Document | None:
        return _target(info.context, type_id, source.get(name))

    return many if _is_list(field) else one


def _query_root(type_id: TypeId, field: GraphQLField) -> Resolver:
    def many(_: object, info: Info, **page: Any) -> dict[str, Any]:
        reading: Reading = info.context
        arguments = {"where": None, "sort": None, "limit": None, "offset": None, **page}
        reading.require(type_id)
        return reading.query(type_id, **arguments)

    def one(_: object, info: Info, **by: Any) -> Document | None:
        reading: Reading = info.context
        reading.require(type_id)
        given = {name: value for name, value in by.items() if value is not None}
        if len(given) != 1:
            raise failure("InvalidInput", f"Exactly one of the arguments is needed to find one {type_id}.")
        ((name, value),) = given.items()
        if name == "id":
            return reading.get(type_id, value)
        return reading.first(type_id, lambda document: document.get(name) == value)

    return many if "where" in field.args else one


def _active_cart(_: object, info: Info, customerId: str) -> Document | None:  # noqa: N803
    return active_cart(info.context.all("cart"), customerId)


def _project(_: object, info: Info) -> dict[str, Any]:
    reading: Reading = info.context
    reading.require_scope("view_project_settings")
    project = reading.shop.project
    return {
        "key": project.key,
        "name": project.name,
        "languages": project.languages,
        "currencies": project.currencies,
        "countries": project.countries,
        "version": 1,
        "createdAt": "2020-01-01T00:00:00.000Z",
    }


def _buyer(source: Document, info: Info) -> Document | None:
    customer_id = source.get("customerId")
    return info.context.get("customer", customer_id) if customer_id else None


def _custom_fields(
    source: Document,
    info: Info,
    includeNames: Sequence[str] | None = None,  # noqa: N803  (the schema's own argument names)
    excludeNames: Sequence[str] | None = None,  # noqa: N803
) -> list[dict[str, Any]]:
    return [
        {"name": name, "value": value}
        for name, value in source["fields"].items()
        if (includeNames is None or name in includeNames) and name not in (excludeNames or ())
    ]


def _line_items(source: Document, info: Info, id: str | None = None) -> list[Document]:
    return [item for item in source["lineItems"] if id is None or item["id"] == id]


def _addresses(ids_field: str) -> Resolver:
    def resolve(source: Document, info: Info) -> list[Document]:
        ids = source.get(ids_field) or ()
        return [address for address in source["addresses"] if address["id"] in ids]

    return resolve


def _address(id_field: str) -> Resolver:
    def resolve(source: Document, info: Info) -> Document | None:
        wanted = source.get(id_field)
        return next((address for address in source["addresses"] if address["id"] == wanted), None) if wanted else None

    return resolve


_SPECIAL: Final[Mapping[tuple[str, str], Resolver]] = {
    ("Query", "customerActiveCart"): _active_cart,
    ("Query", "project"): _project,
    ("Order", "customer"): _buyer,
    ("Order", "lineItems"): _line_items,
    ("Cart", "customer"): _buyer,
    ("Cart", "lineItems"): _line_items,
    ("Customer", "shippingAddresses"): _addresses("shippingAddressIds"),
    ("Customer", "billingAddresses"): _addresses("billingAddressIds"),
    ("Customer", "defaultShippingAddress"): _address("defaultShippingAddressId"),
    ("Customer", "defaultBillingAddress"): _address("defaultBillingAddressId"),
    ("PaymentInfo", "paymentRefs"): lambda source, info: source["payments"],
    ("CustomFieldsType", "customFieldsRaw"): _custom_fields,
}
_CONCRETE: Final[Mapping[str, Callable[..., str]]] = {
    "BaseMoney": lambda money, *_: "HighPrecisionMoney" if money["type"] == "highPrecision" else "Money",
    "ReturnItem": lambda item, *_: str(item["type"]),
}
