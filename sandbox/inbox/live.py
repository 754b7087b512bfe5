"""What changes while the page is looked at: contact and conversation as Intercom holds them, and the shop's buttons.

The page asks twice a second and names the version that it has; only a newer one is told. A button acts on
the shop alone: what then arrives at the contact has come by the sync.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import requests
from flask import Blueprint, Response, jsonify, request

from sandbox.inbox.asks import Conversations, asked, body_for
from sandbox.inbox.conditions import NotSwitched, ShopControl
from sandbox.inbox.replies import as_held, conversation_id_of, html_of
from sandbox.inbox.threads import thread_of

SAID: Final[Mapping[str, str]] = {
    "place": "Placed {order}",
    "capture": "Captured {order}",
    "ship": "Shipped {order}",
    "deliver": "Delivered {order}",
    "request_return": "Announced return of {order}",
    "receive_return": "Received return of {order}",
    "refund": "Refunded {order}",
    "rename": "Renamed the customer",
    "erase": "Erased the customer",
}


class NotDone(Exception):
    """A button that does not apply now; the text says why. Answered with 409."""


@dataclass(frozen=True, slots=True)
class IntercomControl:
    """The control door of the Intercom stand-in at `url`."""

    url: str

    def contact(self, contact_id: str, external_id: str | None) -> dict[str, Any] | None:
        """The contact with tags by name and events newest first, None when there is none. Raises `NotSwitched`."""
        return self._asked({"contact": contact_id, "external_id": external_id or ""})

    def conversation(self, conversation_id: str | None) -> dict[str, Any] | None:
        """With its parts; None when there is none. Raises `NotSwitched`."""
        return self._asked({"conversation": conversation_id}) if conversation_id else None

    def reply(self, conversation_id: str, html: str, *, contact_id: str) -> None:
        """The contact writes. Raises `NotSwitched`."""
        said = {"conversation": conversation_id, "body": html, "contact": contact_id}
        try:
            response = requests.post(f"{self.url}/_control", json={"replies": [said]}, timeout=5)
        except requests.RequestException as error:
            raise _unreachable(error) from error
        if response.status_code != 200:
            raise NotSwitched(str(response.json().get("error", response.status_code)))

    def _asked(self, about: Mapping[str, str]) -> dict[str, Any] | None:
        try:
            shown: dict[str, Any] | None = requests.get(f"{self.url}/_control", params=about, timeout=5).json()
        except requests.RequestException as error:
            raise _unreachable(error) from error
        return shown


def _unreachable(error: requests.RequestException) -> NotSwitched:
    return NotSwitched(f"The sample Intercom cannot be reached ({type(error).__name__}).")


@dataclass(frozen=True, slots=True)
class Live:
    """The neighbours: Intercom, and whether the sync is "running", "starting" or "stopped"."""

    intercom: IntercomControl
    sync: Callable[[], str]


def live_calls(conversations: Conversations, shop: ShopControl, live: Live | None) -> Blueprint:
    """`GET live`, `POST act` and `POST reply`; without `live` there is nothing to show and no button."""
    calls = Blueprint("live", __name__)

    @calls.get("/live")
    def now() -> Response:
        if live is None:
            return jsonify({"version": "none", "sync": None})
        state = _state(request.args, live)
        version = _version(state)
        return jsonify({"version": version} | ({} if version == request.args.get("version") else state))

    @calls.post("/act")
    def act() -> Response:
        ask = asked()
        if live is None:
            raise NotDone("no sync here")
        whom = _whom(ask)
        contact = live.intercom.contact(whom["id"], whom.get("external_id"))
        offers = shop.offers(**_known(whom, contact))["offers"]
        offer = next((each for each in offers if each["name"] == ask.get("name")), None)
        if offer is None or offer["ask"] is None:
            raise NotDone(offer["reason"] if offer else "no such button")
        done = shop.act(offer["ask"])
        number = shop.offers(**_known(whom, contact))["order"] or {}
        words = SAID[done["act"]].format(order=number.get("number") or "an order")
        return jsonify({"said": words})

    @calls.post("/reply")
    def reply() -> Response:
        ask = asked()
        body = body_for(ask, conversations)
        html, conversation_id = html_of(ask.get("text")), conversation_id_of(body)
        if live is None or live.intercom.conversation(conversation_id) is None or conversation_id is None:
            raise NotDone("Intercom has no such conversation.")
        live.intercom.reply(conversation_id, html, contact_id=_whom(ask)["id"])
        return jsonify(_thread(body, live))

    def _whom(ask: Mapping[str, Any]) -> dict[str, Any]:
        contact: dict[str, Any] = thread_of(body_for(ask, conversations))["contact"]
        return contact

    def _thread(body: Mapping[str, Any], live: Live) -> dict[str, Any]:
        """As Intercom holds it; `can_reply`: whether there is anything that can be replied to."""
        held = live.intercom.conversation(conversation_id_of(body))
        tags = ((held or {}).get("tags") or {}).get("tags") or ()
        names = [str(tag.get("name")) for tag in tags]
        return {**thread_of(as_held(body, held)), "tags": names, "can_reply": held is not None}

    def _state(ask: Mapping[str, Any], live: Live) -> dict[str, Any]:
        whom = _whom(ask)
        contact = live.intercom.contact(whom["id"], whom.get("external_id"))
        offers = shop.offers(**_known(whom, contact))
        shown = [{name: each[name] for name in ("name", "label", "reason")} for each in offers["offers"]]
        return {
            "sync": live.sync(),
            "thread": _thread(body_for(ask, conversations), live),
            "shop": {"who": offers["who"], "order": offers["order"], "offers": shown},
            "intercom": contact,
            "intercom_version": _version(contact),
        }

    return calls


def _known(whom: Mapping[str, Any], contact: Mapping[str, Any] | None) -> dict[str, str | None]:
    """How the shop may know them: by the conversation, else by what Intercom has learned of the contact."""
    learned = (contact or {}).get("contact") or {}
    return {
        "customer": whom.get("external_id") or learned.get("external_id"),
        "email": whom.get("email") or learned.get("email"),
    }


def _version(state: object) -> str:
    return hashlib.blake2s(json.dumps(state, sort_keys=True).encode(), digest_size=8).hexdigest()
