"""How both neighbours are, and what becomes of the work. The figures of the page are fetched anew every few seconds."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, Response

from canvas_app.pages.guard import signed_in
from canvas_app.pages.rendering import fragment, render
from canvas_app.pages.site import site
from sync.console.allowance import allowance
from sync.console.health import Condition, health
from sync.console.queue import queue
from sync.priorities import Priority

EVERY: Final = 3  # seconds
CONDITIONS: Final[dict[Condition, tuple[str, str]]] = {
    "well": ("Answers", "good"),
    "failing": ("Failing", "warn"),
    "refused": ("Refuses us", "bad"),
    "unheard": ("Not asked yet", "plain"),
}
DEPTHS: Final = {
    Priority.LIVE: "Live changes",
    Priority.RETRY: "To be tried again",
    Priority.BACKFILL: "Backfill",
    Priority.BACKFILL_RETRY: "Backfill, to be tried again",
}
SOURCES: Final = {
    "poll/order": "Orders",
    "poll/customer": "Customers",
    "poll/payment": "Payments",
    "poll/cart": "Carts",
    "poll/message": "Messages of the shop",
    "conversations": "Conversations",
}
REFUSALS: Final = {
    "intercom": "The workspace's token is not accepted. Nothing is sent until it is; no change is lost meanwhile.",
    "commercetools": "The API client is not accepted. Nothing is read until it is; no change is lost meanwhile.",
}


def register(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/", "start", show)
    blueprint.add_url_rule("/health", "health", show)
    blueprint.add_url_rule("/health/figures", "health_figures", figures)


def show() -> Response:
    return render("console/health.html", every=EVERY, **_seen())


def figures() -> Response:
    """The part of the page that changes."""
    return fragment("console/health_figures.html", **_seen())


def _seen() -> dict[str, Any]:
    installation, now = signed_in().installation, site().now()
    with site().storage.transaction() as connection:
        found = health(connection, installation, now=now)
        if found is None:
            return {"health": None}
        return {
            "health": found,
            "queue": queue(connection, installation, now=now),
            "allowance": allowance(connection, installation, now=now),
            "now": now,
            "conditions": CONDITIONS,
            "refusals": REFUSALS,
            "depths": DEPTHS,
            "sources": SOURCES,
        }
