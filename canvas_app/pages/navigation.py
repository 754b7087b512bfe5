"""The pages that an admin finds at the side of each page, in order; those that nobody serves are left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask import current_app, request, url_for


@dataclass(frozen=True, slots=True)
class Entry:
    """A page: its name, the endpoint that shows it, and the icon beside it (a macro's name in parts.html)."""

    label: str
    endpoint: str
    icon: str


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry as the present page shows it."""

    label: str
    href: str
    icon: str
    is_here: bool


SECTIONS: Final = (
    (
        "Settings",
        (
            Entry("Setup", "settings.overview", "check"),
            Entry("commercetools", "settings.shop", "plug"),
            Entry("Panel", "settings.panel", "panel"),
            Entry("Mapping", "settings.mapping", "map"),
            Entry("Attributes", "settings.attributes", "tag"),
            Entry("Backfill", "settings.backfill", "down"),
            Entry("Doors", "settings.doors", "door"),
        ),
    ),
    (
        "Console",
        (
            Entry("Health", "console.health", "pulse"),
            Entry("Trace", "console.trace", "search"),
            Entry("Dead letters", "console.dead_letters", "inbox"),
            Entry("Audit log", "console.audit", "list"),
        ),
    ),
)


def sections() -> tuple[tuple[str, tuple[Shown, ...]], ...]:
    """Of the app and page of the present request."""
    served = current_app.view_functions
    named = ((title, tuple(_shown(each) for each in entries if each.endpoint in served)) for title, entries in SECTIONS)
    return tuple((title, entries) for title, entries in named if entries)


def _shown(entry: Entry) -> Shown:
    here = request.endpoint or ""
    is_here = here == entry.endpoint or here.startswith(entry.endpoint + "_")
    return Shown(entry.label, url_for(entry.endpoint), entry.icon, is_here)


def first_page() -> str:
    """The endpoint where somebody who came in begins."""
    served = current_app.view_functions
    return next(entry.endpoint for _, entries in SECTIONS for entry in entries if entry.endpoint in served)
