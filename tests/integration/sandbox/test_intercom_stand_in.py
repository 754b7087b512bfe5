"""The Intercom stand-in on its socket: true faults, lost answers, many clients, another process."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from sandbox.intercom import Fault, IntercomStandIn
from tests.integration.sync.working import eventually

Call = Callable[..., requests.Response]


@pytest.fixture
def call(intercom: IntercomStandIn, session: requests.Session) -> Iterator[Call]:
    """`call("POST", "/contacts", {...})` with everything that a request needs."""
    session.headers.update({"Authorization": f"Bearer {intercom.access_token}", "Intercom-Version": "2.16"})

    def send(method: str, path: str, body: Any = None, *, timeout: float = 30) -> requests.Response:
        return session.request(method, intercom.url + path, json=body, timeout=timeout)

    yield send
    intercom.switches.reset()


ANNA = {"external_id": "c-1", "email": "anna@nordmail.example"}


def control(intercom: IntercomStandIn, change: Any = None, **query: str) -> Any:
    method = "GET" if change is None else "POST"
    return requests.request(method, f"{intercom.url}/_control", json=change, params=query, timeout=30)


def test_every_method_works_on_one_kept_alive_connection(intercom: IntercomStandIn, call: Call) -> None:
    contact = call("POST", "/contacts", ANNA).json()["id"]
    assert call("PUT", f"/contacts/{contact}", {"name": "Anna"}).json()["name"] == "Anna"
    event = call("POST", "/events", {"event_name": "order-placed", "created_at": 1, "id": contact})
    assert (event.status_code, event.content) == (202, b"")
    deleted = call("DELETE", f"/contacts/{contact}")
    assert deleted.status_code == 200
    assert deleted.headers.get("Connection") != "close"
    assert deleted.headers["X-RateLimit-Limit"] == "1666"


def test_a_reset_before_the_write_leaves_nothing_behind(intercom: IntercomStandIn, call: Call) -> None:
    intercom.switches.set(faults=[Fault(kind="reset", door="contacts", times=1)])
    with pytest.raises(requests.ConnectionError):
        call("POST", "/contacts", ANNA)
    assert intercom.contacts == ()
    assert intercom.log.refused == {("POST /contacts", 0): 1}
    assert call("POST", "/contacts", ANNA).status_code == 200


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "reset", "handled": True},
        {"kind": "truncated"},
        {"kind": "hang", "handled": True},
        {"kind": "status", "status": 503, "handled": True},
        {"kind": "status", "status": 504, "handled": True},
        {"kind": "invalid_json", "handled": True},
    ],
    ids=lambda fault: str(fault.get("status", fault["kind"])),
)
def test_a_lost_answer_leaves_the_write_behind(intercom: IntercomStandIn, call: Call, fault: dict[str, Any]) -> None:
    intercom.switches.set(faults=[{**fault, "door": "contacts", "times": 1}])
    with contextlib.suppress(requests.RequestException):
        assert call("POST", "/contacts", ANNA, timeout=0.3).json().get("id") is None
    assert eventually(lambda: [request.is_lost for request in intercom.requests] == [True])
    assert [contact.external_id for contact in intercom.contacts] == ["c-1"]
    assert "already exists with id=" in call("POST", "/contacts", ANNA).json()["errors"][0]["message"]


def test_an_accepted_event_whose_answer_is_lost_shows_when_it_is_sent_again(
    intercom: IntercomStandIn, call: Call
) -> None:
    call("POST", "/contacts", ANNA)
    intercom.switches.set(duplicate_events_ignored=False, faults=[Fault(kind="truncated", door="events", times=1)])
    body = {"event_name": "order-placed", "created_at": 1, "user_id": "c-1"}
    with pytest.raises(requests.ConnectionError):
        call("POST", "/events", body)
    assert call("POST", "/events", body).status_code == 202
    assert (len(intercom.events()), intercom.events_sent_again) == (2, 1)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 408, 409, 422, 429, 500, 503])
def test_a_status_has_its_error_list_for_so_many_requests(intercom: IntercomStandIn, call: Call, status: int) -> None:
    intercom.switches.set(faults=[Fault(kind="status", status=status, times=2, retry_after=1)])
    failed = [call("GET", "/me") for _ in range(2)]
    assert {answer.status_code for answer in failed} == {status}
    assert failed[0].json()["type"] == "error.list"
    assert failed[0].json()["request_id"] == failed[0].headers["X-Request-Id"]
    assert failed[0].headers["Retry-After"] == "1"
    assert call("GET", "/me").status_code == 200


def test_a_429_by_switch_announces_an_empty_window(intercom: IntercomStandIn, call: Call) -> None:
    intercom.switches.set(faults=[Fault(kind="status", status=429, times=1)])
    assert call("GET", "/me").headers["X-RateLimit-Remaining"] == "0"


@pytest.mark.parametrize("status", [502, 504])
def test_a_load_balancers_error_is_html(intercom: IntercomStandIn, call: Call, status: int) -> None:
    intercom.switches.set(faults=[Fault(kind="status", status=status, times=1)])
    answer = call("GET", "/me")
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "text/html")


def test_a_fault_at_one_door_leaves_the_others_alone(intercom: IntercomStandIn, call: Call) -> None:
    intercom.switches.set(faults=[Fault(kind="status", door="events")])
    assert call("POST", "/contacts", ANNA).status_code == 200
    assert call("POST", "/events", {"user_id": "c-1", "event_name": "x", "created_at": 1}).status_code == 503


def test_a_hanging_intercom_never_answers_until_it_is_switched_off(intercom: IntercomStandIn, call: Call) -> None:
    intercom.switches.set(faults=[Fault(kind="hang")])
    with pytest.raises(requests.ReadTimeout):
        call("GET", "/me", timeout=0.3)
    intercom.switches.set(faults=[])
    assert call("GET", "/me").status_code == 200


def test_a_dripping_answer_outlasts_a_read_time_out_and_is_whole(intercom: IntercomStandIn, call: Call) -> None:
    call("GET", "/me")
    intercom.switches.set(faults=[Fault(kind="drip", every_ms=40)])
    started = time.monotonic()
    assert call("GET", "/tags", timeout=0.9).json() == {"type": "list", "data": []}
    assert time.monotonic() - started > 0.9


def test_latency_is_waited_before_every_answer(intercom: IntercomStandIn, call: Call) -> None:
    intercom.switches.set(latency_ms=80)
    started = time.monotonic()
    call("GET", "/me")
    assert time.monotonic() - started >= 0.08


def test_of_two_creations_at_once_one_conflicts(intercom: IntercomStandIn) -> None:
    headers = {"Authorization": f"Bearer {intercom.access_token}", "Intercom-Version": "2.16"}

    def create(_: int) -> int:
        return requests.post(f"{intercom.url}/contacts", json=ANNA, headers=headers, timeout=60).status_code

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(create, range(8))) == [200] + [409] * 7


def test_the_allowance_is_exact_under_many_clients(intercom: IntercomStandIn) -> None:
    intercom.switches.set(rate_limit=30, rate_window_s=3_600)
    headers = {"Authorization": f"Bearer {intercom.access_token}", "Intercom-Version": "2.16"}

    def ask(_: int) -> int:
        return requests.get(f"{intercom.url}/me", headers=headers, timeout=60).status_code

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(40)))
    assert (answers.count(200), answers.count(429)) == (30, 10)
    assert [(window.used, window.refused) for window in intercom.windows] == [(30, 10)]


# the control door


def test_another_process_switches_counts_and_fills(intercom: IntercomStandIn, call: Call) -> None:
    seeded = {"id": "5f" * 12, "external_id": "c-1", "email": "anna@nordmail.example", "role": "user", "tags": {}}
    state = control(intercom, {"latency_ms": 1, "spend": 5, "contacts": [seeded]}).json()
    assert (state["switches"]["latency_ms"], state["contacts"]) == (1, 1)
    assert call("GET", "/contacts/find_by_external_id/c-1").json()["id"] == seeded["id"]
    after = control(intercom).json()
    assert after["accepted"] == {"GET /contacts/find_by_external_id/{external_id}": 1}
    assert after["windows"][-1]["used"] == 6
    assert control(intercom, {"clear_log": True}).json()["requests"] == []
    assert control(intercom, {"reset": True}).json()["contacts"] == 0


@pytest.mark.parametrize("change", [{"no_such": 1}, [], {"contacts": [{"name": "no id"}]}, {"faults": [{"kind": "x"}]}])
def test_the_control_door_names_what_is_wrong(intercom: IntercomStandIn, change: Any) -> None:
    answer = control(intercom, change)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_the_control_door_shows_a_contact_as_a_person_would_see_it(intercom: IntercomStandIn, call: Call) -> None:
    intercom.declare(ct_orders="integer")
    contact = call("POST", "/contacts", {**ANNA, "custom_attributes": {"ct_orders": 2}}).json()["id"]
    tag = call("POST", "/tags", {"name": "VIP"}).json()["id"]
    call("POST", f"/contacts/{contact}/tags", {"id": tag})
    for second in (2, 1, 3):
        call("POST", "/events", {"event_name": f"e-{second}", "created_at": second, "id": contact})
    for query in ({"contact": contact}, {"contact": "?", "external_id": "c-1"}, {"email": "ANNA@nordmail.example"}):
        shown = control(intercom, **query).json()
        assert shown["contact"]["custom_attributes"] == {"ct_orders": 2}
        assert shown["tags"] == ["VIP"]
        assert [event["event_name"] for event in shown["events"]] == ["e-3", "e-2", "e-1"]
    assert control(intercom, contact="nobody").json() is None


def test_it_runs_as_a_process_of_its_own() -> None:
    command = [sys.executable, "-m", "sandbox.intercom", "--port", "0", "--rate-limit", "7"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ}) as process:
        assert process.stdout is not None
        found = re.search(r"(http://127\.0\.0\.1:\d+) .*access token ([\w-]+)", process.stdout.readline())
        assert found is not None
        headers = {"Authorization": f"Bearer {found[2]}", "Intercom-Version": "2.16"}
        answer = requests.get(f"{found[1]}/me", headers=headers, timeout=30)
        assert answer.headers["X-RateLimit-Limit"] == "7"
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
