"""What is done in the shop arrives at the contact by itself: page, stand-ins, product and sync, all running."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.conftest import Demo, running_demo

ARRIVAL_MS = 90_000  # a patience, not a promise: how long it takes is measured elsewhere
ANNA, BEN, MIA, NEMO = "anna", "asks-about-the-order-of-another", "customer-without-orders", "no-match"

OpenLive = Callable[..., Page]
Keep = Callable[[Page, str], None]


@pytest.fixture(scope="module")
def live_demo() -> Iterator[Demo]:
    """A demo of these tests' own: what they do in the shop is nobody else's business."""
    with running_demo("--port", "0") as demo:
        yield demo


@pytest.fixture
def open_live(browser: Browser, live_demo: Demo) -> Iterator[OpenLive]:
    errors: list[str] = []
    contexts = []

    def opened(slug: str, *, width: int = 1440, height: int = 1200, scheme: str = "light") -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{live_demo.url}#/{slug}")
        page.wait_for_selector("#contact-in-intercom:not([hidden])")
        page.wait_for_selector("#sync-chip:text('Sync is running')", timeout=ARRIVAL_MS)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert errors == []


def button(page: Page, name: str) -> Locator:
    return page.locator(f"#acts [data-act={name}]")


def press(page: Page, name: str) -> str:
    """Press a button and wait for what it does to arrive; what the log says then."""
    expect(button(page, name)).to_have_attribute("aria-disabled", "false", timeout=ARRIVAL_MS)
    button(page, name).click()
    arrived = page.locator("#act-log li:first-child .arrived")
    expect(arrived).to_be_visible(timeout=ARRIVAL_MS)
    return page.locator("#act-log li:first-child").inner_text()


def attribute(page: Page, name: str) -> Locator:
    return page.locator(f"[data-attribute={name}] td").first


def expect_event(page: Page, name: str, words: str) -> None:
    expect(page.locator(f".held-events [data-event={name}]").first).to_contain_text(words, timeout=ARRIVAL_MS)


def test_an_order_goes_its_way_and_the_contact_shows_each_step(open_live: OpenLive, keep: Keep) -> None:
    page = open_live(ANNA)
    assert re.fullmatch(r"Placed DE-30001 in Intercom after \d+\.\d s", press(page, "place"))
    expect_event(page, "order-placed", "DE-30001")
    expect(attribute(page, "ct_last_order_number")).to_have_text("DE-30001", timeout=ARRIVAL_MS)
    press(page, "capture")
    expect_event(page, "payment-captured", "108.85 EUR")
    press(page, "ship")
    expect_event(page, "parcel-shipped", "DHL")
    expect(attribute(page, "ct_last_order_shipment")).to_have_text("shipped", timeout=ARRIVAL_MS)
    press(page, "return")
    expect_event(page, "return-requested", "Rain jacket Brandung")
    expect(page.locator(".held-tags")).to_contain_text("Open return", timeout=ARRIVAL_MS)
    press(page, "return")
    expect_event(page, "return-received", "Rain jacket Brandung")
    press(page, "refund")
    expect_event(page, "refund-issued", "49.90 EUR")
    expect(attribute(page, "ct_last_order_payment")).to_have_text("partly_refunded", timeout=ARRIVAL_MS)
    expect(page.locator(".held-tags")).not_to_contain_text("Open return", timeout=ARRIVAL_MS)
    keep(page, "live-light")


def test_what_was_before_brings_attributes_and_no_event(open_live: OpenLive) -> None:
    page = open_live(BEN)
    expect(attribute(page, "ct_last_order_number")).to_have_text("DE-20030", timeout=ARRIVAL_MS)
    expect(page.locator(".held-history")).to_contain_text("No events yet")


def test_what_is_new_is_marked(open_live: OpenLive) -> None:
    page = open_live(ANNA)
    press(page, "place")
    expect(page.locator("[data-attribute=ct_orders].is-new")).to_be_attached(timeout=ARRIVAL_MS)
    expect(page.locator(".held-events .is-new[data-event=order-placed]")).to_be_attached(timeout=ARRIVAL_MS)
    expect(page.locator("[data-attribute=ct_customer_since]")).not_to_have_class(re.compile("is-new"))


def test_the_keys_of_an_event_keep_their_order(open_live: OpenLive) -> None:
    page = open_live(ANNA)
    press(page, "place")
    keys = page.locator(".held-events [data-event=order-placed]").first.locator("b")
    expect(keys.first).to_have_text("order_number", timeout=ARRIVAL_MS)


def test_a_renamed_customer_is_renamed_in_intercom(open_live: OpenLive) -> None:
    page = open_live(MIA)
    press(page, "place")
    press(page, "rename")
    expect(attribute(page, "name")).to_have_text("Frida Neumann", timeout=ARRIVAL_MS)


def test_a_typed_reply_is_heard_and_the_panel_shows_the_order_that_it_names_first(
    open_live: OpenLive, keep: Keep
) -> None:
    page = open_live(ANNA)
    number = page.locator("[data-conversation=ct_order_number]")
    expect(number).to_contain_text("DE-10482", timeout=ARRIVAL_MS)
    box = page.get_by_role("textbox", name="Reply as Anna Kowalska")
    expect(page.get_by_role("button", name="Send", exact=True)).to_be_disabled()
    box.fill("I meant DE-10311.")
    box.press("Shift+Enter")
    box.press_sequentially("Is it refunded?")
    box.press("Enter")
    expect(page.locator(".message").last).to_contain_text("I meant DE-10311.")
    expect(box).to_have_value("")
    expect(number).to_contain_text("DE-10311", timeout=ARRIVAL_MS)
    page.get_by_role("button", name="Reload panel").click()
    expect(page.locator("#app")).to_contain_text(re.compile("#DE-10311.*#DE-10482", re.DOTALL), timeout=ARRIVAL_MS)
    keep(page, "live-reply")


def test_without_a_conversation_nothing_can_be_typed(open_live: OpenLive) -> None:
    page = open_live("without-conversation")
    expect(page.get_by_text("This sample has no conversation in Intercom")).to_be_visible()
    expect(page.get_by_role("textbox", name=re.compile("Reply"))).to_have_count(0)


def test_older_events_can_be_seen(open_live: OpenLive) -> None:
    page = open_live(ANNA)
    for _ in range(2):
        press(page, "place")
    page.get_by_role("button", name=re.compile(r"\d+ older")).click()
    assert page.locator(".held-events > li").count() > 3


def test_a_button_that_does_not_apply_says_why_and_does_nothing(open_live: OpenLive) -> None:
    page = open_live(NEMO)
    ship = button(page, "ship")
    expect(ship).to_have_attribute("aria-disabled", "true")
    expect(ship).to_have_attribute("title", "Not now: there is no order yet")
    ship.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#act-log li")).to_have_text("Ship: there is no order yet")


def test_erasing_asks_once_more(open_live: OpenLive) -> None:
    page = open_live(MIA)
    button(page, "erase").click()
    expect(button(page, "erase")).to_have_text("Really erase?")
    expect(page.locator("#act-log li")).to_have_count(0)


def test_everything_can_be_reached_with_the_keyboard(open_live: OpenLive) -> None:
    page = open_live(ANNA)
    button(page, "place").focus()
    page.keyboard.press("Tab")
    expect(button(page, "capture")).to_be_focused()


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1440, "dark")])
def test_it_fits_its_window(open_live: OpenLive, keep: Keep, width: int, scheme: str) -> None:
    page = open_live(ANNA, width=width, scheme=scheme)
    expect(page.locator(".held-attributes")).to_be_visible()
    page.locator("#in-the-shop").scroll_into_view_if_needed()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    wider = "all => all.filter(each => each.scrollWidth > each.clientWidth + 1).length"
    assert page.locator("#contact-in-intercom, #in-the-shop").evaluate_all(wider) == 0
    keep(page, f"live-{width}-{scheme}")


def test_without_the_sync_the_page_says_so(start_demo: Callable[..., Demo], browser: Browser, keep: Keep) -> None:
    demo = start_demo("--port", "0")
    for pid in workers_of(demo):
        os.kill(pid, signal.SIGTERM)
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{demo.url}#/{ANNA}")
        expect(page.locator("#sync-chip")).to_have_text("Sync is not running", timeout=ARRIVAL_MS)
        page.wait_for_selector("body[data-panel=shown]")
        keep(page, "live-without-sync")


def workers_of(demo: Demo) -> list[int]:
    """The demo's own children that run the sync."""
    children = Path(f"/proc/{demo.process.pid}/task/{demo.process.pid}/children").read_text().split()
    return [int(pid) for pid in children if b"sync\x00worker" in Path(f"/proc/{pid}/cmdline").read_bytes()]
