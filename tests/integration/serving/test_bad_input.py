"""What the panel's doors do with unsigned requests, with signed rubbish, and with bad manners on the wire."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlsplit

import pytest

from clients.intercom.signatures import sign_body
from sandbox.commercetools import CommercetoolsStandIn
from sandbox.shop import sample_shop
from tests.integration.serving.agents import INITIALIZE, SUBMIT, Answer, encoded, in_time, somebody
from tests.integration.serving.conftest import RETIRED_SECRET, SECRET, Product, new_number

ANNA = somebody(0)
RAW = json.dumps(ANNA, indent=1, ensure_ascii=True).encode()
STRANGERS_ORDER = "11111111-2222-4333-8444-555555555555"
MEGABYTE = 1024 * 1024
# Intercom signs with one of the app's secrets; everything else is somebody else.
FORGERIES = {
    "missing": (RAW, ""),
    "of another secret": (RAW, sign_body(RAW, "wrong")),
    "sha1": (RAW, hmac.new(SECRET.encode(), RAW, hashlib.sha1).hexdigest()),
    "sha1, as for webhooks": (RAW, "sha1=" + hmac.new(SECRET.encode(), RAW, hashlib.sha1).hexdigest()),
    "sha256, with a prefix": (RAW, "sha256=" + sign_body(RAW, SECRET)),
    "upper case": (RAW, sign_body(RAW, SECRET).upper()),
    "truncated": (RAW, sign_body(RAW, SECRET)[:-1]),
    "with a tail": (RAW, sign_body(RAW, SECRET) + "0"),
    "outside of ASCII": (RAW, "ä" * 64),
    "of the body before it was parsed and written again": (
        json.dumps(json.loads(RAW)).encode(),
        sign_body(RAW, SECRET),
    ),
    "of another body": (RAW, sign_body(encoded(somebody(1)), SECRET)),
    "of no body": (RAW, sign_body(b"", SECRET)),
    "missing, no body": (b"", ""),
}
NESTED = b'{"conversation": ' * 100_000 + b"1" + b"}" * 100_000
WRONG_TYPES: list[Any] = [None, True, 7, -1.5e300, "text", [], {}, [[{"id": 7}]], {"type": {"id": []}}]
NO_REQUESTS = {
    "no JSON": b"<html>",
    "empty": b"",
    "half": RAW[:-100],
    "an array": b"[1, 2]",
    "null": b"null",
    "a string": b'"initialize"',
    "100,000 levels of objects": NESTED,
    "100,000 levels of arrays": b"[" * 100_000 + b"]" * 100_000,
    "UTF-16": json.dumps(ANNA).encode("utf-16"),
}
ODD_REQUESTS = {
    "an empty object": b"{}",
    "100,000 levels in stored data": b'{"current_canvas": {"stored_data": ' + b"[" * 900 + b"]" * 900 + b"}}",
    "NUL, lone surrogates": encoded(ANNA).replace(b"Anna", b"\\u0000\\ud800A\\udfff"),
    "bytes that are no UTF-8": encoded(ANNA).replace(b"Anna", b"\xff\xfe\xc3(\x80"),
    "5 MB": encoded({**ANNA, "padding": "x" * (5 * MEGABYTE)}),
    "5 MB of message": encoded(ANNA).replace(b"Kind regards", b"DE-1 <b>&lt; " * 400_000),
    "numbers that are none": encoded(ANNA)[:-1]
    + b', "a": NaN, "b": Infinity, "c": 1e999, "d": '
    + b"9" * 100_000
    + b"}",
    "the same name twice": encoded(ANNA)[:-1] + b', "contact": 7, "contact": {"id": []}}',
    **{f"everything is {json.dumps(wrong)}": encoded(dict.fromkeys(ANNA, wrong)) for wrong in WRONG_TYPES},
    **{
        f"everything of the contact is {json.dumps(wrong)}": encoded(
            {**ANNA, "contact": dict.fromkeys(ANNA["contact"], wrong)}
        )
        for wrong in WRONG_TYPES
    },
    **{
        f"everything of the conversation is {json.dumps(wrong)}": encoded(
            {**ANNA, "conversation": dict.fromkeys(ANNA["conversation"], wrong)}
        )
        for wrong in WRONG_TYPES
    },
}
UNKNOWN = "That could not be opened."
CLICKS = {
    "nothing": "",
    "unknown": "launch-missiles",
    "unknown, with an argument": "drop:table",
    "an order that does not exist": f"order:{STRANGERS_ORDER}",
    "no id": "order:1 or 1=1",
    "a predicate": 'order:" or id is defined or id="',
    "no page": "orders:-1",
    "a page far away": "orders:99999",
    "a page too far away": "orders:999999999",
    "a page in Arabic digits": "orders:١٠",
    "a guest's page": "guest:-1",
    "a choice that was not offered": f"pick:{STRANGERS_ORDER}",
    "a choice that is no id": "pick:",
    "a customer who does not exist": f"customer:{STRANGERS_ORDER}",
    "a number that does not exist": 'number:" or 1=1',
    "a very long number": "number:" + "9" * 200,
    "huge": "x" * MEGABYTE,
    "NUL": "order:\x00",
    "only colons": ":::::",
    "a function's name": "__init__",
}


@pytest.fixture(scope="module")
def door(_remembering: Product, _listening_stand_in: CommercetoolsStandIn) -> Product:
    """A panel whose shop stays well; nothing here changes it."""
    _listening_stand_in.reset(sample_shop())
    _remembering.recover()
    return _remembering


def problems_with(product: Product, answer: Answer) -> list[str]:
    """By the contract, plus what must never be logged: a fault of our own."""
    events = [line["event"] for line in logged(product, answer)]
    return answer.problems + [event for event in events if event in ("canvas.broke", "panel.look_up_broke")]


def logged(product: Product, answer: Answer) -> list[dict[str, Any]]:
    """The log lines of this request, without the one that every request has."""
    lines = [json.loads(line) for line in product.server.log().splitlines() if answer.correlation_id in line]
    return [line for line in lines if line["event"] != "http.answered"]


@pytest.mark.parametrize("path", [INITIALIZE, SUBMIT])
@pytest.mark.parametrize(("raw", "signature"), [pytest.param(*given, id=name) for name, given in FORGERIES.items()])
def test_a_signature_that_is_not_ours_gets_401_and_nothing_else(
    door: Product, path: str, raw: bytes, signature: str
) -> None:
    answer = door.agents.post(path, raw, signature=signature)
    assert (answer.status, answer.body) == (401, b"")
    (line,) = logged(door, answer)  # the shop was not asked
    assert line["event"] == "canvas.signature_rejected"
    assert not [word for word in ("Anna", "anna", "nordmail", "DE-10482") if word in json.dumps(line)]


@pytest.mark.parametrize("secret", [SECRET, RETIRED_SECRET])
def test_every_secret_of_a_rotation_is_accepted(door: Product, secret: str) -> None:
    answer = door.agents.post(INITIALIZE, RAW, signature=sign_body(RAW, secret))
    assert answer.problems == []


@pytest.mark.parametrize("path", [INITIALIZE, SUBMIT])
@pytest.mark.parametrize("raw", [pytest.param(raw, id=name) for name, raw in NO_REQUESTS.items()])
def test_a_signed_body_that_is_no_request_gets_a_canvas_and_a_log_line_with_the_reason(
    door: Product, path: str, raw: bytes
) -> None:
    answer = door.agents.post(path, raw)
    assert problems_with(door, answer) == []
    (line,) = logged(door, answer)
    assert line["event"] == "canvas.request_not_understood"
    assert line["reason"]


@pytest.mark.parametrize("path", [INITIALIZE, SUBMIT])
@pytest.mark.parametrize("raw", [pytest.param(raw, id=name) for name, raw in ODD_REQUESTS.items()])
def test_a_signed_request_with_anything_in_it_gets_a_canvas(door: Product, path: str, raw: bytes) -> None:
    (answer,) = in_time(lambda: [door.agents.post(path, raw)])
    assert problems_with(door, answer) == []


@pytest.mark.parametrize("component_id", [pytest.param(each, id=name) for name, each in CLICKS.items()])
def test_a_click_on_anything_gets_a_canvas(door: Product, component_id: str) -> None:
    opened = door.agents.open(ANNA)
    answer = door.agents.click(component_id, opened.canvas, ANNA)
    assert problems_with(door, answer) == []


@pytest.mark.parametrize("component_id", ["", "launch-missiles", "orders:-1", "orders:999999999", "x" * MEGABYTE])
def test_a_click_that_leads_nowhere_is_logged_with_the_reason_and_shows_the_overview(
    door: Product, component_id: str
) -> None:
    answer = door.agents.click(component_id, door.agents.open(ANNA).canvas, ANNA)
    assert UNKNOWN in answer.text
    assert "Anna Kowalska" in answer.text
    (line,) = logged(door, answer)
    assert line["event"] == "panel.unknown_component"
    assert line["reason"]


def test_a_customer_who_was_not_offered_cannot_be_picked(door: Product) -> None:
    body = somebody(new_number(), like="two-customers-one-email")
    bystander = somebody(new_number(), like="asks-about-the-order-of-another")["contact"]["external_id"]
    opened = door.agents.open(body)
    answer = door.agents.click(f"pick:{bystander}", opened.canvas, body)
    assert UNKNOWN in answer.text
    assert "Ben Schuster" not in answer.text
    assert "a choice that was not offered" in [line.get("reason") for line in logged(door, answer)]


def test_the_order_of_another_customer_is_shown_with_a_warning_and_without_what_is_personal(
    door: Product,
) -> None:
    body = somebody(new_number(), like="asks-about-the-order-of-another")
    annas = door.agents.open(ANNA)
    order = next(each for each in annas.ids if each.startswith("order:"))
    answer = door.agents.click(order, door.agents.open(body).canvas, body)
    assert answer.problems == []
    assert "panel.order_of_another_customer" in [line["event"] for line in logged(door, answer)]
    assert "Anna" not in answer.text
    assert "Kowalska" not in answer.text


def test_the_canvas_of_another_contact_opens_nothing(door: Product) -> None:
    ben = somebody(new_number(), like="no-match")
    annas = door.agents.open(ANNA)
    answer = door.agents.click("details", annas.canvas, ben)
    assert answer.problems == []
    assert "Anna" not in answer.text


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", [INITIALIZE, SUBMIT])
def test_other_methods_are_not_allowed(door: Product, method: str, path: str) -> None:
    answer = door.agents.send(method, path, b"{}", {"X-Body-Signature": sign_body(b"{}", SECRET)})
    assert answer.status == 405
    assert "POST" in answer.headers["Allow"]


def test_a_body_of_more_than_16_mb_is_refused_unread(door: Product) -> None:
    answer = door.agents.post(INITIALIZE, b" " * (16 * MEGABYTE + 1), signature="0" * 64)
    assert answer.status == 413


def in_chunks(raw: bytes, size: int) -> Iterator[bytes]:
    for start in range(0, len(raw), size):
        yield raw[start : start + size]


def test_a_body_without_a_length_is_read_chunk_by_chunk(door: Product) -> None:
    headers = {"X-Body-Signature": sign_body(RAW, SECRET)}
    answer = door.agents.send("POST", INITIALIZE, in_chunks(RAW, 700), headers)
    assert answer.problems == []
    assert "Anna Kowalska" in answer.text


def test_a_body_without_a_length_is_read_no_further_than_16_mb(door: Product) -> None:
    endless = b" " * (17 * MEGABYTE)
    headers = {"X-Body-Signature": sign_body(endless, SECRET)}
    answer = door.agents.send("POST", INITIALIZE, in_chunks(endless, MEGABYTE), headers)
    assert answer.status == 401  # what was read is not what was signed
    (line,) = logged(door, answer)
    assert line["length"] == 16 * MEGABYTE


def test_a_client_that_asks_whether_to_go_on_is_told_to(door: Product) -> None:
    head = [f"Content-Length: {len(RAW)}", f"X-Body-Signature: {sign_body(RAW, SECRET)}", "Expect: 100-continue"]
    with connected(door) as connection:
        connection.sendall(request_head(*head))
        assert connection.recv(1000).startswith(b"HTTP/1.1 100 ")
        connection.sendall(RAW)
        assert connection.recv(1000).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("begun", [b"", b"POST /canvas/ini", b"body"], ids=["silent", "half a head", "half a body"])
def test_clients_that_never_finish_do_not_keep_others_from_their_answers(door: Product, begun: bytes) -> None:
    if begun == b"body":
        begun = request_head("Content-Length: 1000", f"X-Body-Signature: {sign_body(RAW, SECRET)}") + b"{"
    with ExitStack() as slow:
        for _ in range(40):
            slow.enter_context(connected(door)).sendall(begun)
        time.sleep(0.2)
        answers = in_time(lambda: [door.agents.open(ANNA) for _ in range(20)])
    assert [problem for answer in answers for problem in answer.problems] == []


def connected(product: Product) -> socket.socket:
    parts = urlsplit(product.server.url)
    return socket.create_connection((parts.hostname or "", parts.port or 0), timeout=60)


def request_head(*headers: str) -> bytes:
    lines = [f"POST {INITIALIZE} HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/json", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()
