"""What an operator relies on: one id through everything, quiet logs, a clean stop, and honest health."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from sandbox.commercetools import CommercetoolsStandIn, Fault
from tests.integration.serving.agents import Answer, somebody
from tests.integration.serving.conftest import Product, Start, new_number, some


@pytest.fixture
def own(start: Start, stand_in: CommercetoolsStandIn) -> Iterator[Product]:
    """A product of the test's own, which it may hurt."""
    with start(cache_seconds=0) as product:
        product.recover()
        yield product


def until(condition: Callable[[], object], *, seconds: float = 60.0) -> None:
    give_up = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up, "it did not come about"
        time.sleep(0.05)


def lines_of(product: Product, answer: Answer) -> list[dict[str, Any]]:
    lines = (json.loads(line) for line in product.server.log().splitlines())
    return [line for line in lines if line.get("correlation_id") == answer.correlation_id]


def test_one_id_goes_from_the_click_to_the_shop_and_back(asking: Product) -> None:
    asking.stand_in.tokens.revoke_all()
    answer = asking.agents.open(somebody(new_number()))
    requests = asking.stand_in.requests
    assert {request.path for request in requests} == {"/oauth/token", "/nordlicht-demo/graphql"}
    assert {request.correlation_id for request in requests} == {answer.correlation_id}
    assert lines_of(asking, answer)[-1]["event"] == "http.answered"


def test_a_look_up_that_fails_is_logged_under_the_id_that_the_agent_got(asking: Product) -> None:
    asking.stand_in.switches.set(faults=(Fault(kind="status", status=500, times=1),))
    answer = asking.agents.open(somebody(new_number()))
    (line,) = [line for line in lines_of(asking, answer) if line["event"] == "panel.look_up_failed"]
    assert (line["reason"], line["status"]) == ("unreachable", 500)


def test_a_token_that_is_not_given_is_logged_under_the_id_that_the_agent_got(asking: Product) -> None:
    asking.stand_in.tokens.revoke_all()
    asking.stand_in.switches.set(faults=(Fault(kind="status", door="token", status=401, times=1),))
    answer = asking.agents.open(somebody(new_number()))
    assert "commercetools.token_not_minted" in [line["event"] for line in lines_of(asking, answer)]


def test_one_request_to_the_shop_has_the_id_of_one_of_those_who_wait_for_it(remembering: Product) -> None:
    remembering.stand_in.switches.set(latency_ms=300)
    answers = remembering.agents.open_at_once([somebody(new_number())] * 10)
    (request,) = remembering.stand_in.requests
    assert request.correlation_id in {answer.correlation_id for answer in answers}


def test_ready_names_the_shop_while_it_is_down_and_the_process_stays_alive(asking: Product) -> None:
    until(lambda: asking.agents.get("/readyz").status == 200)
    asking.stand_in.switches.set(faults=(Fault(kind="hang"),))
    until(lambda: asking.agents.get("/readyz").status == 503)
    answer = asking.agents.get("/readyz")
    assert json.loads(answer.body)["failing"][0]["neighbour"] == "commercetools"
    assert asking.agents.get("/healthz").status == 200
    asking.stand_in.switches.reset()
    until(lambda: asking.agents.get("/readyz").status == 200)


def test_what_happened_is_counted(asking: Product) -> None:
    before = figures(asking)
    asking.agents.open(somebody(new_number()))
    asking.agents.post("/canvas/submit", b"{}", signature="wrong")
    after = figures(asking)
    grown = {name for name in after if after[name] > before.get(name, 0)}
    assert {
        'panel_answers_total{flow="initialize",outcome="live",screen="overview"}',
        'rejected_signatures_total{flow="submit"}',
        'cache_total{result="asked"}',
    } <= grown
    assert [name for name in grown if name.startswith("upstream_requests_total") and 'outcome="200"' in name]


def figures(product: Product) -> dict[str, float]:
    lines = product.agents.get("/metrics").body.decode().splitlines()
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if line[:1] != "#")}


def test_a_stop_waits_for_the_answers_that_are_under_way(own: Product) -> None:
    own.stand_in.switches.set(latency_ms=1_500)
    with ThreadPoolExecutor(5) as agents:
        under_way = [agents.submit(own.agents.open, body) for body in some(5)]
        until(lambda: own.asked == 5)
        own.server.process.send_signal(signal.SIGTERM)
        answers = [answer.result() for answer in under_way]
    assert all(answer.is_live and not answer.problems for answer in answers)
    assert own.server.process.wait(timeout=60) == 0


def test_a_stop_while_the_shop_hangs_is_no_longer_than_a_panel(own: Product) -> None:
    own.stand_in.switches.set(faults=(Fault(kind="hang"),))
    with ThreadPoolExecutor(4) as agents:
        under_way = [agents.submit(own.agents.open, body) for body in some(4)]
        until(lambda: own.asked == 4)
        own.server.process.send_signal(signal.SIGTERM)
        answers = [answer.result() for answer in under_way]
    assert [problem for answer in answers for problem in answer.problems] == []
    assert own.server.process.wait(timeout=60) == 0


def test_a_killed_worker_is_replaced_and_the_panel_answers_again(own: Product) -> None:
    (worker,) = children_of(own.server.process.pid)
    os.kill(worker, signal.SIGKILL)
    until(lambda: children_of(own.server.process.pid) not in ([], [worker]))
    until(lambda: answers(own))
    assert own.agents.open(somebody(new_number())).is_live


def answers(product: Product) -> bool:
    try:
        return product.agents.get("/healthz").status == 200
    except OSError:
        return False


def children_of(pid: int) -> list[int]:
    """Process ids, by /proc."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in children.read_text().split()]
