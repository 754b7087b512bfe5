"""A part of the product as a process of its own, with its log in a file."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent
LAST_LINES: Final = 25


class ProcessFailed(Exception):
    """A process did not start or did not stay up; the text ends with the last lines of its log."""


class Process:
    """A process group of our own. `name` is what the person at the terminal calls it."""

    def __init__(self, name: str, popen: subprocess.Popen[bytes], log: Path) -> None:
        self.name = name
        self.log = log
        self._popen = popen

    @classmethod
    @contextmanager
    def running(
        cls, name: str, command: Sequence[str], *, environment: Mapping[str, str], log: Path, stop_limit_s: float
    ) -> Iterator[Process]:
        """Running until the block ends; then asked to stop, and killed if it does not within `stop_limit_s`.

        It works in the log's directory, not in the project's: a .env that lies there holds a real shop's credentials.
        """
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as output:
            popen = subprocess.Popen(
                command,
                cwd=log.parent,
                env={**environment, "PYTHONPATH": str(ROOT)},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # a Ctrl-C in the terminal is for us, who stop it in good order
            )
        try:
            yield cls(name, popen, log)
        finally:
            _stop(popen, stop_limit_s)

    @property
    def pid(self) -> int:
        return self._popen.pid

    @property
    def status(self) -> int | None:
        """Its exit status; None while it runs."""
        return self._popen.poll()

    def raise_if_ended(self) -> None:
        """Raise `ProcessFailed` with the end of the log when the process is gone."""
        status = self.status
        if status is not None:
            raise ProcessFailed(
                f"The {self.name} ended with status {status}. Its last lines:\n{last_lines(self.log, LAST_LINES)}"
            )


def last_lines(log: Path, count: int) -> str:
    """The end of a log, indented."""
    lines = log.read_text(errors="replace").splitlines()[-count:] if log.exists() else []
    return "\n".join(f"  {line}" for line in lines) or "  (none)"


def _stop(popen: subprocess.Popen[bytes], limit_s: float) -> None:
    if popen.poll() is None:
        popen.terminate()
        try:
            popen.wait(limit_s)
        except subprocess.TimeoutExpired:
            os.killpg(popen.pid, signal.SIGKILL)  # and whatever it started in its group
            popen.wait()
