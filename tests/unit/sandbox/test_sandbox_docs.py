"""docs/sandbox.md names every act and everything that it takes."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from sandbox.shop.acts import ACTS

ROWS = [
    line.split("|")[1:3]
    for line in (Path(__file__).parents[3] / "docs" / "sandbox.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| `")
]
TOLD = {name: set(re.findall(r"`(\w+)`", takes)) for acts, takes in ROWS for name in re.findall(r"`(\w+)`", acts)}


def test_every_act_is_told() -> None:
    assert set(TOLD) == set(ACTS)


@pytest.mark.parametrize("name", ACTS)
def test_what_an_act_takes_is_told(name: str) -> None:
    assert set(inspect.signature(ACTS[name]).parameters) - {"act"} <= TOLD[name]
