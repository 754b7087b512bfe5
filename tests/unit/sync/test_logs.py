"""What a log line looks like, and what never gets into one."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog

from sync import logs

log: structlog.stdlib.BoundLogger = structlog.get_logger("product")
Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines() -> Iterator[Lines]:
    """Logging as in production, into memory; everything is put back afterwards."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    logs.configure(level="debug", form="json")
    written = io.StringIO()
    own = root.handlers[-1]
    assert isinstance(own, logging.StreamHandler)
    own.setStream(written)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def test_an_event_is_one_line_of_json_with_its_facts(lines: Lines) -> None:
    log.info("panel.answered", screen="overview", ms=4)
    (line,) = lines()
    assert (line["event"], line["level"], line["screen"], line["ms"]) == ("panel.answered", "info", "overview", 4)


def test_the_correlation_id_joins_events_of_one_request(lines: Lines) -> None:
    structlog.contextvars.bind_contextvars(correlation_id="ict-1")
    log.info("one")
    logging.getLogger("a.library").warning("two")
    assert [line["correlation_id"] for line in lines()] == ["ict-1", "ict-1"]


@pytest.mark.parametrize(
    "name",
    ["client_secret", "access_token", "Authorization", "email", "customerEmail", "e_mail", "body", "raw_body", "Cookie",
     "X-Body-Signature", "password"],
)  # fmt: skip
def test_a_fact_whose_name_speaks_of_a_secret_or_a_person_is_dropped(lines: Lines, name: str) -> None:
    log.info("event", **{name: "planted"})
    assert "planted" not in json.dumps(lines())


@pytest.mark.parametrize(
    "value",
    [
        "anna@example.com",
        "no customer has anna@example.com, sorry",
        "mailto:anna+shop@example.co.uk?subject=x",
        ["anna@example.com"],
        ("x", {"who": {"anna@example.com"}}),
        {"deep": {"deeper": "<anna@example.com>"}},
        ValueError("bad customer anna@example.com"),
    ],
)
def test_an_address_in_any_value_is_masked(lines: Lines, value: object) -> None:
    log.info("event", what=value)
    assert "anna" not in json.dumps(lines())


def test_an_address_in_the_event_itself_is_masked(lines: Lines) -> None:
    logging.getLogger("a.library").warning("no such user: %s", "anna@example.com")
    assert lines()[0]["event"] == "no such user: ***@***"


@pytest.mark.parametrize("value", ["Bearer abcDEF-123.x", "authorization: basic dXNlcjpwYXNz"])
def test_credentials_in_a_value_are_masked(lines: Lines, value: str) -> None:
    log.info("event", header=value)
    assert not [secret for secret in ("DEF-123", "dXNlcjpwYXNz") if secret in json.dumps(lines())]


def test_prose_is_not_taken_for_credentials(lines: Lines) -> None:
    log.info("event", what="see Basic information.")
    assert lines()[0]["what"] == "see Basic information."


def test_a_traceback_is_kept_and_masked(lines: Lines) -> None:
    try:
        raise LookupError("anna@example.com")
    except LookupError:
        log.exception("it.broke")
        logging.getLogger("a.library").exception("so did this")
    ours, theirs = lines()
    for line in (ours, theirs):
        assert "LookupError: ***@***" in line["exception"]


def test_facts_that_a_library_adds_pass_the_same_net(lines: Lines) -> None:
    logging.getLogger("a.library").warning("sent", extra={"api_token": "planted", "attempt": 2})
    (line,) = lines()
    assert line["attempt"] == 2
    assert "planted" not in json.dumps(line)


def test_plain_facts_keep_their_types(lines: Lines) -> None:
    log.info("event", ok=True, nothing=None, ms=1.5, count=3, ids=["a", "b"])
    (line,) = lines()
    assert (line["ok"], line["nothing"], line["ms"], line["count"], line["ids"]) == (True, None, 1.5, 3, ["a", "b"])


def test_less_serious_events_than_asked_for_are_left_out(lines: Lines) -> None:
    logging.getLogger().setLevel("WARNING")
    log.info("event")
    assert lines() == []


def test_the_console_form_is_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    config = logs.logging_config(level="info", form="console")
    formatter = structlog.stdlib.ProcessorFormatter(
        **{k: v for k, v in config["formatters"]["events"].items() if k != "()"}
    )
    record = logging.LogRecord("a.library", logging.INFO, "", 0, "hello %s", ("anna@example.com",), None)
    shown = formatter.format(record)
    assert "hello ***@***" in shown
    assert not shown.startswith("{")


def test_outside_of_a_request_every_correlation_id_is_a_new_one() -> None:
    structlog.contextvars.clear_contextvars()
    assert logs.correlation_id() != logs.correlation_id()
