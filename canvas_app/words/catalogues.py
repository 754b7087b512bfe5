"""Loads the catalogues: `.po` files are read and compiled in memory, so there is nothing to build or commit."""

from __future__ import annotations

from functools import lru_cache
from gettext import GNUTranslations
from importlib.resources import files
from io import BytesIO
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from canvas_app.words import Words

LANGUAGES: Final = ("en", "de")


@lru_cache(maxsize=len(LANGUAGES))
def words_of(language: str) -> Words:
    """The texts in `language`, one of `LANGUAGES`. Raises `FileNotFoundError` for another."""
    compiled = BytesIO()
    write_mo(compiled, catalogue(language))
    compiled.seek(0)
    return Words(language, GNUTranslations(compiled))


def catalogue(language: str) -> Catalog:
    """The catalogue as it is written, with fuzzy and obsolete entries (for tests and translators)."""
    with files("canvas_app.words").joinpath(f"{language}.po").open("rb") as po:
        return read_po(po, locale=language)
