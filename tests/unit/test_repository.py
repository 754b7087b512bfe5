"""What is committed: installable from anywhere, and explained by make itself."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Written so that this file does not hold them itself.
REGISTRY_HOSTS = [
    f"{name}.{ending}"
    for name, ending in [
        ("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"), ("deb.debian", "org"),
    ]
]  # fmt: skip
LOCK_FILES = ("requirements.lock.txt", "requirements-dev.lock.txt")


def committed_files() -> list[Path]:
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        pytest.skip("this is no git work tree")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def test_no_committed_file_names_a_package_registry() -> None:
    naming = [
        f"{path.relative_to(ROOT)}: {host}"
        for path in committed_files()
        for host in REGISTRY_HOSTS
        if host.encode() in path.read_bytes()
    ]
    assert naming == []


@pytest.mark.parametrize("name", LOCK_FILES)
def test_a_lock_file_holds_pinned_packages_and_no_options(name: str) -> None:
    lines = (ROOT / name).read_text().splitlines()
    unexpected = [
        line for line in lines if line and not re.match(r"#|    #|    --hash=sha256:|[a-z0-9-]+==\S+ \\$", line)
    ]
    assert unexpected == []


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_every_direct_dependency_is_pinned_with_its_reason_and_locked(name: str) -> None:
    locked = (ROOT / f"{name}.lock.txt").read_text()
    for line in (ROOT / f"{name}.txt").read_text().splitlines():
        if line.startswith(("#", "-r ")):
            continue
        package = re.fullmatch(r"([A-Za-z0-9-]+)==(\S+) +# \S.*", line)
        assert package, line
        assert f"\n{package[1].lower()}=={package[2]} \\" in locked, line


def imported(*packages: str, among: set[str]) -> set[str]:
    """Which of these top-level names the packages import, wherever they do. Only what holds such a word is parsed."""
    files = [file for name in packages for file in (ROOT / name).rglob("*.py")]
    suspects = [text for file in files if not among.isdisjoint(re.findall(r"\w+", text := file.read_text("utf-8")))]
    nodes = [node for text in suspects for node in ast.walk(ast.parse(text))]
    plain = {alias.name.partition(".")[0] for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return among & (
        plain | {(node.module or "").partition(".")[0] for node in nodes if isinstance(node, ast.ImportFrom)}
    )


def required(*files: str) -> set[str]:
    lines = [line for name in files for line in (ROOT / name).read_text().splitlines()]
    return {_normal(line.partition("==")[0]) for line in lines if "==" in line}


def _normal(distribution: str) -> str:
    return distribution.lower().replace("_", "-")


@pytest.mark.parametrize(
    ("packages", "files"),
    [
        (("canvas_app", "clients", "commerce", "sync"), ("requirements.txt",)),
        (("sandbox", "benchmarks", "tests"), ("requirements.txt", "requirements-dev.txt")),
    ],
    ids=["what ships", "what does not"],
)
def test_what_is_imported_is_required_by_name(packages: tuple[str, ...], files: tuple[str, ...]) -> None:
    named = required(*files)
    unnamed = {
        name
        for name, distributions in packages_distributions().items()
        if name not in sys.stdlib_module_names and named.isdisjoint(_normal(each) for each in distributions)
    }
    assert imported(*packages, among=unnamed) == set()


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    for name in ("Makefile", *LOCK_FILES):
        shutil.copy(ROOT / name, folder)
    # Not as a part of the make that may be running these tests.
    environ = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(
        ["make", *arguments], cwd=folder, env=environ, capture_output=True, text=True, timeout=30, check=False
    )


def test_make_alone_teaches_every_command(tmp_path: Path) -> None:
    commands = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert commands
    shown = make(tmp_path).stdout
    assert [command for command in commands[1].split() if f"  make {command} " not in shown] == []


def test_make_says_when_there_is_no_such_python(tmp_path: Path) -> None:
    ended = make(tmp_path, "test", "PYTHON=no-such-python")
    assert ended.returncode != 0
    assert "There is no 'no-such-python' here" in ended.stdout


def test_make_says_when_python_is_too_old(tmp_path: Path) -> None:
    old = tmp_path / "python-from-long-ago"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo Python 3.9.18\nexit 1\n')
    old.chmod(0o755)
    ended = make(tmp_path, "test", f"PYTHON={old}")
    assert ended.returncode != 0
    assert "is Python 3.9.18, and 3.11 is the oldest that will do" in ended.stdout
