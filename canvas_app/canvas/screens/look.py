"""What every screen needs beside its facts: language, formats, what agents may see, where the settings are."""

from __future__ import annotations

from dataclasses import dataclass

from canvas_app.canvas.formats import Formats
from canvas_app.mapping import PanelOptions
from canvas_app.words import Words


@dataclass(frozen=True, slots=True)
class Look:
    """`settings_url` is where a workspace admin repairs the set-up; None = only the operator can."""

    words: Words
    formats: Formats
    options: PanelOptions
    settings_url: str | None = None
