"""What is typed into the page is a reply as Intercom holds it, and goes to the product with the conversation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask.testing import FlaskClient

from sandbox.conversations import WORKSPACE_ID, conversation, sample_contacts, sample_conversations
from sandbox.conversations.shapes import GROUP, NO_CONVERSATION
from sandbox.inbox.conditions import ShopControl
from sandbox.inbox.endpoint import CanvasEndpoint
from sandbox.inbox.live import IntercomControl, Live
from sandbox.inbox.page import inbox_app
from sandbox.intercom import IntercomStandIn, contact_from

NOWHERE = "http://127.0.0.1:9"


@dataclass(frozen=True)
class Scene:
    page: FlaskClient
    intercom: IntercomStandIn

    def reply(self, text: object, slug: str = "anna", **more: object) -> Any:
        return self.page.post("/sandbox/reply", json={"slug": slug, "text": text, **more})

    def newest(self, slug: str = "anna") -> Any:
        held = self.intercom.conversation(conversation(slug).bodies[0]["conversation"]["id"])
        assert held is not None
        return held["conversation_parts"]["conversation_parts"][-1]

    def sent(self, slug: str = "anna") -> str:
        """What the product is asked with."""
        return str(self.page.post("/sandbox/open", json={"slug": slug}).get_json()["request"])


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    with IntercomStandIn.serve() as intercom:
        for contact in sample_contacts():
            intercom.put(contact_from(contact, WORKSPACE_ID))
        for each in sample_conversations():
            intercom.put_conversation(each.bodies[0].get("conversation"))
        live = Live(IntercomControl(intercom.url), lambda: "running")
        product = CanvasEndpoint(url=NOWHERE, secret="none")
        app = inbox_app(sample_conversations(), product, ShopControl(NOWHERE), live)
        yield Scene(app.test_client(), intercom)


def test_a_reply_is_held_as_the_messenger_sends_it(scene: Scene) -> None:
    answer = scene.reply("I meant <DE-10311> & not the other.\nSorry!\n\nAnna")
    assert answer.status_code == 200
    assert scene.newest()["body"] == "<p>I meant &lt;DE-10311&gt; &amp; not the other.<br>Sorry!</p><p>Anna</p>"
    assert scene.newest()["author"]["name"] == "Anna Kowalska"
    assert answer.get_json()["messages"][-1]["text"] == "I meant <DE-10311> & not the other.\nSorry!\nAnna"


def test_it_is_newer_than_what_was_there(scene: Scene) -> None:
    before = scene.newest()["created_at"]
    scene.reply("And another thing")
    assert scene.newest()["created_at"] > before


def test_the_product_is_asked_with_what_was_said_and_written_since(scene: Scene) -> None:
    scene.reply("What about DE-10311?")
    with scene.intercom.lock:
        conversations = scene.intercom.workspace.conversations
        conversations.attributes.add("ct_order_number")
        held = {"custom_attributes": {"ct_order_number": "DE-10311"}}
        conversations.update(
            conversation("anna").bodies[0]["conversation"]["id"], held, now=scene.intercom.workspace.now
        )
    sent = scene.sent()
    assert "What about DE-10311?" in sent
    assert '"ct_order_number":"DE-10311"' in sent


def test_of_a_group_whoever_is_looked_at_writes(scene: Scene) -> None:
    second = conversation(GROUP).bodies[1]["contact"]
    scene.reply("Me too", slug=GROUP, contact_id=second["id"])
    assert scene.newest(GROUP)["author"]["id"] == second["id"]


@pytest.mark.parametrize("text", ["", " \n ", None, 7, "x" * 5_001])
def test_what_is_no_message_is_not_sent(scene: Scene, text: object) -> None:
    before = scene.newest()
    answer = scene.reply(text)
    assert (answer.status_code, bool(answer.get_json()["problem"])) == (400, True)
    assert scene.newest() == before


def test_without_a_conversation_there_is_nothing_to_reply_to(scene: Scene) -> None:
    answer = scene.reply("Hello?", slug=NO_CONVERSATION)
    assert (answer.status_code, answer.get_json()["problem"]) == (409, "Intercom has no such conversation.")
