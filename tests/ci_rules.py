"""In continuous integration nothing that needs a browser or the vendors' contracts may be skipped.

Elsewhere such a skip names what is missing and is fine. With `CI` set it would be a proof that nobody made, so the run
fails and says which.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

import pytest

MUST_RUN = ("tests/contract/", "tests/e2e/")


def in_ci(environ: Mapping[str, str]) -> bool:
    return environ.get("CI", "").strip().lower() not in ("", "0", "false", "no")


class NoSkips:
    """Remembers what was skipped although it must run, and fails the session for it."""

    def __init__(self) -> None:
        self.skipped: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped and not hasattr(report, "wasxfail"):
            self._remember(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.skipped:
            self._remember(report)

    def _remember(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        if report.nodeid.startswith(MUST_RUN):
            self.skipped.append(report.nodeid)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.skipped:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @pytest.hookimpl(wrapper=True)
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> Iterator[None]:
        if self.skipped:
            terminalreporter.section("skipped although CI is set", red=True)
            terminalreporter.line("Browser and contract tests are proofs; install what they need (see .ci/run):")
            for nodeid in self.skipped:
                terminalreporter.line(f"  {nodeid}")
        yield


def pytest_configure(config: pytest.Config) -> None:
    if in_ci(os.environ):
        config.pluginmanager.register(NoSkips(), "no-skips-in-ci")
