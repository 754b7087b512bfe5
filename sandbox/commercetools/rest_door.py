"""The few REST reads: the project, an order, a customer, by id. https://docs.commercetools.com/api"""

from __future__ import annotations

import re
from typing import Final

from graphql import GraphQLError

from sandbox.commercetools.answers import error
from sandbox.commercetools.reading import Reading
from sandbox.shop.resources import TypeId
from sandbox.wire import Answer, as_json

_BY_ID: Final = re.compile(r"/(?P<project>[^/]+)/(?P<collection>orders|customers|carts|payments)/(?P<id>[^/]+)")
_TYPE_IDS: Final[dict[str, TypeId]] = {
    "orders": "order",
    "customers": "customer",
    "carts": "cart",
    "payments": "payment",
}


def read_resource(method: str, path: str, reading: Reading) -> Answer:
    """The resource at `path`; 404 for everything that is not served here."""
    project = reading.shop.project
    if method != "GET":
        return error(404)
    if path == f"/{project.key}":
        return _read_project(reading)
    match = _BY_ID.fullmatch(path)
    if match is None or match["project"] != project.key:
        return error(404, message="URI not found: " + path)
    try:
        document = reading.get(_TYPE_IDS[match["collection"]], match["id"])
    except GraphQLError as refused:
        return error(403, message=refused.message)
    if document is None:
        return error(404, message=f"The Resource with ID '{match['id']}' was not found.")
    return as_json(document)


def _read_project(reading: Reading) -> Answer:
    try:
        reading.require_scope("view_project_settings")
    except GraphQLError as refused:
        return error(403, message=refused.message)
    project = reading.shop.project
    return as_json(
        {
            "key": project.key,
            "name": project.name,
            "languages": project.languages,
            "currencies": project.currencies,
            "countries": project.countries,
            "messages": {"enabled": True, "deleteDaysAfterCreation": 15},
        }
    )
