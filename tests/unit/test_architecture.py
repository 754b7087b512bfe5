"""Who may import whom, and what pure code may not do. The contracts stand in pyproject.toml."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
IMPORT_LINTER: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
CONTRACTS: dict[str, dict[str, Any]] = {contract["id"]: contract for contract in IMPORT_LINTER["contracts"]}
PACKAGES = {init.parent.name for init in ROOT.glob("*/__init__.py")}

# Reading the clock or the disk without importing anything that the contract "pure" forbids.
IMPURE_CALLS = {"open", "print", "input", "now", "utcnow", "today", "read_text", "read_bytes", "write_text"}


def lint_imports(house: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=house,
        env=os.environ | {"PYTHONPATH": str(house), "PYTHONIOENCODING": "utf-8", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=60,
    )


def files_of(module: str) -> list[Path]:
    path = ROOT.joinpath(*module.split("."))
    return sorted(path.rglob("*.py")) if path.is_dir() else [path.with_suffix(".py")]


def test_every_import_contract_is_kept() -> None:
    ended = lint_imports(ROOT)
    assert ended.returncode == 0, ended.stdout + ended.stderr


BROKEN = [
    ("commerce.clocked", "import time", "pure"),
    ("canvas_app.canvas.screens.asking", "import clients.wire.http", "pure"),
    ("clients.upward", "import canvas_app.settings", "one-way"),
    ("sandbox.knowing", "import sync", "sandbox"),
    ("canvas_app.calling", "import requests", "wires"),
    ("clients.serving", "import flask", "web"),
    ("commerce.tested", "import tests", "tests"),
]


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What is said below the name of each broken contract, in a house in which all are broken."""
    house = tmp_path_factory.mktemp("house")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, house / package, ignore=shutil.ignore_patterns("__pycache__", "static"))
    shutil.copy(ROOT / "pyproject.toml", house)
    for module, line, _ in BROKEN:
        house.joinpath(*module.split(".")).with_suffix(".py").write_text(line + "\n")
    ended = lint_imports(house)
    assert ended.returncode == 1
    _, *named = re.split(r"^(.+)\n-+\n", ended.stdout.partition("Broken contracts")[2], flags=re.MULTILINE)
    return dict(zip(named[::2], named[1::2], strict=True))


@pytest.mark.parametrize(("module", "line", "contract"), BROKEN)
def test_a_broken_contract_is_noticed(findings: dict[str, str], module: str, line: str, contract: str) -> None:
    assert f"{module} -> {line.removeprefix('import ')} (l.1)" in findings[CONTRACTS[contract]["name"]]


def test_every_package_has_its_place_in_the_layers() -> None:
    placed = {name.strip() for layer in CONTRACTS["one-way"]["layers"] for name in layer.split("|")}
    assert placed == set(IMPORT_LINTER["root_packages"]) == PACKAGES


@pytest.mark.parametrize("module", CONTRACTS["pure"]["source_modules"])
def test_pure_code_reads_neither_the_clock_nor_the_disk(module: str) -> None:
    impure = [
        f"{file.relative_to(ROOT)}:{call.lineno}"
        for file in files_of(module)
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and _called(call) in IMPURE_CALLS
    ]
    assert impure == []


def _called(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


@pytest.mark.parametrize("package", sorted({"canvas_app", "clients", "commerce", "sync"}))
def test_the_environment_is_read_by_entry_points_alone(package: str) -> None:
    readers = [
        str(file.relative_to(ROOT))
        for file in files_of(package)
        if ("os.environ" in (text := file.read_text(encoding="utf-8")) or "getenv" in text)
        and file.name != "__main__.py"
        and "\nif __name__ == " not in text
    ]
    assert readers == []
