"""What axe-core finds wrong with a page, in light and dark, on a phone and on a desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from axe_playwright_python.base import AXE_SCRIPT  # type: ignore[import-untyped]
from playwright.sync_api import Page

WIDTHS: Final = (1440, 360)
GRAVE: Final = ("serious", "critical")
PICTURED: Final = ((1440, "light"), (360, "dark"))
OF_LOOKS: Final = ("color-contrast", "scrollable-region-focusable", "target-size", "link-in-text-block")
"""Rules whose outcome depends on colours and sizes. All others are asked once for a page."""


def barriers(page: Page, picture: Callable[[str], None] = lambda look: None) -> list[str]:
    """Everything grave about the page as it is, in every look; and every look in which it is wider than the window.

    `picture` is called for the two looks that differ most, with a word for each.
    """
    found: list[str] = []
    for look in _looks(page):
        if look in PICTURED:
            picture("-".join(map(str, look)))
        found += (*_too_wide(page, look), *_found(page, look))
    return found


def _looks(page: Page) -> Iterator[tuple[int, str]]:
    size = page.viewport_size
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            yield width, scheme
    page.emulate_media(color_scheme="light")
    if size is not None:
        page.set_viewport_size(size)


def _too_wide(page: Page, look: tuple[int, str]) -> tuple[str, ...]:
    wide, window = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    return () if wide <= window else (f"{page.url} at {look}: {wide} px wide",)


def _found(page: Page, look: tuple[int, str]) -> Iterator[str]:
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE_SCRIPT)
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if look != (WIDTHS[0], "light"):
        options["runOnly"] = {"type": "rule", "values": OF_LOOKS}
    for violation in page.evaluate("options => axe.run(options)", options)["violations"]:
        if violation["impact"] in GRAVE:
            where = "; ".join(f"{node['target'][-1]} ({node['any'][:1]})"[:300] for node in violation["nodes"][:4])
            yield f"{page.url} at {look}: {violation['id']} ({violation['help']}): {where}"
