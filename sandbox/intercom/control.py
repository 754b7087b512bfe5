"""The control door: another process looks at the workspace and switches its behaviour.

GET  /_control                                 the state
GET  /_control?contact=&external_id=&email=    one contact with tags by name and events newest first, or null
GET  /_control?conversation=                   one conversation with its parts, or null
POST /_control                                 switches by name; reset, clear_log, spend, contacts, replies, acts,
                                               webhooks: {"url", "secret", "topics"} or null
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from sandbox.intercom.acts import act
from sandbox.intercom.contact import Contact
from sandbox.intercom.webhooks import Subscription
from sandbox.wire import Answer, as_json

if TYPE_CHECKING:
    from sandbox.intercom.stand_in import IntercomStandIn

CONTROL_PATH: Final = "/_control"
SHOWN: Final = 50


class ControlDoor:
    """Speaks JSON for `IntercomStandIn`."""

    def __init__(self, stand_in: IntercomStandIn) -> None:
        self._stand_in = stand_in

    def answer(self, method: str, query: Mapping[str, str], body: bytes) -> Answer:
        """The state, after the change asked for; 400 with the reason when there is something wrong with it."""
        if method == "POST":
            try:
                self._apply(json.loads(body or b"{}"))
            except ValueError as problem:
                return as_json({"error": str(problem)}, status=400)
        if query:
            return as_json(self._shown(query))
        return as_json(self._state())

    def _apply(self, change: object) -> None:
        if not isinstance(change, dict):
            raise ValueError("switches are set by a JSON object")
        if change.pop("reset", False):
            self._stand_in.reset()
        if change.pop("clear_log", False):
            with self._stand_in.lock:
                self._stand_in.log.clear()
        for given in change.pop("contacts", ()):
            self._stand_in.put(contact_from(given, self._stand_in.workspace.id))
        for given in change.pop("replies", ()):
            self._reply(given)
        for given in change.pop("acts", ()):
            act(self._stand_in, given)
        if "webhooks" in change:
            subscriber = change.pop("webhooks")
            self._stand_in.webhooks.subscribe(Subscription.of(subscriber) if subscriber else None)
        spent = change.pop("spend", 0)
        if spent:
            self._stand_in.spend(int(spent))
        self._stand_in.switches.set(**change)

    def _reply(self, given: Mapping[str, Any]) -> None:
        """`{"conversation", "body"}`: its contact writes again, or the one of the id `contact`."""
        if self._stand_in.conversation(str(given.get("conversation"))) is None:
            raise ValueError("no such conversation")
        contact_id = str(given["contact"]) if given.get("contact") else None
        self._stand_in.reply(str(given["conversation"]), str(given.get("body") or ""), contact_id=contact_id)

    def _shown(self, query: Mapping[str, str]) -> Mapping[str, Any] | None:
        """Whoever is meant: by id, else by external id, else the user (else the lead) with the e-mail."""
        stand_in = self._stand_in
        if "conversation" in query:
            return stand_in.conversation(query["conversation"])
        with stand_in.lock:
            people = stand_in.workspace.people
            found = people.at(query.get("contact", ""))
            found = found or people.holder(query.get("external_id", ""))
            if found is None:
                found = min(people.having(query.get("email", "")), key=lambda each: not each.is_user, default=None)
            if found is None:
                return None
            shown = stand_in.workspace.shown(found)
            return {**shown, "events": shown["events"][:SHOWN], "event_count": len(shown["events"])}

    def _state(self) -> dict[str, Any]:
        stand_in = self._stand_in
        with stand_in.lock:
            log, workspace = stand_in.log, stand_in.workspace
            return {
                "workspace_id": workspace.id,
                "webhooks": stand_in.webhooks.to_json(),
                "switches": stand_in.switches.now.to_json(),
                "contacts": len(workspace.people),
                "events": len(workspace.events.all()),
                "events_sent_again": stand_in.events_sent_again,
                "event_names": list(workspace.events.names),
                "accepted": dict(log.accepted),
                "effective": dict(log.effective),
                "refused": [
                    {"route": route, "status": status, "count": count} for (route, status), count in log.refused.items()
                ],
                "windows": [dataclasses.asdict(window) for window in stand_in.windows[-SHOWN:]],
                "requests": [request.to_json() for request in log.requests[-SHOWN:]],
            }


def contact_from(document: Mapping[str, Any], workspace_id: str) -> Contact:
    """A contact from a document of the API; raises `ValueError` when it has no id."""
    if not isinstance(document.get("id"), str):
        raise ValueError("a contact needs an id")
    names = {f.name for f in dataclasses.fields(Contact)} - {"tags", "avatar", "workspace_id", "custom_attributes"}
    given = {name: value for name, value in document.items() if name in names}
    given |= {
        "workspace_id": workspace_id,
        "role": document.get("role") or "user",
        "born": float(document.get("created_at") or 0),
        "updated_at": int(document.get("updated_at") or 0),
        "custom_attributes": dict(document.get("custom_attributes") or {}),
    }
    return Contact(**given)
