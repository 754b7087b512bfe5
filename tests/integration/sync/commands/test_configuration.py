"""What every command does before it does anything: everything that is wrong, at once, and status 2."""

from __future__ import annotations

import json

import pytest

from sync.composition import IN_CONTAINER
from tests.integration.sync.commands.conftest import Desk

EVERY_COMMAND = (
    ("doctor",),
    ("poll",),
    ("worker",),
    ("preview", "--customer", "x"),
    ("events", "status"),
    ("dead-letters", "list"),
)


@pytest.mark.parametrize("command", EVERY_COMMAND)
def test_missing_variables_end_every_command_with_2_and_their_names(desk: Desk, command: tuple[str, ...]) -> None:
    result = desk.having(CTP_CLIENT_ID="", INTERCOM_ACCESS_TOKEN="").run(*command)
    assert result.exit_code == 2
    assert "CTP_CLIENT_ID: not set" in result.stderr
    assert "INTERCOM_ACCESS_TOKEN: not set" in result.stderr


def test_mapping_faults_and_variables_are_told_together_with_their_lines(desk: Desk) -> None:
    desk.mapping("[attributes]\nct_orders = 'lifetime.orders ||'\n\n[events]\norder_shiped = true\n")
    result = desk.having(LOG_LEVEL="loud").run("worker")
    assert result.exit_code == 2
    assert "LOG_LEVEL" in result.stderr
    assert "mapping.toml line 2, attributes.ct_orders" in result.stderr
    assert 'mapping.toml line 5, events.order_shiped: is not an event. Did you mean "order_shipped"?' in result.stderr


def test_a_mapping_file_that_was_named_must_exist(desk: Desk) -> None:
    result = desk.having(MAPPING_FILE="other.toml").run("events", "status")
    assert result.exit_code == 2
    assert "MAPPING_FILE: names a file that does not exist" in result.stderr


def test_problems_are_a_document_for_machines(desk: Desk) -> None:
    result = desk.having(LOG_LEVEL="loud").run("events", "status", "--json")
    assert result.exit_code == 2
    document = json.loads(result.stdout)
    assert document["error"] == "misconfigured"
    assert [problem["name"] for problem in document["problems"]] == ["LOG_LEVEL"]


def test_an_env_file_in_the_directory_is_read(desk: Desk) -> None:
    (desk.directory / ".env").write_text(f"CTP_CLIENT_ID={desk.environ['CTP_CLIENT_ID']}\n", encoding="utf-8")
    del desk.environ["CTP_CLIENT_ID"]
    assert desk.run("events", "status").exit_code == 0


@pytest.mark.parametrize(
    ("name", "other", "fact"),
    [("CTP_PROJECT_KEY", "another-shop", "nordlicht-demo"), ("INTERCOM_WORKSPACE_ID", "w2", "w1")],
)
def test_a_database_of_another_project_or_workspace_is_refused(desk: Desk, name: str, other: str, fact: str) -> None:
    at_first = desk.having(INTERCOM_WORKSPACE_ID="w1", CTP_SCOPES="view_orders")
    assert at_first.run("events", "status").exit_code == 0
    result = at_first.having(**{name: other}).run("events", "status")
    assert result.exit_code == 2
    assert f"{name}: is not what this database was filled for, which is {fact}" in result.stderr


def test_a_container_without_a_volume_refuses_the_embedded_database(desk: Desk) -> None:
    (desk.directory / IN_CONTAINER).touch()
    result = desk.having(DATABASE_URL="").run("events", "status")
    assert result.exit_code == 2
    assert "DATABASE_URL: not set, and this container keeps nothing. Mount a volume at" in result.stderr


def test_a_database_that_is_away_is_a_failure_with_words(desk: Desk) -> None:
    result = desk.having(DATABASE_URL="postgresql://127.0.0.1:1/none").run("events", "status")
    assert result.exit_code == 1
    assert result.stderr.startswith("The database cannot be reached")


def test_alone_it_shows_what_there_is(desk: Desk) -> None:
    result = desk.run()
    assert result.exit_code == 0
    assert all(name in result.stdout for name in ("worker", "doctor", "dead-letters", "preview"))


def test_as_a_process_it_exits_with_2_and_says_so_on_standard_error_alone(desk: Desk) -> None:
    process = desk.having(INTERCOM_ACCESS_TOKEN="two words").start("doctor")
    said, complaints = process.communicate(timeout=60)
    assert process.returncode == 2
    assert said == ""
    assert "INTERCOM_ACCESS_TOKEN" in complaints
    assert "two words" not in complaints


def test_as_a_process_without_a_terminal_it_prints_plain_text(desk: Desk) -> None:
    process = desk.start("events", "status")
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "\x1b" not in said
    assert said.startswith("Events are sent")
