"""The way from the simulator into the product's settings and console: a one-time link, as an operator makes it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from flask import Blueprint, redirect
from werkzeug.wrappers import Response as AnyResponse

from sandbox.inbox.conditions import NotSwitched
from sandbox.process import ROOT

PATIENCE_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class ConsoleDoor:
    """`python -m sync console-link` in the demo's own `directory`, with the environment of its product."""

    environment: Mapping[str, str] = field(repr=False)
    directory: Path

    def link(self) -> str:
        """A fresh one; it lets one browser in, once. Raises `NotSwitched`."""
        command = [sys.executable, "-m", "sync", "console-link", "--json"]
        try:
            made = subprocess.run(
                command,
                cwd=self.directory,
                env={**self.environment, "PYTHONPATH": str(ROOT)},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=PATIENCE_S,
                check=True,
            )
            return str(json.loads(made.stdout)["link"])
        except (subprocess.SubprocessError, ValueError, KeyError) as error:
            raise NotSwitched(f"no link could be made ({type(error).__name__})") from error


def console_pages(door: ConsoleDoor) -> Blueprint:
    """`GET console`: whoever clicks is led in."""
    pages = Blueprint("console_door", __name__)

    @pages.get("/console")
    def enter() -> AnyResponse:
        return redirect(door.link())

    return pages
