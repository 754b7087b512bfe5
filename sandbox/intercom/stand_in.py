"""An Intercom workspace on loopback: the REST API 2.16 with its limits and faults, and a book of what was asked.

with IntercomStandIn.serve() as intercom:
    ...  # INTERCOM_API_URL=intercom.url, INTERCOM_ACCESS_TOKEN=intercom.access_token
    intercom.switches.set(faults=[Fault(kind="reset", door="events", handled=True, times=1)])
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from sandbox.intercom.access import ACCESS_TOKEN, Access
from sandbox.intercom.contact import Contact
from sandbox.intercom.control import CONTROL_PATH, ControlDoor
from sandbox.intercom.events import Event
from sandbox.intercom.identity import NORDLICHT, Identity
from sandbox.intercom.rate_limit import Window
from sandbox.intercom.reception import Incoming, Reception, as_sent
from sandbox.intercom.records import ReceivedRequest, RequestLog
from sandbox.intercom.routes import route_for
from sandbox.intercom.switches import Fault, SwitchBoard, Switches
from sandbox.intercom.webhooks import Subscription, Webhooks
from sandbox.intercom.workspace import Workspace
from sandbox.wire import Answer, listening
from sandbox.wire import Fault as AnyFault


class IntercomStandIn:
    """What Intercom would answer. Thread-safe.

    `clock` gives Unix seconds: it dates what is written and cuts the rate limit's windows; `sleep` makes the latency.
    `access`: the tokens that open it, `access_token` alone unless told.
    """

    access_token = ACCESS_TOKEN

    def __init__(
        self,
        switches: Switches | None = None,
        *,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
        identity: Identity = NORDLICHT,
        access: Access | None = None,
    ) -> None:
        self.switches = SwitchBoard(switches)
        self.url = ""
        self._sleep = sleep
        self.access = access or Access(ACCESS_TOKEN)
        self._reception = Reception(clock, lambda: self.switches.now, identity=identity, access=self.access)
        self._control = ControlDoor(self)

    @classmethod
    @contextmanager
    def serve(cls, switches: Switches | None = None, *, port: int = 0) -> Iterator[IntercomStandIn]:
        """An empty workspace, listening on 127.0.0.1 (any free port unless told) until the block ends."""
        stand_in = cls(switches)
        with listening(port, stand_in, name="intercom-stand-in") as url:
            stand_in.url = url
            try:
                yield stand_in
            finally:
                stand_in.webhooks.stop()

    # what tests and the page look at

    @property
    def lock(self) -> threading.RLock:
        """Held while a request is carried out; hold it to look at `workspace` or `log` itself."""
        return self._reception.lock

    @property
    def workspace(self) -> Workspace:
        return self._reception.workspace

    @property
    def webhooks(self) -> Webhooks:
        """Who is told of what happens in the workspace; nobody at first."""
        return self._reception.webhooks

    @property
    def log(self) -> RequestLog:
        """Requests accepted, effective and refused, by route."""
        return self._reception.log

    @property
    def contacts(self) -> tuple[Contact, ...]:
        """Everybody, archived ones among them, in the order in which they came."""
        with self.lock:
            return tuple(self.workspace.people)

    def contact(self, contact_id: str) -> Contact | None:
        """By Intercom id; None when there is none (deleted, merged away)."""
        with self.lock:
            return self.workspace.people.at(contact_id)

    def by_external_id(self, external_id: str) -> Contact | None:
        """The user with this external id, archived or not."""
        with self.lock:
            return self.workspace.people.holder(external_id)

    def tags(self, contact_id: str) -> tuple[str, ...]:
        """The names of a contact's tags, in the order in which they were applied."""
        with self.lock:
            contact = self.workspace.people.at(contact_id)
            return tuple(self.workspace.tags.name(tag_id) for tag_id in contact.tags) if contact else ()

    def events(self, contact_id: str | None = None) -> tuple[Event, ...]:
        """What is kept, in the order in which it came: of one contact, or of everybody."""
        with self.lock:
            kept = self.workspace.events
            return kept.all() if contact_id is None else kept.of(contact_id)

    @property
    def events_sent_again(self) -> int:
        """Accepted event requests beyond the first of the same contact, name and second; kept or not."""
        with self.lock:
            return sum(count - 1 for count in self.workspace.events.accepted.values())

    @property
    def requests(self) -> tuple[ReceivedRequest, ...]:
        """The last requests, oldest first; `/_control` is not among them."""
        with self.lock:
            return self.log.requests

    @property
    def windows(self) -> tuple[Window, ...]:
        """The rate limit's windows so far: what was used of each, and how often 429 was answered."""
        with self.lock:
            return self._reception.rate_limit.windows

    def conversation(self, conversation_id: str) -> Mapping[str, Any] | None:
        """By id, as it is now, with its parts; None when there is none."""
        with self.lock:
            there = any(each["id"] == conversation_id for each in self.workspace.conversations)
            return self.workspace.conversations.whole(conversation_id) if there else None

    # what tests and the demo put in

    def subscribe(self, url: str, secret: str, topics: Iterable[str]) -> None:
        """An app listens at `url`. Raises `ValueError` when that does not answer to HEAD."""
        self.webhooks.subscribe(Subscription(url=url, secret=secret, topics=frozenset(topics)))

    def converse(
        self, contact: Contact, body: str, *, title: str | None = None, id_: str | None = None, state: str = "open"
    ) -> str:
        """A conversation that the contact begins; its id."""
        with self.lock:
            conversations, now = self.workspace.conversations, self.workspace.now
            return conversations.open(contact, now=now, title=title, body=body, id_=id_, state=state)

    def put_conversation(self, document: Mapping[str, Any] | None) -> None:
        """A conversation as it is, its attributes declared, without a request; None is none."""
        if document is not None:
            with self.lock:
                self.workspace.conversations.put(document, now=self.workspace.now)

    def reply(self, conversation_id: str, body: str, *, contact_id: str | None = None) -> None:
        """The contact writes again, or another one who takes part."""
        with self.lock:
            by = self.workspace.people.at(contact_id or "")
            self.workspace.conversations.reply(conversation_id, body, now=self.workspace.now, by=by)

    def put(self, contact: Contact) -> Contact:
        """A contact as it is, without a request."""
        with self.lock:
            return self.workspace.people.put(contact)

    def declare(self, **types: str) -> None:
        """Custom attributes of contacts by name: `declare(ct_order_count="integer")`."""
        with self.lock:
            for name, kind in types.items():
                body = {"name": name, "model": "contact", "data_type": kind}
                self.workspace.attributes.create(body, self.switches.now, self.workspace.now)

    def merge_away(self, contact_id: str, into: str) -> None:
        """As a teammate or Intercom itself merges: the API's own rules are not asked. Raises `KeyError`."""
        with self.lock:
            people = self.workspace.people
            source, target = people.at(contact_id), people.at(into)
            if source is None or target is None:
                raise KeyError("both contacts must exist")
            people.merged_away(source, target)

    def spend(self, count: int) -> None:
        """Another app of the workspace uses up so much of the present window."""
        with self.lock:
            self._reception.spend(count)

    def reset(self) -> None:
        """An empty, healthy workspace of which nothing was asked."""
        with self.lock:
            self.switches.reset()
            self._reception.empty()

    # what the wire needs

    def fault_is_on(self, fault: AnyFault) -> bool:
        return self.switches.is_on(fault)

    def respond(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[Answer, AnyFault | None]:
        """The answer to one request and the fault to send it with; `headers` is case-insensitive."""
        target = urlsplit(path)
        query = dict(parse_qsl(target.query, keep_blank_values=True))
        if target.path == CONTROL_PATH:
            return self._control.answer(method, query, body), None
        route, ids = route_for(method, target.path)
        incoming = Incoming(
            id=str(uuid.uuid4()),
            method=method,
            path=path,
            route=route,
            ids=ids,
            query=query,
            headers=headers,
            body=body,
        )
        fault = self.switches.take(lambda each: each.door in (route.door, "any"))
        assert fault is None or isinstance(fault, Fault)
        latency_ms = self.switches.now.latency_ms
        if latency_ms:
            self._sleep(latency_ms / 1000)
        if fault is None or fault.is_after_handling:
            answer = self._reception.carry_out(incoming, is_lost=fault is not None and fault.kind != "drip")
        else:
            answer = self._reception.note(incoming)
        return as_sent(answer, fault, incoming.id), fault
