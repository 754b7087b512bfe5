"""What agents see when there is nothing to draw."""

from __future__ import annotations

import pytest

from canvas_app.canvas import screens
from canvas_app.canvas.components import Canvas
from canvas_app.canvas.found import Trouble
from canvas_app.words.catalogues import LANGUAGES, words_of
from tests.gallery import ids_of, texts_of

WORDS = words_of("en")
SETTINGS = "https://panel.example/settings/1"


def _shop(trouble: Trouble, *, settings_url: str | None = SETTINGS, back: str | None = None) -> Canvas:
    return screens.shop_in_trouble(trouble, WORDS, memory={}, settings_url=settings_url, back=back)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_trouble_has_words_of_its_own(language: str) -> None:
    first = [texts_of(screens.shop_in_trouble(each, words_of(language), memory={}))[0] for each in Trouble]
    assert len(set(first)) == len(Trouble)


def test_refused_credentials_name_the_settings_to_check() -> None:
    assert "CTP_CLIENT_SECRET" in " ".join(texts_of(_shop(Trouble.CREDENTIALS)))


def test_a_missing_scope_names_the_scopes() -> None:
    assert "view_orders" in " ".join(texts_of(_shop(Trouble.SCOPE)))


@pytest.mark.parametrize("trouble", [Trouble.CREDENTIALS, Trouble.SCOPE])
def test_what_an_admin_can_repair_links_to_the_settings(trouble: Trouble) -> None:
    assert "settings" in ids_of(_shop(trouble))


@pytest.mark.parametrize("trouble", [Trouble.UNREACHABLE, Trouble.TOO_SLOW, Trouble.BUSY, Trouble.UNEXPECTED])
def test_what_no_setting_repairs_links_to_none(trouble: Trouble) -> None:
    assert "settings" not in ids_of(_shop(trouble))


@pytest.mark.parametrize("url", [None, "http://localhost:8080/settings"])
def test_without_an_https_address_there_is_no_link_to_the_settings(url: str | None) -> None:
    assert "settings" not in ids_of(_shop(Trouble.SCOPE, settings_url=url))


def test_every_trouble_offers_to_try_again() -> None:
    assert [trouble for trouble in Trouble if "retry" not in ids_of(_shop(trouble))] == []


def test_trouble_behind_the_first_screen_leads_back() -> None:
    assert ids_of(_shop(Trouble.BUSY, back="orders:10"))[-1] == "orders:10"


def test_a_panel_that_is_not_set_up_names_what_is_missing_and_links_to_it() -> None:
    canvas = screens.not_set_up(WORDS, settings=("CTP_PROJECT_KEY", "CTP_API_URL"), settings_url=SETTINGS)
    assert "To be set by an admin: CTP_PROJECT_KEY, CTP_API_URL" in texts_of(canvas)
    assert "settings" in ids_of(canvas)


def test_a_workspace_that_is_not_installed_is_told_so() -> None:
    canvas = screens.not_installed(WORDS, install_url="https://panel.example/install")
    assert "The order panel is not installed for this workspace." in texts_of(canvas)
    assert "install" in ids_of(canvas)


def test_what_broke_is_not_explained_in_technical_terms() -> None:
    assert texts_of(screens.broke(WORDS))[:2] == [
        "The panel could not be shown.",
        "If trying again does not help, tell an admin when it happened.",
    ]
