"""The panel's options and the stores, as a form: they stand in the mapping, which the form changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask import Blueprint, Response, request

from canvas_app.install.settings.changing import described, editable, noted
from canvas_app.install.settings.panel_options import NotChangeable, Value, panel_table, with_options
from canvas_app.mapping import LANGUAGES, MOST_CACHE_SECONDS, Fault, MappingError, PanelOptions, parse_mapping
from canvas_app.pages.rendering import go_to, render
from canvas_app.pages.site import site
from sync.storage.installed import save_mapping

_NAMES: Final = {"en": "English", "de": "Deutsch"}
LANGUAGE_CHOICES: Final = tuple((each, _NAMES.get(each, each)) for each in LANGUAGES)
SWITCHES: Final = (
    ("show_cart", "Show the cart", "What is in the customer's active cart"),
    ("show_lifetime", "Show lifetime value", "What the customer has spent so far, less refunds"),
    (
        "addresses_on_email_match",
        "Show addresses on an e-mail match",
        "Also when only an e-mail address says who the contact is",
    ),
)
_DEFAULTS: Final = PanelOptions()


def register(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/panel", "panel", _show)
    blueprint.add_url_rule("/panel", "panel_save", _save, methods=["POST"])


def _show() -> Response:
    return _page(_held(described().mapping), ())


def _page(values: Mapping[str, object], faults: tuple[Fault, ...], status: int = 200) -> Response:
    return render(
        "settings/panel.html",
        status,
        at=described(),
        values=values,
        faults=faults,
        wrong={fault.key.removeprefix("panel."): fault.message for fault in faults},
        languages=LANGUAGE_CHOICES,
        switches=SWITCHES,
        most_seconds=MOST_CACHE_SECONDS,
    )


def _save() -> Response:
    at = editable()
    wanted = _wanted(request.form)
    try:
        text = with_options(at.mapping, {key: _or_left_out(at.mapping, key, value) for key, value in wanted.items()})
        parse_mapping(text)
    except NotChangeable:
        say = "The mapping is written in a way that this form cannot change. Change it in the editor."
        return go_to("settings.mapping", say=say, tone="warn")
    except MappingError as error:
        return _page(_shown(wanted), error.faults, 422)
    with site().storage.transaction() as connection:
        save_mapping(connection, at.id, text, now=site().now())
        noted(connection, "panel_saved", {"options": sorted(wanted)})
    return go_to("settings.panel", say="Saved. The panel shows it within seconds.")


def _wanted(form: Mapping[str, str]) -> dict[str, Value]:
    stores = [part for part in form.get("stores", "").replace(",", " ").split() if part]
    seconds = form.get("cache_seconds", "").strip()
    return {
        "language": form.get("language", ""),
        "time_zone": form.get("time_zone", "").strip(),
        "cache_seconds": int(seconds) if seconds.isascii() and seconds.isdigit() and len(seconds) < 10 else seconds,
        "stores": stores,
        **{name: name in form for name, _, _ in SWITCHES},
    }


def _or_left_out(mapping: str, key: str, value: Value) -> Value | None:
    """A default need not be written down, unless it is already."""
    is_default = value == _defaults()[key]
    return None if is_default and (key not in panel_table(mapping) or key == "stores") else value


def _defaults() -> dict[str, Value]:
    return {
        "language": _DEFAULTS.language,
        "time_zone": _DEFAULTS.time_zone.key,
        "cache_seconds": _DEFAULTS.cache_seconds,
        "stores": [],
        **{name: bool(getattr(_DEFAULTS, name)) for name, _, _ in SWITCHES},
    }


def _held(mapping: str) -> Mapping[str, object]:
    return _shown({**_defaults(), **{key: value for key, value in panel_table(mapping).items() if key in _defaults()}})


def _shown(values: Mapping[str, object]) -> Mapping[str, object]:
    stores = values["stores"]
    return {**values, "stores": ", ".join(map(str, stores)) if isinstance(stores, list) else stores}
