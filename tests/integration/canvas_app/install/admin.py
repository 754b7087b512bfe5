"""An admin of a workspace in front of a browser: follows links, gives consent, fills in forms."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

from flask import Flask
from werkzeug.test import TestResponse

from sandbox.commercetools import CommercetoolsStandIn
from sandbox.intercom.identity import Identity
from sandbox.intercom.platform import IntercomPlatform

PUBLIC_URL = "https://localhost:8443"


class Admin:
    def __init__(self, app: Flask, platform: IntercomPlatform) -> None:
        self._platform = platform
        self.browser = app.test_client()
        self.browser.environ_base["HTTP_ACCEPT"] = "text/html"

    def get(self, path: str) -> TestResponse:
        return self.browser.get(path, base_url=PUBLIC_URL)

    def state(self, path: str = "/install") -> str:
        """What our page sent to Intercom."""
        return parse_qs(urlsplit(self.get(path).location).query)["state"][0]

    def consent(self, workspace: Identity, path: str = "/install") -> str:
        """Where Intercom sends the browser after "Allow"."""
        return f"/oauth/callback?code={self._platform.grants.allow(workspace.id)}&state={self.state(path)}"

    def install(self, workspace: Identity) -> TestResponse:
        answer = self.get(self.consent(workspace))
        assert answer.status_code == 302, answer.text
        return answer

    def submit(self, page: str, action: str | None = None, **form: str) -> TestResponse:
        """A form of `page` with these values; without an `action` it is sent to the page itself."""
        shown = self.get(page)
        assert shown.status_code == 200, (shown.status_code, shown.text)
        hidden = dict(re.findall(r'<input type="hidden" name="(form_token|base)" value="([^"]*)"', shown.text))
        return self.post(action or page, **(hidden | form))

    def post(self, path: str, **form: str) -> TestResponse:
        return self.browser.post(path, data=form, base_url=PUBLIC_URL)

    def connect(self, shop: CommercetoolsStandIn, **other: str) -> TestResponse:
        return self.submit("/settings/shop", env=dotenv_of(shop, **other))

    def read(self, path: str) -> str:
        """The page's words, without its marks."""
        return words_of(self.get(path))


def words_of(answer: TestResponse) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def dotenv_of(shop: CommercetoolsStandIn, **other: str) -> str:
    """As the Merchant Center offers it for download."""
    values = {
        "CTP_PROJECT_KEY": shop.project_key,
        "CTP_CLIENT_ID": shop.client_id,
        "CTP_CLIENT_SECRET": shop.client_secret,
        "CTP_AUTH_URL": shop.auth_url,
        "CTP_API_URL": shop.api_url,
        "CTP_SCOPES": " ".join(
            f"view_{area}:{shop.project_key}"
            for area in ("customers", "orders", "payments", "states", "customer_groups", "discount_codes")
        ),
    }
    return "\n".join(f"{name}={value}" for name, value in (values | other).items())
