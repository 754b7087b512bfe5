"""The page of an order, from the link in the panel on: for whom it was made, for ten minutes, and for nobody else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from canvas_app.canvas.found import MatchedBy, Relation
from canvas_app.orders.links import LASTS, OrderLink, OrderLinks
from clients.intercom.signatures import BODY_SIGNATURE_HEADER, sign_body
from sandbox.commercetools import CommercetoolsStandIn
from sandbox.conversations import conversation, initialize_body
from sandbox.intercom.identity import FJORD, NORDLICHT
from sandbox.intercom.platform import IntercomPlatform
from sandbox.shop import sample_shop
from sandbox.shop.fjord import fjord_shop
from sandbox.shop.identifiers import order_id
from sync.storage.database import Database
from sync.storage.installed import installation_id, save_mapping, uninstall
from tests.integration.canvas_app.install.admin import PUBLIC_URL, Admin, words_of
from tests.integration.canvas_app.install.conftest import CLIENT_SECRET, SECRET_KEY, AppWith
from tests.integration.panel.planted import COORDINATES, SHOWN_OF_AN_ADDRESS, marker, plant

ORDER = order_id("DE-10482")
OF_THE_ORDER = ("Lindenallee", "Brandung", "DE-10482", "129.90")
PLANTED = tuple(field for field in COORDINATES if field.startswith("order."))


def link(
    *,
    workspace: str = NORDLICHT.id,
    admin: str = NORDLICHT.admin_id,
    order: str = ORDER,
    relation: Relation = Relation.OWN,
    by: MatchedBy | None = MatchedBy.ID,
    made: timedelta = timedelta(),
    key: str = SECRET_KEY,
) -> str:
    """As the panel makes it, `made` ago."""
    links = OrderLinks((key,), public_url=PUBLIC_URL, now=lambda: datetime.now(UTC) - made)
    url = links.url(OrderLink(workspace_id=workspace, admin_id=admin, order_id=order, relation=relation, matched_by=by))
    assert url is not None
    return url.removeprefix(PUBLIC_URL)


def order_screen(app: Flask, **more: Any) -> dict[str, Any]:
    """What the panel shows of the order."""
    body = initialize_body(conversation("anna")) | {"component_id": f"order:{ORDER}"} | more
    sent = json.dumps(body).encode()
    headers = {BODY_SIGNATURE_HEADER: sign_body(sent, CLIENT_SECRET), "Content-Type": "application/json"}
    answer = app.test_client().post("/canvas/submit", data=sent, headers=headers, base_url=PUBLIC_URL)
    assert answer.status_code == 200
    canvas: dict[str, Any] = answer.get_json()["canvas"]
    return canvas


def link_in(canvas: Mapping[str, Any]) -> str | None:
    """Where the panel's link to the page leads."""
    parts = canvas["content"]["components"]
    return next((part["action"]["url"] for part in parts if part.get("id") == "full-order"), None)


def page_of(admin: Admin, path: str) -> str:
    """The page's words."""
    answer = admin.get(path)
    assert answer.status_code == 200, (answer.status_code, words_of(answer))
    return words_of(answer)


def refused(admin: Admin, path: str) -> tuple[int, str]:
    """The status, and the heading of the page, which tells nothing of any order."""
    answer = admin.get(path)
    assert [word for word in OF_THE_ORDER if word in answer.text] == []
    assert re.search(r'<a class="button', answer.text), "the page leads nowhere"
    heading = re.search(r"<h1>(.*?)</h1>", answer.text)
    assert heading
    return answer.status_code, heading[1]


def planted_on(admin: Admin, path: str) -> set[str]:
    """The planted words in the whole of the HTML."""
    answer = admin.get(path)
    assert answer.status_code == 200, words_of(answer)
    return set(re.findall(r"Zq\w+Xw|1904-04-01", answer.text))


def markers(*fields: str) -> set[str]:
    """Those that may be there when `fields` are allowed. Of the payment provider's reference it is only the end."""
    words = {marker(field) for field in fields if not field.endswith(("_address", "payment_reference"))}
    of_addresses = (field for field in fields if field.endswith("_address"))
    return words | {marker(f"{field}.{name}") for field in of_addresses for name in SHOWN_OF_AN_ADDRESS}


def allow(app: Flask, rows: Database, *fields: str) -> None:
    """From now on agents may see these, and no others."""
    text = f"[panel]\nfields = {json.dumps(fields)}\n"
    with rows.transaction() as connection:
        save_mapping(connection, installation_id(NORDLICHT.id), text, now=datetime.now(UTC))
    app.extensions["workspaces"].close()


@pytest.fixture
def planted(installed: Admin) -> Iterator[Admin]:
    """Whose shop holds a word of its own in every personal field of the order."""
    shop = sample_shop()
    plant(shop)
    with CommercetoolsStandIn.serve(shop) as stand_in:
        installed.connect(stand_in)
        yield installed


@pytest.fixture
def stranger(connected: Admin, hosted: Flask, platform: IntercomPlatform) -> Iterator[Admin]:
    """Of another workspace, with another shop."""
    with CommercetoolsStandIn.serve(fjord_shop()) as shop:
        admin = Admin(hosted, platform)
        admin.install(FJORD)
        admin.connect(shop)
        yield admin


def test_the_panel_leads_to_the_whole_order(connected: Admin, hosted: Flask) -> None:
    url = link_in(order_screen(hosted))
    assert url is not None
    path = url.removeprefix(PUBLIC_URL)
    shown = page_of(connected, path)
    for each in (
        "#DE-10482", "Order Confirmed", "Payment Paid", "Shipment Shipped", "Rain jacket Brandung", "NL-BAS-0112",
        "2 of 3 items", "00340434161094042557", "Subtotal 124.95 EUR", "Total 129.90 EUR", "Due 0.00 EUR",
        "Charge 129.90 EUR succeeded", "Payment captured", "all times in Europe/Berlin",
    ):  # fmt: skip
        assert each in shown
    assert page_of(connected, path).startswith(shown.partition(" read ")[0]), "a reload shows it again"


def test_the_page_is_read_anew_each_time_and_kept_by_nobody(installed: Admin) -> None:
    shop = sample_shop()
    with CommercetoolsStandIn.serve(shop) as stand_in:
        installed.connect(stand_in)
        assert "Order Confirmed" in page_of(installed, link())
        shop.add("order", {**(shop.get("order", ORDER) or {}), "orderState": "Complete"})
        answer = installed.get(link())
    assert "Order Complete" in words_of(answer)
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_link_holds_nothing_but_ids(hosted: Flask, connected: Admin) -> None:
    links = OrderLinks((SECRET_KEY,), public_url=PUBLIC_URL, now=lambda: datetime.now(UTC))
    url = link_in(order_screen(hosted))
    assert url is not None
    assert links.read(url.rpartition("/")[2]) == OrderLink(
        workspace_id=NORDLICHT.id,
        admin_id=NORDLICHT.admin_id,
        order_id=ORDER,
        relation=Relation.OWN,
        matched_by=MatchedBy.ID,
    )


def test_a_panel_that_nobody_is_said_to_look_at_has_no_link(hosted: Flask, connected: Admin) -> None:
    assert link_in(order_screen(hosted, admin=None)) is None


def test_a_panel_without_https_has_no_link(app_with: AppWith, connected: Admin) -> None:
    assert link_in(order_screen(app_with(PUBLIC_URL="http://localhost:8080"))) is None


def test_whoever_is_not_signed_in_signs_in_and_comes_back(
    hosted: Flask, connected: Admin, platform: IntercomPlatform
) -> None:
    somebody, path = Admin(hosted, platform), link()
    answer = somebody.get(path)
    assert answer.status_code == 302
    assert "region=eu" in answer.location
    back = somebody.get(somebody.consent(NORDLICHT, answer.location))
    assert back.location == path
    assert "#DE-10482" in page_of(somebody, path)


def test_a_link_works_for_ten_minutes(connected: Admin) -> None:
    almost = timedelta(seconds=LASTS.total_seconds() - 60)
    assert "#DE-10482" in page_of(connected, link(made=almost))
    assert refused(connected, link(made=LASTS)) == (410, "This link has expired")


@pytest.mark.parametrize("path", ["/orders/x", "/orders/" + "A" * 400, "/orders/x.y.z", "/orders/%F0%9F%93%A6"])
def test_what_is_no_link_of_ours_opens_nothing(connected: Admin, path: str) -> None:
    assert refused(connected, path) == (404, "This link is not complete")


def test_a_link_that_somebody_else_signed_opens_nothing(connected: Admin) -> None:
    forged = link(key="a key that only the forger has, and is long enough")
    assert refused(connected, forged) == (404, "This link is not complete")
    assert refused(connected, link()[:-1]) == (404, "This link is not complete")


def test_a_link_for_another_teammate_opens_nothing(connected: Admin) -> None:
    assert refused(connected, link(admin="8140001")) == (403, "This link was made for somebody else")


def test_a_link_of_another_workspace_opens_nothing(stranger: Admin) -> None:
    assert refused(stranger, link()) == (403, "This order belongs to another workspace")
    own_name = link(admin=FJORD.admin_id)
    assert refused(stranger, own_name) == (403, "This order belongs to another workspace")


def test_the_id_of_an_order_of_another_workspace_opens_nothing(stranger: Admin) -> None:
    in_own_name = link(workspace=FJORD.id, admin=FJORD.admin_id)
    assert refused(stranger, in_own_name) == (404, "This order does not exist (any more)")


def test_a_link_ends_with_the_installation(connected: Admin, rows: Database) -> None:
    with rows.transaction() as connection:
        uninstall(connection, NORDLICHT.id, now=datetime.now(UTC))
    assert refused(connected, link()) == (403, "The app is not installed in this workspace any more")


def test_an_order_that_is_gone_says_so(connected: Admin) -> None:
    gone = link(order="00000000-0000-4000-8000-000000000000")
    assert refused(connected, gone) == (404, "This order does not exist (any more)")


def test_a_shop_that_cannot_be_reached_is_said_so_and_the_last_copy_shown(installed: Admin) -> None:
    with CommercetoolsStandIn.serve(sample_shop()) as shop:
        installed.connect(shop)
        assert "#DE-10482" in page_of(installed, link())
    shown = page_of(installed, link())
    assert "#DE-10482" in shown
    assert "Last known data, read" in shown
    assert refused(installed, link(order=order_id("DE-10311")))[0] == 503


def test_without_the_scope_an_admin_is_sent_for(installed: Admin) -> None:
    with CommercetoolsStandIn.serve(sample_shop()) as shop:
        installed.connect(shop)
        shop.switches.set(missing_scopes=frozenset({"view_orders"}))
        assert refused(installed, link()) == (502, "The API client may not read this")


def test_only_what_the_mapping_names_is_on_the_page(planted: Admin, hosted: Flask, rows: Database) -> None:
    for allowed in ((), *((field,) for field in PLANTED), PLANTED):
        allow(hosted, rows, *allowed)
        assert planted_on(planted, link()) == markers(*allowed), allowed


def test_references_are_masked_whatever_the_mapping_says(planted: Admin, hosted: Flask, rows: Database) -> None:
    allow(hosted, rows, "order.payment_reference")
    assert "…ceXw" in page_of(planted, link())


def test_what_the_panel_hides_of_somebody_elses_order_is_hidden_here(
    planted: Admin, hosted: Flask, rows: Database
) -> None:
    allow(hosted, rows, *PLANTED)
    path = link(relation=Relation.OTHER, by=None)
    shown = page_of(planted, path)
    assert planted_on(planted, path) == set()
    assert "Not this contact's order: it belongs to someone else." in shown
    assert "00340434161094042557" not in shown


def test_an_email_match_shows_no_address(planted: Admin, hosted: Flask, rows: Database) -> None:
    allow(hosted, rows, *PLANTED)
    path = link(by=MatchedBy.EMAIL)
    assert planted_on(planted, path) == markers(*(field for field in PLANTED if not field.endswith("_address")))
    assert "Addresses are hidden" in page_of(planted, path)
