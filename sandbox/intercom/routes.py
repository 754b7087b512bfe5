"""Which request does what. Paths as in version 2.16 of the API."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote

from sandbox.intercom.asked import Asked, Done
from sandbox.intercom.calls import contacts, conversations, data_attributes, events, tags
from sandbox.intercom.refusals import not_found
from sandbox.intercom.switches import Door
from sandbox.intercom.workspace import Workspace

Handler = Callable[[Workspace, Asked], Done]


@dataclass(frozen=True, slots=True)
class Route:
    """`name` is how requests are counted, e.g. "PUT /contacts/{id}"."""

    name: str
    door: Door
    handle: Handler
    method: str = field(init=False)
    pattern: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        method, _, path = self.name.partition(" ")
        object.__setattr__(self, "method", method)
        object.__setattr__(self, "pattern", re.compile(re.sub(r"\{\w+\}", "([^/]+)", path)))


def route_for(method: str, path: str) -> tuple[Route, tuple[str, ...]]:
    """The route and the ids in the path, percent-decoded; `NOWHERE` for what is no request of the API."""
    for route in _BY_METHOD.get(method, ()):
        match = route.pattern.fullmatch(path)
        if match:
            return route, tuple(unquote(part) for part in match.groups())
    return NOWHERE, ()


def _me(workspace: Workspace, asked: Asked) -> Done:
    return Done(workspace.me())


def _nowhere(workspace: Workspace, asked: Asked) -> Done:
    """An unknown path, or a method that a path does not have, is 404."""
    raise not_found()


ROUTES: Final = (
    Route("GET /me", "me", _me),
    Route("POST /contacts/search", "search", contacts.search),
    Route("POST /contacts/merge", "contacts", contacts.merge),
    Route("GET /contacts/find_by_external_id/{external_id}", "contacts", contacts.find),
    Route("PUT /contacts/{id}", "contacts", contacts.update),
    Route("GET /contacts/{id}", "contacts", contacts.get),
    Route("POST /contacts", "contacts", contacts.create),
    Route("GET /contacts", "contacts", contacts.listed),
    Route("DELETE /contacts/{id}", "contacts", contacts.delete),
    Route("POST /contacts/{id}/archive", "contacts", contacts.archive),
    Route("POST /contacts/{id}/unarchive", "contacts", contacts.unarchive),
    Route("GET /contacts/{id}/tags", "tags", tags.tags_of),
    Route("POST /contacts/{id}/tags", "tags", tags.tag_contact),
    Route("DELETE /contacts/{id}/tags/{tag_id}", "tags", tags.untag_contact),
    Route("POST /events", "events", events.send),
    Route("GET /events", "events", events.listed),
    Route("GET /tags", "tags", tags.listed),
    Route("POST /tags", "tags", tags.write),
    Route("GET /tags/{id}", "tags", tags.get),
    Route("DELETE /tags/{id}", "tags", tags.delete),
    Route("GET /data_attributes", "data_attributes", data_attributes.listed),
    Route("POST /data_attributes", "data_attributes", data_attributes.create),
    Route("PUT /data_attributes/{id}", "data_attributes", data_attributes.update),
    Route("POST /conversations/search", "conversations", conversations.search),
    Route("GET /conversations/attributes", "conversations", conversations.attributes),
    Route("POST /conversations/attributes", "conversations", conversations.create_attribute),
    Route("GET /conversations/{id}", "conversations", conversations.get),
    Route("PUT /conversations/{id}", "conversations", conversations.update),
    Route("POST /conversations/{id}/tags", "conversations", conversations.tag),
    Route("DELETE /conversations/{id}/tags/{tag_id}", "conversations", conversations.untag),
)
NOWHERE: Final = Route("ANY /", "any", _nowhere)
_BY_METHOD: Final = {
    method: tuple(route for route in ROUTES if route.method == method) for method in ("GET", "POST", "PUT", "DELETE")
}
