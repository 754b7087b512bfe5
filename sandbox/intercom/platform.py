"""Intercom as an app meets it: one address, several workspaces, and the doors by which the app is let in and goes.

with IntercomPlatform.serve((NORDLICHT, FJORD)) as platform:
    platform.register(Registration.of_product(...))
    platform.workspace("nrdlcht1").put(contact)

A token opens the workspace that gave it, and no other one: there is no request that could reach across.
"""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from sandbox.intercom.access import Access
from sandbox.intercom.grants import Grants
from sandbox.intercom.identity import Identity
from sandbox.intercom.notices import Checked, Told, Unfit, check_health, health_in, tell_uninstalled
from sandbox.intercom.platform_switches import PlatformBoard
from sandbox.intercom.refusals import Refusal, invalid, usual_refusal
from sandbox.intercom.registration import Registration
from sandbox.intercom.stand_in import IntercomStandIn
from sandbox.intercom.webhooks import Subscription
from sandbox.wire import Answer, Fault, as_json, listening

CONTROL_PATH: Final = "/_platform"
WORKSPACES: Final = "/workspaces/"
"""`/workspaces/{id}/_control` is the control door of one workspace."""


class IntercomPlatform:
    """Thread-safe. What an app has been told of its installations is kept, newest last."""

    def __init__(self, workspaces: Sequence[Identity]) -> None:
        self.url = ""
        self.switches = PlatformBoard()
        self.app: Registration | None = None
        self._identities = {each.id: each for each in workspaces}
        self._stand_ins = {each.id: IntercomStandIn(identity=each, access=Access()) for each in workspaces}
        self.grants = Grants({id_: each.access for id_, each in self._stand_ins.items()})
        self._told: list[Told] = []
        self._health: dict[str, Checked] = {}
        self._errands: list[threading.Thread] = []

    @classmethod
    @contextmanager
    def serve(cls, workspaces: Sequence[Identity], *, port: int = 0) -> Iterator[IntercomPlatform]:
        """Empty workspaces without the app, on 127.0.0.1 (any free port unless told) until the block ends."""
        platform = cls(workspaces)
        with listening(port, platform, name="intercom-platform") as url:
            platform.url = url
            for stand_in in platform._stand_ins.values():
                stand_in.url = url
            try:
                yield platform
            finally:
                platform.settle()
                for stand_in in platform._stand_ins.values():
                    stand_in.webhooks.stop()

    # what the browser's pages and the tests do

    def register(self, app: Registration) -> None:
        """The app's owner fills in the Developer Hub."""
        self.app = app

    @property
    def identities(self) -> tuple[Identity, ...]:
        return tuple(self._identities.values())

    def workspace(self, workspace_id: str) -> IntercomStandIn:
        """Raises `KeyError`."""
        return self._stand_ins[workspace_id]

    def control_url(self, workspace_id: str) -> str:
        """Where the control door of one workspace is, without its `/_control`."""
        return f"{self.url}{WORKSPACES}{workspace_id}"

    def uninstall(self, workspace_id: str) -> None:
        """As an admin does in the App Store. The app is told afterwards, and cannot keep it from happening."""
        if self.grants.revoke(workspace_id):
            self._stand_ins[workspace_id].webhooks.subscribe(None)
            self._health.pop(workspace_id, None)
            self._tell_uninstalled(workspace_id)

    def check_health(self, workspace_id: str) -> Checked:
        """The daily check, now."""
        checked = check_health(self._registered(), workspace_id)
        self._health[workspace_id] = checked
        return checked

    def health(self, workspace_id: str) -> Checked | None:
        """What the last check said, or the app itself since; None before the first."""
        return self._health.get(workspace_id)

    @property
    def told(self) -> tuple[Told, ...]:
        """The uninstall notices, and what they were answered with."""
        self.settle()
        return tuple(self._told)

    def settle(self) -> None:
        """Wait until the app has been told everything."""
        while self._errands:
            self._errands.pop().join()

    # what the wire needs

    def fault_is_on(self, fault: Fault) -> bool:
        return self.switches.is_on(fault) or any(each.fault_is_on(fault) for each in self._stand_ins.values())

    def respond(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> tuple[Answer, Fault | None]:
        """The answer to one request and the fault to send it with; `headers` is case-insensitive."""
        target = urlsplit(path)
        if target.path == CONTROL_PATH:
            return self._controlled(method, body), None
        if target.path.startswith(WORKSPACES):
            return self._inside(method, path.removeprefix(WORKSPACES), headers, body)
        if (method, target.path) in _DOORS:
            return self._at_a_door(_DOORS[method, target.path], headers, body)
        workspace_id = self.grants.workspace_of(headers.get("Authorization", ""))
        if workspace_id is not None:
            return self._stand_ins[workspace_id].respond(method, path, headers, body)
        return self._nobodys(headers), None

    def _inside(self, method: str, rest: str, headers: Mapping[str, str], body: bytes) -> tuple[Answer, Fault | None]:
        workspace_id, _, path = rest.partition("/")
        stand_in = self._stand_ins.get(workspace_id)
        return stand_in.respond(method, f"/{path}", headers, body) if stand_in else (usual_refusal(404, _id()), None)

    def _nobodys(self, headers: Mapping[str, str]) -> Answer:
        if not headers.get("Authorization"):
            return Refusal(401, "missing_authorization", "Authorization header is missing").answer(_id())
        return Refusal(401, "unauthorized", "Access Token Invalid").answer(_id())

    def _at_a_door(self, door: _Door, headers: Mapping[str, str], body: bytes) -> tuple[Answer, Fault | None]:
        fault = self.switches.take(lambda each: True)
        if fault is not None and fault.kind == "status":
            return usual_refusal(fault.status, _id()), fault
        if fault is not None and fault.kind == "invalid_json":
            return Answer(200, b"<html>", {"Content-Type": "application/json; charset=utf-8"}), fault
        try:
            return as_json(door(self, headers, body)), fault
        except Refusal as refusal:
            return refusal.answer(_id()), fault

    def _exchange(self, headers: Mapping[str, str], body: bytes) -> Mapping[str, Any]:
        """`POST /auth/eagle/token`."""
        app, given = self._registered(), self._asked(headers, body)
        if (given.get("client_id"), given.get("client_secret")) != (app.client_id, app.client_secret):
            raise Refusal(401, "unauthorized", "Unauthorized Client")
        now = self.switches.now
        known = {each.id for each in self.identities if each.region == "US" or not now.regional}
        workspace_id, token = self.grants.exchange(str(given.get("code", "")), known=known, again=now.tokens_again)
        self._listen(workspace_id, app)
        return {"token_type": "Bearer", "token": token, "access_token": token}

    def _asked(self, headers: Mapping[str, str], body: bytes) -> Mapping[str, Any]:
        wanted = self.switches.now.token_body
        if "json" in headers.get("Content-Type", ""):
            if wanted != "form":
                return _object_in(body)
        elif wanted != "json":
            return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
        raise invalid(f"only {wanted} is understood here")

    def _give_back(self, headers: Mapping[str, str], body: bytes) -> Mapping[str, Any]:
        """`POST /auth/uninstall`: the app itself goes. It is told of that, too."""
        workspace_id = self._owner(headers)
        self.uninstall(workspace_id)
        return {}

    def _report(self, headers: Mapping[str, str], body: bytes) -> Mapping[str, Any]:
        """`POST /app_install/status`: the app says by itself how it is, in version 2.2 or newer."""
        workspace_id = self._owner(headers)
        version = headers.get("Intercom-Version", "1.0")
        if [*map(int, version.split("."))] < [2, 2] if version.replace(".", "").isdigit() else version != "Unstable":
            raise Refusal(400, "intercom_version_invalid", f"Not in version {version}")
        try:
            self._health[workspace_id] = health_in(_object_in(body))
        except Unfit as unfit:
            raise invalid(str(unfit)) from unfit
        return {}

    def _owner(self, headers: Mapping[str, str]) -> str:
        authorization = headers.get("Authorization", "")
        workspace_id = self.grants.workspace_of(authorization)
        if workspace_id is None:
            raise Refusal(401, "unauthorized", "Access Token Invalid")
        stand_in = self._stand_ins[workspace_id]
        stand_in.access.require(authorization, stand_in.switches.now)
        return workspace_id

    def _registered(self) -> Registration:
        if self.app is None:
            raise Refusal(404, "not_found", "No app was registered")
        return self.app

    # what the app is told, in threads of their own: it may be asking us at this moment

    def _tell_uninstalled(self, workspace_id: str) -> None:
        app, now = self._registered(), self.switches.now
        for _ in range(0 if now.uninstall_notices_lost else 1 + now.uninstall_notices_doubled):
            self._errand(lambda: self._told.append(tell_uninstalled(app, workspace_id)))

    def _listen(self, workspace_id: str, app: Registration) -> None:
        if not app.webhook_url:
            return
        subscription = Subscription(url=app.webhook_url, secret=app.client_secret, topics=app.topics)

        def subscribe() -> None:
            try:
                self._stand_ins[workspace_id].webhooks.subscribe(subscription)
            except ValueError:
                return  # it does not listen there

        self._errand(subscribe)

    def _errand(self, errand: Callable[[], None]) -> None:
        thread = threading.Thread(target=errand, name="intercom-errand", daemon=True)
        self._errands.append(thread)
        thread.start()

    def _controlled(self, method: str, body: bytes) -> Answer:
        """`GET` shows the switches and who is installed, `POST` sets switches by name."""
        if method == "POST":
            try:
                self.switches.set(**json.loads(body or b"{}"))
            except (ValueError, TypeError) as problem:
                return as_json({"error": str(problem)}, status=400)
        installed = [id_ for id_ in self._identities if self.grants.is_installed(id_)]
        return as_json({"switches": self.switches.now.to_json(), "installed": installed})


_Door = Callable[[IntercomPlatform, Mapping[str, str], bytes], Mapping[str, Any]]
_DOORS: Final[Mapping[tuple[str, str], _Door]] = {
    ("POST", "/auth/eagle/token"): IntercomPlatform._exchange,
    ("POST", "/auth/uninstall"): IntercomPlatform._give_back,
    ("POST", "/app_install/status"): IntercomPlatform._report,
}


def _object_in(body: bytes) -> Mapping[str, Any]:
    try:
        content = json.loads(body)
    except ValueError as error:
        raise Refusal(400, "bad_request", "The request body is not valid JSON") from error
    if not isinstance(content, dict):
        raise Refusal(400, "bad_request", "The request body must be a JSON object")
    return content


def _id() -> str:
    return str(uuid.uuid4())
