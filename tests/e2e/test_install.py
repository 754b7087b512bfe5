"""From Intercom's App Store to a panel that works, and out again: two workspaces, two shops, a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from sandbox.intercom import FJORD, NORDLICHT
from tests.e2e.accessibility import barriers
from tests.e2e.conftest import PATIENCE_MS, Demo, running_demo

Keep = Callable[[Page, str], None]
BACKFILL_PATIENCE_MS = 180_000


@dataclass(frozen=True, slots=True)
class Teammate:
    """Somebody's browser: signed in to one workspace of Intercom."""

    workspace_id: str
    demo: Demo
    context: BrowserContext

    def page(self, path: str = "") -> Page:
        """A new tab with a page of Intercom."""
        page = self.context.new_page()
        page.goto(f"{self.demo.url}{path}")
        return page

    def dotenv(self) -> str:
        """What the Merchant Center of their shop offers for download."""
        page = self.page("merchant-center")
        text = page.locator("#dotenv").inner_text()
        page.close()
        return text


@pytest.fixture(scope="module")
def store() -> Iterator[Demo]:
    """The demo that begins with nothing set up."""
    with running_demo("--install", "--port", "0") as running:
        yield running
        running.process.terminate()
        assert running.process.wait(60) == 0, "being stopped is success"


OpenFor = Callable[[str], Teammate]


@pytest.fixture
def open_for(browser: Browser, store: Demo) -> Iterator[OpenFor]:
    """`open_for(FJORD.id)`: a browser of its own. Whatever its console calls an error fails the test."""
    errors: list[str] = []
    contexts = []

    def opened(workspace_id: str) -> Teammate:
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        context.on("weberror", lambda error: errors.append(str(error.error)))
        context.on("console", lambda each: errors.append(each.text) if _is_ours(each) else None)
        page = context.new_page()
        page.goto(f"{store.url}workspace/{workspace_id}")
        page.close()
        return Teammate(workspace_id, store, context)

    yield opened
    for context in contexts:
        context.close()
    assert errors == []


def _is_ours(message: Any) -> bool:
    """A page that answers 403 or 422 on purpose is reported by the browser as an error of loading."""
    return message.type == "error" and "Failed to load resource" not in message.text


def follow(page: Page, link: str, heading: str | None = None) -> None:
    """To the page that a link leads to; its heading is the link's words unless told."""
    page.get_by_role("link", name=link, exact=True).click()
    expect(page.get_by_role("heading", level=1, name=heading or link)).to_be_visible()


def install(page: Page) -> None:
    """From the listing to the app's own setup page."""
    page.get_by_role("link", name="Install").click()
    page.get_by_role("button", name="Allow").click()
    expect(page.get_by_role("heading", name="Setup")).to_be_visible()


def connect(page: Page, dotenv: str) -> None:
    """From the setup page to a connected shop."""
    follow(page, "Connect", "commercetools")
    page.get_by_label("The file").fill(dotenv)
    page.get_by_role("button", name="Check and connect").click()
    expect(page.get_by_text("Connected to the project")).to_be_visible()


def open_conversation(inbox: Page, who: str) -> None:
    """In the simulator: the first one with that person, and its panel."""
    inbox.wait_for_selector("body[data-panel=shown]")
    inbox.locator(".conversations button", has_text=who).first.click()
    inbox.wait_for_selector("body[data-panel=shown]")


def add_an_attribute(page: Page, mask: str) -> None:
    """In the editor: one more line below [attributes]."""
    editor = page.get_by_label("mapping.toml")
    line = f'ct_shop_email = {{ path = "customer.email", mask = "{mask}" }}'
    text = re.sub(r"\nct_shop_email = .*", "", editor.input_value())
    editor.fill(text.replace("[attributes]\n", f"[attributes]\n\n{line}\n", 1))


def installs(page: Page, keep: Keep) -> None:
    assert barriers(page) == []
    keep(page, "install-1-listing")
    follow(page, "Install", "commercetools would like to access")
    assert barriers(page) == []
    keep(page, "install-2-consent")
    page.get_by_role("button", name="Allow").click()
    expect(page.get_by_role("heading", name="Setup")).to_be_visible()
    keep(page, "install-3-setup")


def connects(page: Page, dotenv: str, keep: Keep) -> None:
    follow(page, "Connect", "commercetools")
    keep(page, "install-4-shop")
    page.get_by_label("The file").fill(dotenv.replace("CTP_CLIENT_SECRET=", "CTP_CLIENT_SECRET=not"))
    page.get_by_role("button", name="Check and connect").click()
    expect(page.get_by_text("Nothing was stored")).to_be_visible()
    assert barriers(page) == []
    keep(page, "install-4-shop-refused")
    page.get_by_label("The file").fill(dotenv)
    page.get_by_role("button", name="Check and connect").click()
    expect(page.get_by_text("Connected to the project nordlicht-demo")).to_be_visible()


def maps(page: Page, keep: Keep) -> None:
    follow(page, "Mapping")
    add_an_attribute(page, "whole")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Something is wrong in 1 place")).to_be_visible()
    assert barriers(page) == []
    add_an_attribute(page, "domain")
    page.get_by_label("E-mail address or customer id").fill("anna.kowalska@nordmail.example")
    page.get_by_role("button", name="Preview").click()
    preview = page.locator("#preview")
    expect(preview.get_by_role("row", name=re.compile("^ct_shop_email …@nordmail.example"))).to_be_visible()
    assert "anna" not in page.url
    assert barriers(page) == []
    keep(page, "install-5-preview")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. New changes follow it")).to_be_visible()


def creates_attributes(page: Page, keep: Keep) -> None:
    """By the button, unless a worker was quicker."""
    follow(page, "Attributes")
    keep(page, "install-6-attributes")
    create = page.get_by_role("button", name="Create what is missing")
    if create.is_visible():
        create.click()
    expect(page.get_by_text(re.compile(r"^All \d+ are there"))).to_be_visible()


def fills(page: Page, keep: Keep) -> None:
    follow(page, "Backfill")
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_text("Started. A worker takes it up")).to_be_visible()
    expect(page.get_by_role("heading", name="Finished")).to_be_visible(timeout=BACKFILL_PATIENCE_MS)
    keep(page, "install-7-backfill")


def sees_the_panel(inbox: Page, keep: Keep) -> None:
    open_conversation(inbox, "Anna Kowalska")
    expect(inbox.locator(".canvas")).to_contain_text("#DE-10482")
    expect(inbox.locator("#as-held")).to_contain_text("ct_shop_email")
    keep(inbox, "install-8-panel")


def looks_at_every_page(page: Page, keep: Keep) -> None:
    """To which the side of each page leads, when there is something to see."""
    page.bring_to_front()  # a tab behind another one takes its time
    for name in page.get_by_role("navigation", name="Pages").get_by_role("link").all_inner_texts():
        page.get_by_role("navigation", name="Pages").get_by_role("link", name=name, exact=True).click()
        expect(page.locator("[aria-current=page]")).to_have_text(name)
        assert barriers(page, partial(_keep_look, keep, page, name.lower().replace(" ", "-"))) == []


def _keep_look(keep: Keep, page: Page, name: str, look: str) -> None:
    keep(page, f"page-{name}-{look}")


def uninstalls(listing: Page, keep: Keep) -> None:
    listing.get_by_role("button", name="Run health check").click()
    expect(listing.locator(".facts")).to_contain_text("OK")
    listing.get_by_role("button", name="Uninstall").click()
    expect(listing.get_by_text('{"app_id":"nrdlcht1"} answered with 200')).to_be_visible()
    keep(listing, "install-9-uninstalled")


def test_from_install_to_uninstall(open_for: OpenFor, keep: Keep) -> None:
    toni = open_for(NORDLICHT.id)
    page = toni.page()
    installs(page, keep)
    connects(page, toni.dotenv(), keep)
    maps(page, keep)
    creates_attributes(page, keep)
    fills(page, keep)
    inbox = toni.page(f"{NORDLICHT.id}/")
    sees_the_panel(inbox, keep)
    looks_at_every_page(page, keep)
    uninstalls(toni.page(), keep)
    inbox.get_by_role("button", name="Reload panel").click()
    inbox.wait_for_selector("body[data-panel=shown]")
    expect(inbox.locator(".canvas")).not_to_contain_text("DE-10482")
    page.reload()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_two_workspaces_work_side_by_side_each_with_its_own_shop(open_for: OpenFor, keep: Keep) -> None:
    """Both have an Anna Kowalska with the same e-mail address: two customers, of two shops."""
    panels = {}
    for workspace, named in ((NORDLICHT, "DE-10482"), (FJORD, "FF-1003")):
        teammate = open_for(workspace.id)
        page = teammate.page()
        install(page)
        connect(page, teammate.dotenv())
        expect(page.get_by_text(workspace.name).first).to_be_visible()
        inbox = panels[workspace.id] = teammate.page(f"{workspace.id}/")
        open_conversation(inbox, "Anna Kowalska")
        expect(inbox.locator(".canvas")).to_contain_text(named)
    expect(panels[NORDLICHT.id].locator(".canvas")).not_to_contain_text("FF-1003")
    expect(panels[FJORD.id].locator(".canvas")).not_to_contain_text("DE-1")
    keep(panels[FJORD.id], "install-second-workspace")


def test_whoever_denies_is_told_so_and_led_back_to_the_store(open_for: OpenFor, keep: Keep) -> None:
    page = open_for(FJORD.id).page()
    uninstall = page.get_by_role("button", name="Uninstall")
    if uninstall.is_visible():  # by the test before
        uninstall.click()
    follow(page, "Install", "commercetools would like to access")
    page.get_by_role("button", name="Deny").click()
    expect(page.get_by_role("link", name="Install again")).to_be_visible()
    assert barriers(page) == []
    keep(page, "install-denied")
    page.get_by_role("link", name="Back to Intercom").click()
    expect(page.get_by_role("alert")).to_contain_text("commercetools was not installed.")


def test_an_installation_without_a_shop_asks_for_one_from_every_side(open_for: OpenFor, keep: Keep) -> None:
    robin = open_for(FJORD.id)
    page = robin.page()
    install(page)
    listing = robin.page()
    listing.get_by_role("button", name="Run health check").click()
    banner = listing.locator("#unhealthy")
    expect(banner).to_be_visible()
    assert barriers(listing) == []
    keep(listing, "install-unhealthy")
    banner.get_by_role("link").click()
    expect(listing.get_by_role("heading", level=1, name="commercetools")).to_be_visible()
    inbox = robin.page(f"{FJORD.id}/")
    inbox.wait_for_selector("body[data-panel=shown]")
    expect(inbox.locator(".canvas")).to_contain_text("The order panel is not set up yet.")
    keep(inbox, "install-panel-not-set-up")
