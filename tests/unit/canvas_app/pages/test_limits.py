"""Who asks too often waits; nobody else does."""

from __future__ import annotations

import pytest

from canvas_app.pages.limits import RateLimit, client_address


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_an_address_gets_so_many_requests_and_then_waits_for_the_rest_of_the_window() -> None:
    clock = Clock()
    limit = RateLimit(2, 60.0, clock=clock)
    assert [limit.wait("192.0.2.1"), limit.wait("192.0.2.1")] == [None, None]
    clock.now += 20
    assert limit.wait("192.0.2.1") == 40


def test_others_do_not_wait_for_it() -> None:
    limit = RateLimit(1, 60.0, clock=Clock())
    limit.wait("192.0.2.1")
    assert limit.wait("192.0.2.2") is None


def test_a_new_window_begins() -> None:
    clock = Clock()
    limit = RateLimit(1, 60.0, clock=clock)
    limit.wait("192.0.2.1")
    clock.now += 60
    assert limit.wait("192.0.2.1") is None


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        pytest.param("203.0.113.9", None, "203.0.113.9", id="nobody in between"),
        pytest.param("10.0.0.4", "203.0.113.9", "203.0.113.9", id="our proxy says who"),
        pytest.param(
            "10.0.0.4", "198.51.100.1, 203.0.113.9", "203.0.113.9", id="what the client claims is not believed"
        ),
        pytest.param("8.8.8.8", "203.0.113.9", "8.8.8.8", id="a stranger's word is not believed"),
        pytest.param("10.0.0.4", " ,", "10.0.0.4", id="an empty name is none"),
        pytest.param("10.0.0.4", "9.9.9.9, 10.0.7.1", "9.9.9.9", id="behind two of our proxies, not everybody is one"),
        pytest.param("10.0.0.4", "1.1.1.1, 9.9.9.9, 10.0.7.1", "9.9.9.9", id="nor is the client's word believed there"),
        pytest.param("10.0.0.4", "9.9.9.9:4711", "9.9.9.9", id="a port is another one with each connection"),
        pytest.param("2001:4860:4860::8888", None, "2001:4860:4860::/64", id="as many addresses as somebody likes"),
        pytest.param("10.0.0.4", "[2001:4860:4860::1]:4711", "2001:4860:4860::/64", id="the same behind a proxy"),
        pytest.param("10.0.0.4", "::ffff:9.9.9.9", "9.9.9.9", id="an address of IPv4, written as one of IPv6"),
        pytest.param("rubbish", "203.0.113.9", "rubbish", id="a peer that is no address"),
        pytest.param(None, None, "unknown", id="no peer"),
    ],
)
def test_who_asks(peer: str | None, forwarded: str | None, address: str) -> None:
    assert client_address(peer, forwarded) == address
