from __future__ import annotations

import string
from collections.abc import Iterable
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir

import canvas_app
from canvas_app.words.catalogues import LANGUAGES, catalogue, words_of

SOURCE = Path(canvas_app.__file__).parent
KEYWORDS = {"t": None, "msg": None, "n": (1, 2)}


def _used() -> dict[str, tuple[str, ...]]:
    """Every text that the code shows, by its msgid, with its plural when it counts."""
    found = extract_from_dir(SOURCE, method_map=[("**.py", "python")], keywords=KEYWORDS)
    texts = [_forms(message) for _, _, message, _, _ in found]
    return {forms[0]: forms for forms in texts}


def _written(of: Catalog) -> dict[str, tuple[str, ...]]:
    """The translations of a catalogue: every form of every msgid."""
    return {_forms(message.id)[0]: _forms(message.string) for message in of if message.id}


def _forms(text: str | Iterable[str] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ())


USED = _used()


def _placeholders(text: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_holds_exactly_the_texts_that_the_code_shows(language: str) -> None:
    assert set(_written(catalogue(language))) == set(USED)


def test_every_text_has_its_german() -> None:
    assert [msgid for msgid, forms in _written(catalogue("de")).items() if not all(forms)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_only_a_guess(language: str) -> None:
    assert [message.id for message in catalogue(language) if message.fuzzy and message.id] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_placeholders_of_its_source(language: str) -> None:
    differing = [
        msgid
        for msgid, translated in _written(catalogue(language)).items()
        if any(form and _placeholders(form) != _placeholders(source) for form in translated for source in USED[msgid])
    ]
    assert differing == []


def test_english_is_its_own_source() -> None:
    assert all(form in ("", *USED[msgid]) for msgid, forms in _written(catalogue("en")).items() for form in forms)


def test_a_text_is_shown_in_the_language_asked_for() -> None:
    assert (words_of("en").t("Cancelled"), words_of("de").t("Cancelled")) == ("Cancelled", "Storniert")


def test_a_count_chooses_its_form() -> None:
    german = words_of("de")
    forms = [german.n("{count} order", "{count} orders", count, count=str(count)) for count in (0, 1, 2)]
    assert forms == ["0 Bestellungen", "1 Bestellung", "2 Bestellungen"]


def test_a_value_is_never_read_as_a_text_of_ours() -> None:
    assert words_of("de").n("{count} order", "{count} orders", 2, count="{count.__class__}") == (
        "{count.__class__} Bestellungen"
    )


def test_a_language_without_a_catalogue_is_refused() -> None:
    with pytest.raises(FileNotFoundError):
        words_of("tlh")
