"""Every screen of the panel is reached, looked at and left by clicking."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Page, expect

Keep = Callable[[Page, str], None]

# What a screen's component id starts with: the screens that an agent can go to.
SCREENS = {"overview", "order", "orders", "cart", "details", "search"}
# Going on from every row of a long list shows the same kind of screen again.
ROWS_FOLLOWED = 2
# Screens that look the same from every conversation, and how often they are visited for all that.
SAME_EVERYWHERE = {"search", "orders", "details"}
TIMES_FOLLOWED = 5


@dataclass(slots=True)
class Visitor:
    """Clicks through the panel of the conversation that is open, and remembers which kinds of screen it saw."""

    page: Page
    keep: Keep
    seen: set[str] = field(default_factory=set)
    canvas: dict[str, Any] = field(default_factory=dict)

    def open(self, slug: str) -> None:
        with self.page.expect_response("**/sandbox/open") as answered:
            self.page.locator(f".conversations [data-slug='{slug}']").click()
        self._arrived(answered.value.json())

    def click(self, component_id: str) -> None:
        with self.page.expect_response("**/sandbox/submit") as answered:
            self.page.locator(f".canvas [data-id='{component_id}']").first.click()
        self._arrived(answered.value.json())

    def find(self, query: str) -> None:
        self.page.locator(".canvas input[name=query]").fill(query)
        self.click("find")

    @property
    def screen(self) -> str:
        screen: str = self.canvas["stored_data"]["screen"]
        return screen

    @property
    def ways_on(self) -> list[str]:
        """Component ids that lead to another screen, in order; without the way back and without reading again."""
        ids: list[str] = self.page.locator(".canvas button[data-id]:enabled:not([data-style=link])").evaluate_all(
            "all => all.map(each => each.dataset.id)"
        )
        return [each for each in ids if each not in ("refresh", "retry", "find")]

    @property
    def way_back(self) -> str:
        back = self.page.locator(".canvas button[data-style=link]", has_text="Back")
        expect(back).to_have_count(1)
        component_id = back.get_attribute("data-id")
        assert component_id
        return component_id

    def _arrived(self, exchange: dict[str, Any]) -> None:
        self.page.wait_for_selector("body[data-panel=shown]")
        self.canvas = exchange["canvas"]
        assert self.page.locator(".c-unknown").all_inner_texts() == []
        kind = self.screen.split(":")[0]
        if kind not in self.seen:
            self.seen.add(kind)
            self.keep(self.page, f"screen-{kind}")


@pytest.fixture
def visitor(open_page: Callable[..., Page], keep: Keep) -> Visitor:
    page = open_page(height=1400)
    page.wait_for_selector("body[data-panel=shown]")
    return Visitor(page, keep)


def slugs(page: Page) -> list[str]:
    found: list[str] = page.locator(".conversations button").evaluate_all("all => all.map(each => each.dataset.slug)")
    return found


def test_every_way_from_a_first_screen_leads_somewhere_and_back(visitor: Visitor) -> None:
    followed: Counter[str] = Counter()
    for slug in slugs(visitor.page):
        visitor.open(slug)
        first = visitor.screen
        for way in dict.fromkeys(visitor.ways_on):
            kind = way.split(":")[0]
            followed[kind] += 1
            # a choice between customers leads to the chosen one's first screen and is remembered: nothing to go back to
            if kind == "pick" or (kind in SAME_EVERYWHERE and followed[kind] > TIMES_FOLLOWED):
                continue
            visitor.click(way)
            visitor.click(visitor.way_back)
            assert visitor.screen == first, f"{slug}: the way back from {way}"


def test_every_kind_of_screen_is_seen(visitor: Visitor) -> None:
    visitor.open(slugs(visitor.page)[0])
    for way in visitor.ways_on:
        visitor.click(way)
        for further in [each for each in visitor.ways_on if each != way][:ROWS_FOLLOWED]:
            here = visitor.screen
            visitor.click(further)
            visitor.click(visitor.way_back)
            assert visitor.screen == here, f"the way back from {further}"
        visitor.click(visitor.way_back)
    assert visitor.seen >= SCREENS


def test_a_search_finds_an_order_and_returns(visitor: Visitor) -> None:
    visitor.open(slugs(visitor.page)[0])
    visitor.click("search")
    visitor.find("nobody@example.com")
    expect(visitor.page.locator(".canvas input[name=query]")).to_be_visible()
    visitor.click(visitor.way_back)


def test_refresh_asks_the_shop_again(visitor: Visitor) -> None:
    visitor.open(slugs(visitor.page)[0])
    visitor.click("refresh")
    expect(visitor.page.locator("#figures")).to_contain_text("1 shop request")
