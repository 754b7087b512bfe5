"""What axe-core finds wrong with a page, in light and dark, on a phone and on a desk."""

from __future__ import annotations

from collections.abc import Iterator

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page

WIDTHS = (360, 1440)
GRAVE = ("serious", "critical")


def barriers(page: Page) -> list[str]:
    """Everything grave about the page as it is, in every look; and every look in which it is wider than the window."""
    return [problem for look in _looks(page) for problem in (*_too_wide(page, look), *_found(page, look))]


def _looks(page: Page) -> Iterator[str]:
    size = page.viewport_size
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            yield f"{width} px, {scheme}"
    page.emulate_media(color_scheme="light")
    if size is not None:
        page.set_viewport_size(size)


def _too_wide(page: Page, look: str) -> tuple[str, ...]:
    wide, window = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    return () if wide <= window else (f"{page.url} at {look}: {wide} px wide",)


def _found(page: Page, look: str) -> Iterator[str]:
    for violation in Axe().run(page).response["violations"]:
        if violation["impact"] in GRAVE:
            where = "; ".join(f"{node['target'][-1]} ({node['any'][:1]})"[:300] for node in violation["nodes"][:4])
            yield f"{page.url} at {look}: {violation['id']} ({violation['help']}): {where}"
