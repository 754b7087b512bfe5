"""In continuous integration a skipped browser or contract test fails the run; elsewhere it does not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ci_rules import in_ci

ROOT = Path(__file__).parents[2]
SKIPPED = "import pytest\n@pytest.mark.skip(reason='no browser')\ndef test_it(): ...\ndef test_more(): ...\n"
SKIPPED_WHOLE = "import pytest\npytest.skip('no browser', allow_module_level=True)\n"
EXPECTED_FAILURE = "import pytest\n@pytest.mark.xfail\ndef test_it(): assert False\n"


def run(folder: Path, *, kind: str, test: str, ci: str) -> subprocess.CompletedProcess[str]:
    """One small suite with one file in tests/<kind>, run as `make test` runs ours, without the plugins."""
    (folder / "tests" / kind).mkdir(parents=True)
    (folder / "tests" / kind / "test_it.py").write_text(test)
    (folder / "pytest.ini").touch()
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "tests.ci_rules",
            "-p",
            "no:cacheprovider",
            "--import-mode=importlib",
            "-q",
        ],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "CI": ci},
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize("kind", ["e2e", "contract"])
def test_a_skipped_browser_or_contract_test_fails_the_run_and_is_named(tmp_path: Path, kind: str) -> None:
    ended = run(tmp_path, kind=kind, test=SKIPPED, ci="true")
    assert ended.returncode == 1
    assert f"  tests/{kind}/test_it.py::test_it" in ended.stdout


def test_a_file_that_skips_itself_fails_the_run(tmp_path: Path) -> None:
    assert run(tmp_path, kind="e2e", test=SKIPPED_WHOLE, ci="true").returncode == 1


def test_another_kind_of_test_may_be_skipped(tmp_path: Path) -> None:
    assert run(tmp_path, kind="unit", test=SKIPPED, ci="true").returncode == 0


def test_an_expected_failure_is_no_skip(tmp_path: Path) -> None:
    assert run(tmp_path, kind="e2e", test=EXPECTED_FAILURE, ci="true").returncode == 0


def test_on_a_developers_machine_a_skip_is_fine(tmp_path: Path) -> None:
    assert run(tmp_path, kind="e2e", test=SKIPPED, ci="").returncode == 0


@pytest.mark.parametrize(
    ("value", "expected"), [("true", True), ("1", True), ("", False), ("false", False), ("0", False)]
)
def test_ci_is_what_the_usual_services_say(value: str, expected: bool) -> None:
    assert in_ci({"CI": value}) is expected


def test_without_the_variable_it_is_no_ci() -> None:
    assert not in_ci({})
