"""Puts the frame of the pages together. Imported only when there are pages to show."""

from __future__ import annotations

from flask import Flask
from jinja2 import StrictUndefined

from canvas_app.pages import assets, charts, entrance, errors
from canvas_app.pages.site import Site, attach


def open_pages(app: Flask, site: Site) -> None:
    """From here on `app` has a frame for pages; register their blueprints afterwards."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(line_chart=charts.line_chart, bar_chart=charts.bar_chart)
    attach(app, site)
    errors.register(app)
    app.register_blueprint(assets.blueprint)
    app.register_blueprint(entrance.blueprint)
