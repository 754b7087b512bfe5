"""What all settings have in common: whose they are, and that each change leaves a line in the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for
from psycopg import Connection

from canvas_app.install.desk import Described, desk
from canvas_app.pages.guard import signed_in
from canvas_app.pages.site import site
from canvas_app.pages.trouble import Trouble, Way
from sync.storage import audit


def described() -> Described:
    """The installation of the admin whose request this is."""
    found = desk().described(signed_in().installation)
    if found is None:
        way = Way("Go to sign-in", url_for("entrance.sign_in"))
        raise Trouble(403, "The app is not installed any more", "It was uninstalled a moment ago.", way)
    return found


def editable() -> Described:
    """The same, for a form that changes it. Raises `Trouble` where settings come from somewhere else."""
    found = described()
    if found.source is not None:
        text = f"These settings come from {found.source}. Change them there, and restart the service."
        raise Trouble(409, "This cannot be changed here", text, Way("Go back", url_for("settings.overview")))
    return found


def connected() -> Described:
    """The same, for what needs a shop. Raises `Trouble` while there is none."""
    found = described()
    if not found.is_connected:
        way = Way("Connect commercetools", url_for("settings.shop"))
        raise Trouble(409, "No shop is connected yet", "This page works once commercetools is connected.", way)
    return found


def noted(connection: Connection, action: str, detail: Mapping[str, Any]) -> None:
    """In the transaction of the change itself."""
    who = signed_in()
    audit.note(connection, who.installation, admin_id=who.admin_id, action=action, detail=detail, now=site().now())
