"""What the Messages API keeps, where a project lets it: which change of a resource happened at which moment.

It is off in a new project, keeps what is told for some days only, and needs a scope of its own, so nobody may depend on
it. https://docs.commercetools.com/api/projects/messages
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from clients.commercetools.decode import Node
from clients.commercetools.documents import Operation, document
from clients.commercetools.graphql import Endpoint
from clients.commercetools.predicates import Predicate, all_of, any_of, equals, is_after, is_id, is_in, is_since
from clients.commercetools.sections import may_read_messages
from clients.commercetools.source_questions import moment
from clients.deadline import Call
from clients.errors import BadAnswer, PlatformError, ScopeMissing

_ROOT: Final = "messages"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message, without what it says beside its type. What it is about is None where it does not say so.

    `version` is the message's own and the same for ever, as is its time; `resource_version` is the one that the
    change made.
    """

    id: str
    last_modified_at: datetime
    type: str | None = None
    resource_type: str | None = None
    resource_id: str | None = None
    resource_version: int | None = None
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagesPage:
    """Part of them, oldest first. `answered_at` is the platform's own clock; there are more when `is_full`."""

    changes: tuple[Message, ...]
    is_full: bool
    answered_at: datetime | None


class Messages:
    """The messages of one project. Thread-safe; raises only `PlatformError`."""

    def __init__(self, endpoint: Endpoint, project_key: str) -> None:
        self._endpoint = endpoint
        self._project_key = project_key

    def since(
        self, since: datetime, *, types: Collection[str], after: Message | None = None, limit: int, call: Call
    ) -> MessagesPage:
        """Those of `types` from `since` on; `after`: the last one of the page before.

        Raises `ScopeMissing` without asking when the token is known to be good for other things only.
        """
        if not may_read_messages(self._endpoint.token(call).scopes, self._project_key):
            raise ScopeMissing("the API client's scopes do not allow to read messages")
        variables = {"where": _where(since, types, after), "sort": ["createdAt asc", "id asc"], "limit": limit}
        reply = self._endpoint.ask(document(Operation.CHANGED_MESSAGES, ()), variables, call)
        if reply.data is None or reply.faults:
            raise reply.failure
        results = _results(reply.data)
        found = tuple(_message(node) for node in results)
        if after is not None and found and _place(found[-1]) <= _place(after):
            raise BadAnswer(f"{_ROOT}: a page that does not go on")
        return MessagesPage(changes=found, is_full=len(found) >= limit, answered_at=reply.answered_at)


def _where(since: datetime, types: Collection[str], after: Message | None) -> Predicate:
    return all_of(
        is_in("type", sorted(types)), is_since("createdAt", moment(since)) if after is None else _later(after)
    )


def _later(last: Message) -> Predicate:
    at = moment(last.last_modified_at)
    return any_of(is_after("createdAt", at), all_of(equals("createdAt", at), is_after("id", last.id)))


def _place(message: Message) -> tuple[datetime, str]:
    return message.last_modified_at, message.id


def _results(data: Mapping[str, object]) -> tuple[Node, ...]:
    page = Node(data, "data").child(_ROOT)
    if page.fields.get("results") is None:
        raise BadAnswer(f"{page.at('results')}: not a list")
    return page.children("results")


def _message(node: Node) -> Message:
    """There are messages that no page of the vendor's describes: what is not understood is about nothing."""
    id_, at = node.text("id"), node.moment("createdAt")
    try:
        resource = node.child("resourceRef")
        return Message(
            id=id_,
            last_modified_at=at,
            type=node.text("type"),
            resource_type=resource.text("typeId"),
            resource_id=resource.text("id") if is_id(resource.text("id")) else None,
            resource_version=node.integer("resourceVersion"),
        )
    except PlatformError:
        return Message(id=id_, last_modified_at=at)
