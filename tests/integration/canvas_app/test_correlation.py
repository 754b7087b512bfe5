"""From the click to commercetools and back: one correlation id, and nobody's name in the log."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from sandbox.commercetools import CommercetoolsStandIn
from sandbox.conversations import conversation, initialize_body
from sandbox.inbox.intercom_json import body_signature, intercom_bytes
from tests.serving import ENVIRONMENT, ROOT, Server, serving

SECRET = ENVIRONMENT["INTERCOM_CLIENT_SECRET"]


@contextmanager
def serving_panels_of(stand_in: CommercetoolsStandIn, folder: Path) -> Iterator[Server]:
    """The product under gunicorn, allowed to show everything of the sample shop."""
    project = {
        "CTP_PROJECT_KEY": stand_in.project_key,
        "CTP_CLIENT_ID": stand_in.client_id,
        "CTP_CLIENT_SECRET": stand_in.client_secret,
        "CTP_AUTH_URL": stand_in.auth_url,
        "CTP_API_URL": stand_in.api_url,
        "CTP_SCOPES": f"view_orders:{stand_in.project_key} view_customers:{stand_in.project_key}",
        "MAPPING_FILE": str(ROOT / "sandbox" / "mapping.toml"),
        "LOG_LEVEL": "debug",
    }
    with serving(folder, environ={**ENVIRONMENT, **project}) as running:
        yield running


@pytest.fixture
def product(stand_in: CommercetoolsStandIn, tmp_path: Path) -> Iterator[Server]:
    """One that nobody has asked anything."""
    with serving_panels_of(stand_in, tmp_path) as running:
        yield running


@pytest.fixture(scope="module")
def _shared(_listening_stand_in: CommercetoolsStandIn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving_panels_of(_listening_stand_in, tmp_path_factory.mktemp("product")) as running:
        yield running


@pytest.fixture
def in_use(_shared: Server, stand_in: CommercetoolsStandIn) -> Server:
    """One that others use as well; its shop is well, and nothing is counted."""
    return _shared


def open_conversation(product: Server, slug: str) -> requests.Response:
    body = intercom_bytes(initialize_body(conversation(slug)))
    headers = {"X-Body-Signature": body_signature(body, SECRET), "Content-Type": "application/json"}
    return requests.post(f"{product.url}/canvas/initialize", data=body, headers=headers, timeout=30)


def events(product: Server) -> list[dict[str, Any]]:
    return [json.loads(line) for line in product.log().splitlines()]


def test_one_id_joins_the_answer_the_log_and_the_request_to_the_shop(
    product: Server, stand_in: CommercetoolsStandIn
) -> None:
    answer = open_conversation(product, "anna")
    assert answer.status_code == 200
    own = answer.headers["X-Correlation-ID"]
    assert [request.correlation_id for request in stand_in.graphql_requests] == [own]
    joined = {event["event"] for event in events(product) if event.get("correlation_id") == own}
    assert {"platform.request", "http.answered"} <= joined


def test_the_shop_is_counted_and_timed(product: Server) -> None:
    open_conversation(product, "anna")
    figures = requests.get(f"{product.url}/metrics", timeout=30).text
    assert 'upstream_requests_total{operation="Customer",outcome="200"} 1.0' in figures
    assert 'panel_answers_total{flow="initialize",outcome="live",screen="overview"} 1.0' in figures


def test_even_at_the_most_talkative_level_the_log_names_nobody_and_no_secret(
    in_use: Server, stand_in: CommercetoolsStandIn
) -> None:
    shown = open_conversation(in_use, "anna").text
    assert "Anna" in shown
    log = in_use.log()
    assert not [planted for planted in ("Anna", "@", SECRET, stand_in.client_secret, "Bearer ") if planted in log]


def test_the_product_is_ready_while_the_shop_answers(in_use: Server) -> None:
    answer = requests.get(f"{in_use.url}/readyz", timeout=30)
    assert (answer.status_code, answer.json()) == (200, {"status": "ready", "failing": [], "degraded": []})


def test_a_shop_that_cannot_be_reached_is_named_and_the_process_lives(tmp_path: Path) -> None:
    with serving(tmp_path) as lonely:  # nothing listens where its shop should be
        answer = requests.get(f"{lonely.url}/readyz", timeout=30)
        assert answer.status_code == 503
        assert answer.json()["failing"] == [{"neighbour": "commercetools", "reason": "unreachable"}]
        assert requests.get(f"{lonely.url}/healthz", timeout=30).status_code == 200


def test_an_unsigned_request_gets_401_and_nothing_else(in_use: Server, stand_in: CommercetoolsStandIn) -> None:
    body = intercom_bytes(initialize_body(conversation("anna")))
    answer = requests.post(f"{in_use.url}/canvas/initialize", data=body, timeout=30)
    assert (answer.status_code, answer.content) == (401, b"")
    assert stand_in.graphql_requests == ()
