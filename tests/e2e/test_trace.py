"""Why a contact holds what it holds, as an operator finds out: in a browser without JavaScript, and for everybody."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, Page, expect

from sandbox.shop.identifiers import customer_id
from tests.e2e.accessibility import barriers
from tests.e2e.conftest import PATIENCE_MS, Demo

ANNA = customer_id("vip")
ARRIVES_WITHIN = 120.0  # seconds: the demo has only just been started

Keep = Callable[[Page, str], None]


@contextmanager
def operator(browser: Browser, demo: Demo) -> Iterator[Page]:
    """In a browser that runs no scripts, let in by a link."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, java_script_enabled=False)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(f"{demo.url}console")
    page.get_by_role("button", name="Enter").click()
    yield page
    context.close()


def find(page: Page, typed: str) -> None:
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Trace").click()
    page.get_by_label("Customer, order or correlation id").fill(typed)
    page.get_by_role("button", name="Find").click()


def find_customer(page: Page, typed: str) -> None:
    """Once the sync has brought the contact up to date."""
    until = time.monotonic() + ARRIVES_WITHIN
    while (
        not page.get_by_text("What the contact holds, and why").is_visible() or page.get_by_text("on its way").count()
    ):
        if time.monotonic() > until:
            pytest.fail(f"the contact is not explained: {page.locator('main').inner_text()}", pytrace=False)
        find(page, typed)


def test_every_value_of_a_contact_is_led_back_to_its_hint_without_javascript(
    browser: Browser, demo: Demo, keep: Keep
) -> None:
    with operator(browser, demo) as page:
        find_customer(page, ANNA)
        held = page.get_by_role("region", name="What the contact holds")
        rows = held.get_by_role("row").filter(has=page.get_by_role("rowheader"))
        assert rows.count() > 3
        for row in rows.all():
            expect(row.get_by_role("cell").nth(2)).to_contain_text("UTC")
            expect(row.get_by_role("cell").nth(3)).to_contain_text("heard from")
        rows.first.get_by_role("cell").nth(2).get_by_role("link").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Correlation id")
        expect(page.locator(".timeline")).to_contain_text("attribute")
        page.get_by_role("link", name="Look for something else").click()
        find(page, "nobody@example.com")
        expect(page.locator("main")).to_contain_text("Nothing is known by this name")
        assert "example.com" not in page.url


def test_the_figures_of_health_renew_themselves(browser: Browser, demo: Demo) -> None:
    with operator(browser, demo) as page:
        where, session = page.url, page.context.storage_state()
    context = browser.new_context(storage_state=session)
    shown = context.new_page()
    shown.goto(where)
    with shown.expect_response(lambda answer: answer.url.endswith("/console/health/figures")) as renewed:
        shown.goto(urljoin(where, "/console/health"))
    assert renewed.value.status == 200
    expect(shown.get_by_role("heading", name="The queue")).to_be_visible()
    assert shown.locator("[data-stale]").count() == 0
    context.close()


def test_a_contacts_page_can_be_used_by_everybody(browser: Browser, demo: Demo, keep: Keep) -> None:
    with operator(browser, demo) as page:
        find_customer(page, ANNA)
        where, session = page.url, page.context.storage_state()
    context = browser.new_context(viewport={"width": 1440, "height": 900}, storage_state=session)
    shown = context.new_page()
    shown.goto(where)
    assert barriers(shown) == []
    keep(shown, "console-customer")
    context.close()
