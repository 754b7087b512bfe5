"""The page between the two stand-ins: the contact as Intercom holds it, and buttons that act in the shop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask.testing import FlaskClient

from sandbox.commercetools import CommercetoolsStandIn
from sandbox.conversations import WORKSPACE_ID, sample_contacts, sample_conversations
from sandbox.conversations.shapes import BARE
from sandbox.inbox.conditions import ShopControl
from sandbox.inbox.endpoint import CanvasEndpoint
from sandbox.inbox.live import IntercomControl, Live
from sandbox.inbox.page import inbox_app
from sandbox.intercom import IntercomStandIn, contact_from
from sandbox.shop import sample_shop
from sandbox.shop.identifiers import customer_id, order_id
from sandbox.shop.scenarios.anna import VIP
from sandbox.shop.scenarios.identities import GUEST

ANNA = customer_id(VIP)
NEWEST = order_id("DE-10482")
NO_PRODUCT = CanvasEndpoint(url="http://127.0.0.1:9", secret="none")


@dataclass
class Scene:
    """The page and both neighbours behind it."""

    page: FlaskClient
    shop: CommercetoolsStandIn
    intercom: IntercomStandIn
    sync: list[str] = field(default_factory=lambda: ["running"])

    def live(self, slug: str = "anna", **more: str) -> dict[str, Any]:
        answer: dict[str, Any] = self.page.get("/sandbox/live", query_string={"slug": slug, **more}).get_json()
        return answer

    def offers(self, slug: str = "anna") -> dict[str, dict[str, Any]]:
        return {each["name"]: each for each in self.live(slug)["shop"]["offers"]}

    def press(self, name: str, slug: str = "anna") -> Any:
        return self.page.post("/sandbox/act", json={"slug": slug, "name": name})


@pytest.fixture
def scene() -> Iterator[Scene]:
    with CommercetoolsStandIn.serve(sample_shop()) as shop, IntercomStandIn.serve() as intercom:
        for contact in sample_contacts():
            intercom.put(contact_from(contact, WORKSPACE_ID))
        sync = ["running"]
        live = Live(IntercomControl(intercom.url), lambda: sync[0])
        app = inbox_app(sample_conversations(), NO_PRODUCT, ShopControl(shop.url), live)
        yield Scene(app.test_client(), shop, intercom, sync)


def anna_in(scene: Scene) -> str:
    contact = scene.intercom.by_external_id(ANNA)
    assert contact is not None
    return contact.id


def test_the_contact_is_shown_as_intercom_holds_it(scene: Scene) -> None:
    shown = scene.live()["intercom"]
    assert (shown["contact"]["name"], shown["contact"]["external_id"], shown["tags"]) == ("Anna Kowalska", ANNA, [])


def test_everybody_in_a_conversation_is_a_contact(scene: Scene) -> None:
    missing = [each.slug for each in sample_conversations() if scene.live(each.slug)["intercom"] is None]
    assert missing == []


def test_nothing_is_told_again_while_nothing_changes(scene: Scene) -> None:
    version = scene.live()["version"]
    assert scene.live(version=version) == {"version": version}


def test_a_change_in_intercom_is_a_new_version_and_dated(scene: Scene) -> None:
    version = scene.live()["version"]
    with scene.intercom.lock:
        scene.intercom.workspace.people.update(anna_in(scene), {"name": "Anna Nowak"})
    told = scene.live(version=version)
    assert told["intercom"]["contact"]["name"] == "Anna Nowak"
    assert set(told["intercom"]["changed_at"]) == {"name"}


def test_an_attribute_comes_with_its_type_and_time(scene: Scene) -> None:
    scene.intercom.declare(ct_last_order_at="date")
    with scene.intercom.lock:
        body = {"custom_attributes": {"ct_last_order_at": 1_795_000_000}}
        scene.intercom.workspace.people.update(anna_in(scene), body)
    shown = scene.live()["intercom"]
    assert (shown["types"], list(shown["changed_at"])) == ({"ct_last_order_at": "date"}, ["ct_last_order_at"])


def test_a_contact_that_is_gone_is_none(scene: Scene) -> None:
    with scene.intercom.lock:
        scene.intercom.workspace.people.delete(anna_in(scene))
    assert scene.live()["intercom"] is None


def test_the_state_of_the_sync_is_told(scene: Scene) -> None:
    version = scene.live()["version"]
    scene.sync[0] = "stopped"
    assert scene.live(version=version)["sync"] == "stopped"


def test_a_button_acts_on_the_shop_and_on_nothing_else(scene: Scene) -> None:
    before = scene.live()["intercom_version"]
    assert scene.press("ship").get_json() == {"said": "Shipped DE-10482"}
    assert len((scene.shop.shop.get("order", NEWEST) or {})["shippingInfo"]["deliveries"]) == 2
    assert (scene.live()["intercom_version"], scene.intercom.requests) == (before, ())


def test_a_button_that_does_not_apply_says_why(scene: Scene) -> None:
    assert scene.offers()["capture"]["reason"] == "everything is captured"
    refused = scene.press("capture")
    assert (refused.status_code, refused.get_json()) == (409, {"problem": "everything is captured"})


def test_a_placed_order_is_the_one_acted_on_next(scene: Scene) -> None:
    placed = scene.press("place").get_json()["said"]
    number = scene.live()["shop"]["order"]["number"]
    assert placed == f"Placed {number}"
    assert scene.press("capture").get_json() == {"said": f"Captured {number}"}


def test_a_guest_is_known_by_the_address(scene: Scene) -> None:
    shop = scene.live(GUEST)["shop"]
    assert (shop["who"], shop["order"]["number"]) == ("gesa.petersen@nordmail.example", "DE-20020")


def test_who_writes_without_saying_who_is_known_by_the_contact(scene: Scene) -> None:
    assert scene.live(BARE)["shop"]["who"] == "Anna Kowalska"


def test_an_erased_customer_has_no_account_to_act_on(scene: Scene) -> None:
    scene.press("erase")
    assert scene.shop.shop.get("customer", ANNA) is None
    assert scene.offers()["rename"]["reason"] == "a guest has no account"


@pytest.mark.parametrize(
    ("ask", "status"),
    [
        ({"slug": "nobody", "name": "ship"}, 400),
        ({"slug": "anna", "name": "fly"}, 409),
        ({"slug": "anna"}, 409),
        ({"slug": "anna", "contact_id": "x", "name": "ship"}, 400),
        ([], 400),
    ],
)
def test_rubbish_is_refused(scene: Scene, ask: object, status: int) -> None:
    assert scene.page.post("/sandbox/act", json=ask).status_code == status


def test_another_site_cannot_press_a_button(scene: Scene) -> None:
    body = '{"slug": "anna", "name": "erase"}'
    assert scene.page.post("/sandbox/act", data=body, content_type="text/plain").status_code == 400


def test_an_intercom_that_is_gone_is_said(scene: Scene) -> None:
    app = inbox_app(
        sample_conversations(),
        NO_PRODUCT,
        ShopControl(scene.shop.url),
        Live(IntercomControl("http://127.0.0.1:9"), lambda: "running"),
    )
    answer = app.test_client().get("/sandbox/live", query_string={"slug": "anna"})
    assert (answer.status_code, "cannot be reached" in answer.get_json()["problem"]) == (502, True)


def test_a_page_without_neighbours_shows_nothing_live(scene: Scene) -> None:
    page = inbox_app(sample_conversations(), NO_PRODUCT, ShopControl(scene.shop.url)).test_client()
    assert page.get("/sandbox/live", query_string={"slug": "anna"}).get_json() == {"version": "none", "sync": None}
    assert page.post("/sandbox/act", json={"slug": "anna", "name": "ship"}).status_code == 409
