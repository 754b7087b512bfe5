"""Addresses at which a workspace's cloud queue may push: told once, and kept as a digest alone."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response

from canvas_app.install.settings.changing import connected, described, noted
from canvas_app.pages.rendering import render
from canvas_app.pages.site import site
from canvas_app.pages.trouble import Trouble
from sync.storage.installed import give_door_key, installed

DOORS: Final = (("pubsub", "Google Pub/Sub"), ("sns", "Amazon SNS"), ("eventgrid", "Azure Event Grid"))


def register(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/doors", "doors", _show)
    blueprint.add_url_rule("/doors", "doors_make", _make, methods=["POST"])


def _show() -> Response:
    return _page(())


def _make() -> Response:
    """Shown in the answer itself, so that the key is nowhere else: going back to the page does not show it again."""
    at = connected()
    if at.source is not None:
        raise Trouble(409, "This cannot be changed here", f"The doors of a single workspace are opened by {at.source}.")
    with site().storage.transaction() as connection:
        key = give_door_key(connection, at.id, now=site().now())
        noted(connection, "door_key_made", {})
    return _page(tuple((name, f"{site().public_url}/ingest/{door}/{key}") for door, name in DOORS))


def _page(addresses: tuple[tuple[str, str], ...]) -> Response:
    at = described()
    with site().storage.transaction() as connection:
        row = installed(connection, at.id)
    has_key = row is not None and row.door_key_digest is not None
    return render("settings/doors.html", at=at, has_key=has_key, addresses=addresses)
