"""The page's own server, with a product that records what it got."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask, Response, request
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from sandbox.conversations import SampleConversation
from sandbox.inbox.conditions import ShopControl
from sandbox.inbox.endpoint import CanvasEndpoint
from sandbox.inbox.page import inbox_app

SECRET = "test-client-secret"
CANVAS = {"content": {"components": [{"type": "text", "text": "Hello"}]}}
NOWHERE = ShopControl("http://127.0.0.1:9")


def body(contact: str) -> dict[str, Any]:
    return {"workspace_id": "w", "contact": {"id": contact, "name": "<b>"}, "conversation": {"id": "1"}}


CONVERSATIONS = (SampleConversation(slug="anna", label="Anna", about="", bodies=(body("c1"), body("c2"))),)


@dataclass
class Product:
    """Answers what it is told to and keeps the requests."""

    url: str = ""
    answer: Callable[[], Response] = lambda: Response(json.dumps({"canvas": CANVAS}), mimetype="application/json")
    got: list[tuple[str, bytes, str]] = field(default_factory=list)


@pytest.fixture
def product() -> Iterator[Product]:
    told = Product()
    app = Flask("product")

    @app.post("/canvas/<flow>")
    def canvas(flow: str) -> Response:
        told.got.append((flow, request.get_data(), request.headers["X-Body-Signature"]))
        return told.answer()

    server = make_server("127.0.0.1", 0, app)
    told.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield told
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def page(product: Product) -> FlaskClient:
    return inbox_app(CONVERSATIONS, CanvasEndpoint(url=product.url, secret=SECRET), NOWHERE).test_client()


def test_the_product_gets_signed_bytes(page: FlaskClient, product: Product) -> None:
    page.post("/sandbox/open", json={"slug": "anna"})
    flow, sent, signature = product.got[0]
    assert flow == "initialize"
    assert b"\\u003cb\\u003e" in sent
    assert signature == hmac.new(SECRET.encode(), sent, hashlib.sha256).hexdigest()


def test_the_canvas_comes_back_with_its_time(page: FlaskClient) -> None:
    answer = page.post("/sandbox/open", json={"slug": "anna"}).get_json()
    assert (answer["canvas"], answer["status"], answer["problem"]) == (CANVAS, 200, None)
    assert answer["ms"] >= 0


def test_another_participant_is_another_body(page: FlaskClient, product: Product) -> None:
    page.post("/sandbox/open", json={"slug": "anna", "contact_id": "c2"})
    assert json.loads(product.got[0][1])["contact"]["id"] == "c2"


def test_a_submit_carries_what_was_clicked(page: FlaskClient, product: Product) -> None:
    clicked = {"component_id": "find", "input_values": {"q": "DE-1"}, "current_canvas": CANVAS}
    page.post("/sandbox/submit", json={"slug": "anna", **clicked})
    flow, sent, _ = product.got[0]
    assert flow == "submit"
    assert json.loads(sent) == body("c1") | clicked


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        pytest.param(lambda: Response(status=401), "Status 401", id="a refusal"),
        pytest.param(lambda: Response("<html>", mimetype="text/html"), "not JSON", id="no JSON"),
        pytest.param(lambda: Response("{}", mimetype="application/json"), "no canvas", id="no canvas"),
        pytest.param(lambda: Response('{"canvas": {}}', mimetype="application/json"), "no canvas", id="no content"),
        pytest.param(lambda: Response(status=302, headers={"Location": "/"}), "Status 302", id="a redirect"),
    ],
)
def test_what_intercom_could_not_draw_is_a_problem(
    page: FlaskClient, product: Product, answer: Callable[[], Response], problem: str
) -> None:
    product.answer = answer
    told = page.post("/sandbox/open", json={"slug": "anna"}).get_json()
    assert told["canvas"] is None
    assert problem in told["problem"]


def test_a_product_that_is_gone_is_a_problem() -> None:
    page = inbox_app(CONVERSATIONS, CanvasEndpoint(url="http://127.0.0.1:9", secret=SECRET), NOWHERE).test_client()
    assert "No answer" in page.post("/sandbox/open", json={"slug": "anna"}).get_json()["problem"]


@pytest.mark.parametrize(
    "ask",
    [
        {},
        {"slug": "nobody"},
        {"slug": "anna", "contact_id": "stranger"},
        {"slug": "anna", "component_id": 7},
        {"slug": "anna", "component_id": "x", "input_values": [], "current_canvas": {}},
    ],
)
def test_an_ask_that_makes_no_request_is_refused(page: FlaskClient, product: Product, ask: dict[str, Any]) -> None:
    path = "/sandbox/submit" if "component_id" in ask else "/sandbox/open"
    assert page.post(path, json=ask).status_code == 400
    assert product.got == []


def test_a_form_of_another_site_is_refused(page: FlaskClient) -> None:
    assert page.post("/sandbox/open", data='{"slug": "anna"}', content_type="text/plain").status_code == 400


def test_another_host_name_is_refused(page: FlaskClient) -> None:
    assert page.get("/sandbox/", headers={"Host": "attacker.example"}).status_code == 400


def test_the_secret_is_in_no_answer(page: FlaskClient) -> None:
    answers = [page.get("/sandbox/conversations"), page.post("/sandbox/open", json={"slug": "anna"})]
    assert not any(SECRET in answer.get_data(as_text=True) for answer in answers)


@pytest.mark.parametrize(
    "path", ["/sandbox/", "/sandbox/catalogue", "/sandbox/static/main.js", "/sandbox/conversations"]
)
def test_nothing_inline_may_run(page: FlaskClient, path: str) -> None:
    response = page.get(path)
    assert response.status_code == 200
    assert "'unsafe" not in response.headers["Content-Security-Policy"]
    response.close()


@pytest.mark.parametrize("path", ["/sandbox/static/../page.py", "/sandbox/static/nothing.js", "/sandbox/nowhere"])
def test_other_files_are_not_served(page: FlaskClient, path: str) -> None:
    assert page.get(path).status_code == 404
