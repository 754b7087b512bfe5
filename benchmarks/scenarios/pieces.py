"""What each step of a panel costs by itself, without network: a profile that is always at hand.

For the sample customer with twelve orders, and for the one with three hundred, whose history is as long as we read.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from statistics import median
from typing import Any, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from requests import Request
from requests.auth import AuthBase

from benchmarks.effort import Bench
from benchmarks.opens import SECRET, bodies_by_id
from benchmarks.report import Figure
from benchmarks.stage import CLIENT
from canvas_app.canvas import screens
from canvas_app.canvas.components import Canvas
from canvas_app.canvas.formats import Formats
from canvas_app.canvas.found import Freshness, Matched, MatchedBy
from canvas_app.canvas.memory import Memory, Seal
from canvas_app.canvas.request import parse_initialize
from canvas_app.canvas.screens import Look
from canvas_app.mapping import load_mapping
from canvas_app.words.catalogues import words_of
from clients.commercetools.settings import ShopSettings
from clients.commercetools.shop import CustomerKey, Shop
from clients.deadline import Call, Deadline
from clients.intercom.conversation import Conversation
from clients.intercom.order_numbers import order_numbers_named
from clients.intercom.signatures import verify_body_signature
from clients.wire.answers import Answer
from clients.wire.http import Http, Method
from sandbox.commercetools import CommercetoolsStandIn
from sandbox.inbox.intercom_json import body_signature, intercom_bytes
from sandbox.product import ROOT
from sandbox.shop import sample_shop

NAME = "pieces"
ABOUT = "each step of a panel by itself, without network"
SAMPLES: Final = 200
WARM_UP: Final = 10
URL: Final = "http://127.0.0.1:9"


class AnsweredAtOnce(Http):
    """The stand-in's answers without a wire between; each question is worked out once."""

    def __init__(self) -> None:
        super().__init__()
        self._stand_in = CommercetoolsStandIn(sample_shop())
        self._answers: dict[bytes, Answer] = {}

    def send(
        self,
        method: Method,
        url: str,
        body: bytes | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        auth: AuthBase,
        platform: str,
        purpose: str,
        call: Call,
    ) -> Answer:
        """As `Http.send`."""
        asked = body or b""
        if asked not in self._answers:
            request = Request(method, url, data=asked, auth=auth).prepare()
            answer, _ = self._stand_in.respond(method, urlsplit(url).path, request.headers, asked)
            self._answers[asked] = Answer(status=answer.status, headers={}, body=answer.body)
        return self._answers[asked]


def run(bench: Bench) -> list[Figure]:
    samples = SAMPLES if bench.effort.repeats > 1 else 3
    look = _look()
    shop = _shop()
    whose = {"12 orders": bodies_by_id()[0], "300 orders": bodies_by_id()[1]}
    return [
        Figure(NAME, f"{step}, {orders}", _microseconds(work, samples), "µs")
        for orders, body in whose.items()
        for step, work in _steps(body, shop, look).items()
    ]


def _steps(body: Mapping[str, Any], shop: Shop, look: Look) -> dict[str, Callable[[], object]]:
    """The steps in the order in which a request takes them."""
    raw = intercom_bytes(body)
    signature = body_signature(raw, SECRET)
    ask = parse_initialize(raw)
    assert ask.conversation is not None
    assert ask.contact is not None
    conversation: Conversation = ask.conversation
    options = look.options
    numbers = order_numbers_named(conversation, options.order_number_patterns, options.order_number_attributes)
    key = CustomerKey("id", body["contact"]["external_id"])
    emails = (body["contact"]["email"],)
    reading = shop.customer(key, emails=emails, numbers=numbers, call=_call())
    assert reading.customer is not None
    found = Matched(reading.customer, MatchedBy.ID, reading)
    freshness = Freshness(datetime.now(UTC))
    memory = Memory(customer=key.value).showing("overview", read_at=freshness.read_at)
    seal = Seal((SECRET,))
    stored = memory.to_stored(seal=seal, contact_id="contact")
    canvas: Canvas = screens.overview(found, freshness, look, memory=stored)
    return {
        "signature": lambda: verify_body_signature(raw, signature, (SECRET,)),
        "reading the request": lambda: parse_initialize(raw),
        "order numbers in the conversation": lambda: order_numbers_named(
            conversation, options.order_number_patterns, options.order_number_attributes
        ),
        "question, answer and decoding": lambda: shop.customer(key, emails=emails, numbers=numbers, call=_call()),
        "stored data, sealed": lambda: memory.to_stored(seal=seal, contact_id="contact"),
        "screen": lambda: screens.overview(found, freshness, look, memory=stored),
        "canvas to JSON": canvas.to_json,
    }


def _microseconds(work: Callable[[], object], samples: int) -> float:
    for _ in range(min(WARM_UP, samples)):
        work()
    taken = []
    for _ in range(samples):
        began = time.perf_counter_ns()
        work()
        taken.append(time.perf_counter_ns() - began)
    return median(taken) / 1000


def _call() -> Call:
    return Call(Deadline.after(60), "benchmark")


def _look() -> Look:
    options = load_mapping(ROOT / "sandbox" / "mapping.toml").panel
    return Look(
        words=words_of("en"),
        formats=Formats.of("en", ZoneInfo("Europe/Berlin")),
        options=options.for_project(api_url=URL, project_key=CLIENT.project_key),
    )


def _shop() -> Shop:
    settings = ShopSettings(
        project_key=CLIENT.project_key,
        client_id=CLIENT.client_id,
        client_secret=CLIENT.client_secret,
        auth_url=URL,
        api_url=URL,
        scopes=tuple(CLIENT.scopes),
    )
    options = load_mapping(ROOT / "sandbox" / "mapping.toml").panel
    return Shop(settings, allowed=options.fields, languages=("en",), http=AnsweredAtOnce())
