"""`/console/…`, for signed-in admins. Every question is asked for their own installation."""

from __future__ import annotations

from flask import Blueprint

from canvas_app.console import audit, dead_letters, health, moments, trace
from canvas_app.pages.guard import admin_only


def console_blueprint() -> Blueprint:
    blueprint = Blueprint("console", __name__, url_prefix="/console", template_folder="templates")
    for page in (health, trace, dead_letters, audit):
        page.register(blueprint)
    blueprint.app_template_filter("moment")(moments.moment)
    blueprint.app_template_filter("clock")(moments.clock)
    blueprint.app_template_filter("day")(moments.day)
    blueprint.app_template_filter("span")(moments.span)
    blueprint.app_template_filter("count")(moments.count)
    return admin_only(blueprint)
