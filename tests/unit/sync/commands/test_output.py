"""What goes to a screen, to a pipe and to a machine."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.commands.output import Output, plain, shown
from sync.doctor.findings import ok


@settings(max_examples=100)
@given(st.text())
def test_no_sign_that_moves_a_cursor_is_shown(text: str) -> None:
    assert all(sign.isprintable() or sign == "\n" for sign in shown(text))


def test_text_is_shown_as_it_is() -> None:
    assert shown("Zoë, 12,50 €") == "Zoë, 12,50 €"


def test_a_table_without_a_terminal_is_plain_and_whole(capsys: pytest.CaptureFixture[str]) -> None:
    Output(as_json=False).table(("id", "reason"), [(1, "x" * 300), (22, None)])
    assert capsys.readouterr().out == f"id  reason\n1   {'x' * 300}\n22\n"


def test_what_looks_like_markup_is_text(capsys: pytest.CaptureFixture[str]) -> None:
    output = Output(as_json=False)
    output.say("[bold]no[/bold] :warning:")
    output.table(("[a]",), [("[/red]",)])
    assert capsys.readouterr().out == "[bold]no[/bold] :warning:\n[a]\n[/red]\n"


def test_machines_get_the_document_alone(capsys: pytest.CaptureFixture[str]) -> None:
    output = Output(as_json=True)
    output.say("for people")
    output.table(("for people",), [("x",)])
    output.json({"done": 1})
    assert json.loads(capsys.readouterr().out) == {"done": 1}


def test_a_failure_is_a_document_for_machines_and_words_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    Output(as_json=False).failure("It failed", {"error": "failed"})
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "It failed\n")


def test_dataclasses_times_and_sets_become_json() -> None:
    assert plain({"at": datetime(2026, 1, 2, tzinfo=UTC), "names": {"b", "a"}, "finding": ok("x", "y")}) == {
        "at": "2026-01-02T00:00:00+00:00",
        "names": ["a", "b"],
        "finding": {"level": "ok", "what": "x", "found": "y", "fix": None},
    }
