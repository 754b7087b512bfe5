"""A figure counts only if the answers behind it are what they should be."""

from __future__ import annotations

import json
from collections.abc import Sequence

from benchmarks.load import Answered


class Invalid(Exception):
    """What was measured is not what should have been measured; the text says what came instead."""


def check_canvases(answers: Sequence[Answered]) -> None:
    """Raises `Invalid` unless every answer is a canvas."""
    for answer in answers:
        if answer.status != 200 or not answer.body.startswith(b'{"canvas":{"content":'):
            raise Invalid(f"status {answer.status}: {answer.body[:200]!r}")
    if answers:
        json.loads(answers[-1].body)


def check_equal(what: str, value: float, expected: float) -> None:
    """Raises `Invalid` unless both are the same."""
    if value != expected:
        raise Invalid(f"{what}: {value:g} instead of {expected:g}")
