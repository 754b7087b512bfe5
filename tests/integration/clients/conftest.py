"""A commercetools that answers as scripted, and the shop that talks to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from clients.commercetools.settings import ShopSettings
from clients.commercetools.shop import Shop
from clients.wire.http import Http, HttpLimits
from tests.integration.clients.scripted_server import PROJECT, SECRET, TOKEN, ScriptedServer, token


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    server = ScriptedServer()
    server.always[TOKEN] = token()
    yield server
    server.close()


@pytest.fixture
def settings(server: ScriptedServer) -> ShopSettings:
    return ShopSettings(
        project_key=PROJECT, client_id="client-id", client_secret=SECRET, auth_url=server.url, api_url=server.url
    )


@pytest.fixture
def http() -> Iterator[Http]:
    http = Http(HttpLimits(connect_timeout=2.0, read_timeout=5.0))
    yield http
    http.close()


@pytest.fixture
def shop(settings: ShopSettings, http: Http) -> Shop:
    return Shop(settings, http=http, sleep=lambda _: None)
