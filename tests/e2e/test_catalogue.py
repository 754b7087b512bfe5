"""Every component of the Canvas Kit is drawn and can be used."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

TYPES = (
    "text", "image", "divider", "spacer", "data-table", "button", "list", "input", "textarea", "checkbox", "dropdown",
    "single-select",
)  # fmt: skip


@pytest.fixture
def catalogue(open_page: Callable[..., Page]) -> Page:
    return open_page("catalogue")


def test_every_type_is_drawn(catalogue: Page) -> None:
    for type_ in TYPES:
        expect(catalogue.locator(f".c-{type_}").first, type_).to_be_attached()


def test_components_stand_ten_pixels_apart_unless_told(catalogue: Page) -> None:
    margins = catalogue.locator(".specimen .c-text").evaluate_all(
        "all => all.map(each => [each.dataset.bottomMargin ?? '', getComputedStyle(each).marginBottom])"
    )
    assert {tuple(each) for each in margins} == {("", "10px"), ("none", "0px")}


def test_bold_and_links_are_the_only_markdown(catalogue: Page) -> None:
    assert catalogue.locator(".c-text b").all_inner_texts() == ["bold words"]
    assert catalogue.locator(".c-text a").all_inner_texts() == ["a link"]


def test_markup_in_a_name_stays_text(catalogue: Page) -> None:
    expect(catalogue.get_by_text("<script>alert(1)</script>")).to_be_visible()
    assert catalogue.locator(".canvas script").count() == 0


def test_a_cut_off_value_shows_itself_on_hover(catalogue: Page) -> None:
    catalogue.get_by_text("Lange Reihe").hover()
    expect(catalogue.get_by_role("tooltip")).to_contain_text("20099 Hamburg, Germany")


def test_a_cut_off_value_shows_itself_on_focus(catalogue: Page) -> None:
    catalogue.get_by_text("Lange Reihe").focus()
    expect(catalogue.get_by_role("tooltip")).to_contain_text("20099 Hamburg, Germany")
    catalogue.keyboard.press("Escape")
    expect(catalogue.get_by_role("tooltip")).to_be_hidden()


def test_a_whole_value_has_no_tooltip_and_no_tab_stop(catalogue: Page) -> None:
    value = catalogue.get_by_text("119.80 EUR")
    value.hover()
    assert catalogue.locator(".tooltip:visible").count() == 0
    assert value.get_attribute("tabindex") is None


def test_a_submit_carries_what_was_typed_and_chosen(catalogue: Page) -> None:
    catalogue.get_by_label("Order number or e-mail", exact=True).fill("DE-1")
    catalogue.get_by_label("Order number or e-mail", exact=True).press("Enter")
    expect(catalogue.locator("#last-action")).to_contain_text('Submit of i1 with {"i1":"DE-1"')


def test_a_single_select_with_an_action_acts_at_once(catalogue: Page) -> None:
    catalogue.get_by_role("radiogroup", name="Acts at once").get_by_role("radio", name="Damaged").click()
    expect(catalogue.locator("#last-action")).to_contain_text('Submit of s2 with {"s1":"damaged","s2":"damaged"')


def test_disabled_components_do_not_act(catalogue: Page) -> None:
    for control in catalogue.get_by_role("region", name="Button, disabled").get_by_role("button").all():
        expect(control).to_be_disabled()
    assert catalogue.locator("[data-id=l5], [data-id=p3]").evaluate_all("all => all.map(e => e.tagName)") == [
        "DIV",
        "DIV",
    ]


def test_a_submit_item_has_a_chevron_and_a_link_opens_a_new_tab(catalogue: Page) -> None:
    assert catalogue.locator("[data-id=l1]").evaluate("e => e.tagName") == "BUTTON"
    assert catalogue.locator("[data-id=l3]").get_attribute("target") == "_blank"
    assert catalogue.locator("[data-id=l4] .mark").count() == 0


def test_a_saved_field_is_blocked(catalogue: Page) -> None:
    expect(catalogue.get_by_label("Saved", exact=True)).to_be_disabled()


def test_what_cannot_be_drawn_is_loud(catalogue: Page) -> None:
    expect(catalogue.get_by_text("Not drawable: iframe")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_the_catalogue_fits_its_window(
    open_page: Callable[..., Page], keep: Callable[[Page, str], None], width: int, scheme: str
) -> None:
    page = open_page("catalogue", width=width, scheme=scheme)
    keep(page, f"catalogue-{width}-{scheme}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
