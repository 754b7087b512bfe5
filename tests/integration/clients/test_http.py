"""The wire against servers that misbehave: real sockets, real clocks."""

from __future__ import annotations

import gzip
import time

import pytest
from requests.auth import AuthBase, HTTPBasicAuth

from clients.deadline import Call
from clients.errors import BadAnswer, PlatformError, Rejected, TimedOut, Unreachable
from clients.wire.answers import Answer
from clients.wire.http import Exchange, Http, HttpLimits
from tests.integration.clients.scripted_server import (
    ScriptedServer,
    Step,
    breaks_off,
    drips,
    hangs,
    raw,
    resets,
    says,
    within,
)

PATH = "/ask"
SOON = 10.0  # seconds: also on a busy machine, and long before the server would be done
JSON = {"Content-Type": "application/json"}
GOOD = raw(200, b'{"data": 1}')
HEAD_LENGTH = GOOD.index(b"\r\n\r\n") + 4


def post(http: Http, url: str, call: Call, auth: AuthBase | None = None) -> Answer:
    auth = auth or HTTPBasicAuth("u", "p")
    return http.send("POST", url, b"{}", headers=JSON, auth=auth, platform="test", purpose="test", call=call)


@pytest.mark.parametrize(
    "step",
    [
        pytest.param(hangs, id="hangs"),
        pytest.param(drips(GOOD, every=0.3), id="drips from the first byte"),
        pytest.param(drips(GOOD, at_once=20, every=0.3), id="drips headers"),
        pytest.param(drips(raw(200, b"x" * 100), at_once=HEAD_LENGTH, every=0.3), id="drips the body"),
        pytest.param(
            drips(raw(200, b"1\r\nx\r\n" * 100, {"Transfer-Encoding": "chunked"}), at_once=HEAD_LENGTH),
            id="drips chunks",
        ),
    ],
)
def test_the_deadline_holds_against_a_server_that(step: Step, server: ScriptedServer) -> None:
    server.always[PATH] = step
    started = time.monotonic()
    with pytest.raises(TimedOut):
        post(Http(HttpLimits(read_timeout=60.0)), server.url + PATH, within(0.4))
    assert time.monotonic() - started < SOON


def test_a_silence_longer_than_the_read_timeout_ends_the_call_before_its_deadline(server: ScriptedServer) -> None:
    server.always[PATH] = hangs
    started = time.monotonic()
    with pytest.raises(TimedOut):
        post(Http(HttpLimits(read_timeout=0.2)), server.url + PATH, within(60))
    assert time.monotonic() - started < SOON


def test_a_server_that_drips_within_the_deadline_is_heard_out(server: ScriptedServer, http: Http) -> None:
    server.always[PATH] = drips(GOOD, at_once=len(GOOD) - 4, every=0.02)
    assert post(http, server.url + PATH, within(2)).json() == {"data": 1}


def test_the_deadline_of_one_call_does_not_bind_the_next(server: ScriptedServer, http: Http) -> None:
    server.then(PATH, says(200, {}), drips(GOOD, at_once=len(GOOD) - 5, every=0.1))
    post(http, server.url + PATH, within(0.2))
    assert post(http, server.url + PATH, within(2)).status == 200


def test_a_call_whose_time_is_up_sends_nothing(server: ScriptedServer, http: Http) -> None:
    with pytest.raises(TimedOut):
        post(http, server.url + PATH, within(0))
    assert server.connections == 0


@pytest.mark.parametrize(
    ("step", "error"),
    [
        pytest.param(resets, Unreachable, id="reset"),
        pytest.param(breaks_off, Unreachable, id="truncated"),
        pytest.param(drips(b"", every=0), Unreachable, id="closed without a word"),
        pytest.param(drips(b"NOT HTTP AT ALL\r\n\r\n", at_once=100), Unreachable, id="not HTTP"),
        pytest.param(says(200, b"not gzip", {"Content-Encoding": "gzip"}), BadAnswer, id="not gzip"),
        pytest.param(
            drips(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 300, at_once=5000), Unreachable, id="endless headers"
        ),
    ],
)
def test_a_broken_answer_is_one_of_our_errors(
    step: Step, error: type[PlatformError], server: ScriptedServer, http: Http
) -> None:
    server.always[PATH] = step
    with pytest.raises(error):
        post(http, server.url + PATH, within(2))


def test_nobody_listening_is_unreachable(server: ScriptedServer, http: Http) -> None:
    server.close()
    with pytest.raises(Unreachable):
        post(http, server.url + PATH, within(1))


@pytest.mark.parametrize("url", ["http://[::1", "ftp://127.0.0.1/x", "127.0.0.1/x", "http://"])
def test_an_address_that_is_none_is_our_mistake(url: str, http: Http) -> None:
    with pytest.raises((Rejected, Unreachable)):
        post(http, url, within(1))


def test_an_answer_beyond_the_limit_is_not_read_to_its_end(server: ScriptedServer) -> None:
    server.always[PATH] = says(200, b"x" * 300_000)
    with pytest.raises(BadAnswer, match="larger than 100000 bytes"):
        post(Http(HttpLimits(answer_bytes=100_000)), server.url + PATH, within(2))


def test_the_limit_counts_what_a_packed_answer_unpacks_to(server: ScriptedServer) -> None:
    server.always[PATH] = says(200, gzip.compress(b"x" * 3_000_000), {"Content-Encoding": "gzip"})
    with pytest.raises(BadAnswer, match="larger than 100000 bytes"):
        post(Http(HttpLimits(answer_bytes=100_000)), server.url + PATH, within(2))


def test_a_packed_answer_is_unpacked(server: ScriptedServer, http: Http) -> None:
    server.always[PATH] = says(200, gzip.compress(b'{"data": 1}'), {"Content-Encoding": "gzip"})
    assert post(http, server.url + PATH, within(2)).json() == {"data": 1}


def test_a_redirect_is_not_followed(server: ScriptedServer, http: Http) -> None:
    server.always[PATH] = says(302, b"", {"Location": server.url + "/elsewhere"})
    assert post(http, server.url + PATH, within(2)).status == 302
    assert server.requests("/elsewhere") == []


def test_a_cookie_is_not_kept(server: ScriptedServer, http: Http) -> None:
    server.always[PATH] = says(200, {}, {"Set-Cookie": "a=b"})
    for _ in range(2):
        post(http, server.url + PATH, within(2))
    assert "cookie" not in server.seen[-1].headers


def test_a_request_says_who_asks_and_which_call_it_belongs_to(server: ScriptedServer, http: Http) -> None:
    server.always[PATH] = says(200, {})
    post(http, server.url + PATH, within(2, "ict-42"))
    headers = server.seen[0].headers
    assert headers["x-correlation-id"] == "ict-42"
    assert headers["user-agent"].startswith("commercetools-for-intercom/")
    assert headers["accept-encoding"] == "gzip"


@pytest.mark.parametrize("step", [says(503, {}, {"X-Correlation-ID": "theirs"}), resets])
def test_every_exchange_is_observed(step: Step, server: ScriptedServer) -> None:
    observed: list[Exchange] = []
    server.always[PATH] = step
    try:
        post(Http(observe=observed.append), server.url + PATH, within(2, "ict-42"))
    except Unreachable:
        assert observed[0].outcome == "unreachable"
    else:
        assert (observed[0].outcome, observed[0].answered_correlation_id) == ("503", "theirs")
    assert [exchange.correlation_id for exchange in observed] == ["ict-42"]


def test_a_netrc_entry_for_the_host_is_not_used(
    server: ScriptedServer, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path_factory.mktemp("home") / "netrc"
    netrc.write_text("machine 127.0.0.1 login other password other\n")
    monkeypatch.setenv("NETRC", str(netrc))
    server.always[PATH] = says(200, {})
    post(Http(), server.url + PATH, within(2), HTTPBasicAuth("ours", "ours"))
    assert server.seen[0].headers["authorization"] == "Basic b3VyczpvdXJz"


def test_a_proxy_of_the_environment_is_not_asked_for_loopback(
    server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    server.always[PATH] = says(200, {})
    assert post(Http(), server.url + PATH, within(2)).status == 200


def test_a_proxy_of_the_environment_is_used_for_other_hosts_and_bound_by_the_deadline(
    server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", server.url)
    monkeypatch.delenv("NO_PROXY", raising=False)
    server.always["http://shop.invalid/ask"] = drips(GOOD, every=0.3)
    started = time.monotonic()
    with pytest.raises(TimedOut):
        post(Http(), "http://shop.invalid/ask", within(0.3))
    assert time.monotonic() - started < SOON
