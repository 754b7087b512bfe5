"""Genuine bodies, mutated at random and signed: always a valid canvas, and never a fault of our own."""

from __future__ import annotations

import copy
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import structlog
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from canvas_app.configuration import Configuration
from canvas_app.single_workspace import single_workspace_app
from clients.intercom.signatures import sign_body
from sandbox.commercetools import CommercetoolsStandIn
from sandbox.conversations import initialize_body, sample_conversations
from sandbox.shop import sample_shop
from tests.integration.serving.agents import INITIALIZE, SUBMIT, Answer, submit_body
from tests.integration.serving.conftest import SECRET, environment
from tests.serving import ROOT

BODIES = [initialize_body(each) for each in sample_conversations()]
FAULTS_OF_OURS = ("canvas.broke", "panel.look_up_broke", "http.broken")

texts = st.text(max_size=40) | st.sampled_from(
    [
        "\x00",
        "\ud800",
        "\u202e",
        "<b>",
        "DE-10482 " * 2_000,
        "a@b",
        "@",
        "1" * 300,
        "11111111-2222-4333-8444-555555555555",
    ]
)
numbers = st.integers() | st.floats() | st.just(10**400)
scalars = st.none() | st.booleans() | numbers | texts
rubbish = scalars | st.lists(scalars, max_size=3) | st.dictionaries(texts, scalars, max_size=3)
ORDERS = [order["id"] for order in sample_shop().all("order") if order.get("orderNumber") in ("DE-10482", "DE-10311")]
SCREENS = ["overview", "details", "cart", "search", "orders", "orders:0", "orders:10", "guest:0", "number:DE-10482"]
SCREENS += [f"order:{order_id}" for order_id in ORDERS]


@dataclass(frozen=True)
class Mutation:
    """What happens to the value at the place that `where` picks."""

    kind: str
    where: int
    by: Any


mutations = st.lists(
    st.builds(
        Mutation,
        kind=st.sampled_from(["replace", "drop", "wrap", "transplant"]),
        where=st.integers(0, 10**6),
        by=rubbish,
    ),
    min_size=1,
    max_size=4,
)


class Records(logging.Handler):
    """The names of all events that were logged."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.events.append(str(record.msg.get("event")) if isinstance(record.msg, dict) else record.getMessage())


@dataclass(frozen=True)
class Panel:
    """The product in this process."""

    client: FlaskClient
    records: Records

    def ask(self, path: str, body: object) -> Answer:
        raw = json.dumps(body).encode("utf-8")
        response = self.client.post(path, data=raw, headers={"X-Body-Signature": sign_body(raw, SECRET)})
        return Answer(response.status_code, dict(response.headers), response.data, 0.0, path == SUBMIT)

    def problems(self, path: str, body: object) -> list[str]:
        self.records.events.clear()
        answer = self.ask(path, body)
        return answer.problems + [event for event in self.records.events if event in FAULTS_OF_OURS]


@pytest.fixture(scope="module")
def panel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Panel]:
    """With a shop of its own, and a cache that outlives the test: this is about what comes in."""
    folder = tmp_path_factory.mktemp("mutations")
    mapping = folder / "mapping.toml"
    text = (ROOT / "sandbox" / "mapping.toml").read_text(encoding="utf-8")
    mapping.write_text(text.replace("[panel]\n", "[panel]\ncache_seconds = 300\n"), encoding="utf-8")
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    with CommercetoolsStandIn.serve(sample_shop()) as stand_in:
        configuration = Configuration.load(environment(stand_in, mapping), dotenv=folder / ".env")
        web_side = single_workspace_app(configuration)
        records = Records()
        root.handlers[:] = [records]
        yield Panel(web_side.test_client(), records)
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def mutated(body: Any, mutations: list[Mutation]) -> Any:
    body = copy.deepcopy(body)
    for mutation in mutations:
        places = list(places_in(body))
        if places:
            holder, key = places[mutation.where % len(places)]
            _apply(mutation, holder, key, places)
    return body


def _apply(mutation: Mutation, holder: Any, key: Any, places: list[tuple[Any, Any]]) -> None:
    if mutation.kind == "drop":
        del holder[key]
    elif mutation.kind == "wrap":
        holder[key] = [holder[key]]
    elif mutation.kind == "transplant":
        other, name = places[(mutation.where // 7) % len(places)]
        holder[key] = copy.deepcopy(other[name])
    else:
        holder[key] = mutation.by


def places_in(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place that holds a value, as its container and its key."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from places_in(value[key])


bounded = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@bounded
@given(body=st.sampled_from(BODIES), mutations=mutations)
def test_a_mutated_initialize_gets_a_canvas(panel: Panel, body: dict[str, Any], mutations: list[Mutation]) -> None:
    assert panel.problems(INITIALIZE, mutated(body, mutations)) == []


@bounded
@given(body=st.sampled_from(BODIES), where=st.integers(0, 10**6), mutations=mutations, typed=texts)
def test_a_mutated_click_gets_a_canvas(
    panel: Panel, body: dict[str, Any], where: int, mutations: list[Mutation], typed: str
) -> None:
    opened = panel.ask(INITIALIZE, body)
    ids = sorted(opened.ids) or ["overview"]
    click = submit_body(ids[where % len(ids)], opened.canvas, body, query=typed)
    assert panel.problems(SUBMIT, mutated(click, mutations)) == []


@bounded
@given(
    body=st.sampled_from(BODIES),
    component_id=st.sampled_from([*SCREENS, "find", "refresh", "retry"])
    | st.builds("{}:{}".format, st.sampled_from(["order", "number", "orders", "guest", "pick", "customer"]), texts),
    stored=st.dictionaries(
        st.sampled_from(["screen", "back", "customer", "searched", "total", "seen", "seal"]),
        st.sampled_from(SCREENS) | rubbish,
        max_size=7,
    ),
    typed=rubbish,
)
def test_a_forged_click_gets_a_canvas(
    panel: Panel, body: dict[str, Any], component_id: str, stored: dict[str, Any], typed: Any
) -> None:
    click = submit_body(component_id, {"stored_data": stored}, body, query=typed)
    assert panel.problems(SUBMIT, click) == []
