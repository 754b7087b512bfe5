"""What comes back through a browser is what we signed, or it is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sync.console_links import LASTS, console_link, read_console_link
from sync.signing import TokenExpired, TokenForged, Tokens

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=10)
TOKENS = Tokens(["a key"], purpose="form")


def test_what_was_signed_is_read() -> None:
    assert TOKENS.read(TOKENS.sign({"session": "x"}, expires=LATER), now=NOW) == {"session": "x"}


@pytest.mark.parametrize("rubbish", ["", ".", "x", "e30.AAAA", "é", "\ud800", "a" * 5000])
def test_rubbish_is_forged(rubbish: str) -> None:
    with pytest.raises(TokenForged):
        TOKENS.read(rubbish, now=NOW)


def test_a_changed_token_is_forged() -> None:
    token = TOKENS.sign({"session": "x"}, expires=LATER)
    with pytest.raises(TokenForged):
        TOKENS.read(("B" if token[0] != "B" else "C") + token[1:], now=NOW)


def test_a_token_of_another_purpose_is_forged() -> None:
    with pytest.raises(TokenForged):
        Tokens(["a key"], purpose="session").read(TOKENS.sign({}, expires=LATER), now=NOW)


def test_a_token_ends_at_its_second() -> None:
    token = TOKENS.sign({}, expires=LATER)
    assert TOKENS.read(token, now=LATER - timedelta(seconds=1)) == {}
    with pytest.raises(TokenExpired):
        TOKENS.read(token, now=LATER)


def test_the_key_before_still_opens_and_the_newest_signs() -> None:
    old = TOKENS.sign({"a": "b"}, expires=LATER)
    both = Tokens(["a newer key", "a key"], purpose="form")
    assert both.read(old, now=NOW) == {"a": "b"}
    with pytest.raises(TokenForged):
        TOKENS.read(both.sign({}, expires=LATER), now=NOW)


def test_a_console_link_leads_to_its_installation_for_a_while() -> None:
    link = console_link(["a key"], public_url="https://panel.example.com/", installation="w:acme", now=NOW)
    start, token = link.rsplit("/", 1)
    assert start == "https://panel.example.com/enter"
    assert read_console_link(["a key"], token, now=NOW).installation == "w:acme"
    with pytest.raises(TokenExpired):
        read_console_link(["a key"], token, now=NOW + LASTS)


def test_two_console_links_are_never_the_same() -> None:
    links = {console_link(["a key"], public_url="https://a.example", installation="single", now=NOW) for _ in range(3)}
    assert len(links) == 3
