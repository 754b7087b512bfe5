"""The Inbox page around the panel: list, thread, sizes, keyboard, conditions."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Demo, keep_picture, pages_of

OpenPage = Callable[..., Page]
Keep = Callable[[Page, str], None]


def shown(page: Page) -> None:
    """Wait until the panel of the open conversation has arrived."""
    page.wait_for_selector("body[data-panel=shown]")


@pytest.fixture
def inbox(open_page: OpenPage) -> Page:
    page = open_page()
    shown(page)
    return page


def rows(page: Page) -> list[str]:
    slugs: list[str] = page.locator(".conversations button").evaluate_all("all => all.map(each => each.dataset.slug)")
    return slugs


def test_the_page_opens_on_the_first_conversation(inbox: Page) -> None:
    expect(inbox).to_have_title(re.compile("Inbox"))
    assert inbox.locator("[aria-current=true]").get_attribute("data-slug") == rows(inbox)[0]


@dataclass(frozen=True)
class FirstScreen:
    """What a look at one conversation's panel finds."""

    components: int
    not_drawable: list[str]
    height: float
    primary_buttons: int


@pytest.fixture(scope="module")
def first_screens(browser: Browser, demo: Demo) -> dict[str, FirstScreen]:
    """Every sample conversation was opened once, and its picture kept."""
    with pages_of(demo, browser) as open_page:
        inbox = open_page()
        shown(inbox)
        return {slug: _first_screen(inbox, slug) for slug in rows(inbox)}


def _first_screen(inbox: Page, slug: str) -> FirstScreen:
    inbox.locator(f".conversations [data-slug='{slug}']").click()
    expect(inbox.locator(f".conversations [data-slug='{slug}'][aria-current=true]")).to_be_visible()
    shown(inbox)
    expect(inbox.locator(".canvas .component").first).to_be_attached()
    keep_picture(inbox, f"conversation-{slug}")
    return FirstScreen(
        components=inbox.locator(".canvas .component").count(),
        not_drawable=inbox.locator(".c-unknown").all_inner_texts(),
        height=inbox.locator(".canvas").evaluate("canvas => canvas.getBoundingClientRect().height"),
        primary_buttons=inbox.locator(".canvas [data-style=primary]").count(),
    )


def test_every_sample_conversation_shows_its_panel(first_screens: dict[str, FirstScreen]) -> None:
    assert [slug for slug, screen in first_screens.items() if not screen.components] == []
    assert {slug: screen.not_drawable for slug, screen in first_screens.items() if screen.not_drawable} == {}


def test_no_first_screen_is_taller_than_400_px(first_screens: dict[str, FirstScreen]) -> None:
    assert {slug: screen.height for slug, screen in first_screens.items() if screen.height > 400} == {}


def test_no_first_screen_has_a_primary_button(first_screens: dict[str, FirstScreen]) -> None:
    assert [slug for slug, screen in first_screens.items() if screen.primary_buttons] == []


def test_the_address_opens_the_same_conversation_again(inbox: Page, open_page: OpenPage) -> None:
    wanted = rows(inbox)[1]
    again = open_page(f"#/{wanted}")
    expect(again.locator("[aria-current=true]")).to_have_attribute("data-slug", wanted)


def test_search_narrows_the_list(inbox: Page) -> None:
    name = inbox.locator(".conversations .name").nth(1).inner_text()
    inbox.get_by_role("searchbox").fill(name)
    assert set(inbox.locator(".conversations .name").all_inner_texts()) == {name}


def test_a_search_without_a_find_says_so(inbox: Page) -> None:
    inbox.get_by_role("searchbox").fill("nobody is called this")
    expect(inbox.get_by_text("No conversation found.")).to_be_visible()


def test_arrows_and_letters_move_through_the_list(inbox: Page) -> None:
    slugs = rows(inbox)
    current = inbox.locator("[aria-current=true]")
    inbox.locator(".conversations button").first.focus()
    for key, slug in [
        ("ArrowDown", slugs[1]),
        ("ArrowDown", slugs[2]),
        ("ArrowUp", slugs[1]),
        ("j", slugs[2]),
        ("k", slugs[1]),
    ]:
        inbox.keyboard.press(key)
        expect(current).to_have_attribute("data-slug", slug)


def test_slash_searches_and_r_reloads(inbox: Page) -> None:
    inbox.keyboard.press("/")
    expect(inbox.get_by_role("searchbox")).to_be_focused()
    inbox.keyboard.press("r")
    expect(inbox.get_by_role("searchbox")).to_have_value("r")
    inbox.locator("#reload").focus()
    with inbox.expect_response("**/sandbox/open"):
        inbox.keyboard.press("r")


def test_the_panel_can_be_used_with_the_keyboard_alone(inbox: Page) -> None:
    inbox.locator(".conversations [aria-current=true]").focus()
    for _ in range(12):
        inbox.keyboard.press("Tab")
        if inbox.evaluate("document.activeElement.closest('.canvas') !== null"):
            break
    focused = inbox.locator(".canvas :focus")
    expect(focused).to_be_visible()
    assert focused.evaluate("each => getComputedStyle(each).outlineStyle") == "solid"
    with inbox.expect_response("**/sandbox/submit"):
        inbox.keyboard.press("Enter")
    shown(inbox)
    expect(inbox.locator("#app")).to_be_focused()


def test_a_group_is_asked_for_five_participants_at_once_and_the_rest_when_chosen(inbox: Page) -> None:
    asked: list[str] = []
    inbox.on("request", lambda request: asked.append(request.url) if request.url.endswith("/open") else None)
    inbox.locator(".conversations [data-slug=group-conversation]").click()
    shown(inbox)
    inbox.wait_for_load_state("networkidle")
    assert len(asked) == 5
    for position, requests_so_far in [(1, 5), (4, 5), (5, 6)]:
        inbox.locator(".participants label").nth(position).click()
        shown(inbox)
        assert len(asked) == requests_so_far


def test_a_new_screen_is_read_from_its_top(open_page: OpenPage) -> None:
    page = open_page(width=360, height=500)
    shown(page)
    last = page.locator(".canvas .c-list button").last
    last.scroll_into_view_if_needed()
    with page.expect_response("**/sandbox/submit"):
        last.click()
    shown(page)
    expect(page.get_by_role("heading", name="commercetools")).to_be_in_viewport()


def test_the_fold_is_drawn_on_the_first_screen_and_can_be_switched_off(inbox: Page) -> None:
    expect(inbox.get_by_text("400 px: first screen ends here")).to_be_visible()
    inbox.get_by_label("400 px line").uncheck()
    expect(inbox.get_by_text("400 px: first screen ends here")).to_have_count(0)


def test_the_json_of_the_last_call_can_be_read(inbox: Page) -> None:
    inbox.locator("#json summary").click()
    expect(inbox.get_by_role("region", name="Request")).to_contain_text('"workspace_id"')
    expect(inbox.get_by_role("region", name="Answer")).to_contain_text('"components"')


def test_the_json_can_be_copied(open_page: OpenPage) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    shown(page)
    page.locator("#json summary").click()
    page.get_by_role("button", name="Copy").last.click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert '"canvas"' in page.evaluate("navigator.clipboard.readText()")


def test_time_and_upstream_requests_are_told(inbox: Page) -> None:
    expect(inbox.locator("#figures")).to_contain_text(re.compile(r"\d+ ms · \d+ shop requests?"))


def test_the_theme_can_be_switched_and_is_remembered(inbox: Page) -> None:
    inbox.get_by_role("button", name="Switch to dark").click()
    ground = inbox.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(14, 16, 19)"
    inbox.reload()
    assert inbox.evaluate("getComputedStyle(document.body).backgroundColor") == ground


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 800, 1440])
def test_the_page_fits_its_window(open_page: OpenPage, keep: Keep, width: int, scheme: str) -> None:
    page = open_page(width=width, height=800, scheme=scheme)
    shown(page)
    keep(page, f"inbox-{width}-{scheme}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator(".canvas").evaluate("canvas => canvas.scrollWidth <= canvas.clientWidth")


def test_on_a_phone_three_panes_are_three_tabs(open_page: OpenPage, keep: Keep) -> None:
    page = open_page(width=360, height=740, has_touch=True)
    shown(page)
    expect(page.locator("#app")).to_be_visible()
    page.get_by_role("tab", name="Conversations").tap()
    expect(page.locator("#app")).to_be_hidden()
    keep(page, "inbox-360-conversations")
    page.locator(".conversations button").nth(1).tap()
    shown(page)
    expect(page.locator("#app")).to_be_visible()
    page.get_by_role("tab", name="Thread").tap()
    expect(page.get_by_role("region", name="Messages")).to_be_visible()
    keep(page, "inbox-360-thread")


def test_without_motion_nothing_moves(open_page: OpenPage) -> None:
    page = open_page(reduced_motion="reduce")
    assert (
        page.locator("details summary .icon").first.evaluate("each => getComputedStyle(each).transitionProperty")
        == "none"
    )
