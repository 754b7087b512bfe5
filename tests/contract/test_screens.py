"""Every screen of the panel is valid by Intercom's own description of a canvas, in every language."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from canvas_app.canvas.components import Canvas
from canvas_app.words.catalogues import LANGUAGES
from tests.gallery import a_look, every_screen

SCHEMAS = ("canvas-initialize-response.schema.json", "canvas-submit-response.schema.json")


@pytest.fixture(scope="module", params=SCHEMAS)
def problems(request: pytest.FixtureRequest, contract: Callable[[str], Path]) -> Callable[[Canvas], list[str]]:
    """What is wrong with a canvas, by one of the two descriptions."""
    spec = importlib.util.spec_from_file_location("contracts_check", contract("check.py"))
    assert spec is not None
    assert spec.loader is not None
    check = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(check)
    canvases = check.Canvases(contract(request.param))

    def found(canvas: Canvas) -> list[str]:
        wrong: list[str] = canvases.problems(json.loads(canvas.to_json()))
        return wrong

    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("allowed", [True, False], ids=["everything allowed", "nothing allowed"])
def test_every_screen_is_a_valid_canvas(language: str, allowed: bool, problems: Callable[[Canvas], list[str]]) -> None:
    look = a_look(language) if allowed else a_look(language, fields=())
    wrong = {name: found for name, canvas in every_screen(look) if (found := problems(canvas))}
    assert wrong == {}
