"""docs/panel.md says what agents see in the hard cases; here it is held to the tests that prove it."""

from __future__ import annotations

import ast
import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.commercetools.switches import Switches
from tests.integration.panel import shapes

HERE = Path(__file__).parent
PAGE = HERE.parents[2] / "docs" / "panel.md"
_CELLS = re.compile(r"(?<!\\)\|")
_QUOTED = re.compile(r"`([^`]+)`")


def rows(section: str) -> list[list[str]]:
    """The cells of every row of every table in a section, without heads and rules."""
    text = PAGE.read_text(encoding="utf-8").partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    lines = [line for line in text.splitlines() if line.startswith("|") and not line.startswith("|---")]
    cells = [[cell.strip().replace("\\|", "|") for cell in _CELLS.split(line)[1:-1]] for line in lines]
    return [row for row in cells if row[-1] != "test" and not row[0].startswith("fact")]


def functions_of(path: Path) -> Iterator[tuple[str, str]]:
    """Names of the tests in a file, each with the words of the test and of the file's constants."""
    source = path.read_text(encoding="utf-8")
    module = ast.parse(source)
    constants = "\n".join(ast.unparse(node) for node in module.body if isinstance(node, ast.Assign))
    for node in module.body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield node.name, f"{_words(node)}\n{constants}"


def _words(node: ast.AST) -> str:
    return "\n".join(str(each.value) for each in ast.walk(node) if isinstance(each, ast.Constant))


ROWS = rows("Hard cases")
TESTS = {name: words for path in sorted(HERE.glob("test_*.py")) for name, words in functions_of(path)}


def test_every_hard_case_is_in_the_table_once() -> None:
    named = [row[2].strip("`") for row in ROWS]
    assert len(named) == len(set(named))
    assert {name for name, _ in functions_of(HERE / "test_hard_cases.py")} - set(named) == set()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_row_names_a_test_that_looks_for_the_very_words(row: list[str]) -> None:
    _, seen, test = row
    words = TESTS[test.strip("`")]
    assert [quoted for quoted in _QUOTED.findall(seen) if quoted not in words] == []


def test_every_unconfirmed_fact_is_a_switch_or_a_shape() -> None:
    facts = {row[1].strip("`") for row in rows("Unconfirmed facts")}
    switches = {field.name for field in dataclasses.fields(Switches)}
    known = {shape.__name__ for shape in shapes.SHAPES} - {"as_documented"}
    assert known <= facts
    assert facts - known - set(TESTS) <= switches
    assert {mark.args[0] for mark in vars(shapes).values() if isinstance(mark, pytest.MarkDecorator)} - {
        "shape"
    } <= facts
