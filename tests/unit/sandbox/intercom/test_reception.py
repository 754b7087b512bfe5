"""Around every request: who asks, in which version, how often, and what was counted."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.intercom import IntercomStandIn


def test_me_tells_workspace_region_and_time_zone(api: Any) -> None:
    app = api.get("/me").json["app"]
    assert (app["id_code"], app["region"], app["timezone"]) == ("nrdlcht1", "EU", "Europe/Berlin")


@pytest.mark.parametrize(
    ("authorization", "code"),
    [(None, "missing_authorization"), ("Bearer wrong", "unauthorized"), ("Basic sandbox-access-token", "unauthorized")],
)
def test_a_stranger_is_told_nothing_not_even_the_limit(api: Any, authorization: str | None, code: str) -> None:
    reply = api("GET", "/me", Authorization=authorization)
    assert reply.error[:2] == (401, code)
    assert "X-RateLimit-Limit" not in reply.headers


def test_a_token_that_is_not_ascii_is_wrong_and_nothing_worse(api: Any) -> None:
    assert api("GET", "/me", Authorization="Bearer ümlaut").error[0] == 401


def test_a_revoked_token_opens_nothing(api: Any, intercom: IntercomStandIn) -> None:
    intercom.switches.set(token_revoked=True)
    assert api.get("/me").error[:2] == (401, "token_revoked")


def test_the_version_is_echoed(api: Any, intercom: IntercomStandIn) -> None:
    assert api.get("/me").headers["intercom-version"] == "2.16"
    intercom.switches.set(echoed_version="2.14")
    assert api.get("/me").headers["intercom-version"] == "2.14"


def test_a_request_without_a_version_is_an_error_that_says_so(api: Any) -> None:
    reply = api("GET", "/me", Intercom_Version=None)
    assert reply.error[:2] == (400, "intercom_version_invalid")
    assert "version 1.0" in reply.error[2]
    assert reply.headers["Intercom-Version"] == "1.0"


def test_another_version_is_not_served(api: Any) -> None:
    assert api("GET", "/me", Intercom_Version="2.15").error[:2] == (400, "intercom_version_invalid")


@pytest.mark.parametrize(("accept", "status"), [("text/html", 406), ("*/*", 200), (None, 200), ("text/html, */*", 200)])
def test_json_is_all_there_is(api: Any, accept: str | None, status: int) -> None:
    assert api("GET", "/me", Accept=accept).status == status


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"', b"\xff"])
def test_a_body_that_is_no_json_object_is_refused(api: Any, body: bytes) -> None:
    assert api.post("/contacts", body).error[:2] == (400, "bad_request")


@pytest.mark.parametrize(("method", "path"), [("GET", "/contact"), ("PATCH", "/contacts/1"), ("DELETE", "/events")])
def test_a_wrong_path_or_method_is_not_found(api: Any, method: str, path: str) -> None:
    assert api(method, path).error[:2] == (404, "not_found")


def test_every_answer_has_an_id_and_errors_repeat_it(api: Any) -> None:
    reply = api.get("/contacts/nobody")
    assert reply.json["request_id"] == reply.headers["x-request-id"]
    assert api.get("/me").headers["x-request-id"] != reply.headers["x-request-id"]


# the allowance


def told(reply: Any) -> tuple[int, int, int]:
    return tuple(int(reply.headers[f"X-RateLimit-{name}"]) for name in ("Limit", "Remaining", "Reset"))  # type: ignore[return-value]


def test_the_allowance_is_announced_and_renewed_with_every_window(
    api: Any, clock: Any, intercom: IntercomStandIn
) -> None:
    intercom.switches.set(rate_limit=2)
    start = int(clock.now)
    clock.now += 3
    assert [told(api.get("/me")) for _ in range(2)] == [(2, 1, start + 10), (2, 0, start + 10)]
    clock.now = start + 10
    assert told(api.get("/me")) == (2, 1, start + 20)


def test_what_exceeds_the_allowance_is_refused_and_not_carried_out(api: Any, intercom: IntercomStandIn) -> None:
    intercom.switches.set(rate_limit=1)
    api.get("/me")
    reply = api.post("/contacts", {"external_id": "c-1"})
    assert reply.error == (429, "rate_limit_exceeded", "Exceeded rate limit of 1 in 10_seconds")
    assert told(reply)[1] == 0
    assert "Retry-After" not in reply.headers
    assert intercom.contacts == ()
    assert [(window.used, window.refused) for window in intercom.windows] == [(1, 1)]


def test_retry_after_may_come_with_it(api: Any, clock: Any, intercom: IntercomStandIn) -> None:
    intercom.switches.set(rate_limit=0, retry_after_with_429=True)
    clock.now += 7.5
    assert api.get("/me").headers["Retry-After"] == "3"


def test_windows_can_be_shorter(api: Any, clock: Any, intercom: IntercomStandIn) -> None:
    intercom.switches.set(rate_limit=1, rate_window_s=0.5)
    assert api.get("/me").status == 200
    clock.now += 0.4
    assert api.get("/me").status == 429
    clock.now += 0.1
    assert api.get("/me").status == 200


def test_another_app_uses_the_allowance_up(api: Any, intercom: IntercomStandIn) -> None:
    intercom.switches.set(rate_limit=10)
    intercom.spend(8)
    assert told(api.get("/me"))[1] == 1
    intercom.spend(8)
    assert api.get("/me").status == 429


def test_refused_requests_and_strangers_count_as_intercom_counts_them(api: Any, intercom: IntercomStandIn) -> None:
    api.get("/contacts/nobody")
    api("GET", "/me", Authorization=None)
    assert [window.used for window in intercom.windows] == [1]


# the book


def test_requests_are_kept_with_what_came_of_them(api: Any, intercom: IntercomStandIn) -> None:
    contact = api.made(external_id="c-1")
    api.put(f"/contacts/{contact}", {"name": "Anna"})
    api.get("/contacts/nobody")
    assert [(each.route, each.status, each.changed) for each in intercom.requests] == [
        ("POST /contacts", 200, True),
        ("PUT /contacts/{id}", 200, True),
        ("GET /contacts/{id}", 404, False),
    ]
    assert intercom.requests[1].body == {"name": "Anna"}
    assert intercom.log.refused == {("GET /contacts/{id}", 404): 1}


def test_no_token_is_kept(api: Any, intercom: IntercomStandIn) -> None:
    api.get("/me")
    assert intercom.access_token not in repr(intercom.requests)


def test_a_reset_leaves_nothing(api: Any, intercom: IntercomStandIn) -> None:
    api.made(external_id="c-1")
    intercom.switches.set(rate_limit=5)
    intercom.reset()
    assert (intercom.contacts, intercom.requests, intercom.windows) == ((), (), ())
    assert intercom.switches.now.rate_limit == 1_666
    assert intercom.by_external_id("c-1") is None


@pytest.mark.parametrize(
    "change",
    [
        {"no_such_switch": True},
        {"faults": [{"kind": "explode"}]},
        {"faults": [{"kind": "status", "status": 418}]},
        {"faults": [{"kind": "reset", "door": "cellar"}]},
        {"faults": [{"when": "now"}]},
        {"long_string": "fold"},
        {"merged_status": 301},
        {"rate_window_s": 0},
        {"rate_limit": -1},
    ],
    ids=str,
)
def test_a_switch_that_does_not_exist_is_named(intercom: IntercomStandIn, change: dict[str, Any]) -> None:
    before = intercom.switches.now
    with pytest.raises(ValueError, match=r"\w+"):
        intercom.switches.set(**change)
    assert intercom.switches.now == before
