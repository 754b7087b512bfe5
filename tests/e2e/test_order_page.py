"""The page of an order in a real browser: on a phone and on a desk, by day and by night, and on paper.

The browser believes that it is at an https address; what it asks for is answered by the pages themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime

import pytest
from flask import Flask, make_response
from playwright.sync_api import Browser, Page, Route

from canvas_app.app import create_app
from canvas_app.assembled import assemble
from canvas_app.canvas.found import MatchedBy, Relation
from canvas_app.canvas.lookup.remembered import NothingRemembered
from canvas_app.installation import SingleWorkspace
from canvas_app.mapping import parse_mapping
from canvas_app.metrics import Metrics
from canvas_app.orders.links import OrderLinks
from canvas_app.orders.page import orders_blueprint
from canvas_app.pages import sessions
from canvas_app.pages.database import LateDatabase
from canvas_app.pages.limits import RateLimit
from canvas_app.pages.opening import open_pages
from canvas_app.pages.site import Site
from clients.commercetools.settings import ShopSettings
from commerce.personal_fields import PERSONAL_FIELDS
from sandbox.commercetools import CommercetoolsStandIn
from sandbox.shop import sample_shop
from sandbox.shop.identifiers import order_id
from sync.settings import VAR
from tests.e2e.accessibility import barriers

PUBLIC_URL = "https://panel.example"
KEYS = ("a key of more than thirty-two letters",)
WORKSPACE, ADMIN = "nrdlcht1", "7301550"
MAPPING = f"""
[panel]
time_zone = "Europe/Berlin"
merchant_center_url = "https://mc.europe-west1.gcp.commercetools.com"
fields = {list(PERSONAL_FIELDS)}
"""


class TheOne:
    def name(self, installation: str, *, since: datetime | None = None) -> str:
        return "Nordlicht Outdoor"


def now() -> datetime:
    return datetime.now(UTC)


def link(number: str) -> str:
    url = OrderLinks(KEYS, public_url=PUBLIC_URL, now=now).of(WORKSPACE, ADMIN)(
        order_id(number), Relation.OWN, MatchedBy.ID
    )
    assert url is not None
    return url


@pytest.fixture(scope="module")
def pages() -> Iterator[Flask]:
    """Of one workspace, with the sample shop."""
    metrics = Metrics()
    with CommercetoolsStandIn.serve(sample_shop()) as shop:
        installed = assemble(
            ShopSettings(
                project_key=shop.project_key,
                client_id=shop.client_id,
                client_secret=shop.client_secret,
                auth_url=shop.auth_url,
                api_url=shop.api_url,
                scopes=(),
            ),
            parse_mapping(MAPPING),
            workspace_id=WORKSPACE,
            remembered=NothingRemembered(),
            metrics=metrics,
            at_once=2,
        )
        app = create_app(metrics=metrics)
        site = Site(
            public_url=PUBLIC_URL,
            keys=KEYS,
            storage=LateDatabase(None, var=VAR),  # never asked
            workplaces=TheOne(),
            now=now,
            limit=RateLimit(),
            signs_in=True,
        )
        open_pages(app, site)
        links = OrderLinks(KEYS, public_url=PUBLIC_URL, now=now)
        app.register_blueprint(orders_blueprint(links, SingleWorkspace(installed.installation)))
        with closing(installed):
            yield app


@pytest.fixture
def page(browser: Browser, pages: Flask) -> Iterator[Page]:
    """Of a browser in which the teammate is signed in."""
    cookie, client = signed_in(pages), pages.test_client(use_cookies=False)

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(PUBLIC_URL)
        given = client.get(path, base_url=PUBLIC_URL, headers={"Cookie": cookie, "Accept": "text/html"})
        route.fulfill(status=given.status_code, headers=dict(given.headers), body=given.data)

    errors: list[str] = []
    context = browser.new_context(viewport={"width": 1440, "height": 1100})
    context.route("**/*", answer)
    opened = context.new_page()
    opened.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    yield opened
    context.close()
    assert errors == []


def signed_in(app: Flask) -> str:
    """The cookie of the teammate's session."""
    site: Site = app.extensions["pages"]
    with app.test_request_context():
        response = make_response()
        sessions.begin(response, site, installation=f"w:{WORKSPACE}", admin_id=ADMIN, name="Toni Agent")
    return response.headers["Set-Cookie"].partition(";")[0]


def test_the_page_of_an_order_can_be_read_by_everybody(page: Page, keep: Callable[[Page, str], None]) -> None:
    page.goto(link("DE-10482"))
    assert page.title() == "#DE-10482 · Nordlicht Outdoor"
    assert barriers(page) == []
    keep(page, "order-page")


def test_an_order_on_paper_is_the_order_and_no_buttons(page: Page, keep: Callable[[Page, str], None]) -> None:
    page.goto(link("DE-20502"))
    page.emulate_media(media="print", color_scheme="dark")
    page.set_viewport_size({"width": 720, "height": 1000})
    assert [each.text_content() for each in page.locator(".button").all() if each.is_visible()] == []
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert page.locator(".sum-total").is_visible()
    keep(page, "order-page-printed")
