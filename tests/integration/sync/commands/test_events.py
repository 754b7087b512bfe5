"""`events`: whether they are sent, and the switch."""

from __future__ import annotations

from datetime import datetime

from tests.integration.sync.commands.conftest import Desk


def test_they_are_sent_from_the_first_start_on(desk: Desk) -> None:
    assert desk.answer("events", "status")["sent"] is True


def test_stopped_they_say_why(desk: Desk) -> None:
    desk.run("events", "stop", "--reason", "the shop is being moved")
    assert "Events are stopped: the shop is being moved." in desk.run("events", "status").stdout


def test_started_again_only_what_comes_is_told(desk: Desk) -> None:
    before = datetime.fromisoformat(desk.answer("events", "stop")["live_since"])
    after = desk.answer("events", "start", "--yes")
    assert after["sent"] is True
    assert datetime.fromisoformat(after["live_since"]) > before


def test_starting_asks_first(desk: Desk) -> None:
    desk.run("events", "stop")
    assert desk.run("events", "start", typed="n\n").exit_code == 1
    assert desk.answer("events", "status")["sent"] is False


def test_starting_what_was_never_stopped_fails(desk: Desk) -> None:
    assert desk.run("events", "start", "--yes").exit_code == 1
