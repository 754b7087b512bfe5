"""`console-link`: good once, for the workspace that is meant, and only with an address and a key."""

from __future__ import annotations

from datetime import UTC, datetime

from sync.console_links import read_console_link
from tests.integration.sync.commands.conftest import Desk

KEY = "a-key-of-the-operator-that-is-long-enough"


def test_the_link_leads_to_the_one_workspace(desk: Desk) -> None:
    answer = desk.having(SECRET_KEY=KEY, PUBLIC_URL="https://panel.example.com").answer("console-link")
    start, token = answer["link"].rsplit("/", 1)
    assert start == "https://panel.example.com/enter"
    assert read_console_link([KEY], token, now=datetime.now(UTC)).installation == "single"


def test_what_lacks_is_said_by_name(desk: Desk) -> None:
    result = desk.run("console-link")
    assert result.exit_code == 2
    assert all(name in result.stderr for name in ("SECRET_KEY", "PUBLIC_URL"))
