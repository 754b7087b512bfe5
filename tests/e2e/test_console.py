"""From the simulator into the console, by the link that an operator makes: what the sync did is explained there."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.accessibility import barriers


def test_a_link_leads_into_the_console_and_every_page_there_can_be_used_by_everybody(
    open_page: Callable[..., Page], keep: Callable[[Page, str], None]
) -> None:
    page = open_page()
    page.get_by_role("link", name="Console").click()
    assert barriers(page) == []
    page.get_by_role("button", name="Enter").click()
    pages = page.get_by_role("navigation", name="Pages")
    for name in pages.get_by_role("link").all_inner_texts():
        pages.get_by_role("link", name=name, exact=True).click()
        expect(page.locator("[aria-current=page]")).to_have_text(name)
        assert barriers(page) == []
        keep(page, f"console-{name.lower().replace(' ', '-')}")
