"""What every route of the web side shares: ids, headers, small JSON errors, one access line."""

from __future__ import annotations

import re

import pytest
import structlog
from flask import Blueprint, request
from flask.testing import FlaskClient

from canvas_app.app import MAX_BODY_BYTES, create_app
from canvas_app.health import Check
from canvas_app.metrics import Metrics
from clients.deadline import Call
from clients.errors import Unreachable
from clients.wire.http import Exchange


def _unreachable(call: Call) -> None:
    raise Unreachable("no connection")


def _sample() -> Blueprint:
    """A blueprint such as the product's own: it reads bodies, has parameters, and can break."""
    blueprint = Blueprint("sample", __name__)

    @blueprint.post("/echo")
    def echo() -> str:
        return str(len(request.get_data()))

    @blueprint.get("/orders/<number>")
    def order(number: str) -> str:
        return number

    @blueprint.get("/broken")
    def broken() -> str:
        raise ZeroDivisionError("secret detail")

    return blueprint


@pytest.fixture
def browser() -> FlaskClient:
    return create_app(metrics=Metrics(), blueprints=[_sample()]).test_client()


def test_the_process_says_that_it_is_alive(browser: FlaskClient) -> None:
    answer = browser.get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "alive"})


def test_without_failing_neighbours_it_is_ready(browser: FlaskClient) -> None:
    answer = browser.get("/readyz")
    assert (answer.status_code, answer.json) == (200, {"status": "ready", "failing": [], "degraded": []})


def test_the_failing_neighbour_is_named() -> None:
    app = create_app(metrics=Metrics(), checks=[Check("commercetools", _unreachable)])
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json == {
        "status": "not_ready",
        "failing": [{"neighbour": "commercetools", "reason": "unreachable"}],
        "degraded": [],
    }


def test_what_we_can_do_without_makes_us_degraded_and_not_unready() -> None:
    app = create_app(metrics=Metrics(), checks=[Check("database", _unreachable, essential=False)])
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.json) == (
        200,
        {"status": "ready", "failing": [], "degraded": [{"neighbour": "database", "reason": "unreachable"}]},
    )


def test_a_shop_that_is_down_does_not_make_the_process_dead() -> None:
    app = create_app(metrics=Metrics(), checks=[Check("commercetools", _unreachable)])
    assert app.test_client().get("/healthz").status_code == 200


def test_every_answer_carries_a_correlation_id_of_its_own(browser: FlaskClient) -> None:
    ids = {browser.get("/healthz").headers["X-Correlation-ID"] for _ in range(3)}
    assert len(ids) == 3
    assert all(re.fullmatch(r"ict-[0-9a-f-]{36}", each) for each in ids)


def test_a_callers_correlation_id_is_not_taken_over(browser: FlaskClient) -> None:
    answer = browser.get("/healthz", headers={"X-Correlation-ID": "forged\tline"})
    assert answer.headers["X-Correlation-ID"].startswith("ict-")


@pytest.mark.parametrize("path", ["/healthz", "/nowhere", "/broken"])
def test_every_answer_carries_the_security_headers(browser: FlaskClient, path: str) -> None:
    headers = browser.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"


def test_an_unknown_route_gets_small_json(browser: FlaskClient) -> None:
    answer = browser.get("/nowhere?<script>")
    assert answer.status_code == 404
    assert answer.json == {"error": "not_found", "correlation_id": answer.headers["X-Correlation-ID"]}


def test_a_wrong_method_gets_small_json_with_the_right_one(browser: FlaskClient) -> None:
    answer = browser.delete("/echo")
    assert answer.status_code == 405
    assert answer.json
    assert answer.json["error"] == "method_not_allowed"
    assert "POST" in answer.headers["Allow"]


def test_a_bug_shows_no_trace_and_an_id_to_find_it_by(browser: FlaskClient) -> None:
    answer = browser.get("/broken")
    assert answer.status_code == 500
    assert answer.json == {"error": "internal_server_error", "correlation_id": answer.headers["X-Correlation-ID"]}


def test_five_megabytes_are_taken(browser: FlaskClient) -> None:
    assert browser.post("/echo", data=b"x" * 5_000_000).text == "5000000"


def test_a_body_beyond_the_limit_is_refused_and_the_connection_closed(browser: FlaskClient) -> None:
    answer = browser.post("/echo", data=b"x" * (MAX_BODY_BYTES + 1))
    assert answer.status_code == 413
    assert answer.json
    assert answer.json["error"] == "request_entity_too_large"
    assert answer.headers["Connection"] == "close"


def test_metrics_are_those_of_this_app() -> None:
    metrics = Metrics()
    metrics.panel_answers_total.labels("initialize", "overview", "live").inc()
    answer = create_app(metrics=metrics).test_client().get("/metrics")
    assert 'panel_answers_total{flow="initialize",outcome="live",screen="overview"} 1.0' in answer.text
    assert answer.content_type.startswith("text/plain")


def test_requests_to_the_shop_are_counted_by_operation_and_outcome() -> None:
    metrics = Metrics()
    metrics.observe_exchange(
        Exchange(platform="commercetools", purpose="Customer", outcome="200", seconds=0.03, correlation_id="ict-1")
    )
    figures, _ = metrics.exposition("")
    assert b'upstream_requests_total{operation="Customer",outcome="200"} 1.0' in figures
    assert b'upstream_seconds_bucket{le="0.05",operation="Customer"} 1.0' in figures


def test_a_scraper_may_ask_for_openmetrics(browser: FlaskClient) -> None:
    answer = browser.get("/metrics", headers={"Accept": "application/openmetrics-text; version=1.0.0"})
    assert answer.content_type.startswith("application/openmetrics-text")


def test_two_apps_do_not_add_up() -> None:
    one, other = Metrics(), Metrics()
    one.rejected_signatures_total.labels("submit").inc()
    assert b"rejected_signatures_total{" not in other.exposition("")[0]
    assert b'rejected_signatures_total{flow="submit"} 1.0' in one.exposition("")[0]


def test_every_request_is_one_event_with_its_route(browser: FlaskClient) -> None:
    with structlog.testing.capture_logs() as events:
        browser.get("/orders/DE-10482")
    (event,) = events
    assert event.pop("ms") >= 0
    assert event == {
        "event": "http.answered", "log_level": "info", "route": "/orders/<number>", "method": "GET", "status": 200
    }  # fmt: skip


def test_what_somebody_typed_into_a_path_is_not_logged(browser: FlaskClient) -> None:
    with structlog.testing.capture_logs() as events:
        browser.get("/anna@example.com")
    assert [event["route"] for event in events] == ["(unknown)"]


def test_a_bug_is_logged_with_its_traceback(browser: FlaskClient) -> None:
    with structlog.testing.capture_logs() as events:
        browser.get("/broken")
    assert [type(event["exc_info"]) for event in events if event["event"] == "http.broken"] == [ZeroDivisionError]
