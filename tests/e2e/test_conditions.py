"""The switches under the panel: the shop gets worse, the panel copes, and one can watch it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import requests
from playwright.sync_api import Page, expect

OpenPage = Callable[..., Page]
Keep = Callable[[Page, str], None]


@pytest.fixture(autouse=True)
def healthy_shop(demo: object) -> Iterator[None]:
    """Whatever a test switches is switched back."""
    url = demo.url  # type: ignore[attr-defined]
    requests.post(f"{url}conditions", json={"reset": True}, timeout=30)
    yield
    requests.post(f"{url}conditions", json={"reset": True}, timeout=30)


@pytest.fixture
def inbox(open_page: OpenPage) -> Page:
    page = open_page(height=1200)
    page.wait_for_selector("body[data-panel=shown]")
    page.locator("#conditions summary").click()
    return page


def switch(page: Page, group: str, label: str) -> None:
    """Choose `label` in `group` and wait until the shop has it."""
    with page.expect_response("**/sandbox/conditions"):
        page.get_by_role("group", name=group).get_by_label(label, exact=True).check()


def refresh(page: Page) -> None:
    """Press the panel's own way to read again, past its cache."""
    with page.expect_response("**/sandbox/submit"):
        page.locator(".canvas [data-id=refresh], .canvas [data-id=retry]").click()
    page.wait_for_selector("body[data-panel=shown]")


@pytest.mark.parametrize("answers", ["503", "Hangs", "Drips", "Resets"])
def test_whatever_the_shop_does_there_is_a_panel_in_time(inbox: Page, keep: Keep, answers: str) -> None:
    switch(inbox, "The shop answers", answers)
    expect(inbox.locator("#conditions-chip")).to_have_text(answers)
    refresh(inbox)
    took = inbox.locator("#figures").inner_text().split(" ms")[0]
    assert int(took) <= 3500
    expect(inbox.locator(".canvas")).to_contain_text("Last known data, read")
    keep(inbox, f"conditions-{answers.lower()}")


def test_a_slow_shop_is_seen_in_the_figures(inbox: Page) -> None:
    switch(inbox, "Latency", "300 ms")
    refresh(inbox)
    assert int(inbox.locator("#figures").inner_text().split(" ms")[0]) >= 300


def test_a_missing_scope_costs_its_section_and_no_more(inbox: Page, keep: Keep) -> None:
    switch(inbox, "Scopes the API client lacks", "payments")
    expect(inbox.locator("#conditions-chip")).to_have_text("1 scope missing")
    refresh(inbox)
    expect(inbox.locator(".canvas")).to_be_visible()
    keep(inbox, "conditions-missing-scope")


def test_an_expired_token_is_renewed_without_a_word(inbox: Page) -> None:
    before = inbox.locator(".canvas [data-style=error]").all_inner_texts()
    inbox.get_by_role("button", name="Expire token once").click()
    expect(inbox.locator("#conditions-said")).to_have_text("Token expired.")
    refresh(inbox)
    assert inbox.locator(".canvas [data-style=error]").all_inner_texts() == before


def test_reset_all_makes_the_shop_normal(inbox: Page) -> None:
    switch(inbox, "The shop answers", "503")
    switch(inbox, "Latency", "50 ms")
    expect(inbox.locator("#conditions-chip")).to_have_text("503, 50 ms")
    inbox.get_by_role("button", name="Reset all").click()
    expect(inbox.locator("#conditions-chip")).to_have_text("Normal")


def test_conditions_are_the_shops_and_survive_a_reload(inbox: Page) -> None:
    switch(inbox, "Latency", "50 ms")
    inbox.reload()
    expect(inbox.locator("#conditions-chip")).to_have_text("50 ms")


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("Contact named customer", '"customer"'),
        ("current_canvas nested twice", '"workspace_id"'),
        ("stored_data at top level", '"workspace_id"'),
        ("No workspace_region", '"workspace_id"'),
    ],
)
def test_every_shape_of_request_shows_the_same_panel(inbox: Page, label: str, key: str) -> None:
    words = inbox.locator(".canvas .title").all_inner_texts()
    inbox.locator("#variants summary").click()
    with inbox.expect_response("**/sandbox/open"):
        inbox.get_by_label(label).check()
    inbox.wait_for_selector("body[data-panel=shown]")
    assert inbox.locator(".canvas .title").all_inner_texts() == words
    inbox.locator("#json summary").click()
    expect(inbox.get_by_role("region", name="Request")).to_contain_text(key)
