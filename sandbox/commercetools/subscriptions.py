"""Subscriptions over REST: made, read, changed, deleted, and how healthy each is.

A new destination gets a test notification. Whoever is named in `mailboxes` under a destination's address (queue, topic,
URI) is handed it; every other destination takes it, unless the switch `destination_refused` holds a reason.
https://docs.commercetools.com/api/projects/subscriptions
"""

from __future__ import annotations

import json
import re
import threading
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from graphql import GraphQLError

from sandbox.commercetools.answers import error
from sandbox.commercetools.reading import Reading
from sandbox.commercetools.subscription_drafts import (
    CHANGES,
    MESSAGES,
    Invalid,
    address_of,
    checked_destination,
    checked_format,
    checked_list,
    masked,
)
from sandbox.shop.resources import timestamp
from sandbox.wire import Answer, as_json

SCOPE: Final = "manage_subscriptions"
MOST: Final = 50
HEALTHY: Final = "Healthy"
HEALTH_STATUS: Final[Mapping[str, int]] = {
    HEALTHY: 200,
    "ConfigurationError": 400,
    "ConfigurationErrorDeliveryStopped": 400,
    "ManuallySuspended": 400,
    "TemporaryError": 503,
}
_PATH: Final = re.compile(
    r"/(?P<project>[^/]+)/subscriptions(?:/(?:key=(?P<key>[^/]+)|(?P<id>[^/]+))(?P<health>/health)?)?"
)

Mailbox = Callable[[str], object]
Document = dict[str, Any]


class Subscriptions:
    """Of one project. Thread-safe. `mailboxes` may be changed at any time; one that raises cannot be delivered to."""

    def __init__(self, project_key: str, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.mailboxes: dict[str, Mailbox] = {}
        self.before_next_write: Callable[[], None] | None = None  # what somebody else does in between
        self._project_key = project_key
        self._now = now
        self._lock = threading.Lock()
        self._held: dict[str, Document] = {}
        self._since: dict[str, str] = {}

    def reset(self) -> None:
        with self._lock:
            self._held, self._since, self.mailboxes, self.before_next_write = {}, {}, {}, None

    def all(self) -> tuple[Document, ...]:
        """As they are held, secrets included."""
        with self._lock:
            return tuple(dict(each) for each in self._held.values())

    def put(self, subscription: Document) -> None:
        """As somebody else leaves it."""
        with self._lock:
            self._held[subscription["id"]] = subscription
            self._since.setdefault(subscription["id"], timestamp(self._now()))

    def set_status(self, key: str, status: str) -> None:
        """From now on it is as healthy as that. Raises `ValueError` for what there is not."""
        if status not in HEALTH_STATUS:
            raise ValueError(f"no such status: {status}")
        with self._lock:
            found = self._find(key, None)
            if found is None:
                raise ValueError(f"no subscription of key {key}")
            found["status"] = status
            self._since[found["id"]] = timestamp(self._now())

    def state(self) -> list[dict[str, Any]]:
        """For `GET /_control`: which there are, how healthy, and since when."""
        with self._lock:
            return [
                {"key": each.get("key"), "status": each["status"], "since": self._since[each["id"]]}
                for each in self._held.values()
            ]

    def is_asked(self, path: str) -> bool:
        return _PATH.fullmatch(path) is not None

    def health(self, method: str, path: str) -> Answer | None:
        """None unless it is asked how healthy one is, which takes no token."""
        match = _PATH.fullmatch(path)
        if match is None or not match["health"] or method != "GET" or match["project"] != self._project_key:
            return None
        with self._lock:
            found = self._find(match["key"], match["id"])
            return error(404) if found is None else Answer(HEALTH_STATUS[found["status"]], b"")

    def answer(self, method: str, path: str, body: bytes, reading: Reading) -> Answer:
        match = _PATH.fullmatch(path)
        if match is None or match["project"] != self._project_key:
            return error(404, message="URI not found: " + path)
        try:
            reading.require_scope(SCOPE)
            if method == "POST" and (meanwhile := self.before_next_write) is not None:
                self.before_next_write = None
                meanwhile()
            with self._lock:
                return self._answer(method, match["key"], match["id"], body, reading.switches.destination_refused)
        except GraphQLError as refused:
            return error(403, message=refused.message)
        except Invalid as invalid:
            return error(400, code=invalid.code, message=str(invalid))

    def _answer(self, method: str, key: str | None, id_: str | None, body: bytes, refusal: str) -> Answer:
        if key is None and id_ is None:
            if method == "GET":
                shown = [masked(each) for each in self._held.values()]
                return as_json({"limit": 20, "offset": 0, "count": len(shown), "total": len(shown), "results": shown})
            return self._create(_object(body), refusal) if method == "POST" else error(404)
        found = self._find(key, id_)
        if found is None:
            return error(404, message=f"The Resource with {'key' if key else 'ID'} '{key or id_}' was not found.")
        if method == "POST":
            return self._update(found, _object(body), refusal)
        if method == "DELETE":
            del self._held[found["id"]]
        return as_json(masked(found))

    def _find(self, key: str | None, id_: str | None) -> Document | None:
        return next(
            (each for each in self._held.values() if each["id"] == id_ or (key and each.get("key") == key)), None
        )

    def _create(self, draft: Document, refusal: str) -> Answer:
        if len(self._held) >= MOST:
            raise Invalid(f"The limit of {MOST} subscriptions is reached.", code="MaxResourceLimitExceeded")
        format_ = checked_format(draft.get("format"))
        made: Document = {
            "id": str(uuid.uuid4()),
            "version": 1,
            "destination": checked_destination(draft.get("destination"), format_),
            "changes": checked_list(draft, "changes", CHANGES),
            "messages": checked_list(draft, "messages", MESSAGES),
            "format": format_,
            "status": HEALTHY,
            "createdAt": timestamp(self._now()),
            "lastModifiedAt": timestamp(self._now()),
        }
        if not made["changes"] and not made["messages"]:
            raise Invalid("At least one of changes and messages is needed.")
        if key := draft.get("key"):
            self._refuse_taken(key)
            made["key"] = key
        self._test(made, refusal)
        self._held[made["id"]] = made
        self._since[made["id"]] = made["createdAt"]
        return as_json(masked(made), status=201)

    def _update(self, found: Document, update: Document, refusal: str) -> Answer:
        if update.get("version") != found["version"]:
            return _conflict(found, update.get("version"))
        actions = update.get("actions")
        if not isinstance(actions, list):
            raise Invalid("Request body does not contain valid JSON. actions: Missing required value")
        changed = dict(found)
        for action in actions:
            self._act(changed, action, refusal)
        if changed != found:
            changed |= {"version": found["version"] + 1, "lastModifiedAt": timestamp(self._now())}
            self._held[found["id"]] = changed
        return as_json(masked(changed))

    def _act(self, changed: Document, action: Document, refusal: str) -> None:
        match action.get("action"):
            case "setKey":
                self._refuse_taken(action.get("key"))
                changed["key"] = action.get("key")
            case "setChanges":
                changed["changes"] = checked_list(action, "changes", CHANGES)
            case "setMessages":
                changed["messages"] = checked_list(action, "messages", MESSAGES)
            case "changeDestination":
                changed["destination"] = checked_destination(action.get("destination"), changed["format"])
                self._test(changed, refusal)
                if changed["status"] != "ManuallySuspended":
                    changed["status"] = HEALTHY
            case other:
                raise Invalid(f"Malformed parameter: actions: unknown action '{other}'.")

    def _refuse_taken(self, key: object) -> None:
        if any(each.get("key") == key for each in self._held.values()):
            raise Invalid(f"A duplicate value '\"{key}\"' exists for field 'key'.", code="DuplicateField")

    def _test(self, tested: Document, refusal: str) -> None:
        """Nothing is made or changed when it cannot be delivered."""
        if not refusal:
            try:
                if (mailbox := self.mailboxes.get(address_of(tested["destination"]))) is not None:
                    mailbox(json.dumps(self._notification(tested)))
                return
            except Exception as failure:  # noqa: BLE001 - whatever the cloud's own client raises
                refusal = f"{type(failure).__name__}"
        raise Invalid(f"A test message could not be delivered to this destination: {refusal}")

    def _notification(self, tested: Document) -> Document:
        return {
            "notificationType": "ResourceCreated",
            "projectKey": self._project_key,
            "resource": {"typeId": "subscription", "id": tested["id"]},
            "resourceUserProvidedIdentifiers": {"key": tested["key"]} if tested.get("key") else {},
            "version": 1,
            "modifiedAt": tested["lastModifiedAt"],
        }


def _object(body: bytes) -> Document:
    try:
        found = json.loads(body)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Invalid("Request body does not contain valid JSON.", code="InvalidJsonInput")
    return found


def _conflict(found: Document, given: object) -> Answer:
    message = (
        f"Object '{found['id']}' has a different version than expected. Expected: {given} - Actual: {found['version']}."
    )
    fault = {"code": "ConcurrentModification", "message": message, "currentVersion": found["version"]}
    return as_json({"statusCode": 409, "message": message, "errors": [fault]}, status=409)
