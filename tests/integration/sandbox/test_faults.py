"""Faults are real on the socket: what a client sees is what a sick platform would send."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
import requests

from sandbox.commercetools import CommercetoolsStandIn, Fault

Ask = Callable[..., requests.Response]
QUERY = "query Tiny { orders(limit: 1) { count } }"


def test_a_healthy_stand_in_answers_on_one_kept_alive_connection(stand_in: CommercetoolsStandIn, ask: Ask) -> None:
    first = ask(QUERY)
    second = ask(QUERY)
    assert (first.status_code, second.status_code) == (200, 200)
    assert second.headers.get("Connection") != "close"


@pytest.mark.parametrize("status", [500, 502, 503, 504, 429])
def test_a_status_comes_with_the_error_envelope_and_is_used_up(
    stand_in: CommercetoolsStandIn, ask: Ask, status: int
) -> None:
    ask(QUERY)
    stand_in.switches.set(faults=[Fault(kind="status", status=status, times=1, retry_after=2)])
    failed = ask(QUERY)
    assert failed.status_code == status
    assert failed.json()["statusCode"] == status
    assert failed.headers["Retry-After"] == "2"
    assert ask(QUERY).status_code == 200


def test_a_reset_is_a_reset(stand_in: CommercetoolsStandIn) -> None:
    stand_in.switches.set(faults=[Fault(kind="reset", door="any")])
    address = urlsplit(stand_in.url)
    with socket.create_connection((address.hostname, address.port), timeout=5) as connection:
        connection.sendall(b"POST /oauth/token HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
        with pytest.raises(ConnectionResetError):
            connection.recv(1)


def test_a_truncated_body_is_shorter_than_announced(stand_in: CommercetoolsStandIn, ask: Ask) -> None:
    ask(QUERY)
    stand_in.switches.set(faults=[Fault(kind="truncated")])
    with pytest.raises((requests.exceptions.ChunkedEncodingError, requests.exceptions.ConnectionError)):
        ask(QUERY)


def test_a_hanging_stand_in_never_answers_until_it_is_switched_off(stand_in: CommercetoolsStandIn, ask: Ask) -> None:
    ask(QUERY)
    stand_in.switches.set(faults=[Fault(kind="hang")])
    with pytest.raises(requests.exceptions.ReadTimeout):
        ask(QUERY, timeout=0.3)
    stand_in.switches.set(faults=[])
    assert ask(QUERY).status_code == 200


def test_a_hang_that_is_counted_hangs_that_often(stand_in: CommercetoolsStandIn, ask: Ask) -> None:
    ask(QUERY)
    stand_in.switches.set(faults=[Fault(kind="hang", times=1)])
    with pytest.raises(requests.exceptions.ReadTimeout):
        ask(QUERY, timeout=1.0)
    assert ask(QUERY).status_code == 200


def test_a_dripping_body_outlasts_a_read_time_out_and_still_arrives_whole(
    stand_in: CommercetoolsStandIn, ask: Ask
) -> None:
    ask(QUERY)
    stand_in.switches.set(faults=[Fault(kind="drip", every_ms=50)])
    started = time.monotonic()
    dripped = ask(QUERY, timeout=1.0)
    assert dripped.json() == {"data": {"orders": {"count": 1}}}
    assert time.monotonic() - started > 1.0


def test_a_head_can_drip_too(stand_in: CommercetoolsStandIn, ask: Ask) -> None:
    ask(QUERY)
    stand_in.switches.set(faults=[Fault(kind="drip", every_ms=4, drip_headers=True)])
    started = time.monotonic()
    ask(QUERY, timeout=30)
    assert time.monotonic() - started > 0.5


def test_invalid_json_has_a_healthy_status(stand_in: CommercetoolsStandIn, ask: Ask) -> None:
    ask(QUERY)
    stand_in.switches.set(faults=[Fault(kind="invalid_json")])
    answer = ask(QUERY)
    assert answer.status_code == 200
    with pytest.raises(requests.exceptions.JSONDecodeError):
        answer.json()


def test_a_fault_at_the_token_door_leaves_graphql_alone(
    stand_in: CommercetoolsStandIn, ask: Ask, mint: Callable[..., requests.Response]
) -> None:
    ask(QUERY)
    stand_in.switches.set(faults=[Fault(kind="status", status=503, door="token")])
    assert mint().status_code == 503
    assert ask(QUERY).status_code == 200


def test_latency_is_waited_before_every_answer(stand_in: CommercetoolsStandIn, ask: Ask) -> None:
    ask(QUERY)
    stand_in.switches.set(latency_ms=80)
    started = time.monotonic()
    ask(QUERY)
    assert time.monotonic() - started >= 0.08


def test_sixty_connections_at_once_are_all_answered(stand_in: CommercetoolsStandIn, ask: Ask) -> None:
    token = ask(QUERY).request.headers["Authorization"]
    stand_in.switches.set(latency_ms=50)

    def one_connection(_: int) -> int:
        url = f"{stand_in.api_url}/{stand_in.project_key}/graphql"
        return requests.post(url, json={"query": QUERY}, headers={"Authorization": token}, timeout=60).status_code

    with ThreadPoolExecutor(60) as pool:
        assert set(pool.map(one_connection, range(60))) == {200}


def test_a_stopped_stand_in_lets_go_of_hanging_connections() -> None:
    from sandbox.shop import SampleShop

    started = time.monotonic()
    with CommercetoolsStandIn.serve(SampleShop()) as stand_in, ThreadPoolExecutor(1) as pool:
        stand_in.switches.set(faults=[Fault(kind="hang", door="any")])
        hanging = pool.submit(requests.post, f"{stand_in.url}/oauth/token", timeout=0.5)
        with pytest.raises(requests.exceptions.ReadTimeout):
            hanging.result()
    assert time.monotonic() - started < 20
