"""The console in front of a real database, and an admin of one installation who reads it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from canvas_app.app import create_app
from canvas_app.console.blueprint import console_blueprint
from canvas_app.metrics import Metrics
from canvas_app.pages.limits import RateLimit
from canvas_app.pages.opening import open_pages
from canvas_app.pages.site import Site, Storage
from sync.console_links import console_link
from sync.storage.installations import SINGLE

KEYS = ("a key of more than thirty-two letters",)
PUBLIC_URL = "http://localhost"
ELSEWHERE = "w:another"
NAMES = {SINGLE: "Acme Outdoor", ELSEWHERE: "Somebody Else"}


class Names:
    def name(self, installation: str, *, since: datetime | None = None) -> str | None:
        return NAMES.get(installation)


def console_app(storage: Storage, *, public_url: str = PUBLIC_URL) -> Flask:
    app = create_app(metrics=Metrics(), blueprints=(), checks=())
    site = Site(
        public_url=public_url,
        keys=KEYS,
        storage=storage,
        workplaces=Names(),
        now=lambda: datetime.now(UTC),
        limit=RateLimit(10_000),
        signs_in=False,
    )
    open_pages(app, site)
    app.register_blueprint(console_blueprint())
    return app


@dataclass(frozen=True)
class Reader:
    """An admin in front of a browser."""

    browser: FlaskClient

    def get(self, path: str) -> TestResponse:
        return self.browser.get(path)

    def words(self, path: str) -> str:
        return words_of(self.get(path))

    def submit(self, page: str, action: str, **form: object) -> TestResponse:
        """The form of `page` that goes to `action`, with these values."""
        token = re.findall(r'name="form_token" value="([^"]*)"', self.get(page).text)[0]
        return self.browser.post(action, data={"form_token": token} | form)

    def followed(self, answer: TestResponse) -> str:
        assert answer.status_code == 303, (answer.status_code, words_of(answer))
        return self.words(answer.location)


def reader(app: Flask, installation: str) -> Reader:
    browser = app.test_client()
    browser.environ_base["HTTP_ACCEPT"] = "text/html"
    link = console_link(KEYS, public_url=PUBLIC_URL, installation=installation, now=datetime.now(UTC))
    path = link.removeprefix(PUBLIC_URL)
    assert browser.post(path).status_code == 303
    return Reader(browser)


def words_of(answer: TestResponse) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())
