"""`/settings/…`, for signed-in admins."""

from __future__ import annotations

from flask import Blueprint

from canvas_app.install.settings import attributes, backfill, doors, mapping, overview, panel, shop
from canvas_app.pages.guard import admin_only


def settings_blueprint() -> Blueprint:
    blueprint = Blueprint("settings", __name__, url_prefix="/settings", template_folder="../templates")
    for page in (overview, shop, panel, mapping, attributes, backfill, doors):
        page.register(blueprint)
    return admin_only(blueprint)
