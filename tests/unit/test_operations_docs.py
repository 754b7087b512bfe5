"""docs/operations.md says what the code does: its tables are the code's own, and every log event has its row."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from canvas_app.metrics import Metrics
from canvas_app.settings import VARIABLES as WEB
from sync.environment import Variable
from sync.settings import VARIABLES as SYNC

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


def table(name: str) -> str:
    """The table between `<!-- name -->` and `<!-- /name -->`."""
    found = re.search(rf"<!-- {name} -->\n(.*)<!-- /{name} -->", PAGE, re.DOTALL)
    assert found, f"no table {name}"
    return found[1]


def environment_row(variable: Variable[object]) -> str:
    needed = {None: "**must be set**", "": "not set"}.get(variable.default, f"`{variable.default}`")
    readers = [reader for reader, read in (("web", WEB), ("sync", SYNC)) if variable in read]
    return f"| `{variable.name}` | {variable.meaning} | {needed} | {', '.join(readers)} |\n"


def metric_rows() -> Iterator[str]:
    """Our own metrics, without the process's."""
    metrics = Metrics()
    for family in metrics.registry.collect():
        if not family.name.startswith("process_"):
            name = family.name + ("_total" if family.type == "counter" else "")
            yield f"| `{name}` | {family.type} | {family.documentation} |\n"


def logged_events() -> Iterator[str]:
    """The name of every event that the product logs: the first argument of `log.<level>("...")`."""
    for package in ("canvas_app", "clients", "sync"):
        for file in (ROOT / package).rglob("*.py"):
            for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                match call:
                    case ast.Call(
                        func=ast.Attribute(
                            value=ast.Name(id="log") | ast.Attribute(attr="log"),
                            attr="debug" | "info" | "warning" | "error" | "exception",
                        ),
                        args=[ast.Constant(value=str(event)), *_],
                    ):
                        yield event
                    case _:
                        pass


def test_the_environment_table_is_the_codes_own() -> None:
    variables = (*WEB, *(variable for variable in SYNC if variable not in WEB))
    expected = "| name | meaning | default | read by |\n|---|---|---|---|\n" + "".join(map(environment_row, variables))
    assert table("environment") == expected


def test_the_metrics_table_is_the_codes_own() -> None:
    assert table("metrics") == "| name | type | meaning |\n|---|---|---|\n" + "".join(metric_rows())


EVENTS = sorted(set(logged_events()))


def test_the_events_are_found_in_the_code() -> None:
    assert {"http.answered", "readiness.neighbour_failing"} <= set(EVENTS)


@pytest.mark.parametrize("event", EVENTS)
def test_every_log_event_says_what_it_means(event: str) -> None:
    assert f"\n| `{event}` |" in PAGE


def test_no_event_is_explained_that_is_never_logged() -> None:
    explained = re.findall(r"^\| `([a-z_]+\.[a-z_]+)` \|", PAGE, re.MULTILINE)
    assert sorted(explained) == EVENTS
