"""From the simulator into the console, by the link that an operator makes on the command line."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.accessibility import barriers


def test_a_link_leads_into_the_console_and_says_where_settings_come_from(
    open_page: Callable[..., Page], keep: Callable[[Page, str], None]
) -> None:
    page = open_page()
    page.get_by_role("link", name="Console").click()
    expect(page.get_by_role("button", name="Enter")).to_be_visible()
    assert barriers(page) == []
    page.get_by_role("button", name="Enter").click()
    page.get_by_role("link", name="commercetools", exact=True).click()
    expect(page.get_by_text("These settings come from")).to_be_visible()
    page.get_by_role("link", name="Health", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="Health")).to_be_visible()
    keep(page, "console-health")
    page.set_viewport_size({"width": 360, "height": 740})
    page.reload()
    expect(page.get_by_role("link", name="Health", exact=True)).to_be_in_viewport()
