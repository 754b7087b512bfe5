"""The Intercom stand-in tells an app what happens, as Intercom would; and goes wrong as Intercom may."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import requests

from clients.intercom.signatures import verify_hub_signature
from sandbox.intercom import IntercomStandIn
from tests.integration.sync.working import eventually

SECRET = "the-secret-of-the-app"


@dataclass
class App:
    """Keeps what it is told, and answers what it is told to."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)  # the next answers; 200 after that
    heard: list[tuple[bytes, str]] = field(default_factory=list)
    head: int = 200

    def topics(self) -> list[str]:
        return [json.loads(body)["topic"] for body, _ in self.heard]


@pytest.fixture
def listener() -> Iterator[App]:
    listening = App()

    class Door(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self._answer(listening.head)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            listening.heard.append((body, self.headers["X-Hub-Signature"]))
            self._answer(listening.statuses.pop(0) if listening.statuses else 200)

        def _answer(self, status: int) -> None:
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Not on the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    listening.url = f"http://127.0.0.1:{server.server_port}/hook"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield listening
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def intercom() -> Iterator[IntercomStandIn]:
    with IntercomStandIn.serve() as intercom:
        yield intercom


def control(intercom: IntercomStandIn, change: Mapping[str, Any]) -> requests.Response:
    return requests.post(f"{intercom.url}/_control", json=change, timeout=30)


def subscribe(intercom: IntercomStandIn, listener: App, *topics: str) -> None:
    answer = control(intercom, {"webhooks": {"url": listener.url, "secret": SECRET, "topics": topics}})
    assert answer.status_code == 200, answer.text
    assert settled(intercom)
    listener.heard.clear()


def settled(intercom: IntercomStandIn) -> bool:
    return eventually(lambda: intercom.webhooks.is_idle)


def create(intercom: IntercomStandIn, **given: str) -> str:
    control(intercom, {"acts": [{"act": "create", **given}]})
    assert settled(intercom)
    return intercom.contacts[-1].id


def test_a_new_address_is_asked_for_its_head_and_pinged(intercom: IntercomStandIn, listener: App) -> None:
    control(intercom, {"webhooks": {"url": listener.url, "secret": SECRET, "topics": []}})
    assert settled(intercom)
    assert listener.topics() == ["ping"]


def test_an_address_that_has_no_head_is_refused(intercom: IntercomStandIn, listener: App) -> None:
    listener.head = 404
    answer = control(intercom, {"webhooks": {"url": listener.url, "secret": SECRET, "topics": []}})
    assert (answer.status_code, listener.heard) == (400, [])


def test_what_is_told_is_signed_over_its_bytes_in_the_vendors_shape(intercom: IntercomStandIn, listener: App) -> None:
    subscribe(intercom, listener, "contact.user.created")
    contact_id = create(intercom, email="anna@example.com", name="<Anna & Co>")
    ((body, signature),) = listener.heard
    told = json.loads(body)
    assert verify_hub_signature(body, signature, [SECRET])
    assert (told["type"], told["topic"], told["app_id"], told["delivery_attempts"]) == (
        "notification_event",
        "contact.user.created",
        intercom.workspace.id,
        1,
    )
    assert (told["data"]["type"], told["data"]["item"]["id"]) == ("notification_event_data", contact_id)
    assert told["id"].startswith("notif_")


def test_only_what_was_ticked_is_told(intercom: IntercomStandIn, listener: App) -> None:
    subscribe(intercom, listener, "contact.archived", "contact.deleted")
    contact_id = create(intercom, email="anna@example.com")
    for name in ("archive", "unarchive", "delete"):
        control(intercom, {"acts": [{"act": name, "contact": contact_id}]})
    assert settled(intercom)
    assert listener.topics() == ["contact.archived", "contact.deleted"]
    assert set(json.loads(listener.heard[-1][0])["data"]["item"]) == {"type", "id", "external_id", "deleted"}


def test_a_merge_says_who_it_was(intercom: IntercomStandIn, listener: App) -> None:
    subscribe(intercom, listener, "contact.merged")
    one, other = create(intercom, email="a@example.com"), create(intercom, email="b@example.com")
    control(intercom, {"acts": [{"act": "merge", "contact": one, "into": other}]})
    assert settled(intercom)
    item = json.loads(listener.heard[0][0])["data"]["item"]
    assert (item["id"], item["merged_from"]) == (other, {"type": "contact", "id": one})


def test_a_reply_comes_with_its_newest_part_alone(intercom: IntercomStandIn, listener: App) -> None:
    subscribe(intercom, listener, "conversation.user.replied")
    create(intercom, email="a@example.com")
    conversation = intercom.converse(intercom.contacts[0], "<p>Hello</p>")
    for body in ("<p>one</p>", "<p>two</p>"):
        control(intercom, {"replies": [{"conversation": conversation, "body": body}]})
    assert settled(intercom)
    parts = json.loads(listener.heard[-1][0])["data"]["item"]["conversation_parts"]
    assert [part["body"] for part in parts["conversation_parts"]] == ["<p>two</p>"]


def test_what_is_not_taken_comes_once_more(intercom: IntercomStandIn, listener: App) -> None:
    subscribe(intercom, listener, "contact.user.created")
    intercom.switches.set(webhook_retry_s=0.05)
    listener.statuses = [503, 200]
    create(intercom, email="a@example.com")
    first, again = (json.loads(body) for body, _ in listener.heard)
    assert (first["id"], first["delivery_attempts"], again["delivery_attempts"]) == (again["id"], 1, 2)


def test_what_is_not_taken_twice_is_given_up(intercom: IntercomStandIn, listener: App) -> None:
    subscribe(intercom, listener, "contact.user.created")
    intercom.switches.set(webhook_retry_s=0.05)
    listener.statuses = [500, 401, 200]
    create(intercom, email="a@example.com")
    assert [each.statuses for each in intercom.webhooks.deliveries][-1] == [500, 401]


def test_410_ends_the_subscription(intercom: IntercomStandIn, listener: App) -> None:
    subscribe(intercom, listener, "contact.user.created")
    listener.statuses = [410]
    create(intercom, email="a@example.com")
    create(intercom, email="b@example.com")
    assert len(listener.heard) == 1


def test_notifications_can_be_lost_doubled_and_shuffled(intercom: IntercomStandIn, listener: App) -> None:
    subscribe(intercom, listener, "contact.user.created")
    intercom.switches.set(webhooks_lost=True)
    create(intercom, email="lost@example.com")
    assert listener.heard == []
    control(intercom, {"webhooks_lost": False, "webhooks_doubled": True, "webhooks_shuffled": True})
    control(intercom, {"acts": [{"act": "create", "email": f"{each}@example.com"} for each in "ab"]})
    assert settled(intercom)
    emails = [json.loads(body)["data"]["item"]["email"] for body, _ in listener.heard]
    assert sorted(emails) == ["a@example.com"] * 2 + ["b@example.com"] * 2
    assert emails[0] == emails[1]
    assert emails[0] != emails[2]


@pytest.mark.parametrize(
    "change",
    [
        {"acts": [{"act": "dance"}]},
        {"acts": [{"act": "archive"}]},
        {"acts": [{"act": "archive", "contact": "nobody"}]},
        {"acts": [{"act": "merge", "contact": "a", "into": "b"}]},
        {"webhooks": {"url": "http://127.0.0.1:9"}},
    ],
)
def test_what_cannot_be_done_says_why(intercom: IntercomStandIn, change: Mapping[str, Any]) -> None:
    answer = control(intercom, change)
    assert (answer.status_code, bool(answer.json()["error"])) == (400, True)


def test_the_state_tells_of_deliveries_and_no_secret(intercom: IntercomStandIn, listener: App) -> None:
    subscribe(intercom, listener, "contact.user.created")
    create(intercom, email="a@example.com")
    shown = requests.get(f"{intercom.url}/_control", timeout=30)
    told = shown.json()["webhooks"]
    assert (told["url"], told["topics"], [each["topic"] for each in told["told"]]) == (
        listener.url,
        ["contact.user.created"],
        ["ping", "contact.user.created"],
    )
    assert SECRET not in shown.text
