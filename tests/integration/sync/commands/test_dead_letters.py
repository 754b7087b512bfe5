"""`dead-letters`: seen, tried again, given up."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from sync.storage.dead_letters import Place, bury
from sync.storage.installations import SINGLE
from tests.integration.sync.commands.conftest import Desk
from tests.integration.sync.working import jobs

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def buried(
    desk: Desk, part: str = "attributes", *, subject: str = "c:anna", reason: str = "rejected", **answer: Any
) -> str:
    """The number of a new dead letter."""
    place = Place(part=part, subject=subject)
    with desk.database.transaction() as connection:
        return str(bury(connection, SINGLE, place, reason, now=NOW, answer=answer))


def test_none_is_said_in_words(desk: Desk) -> None:
    assert desk.run("dead-letters", "list").stdout == "No dead letters are open.\n"


def test_a_list_shows_where_and_why(desk: Desk) -> None:
    id_ = buried(desk, "tags")
    line = desk.run("dead-letters", "list").stdout.splitlines()[1]
    assert line.split() == [id_, "open", "tags", "c:anna", "rejected", "1", "2026-11-23", "12:00:00"]


@pytest.mark.parametrize(("option", "value"), [("--part", "tags"), ("--reason", "plan_restricted")])
def test_a_list_is_narrowed(desk: Desk, option: str, value: str) -> None:
    buried(desk, "attributes")
    wanted = buried(desk, "tags", reason="plan_restricted")
    assert [str(each["id"]) for each in desk.answer("dead-letters", "list", option, value)] == [wanted]


def test_show_has_the_platforms_answer_without_the_signs_that_move_a_cursor(desk: Desk) -> None:
    id_ = buried(desk, message="\x1b[2Jno such attribute")
    shown = desk.run("dead-letters", "show", id_).stdout
    assert "no such attribute" in shown
    assert "\x1b" not in shown


def test_show_of_a_number_that_is_none_fails(desk: Desk) -> None:
    result = desk.run("dead-letters", "show", "999")
    assert (result.exit_code, result.stderr) == (1, "There is no dead letter 999.\n")


def test_replay_wakes_the_subject(desk: Desk) -> None:
    id_ = buried(desk)
    assert desk.answer("dead-letters", "replay", id_) == {"replayed": [int(id_)], "not_open": []}
    assert [lock for lock, _ in jobs(desk.database)] == [f"{SINGLE}/c:anna"]


def test_replay_of_what_is_not_open_fails_and_says_which(desk: Desk) -> None:
    id_ = buried(desk)
    desk.run("dead-letters", "replay", id_)
    result = desk.run("dead-letters", "replay", id_, "999")
    assert result.exit_code == 1
    assert f"Left as they are, not open or not to be tried again: {id_}, 999" in result.stdout


def test_replay_of_all_takes_those_that_the_filters_let_through(desk: Desk) -> None:
    buried(desk, "attributes")
    tags = buried(desk, "tags")
    assert desk.answer("dead-letters", "replay", "--all", "--part", "tags", "--yes")["replayed"] == [int(tags)]


def test_replay_of_all_asks_first(desk: Desk) -> None:
    buried(desk)
    result = desk.run("dead-letters", "replay", "--all", typed="n\n")
    assert result.exit_code == 1
    assert len(desk.answer("dead-letters", "list")) == 1


def test_discard_keeps_the_note(desk: Desk) -> None:
    id_ = buried(desk)
    desk.run("dead-letters", "discard", id_, "--note", "a test order", "--yes")
    (letter,) = desk.answer("dead-letters", "list", "--state", "discarded")
    assert letter["note"] == "a test order"


def test_machines_must_have_said_yes(desk: Desk) -> None:
    result = desk.run("dead-letters", "discard", buried(desk), "--json")
    assert result.exit_code == 2
    assert "add --yes" in result.stderr


@pytest.mark.parametrize("arguments", [(), ("--all", "3"), ("3", "--part", "tags"), ("0",), ("x",), ("9" * 30,)])
def test_what_cannot_be_meant_is_refused(desk: Desk, arguments: tuple[str, ...]) -> None:
    assert desk.run("dead-letters", "replay", *arguments).exit_code == 2
