"""The mapping as text, with its faults line by line and a preview of it on a real customer."""

from __future__ import annotations

import hashlib
from typing import Final

from flask import Blueprint, Response, request

from canvas_app.install.desk import Described
from canvas_app.install.settings.changing import connected, described, editable, noted
from canvas_app.install.settings.previews import Shown, shown_for
from canvas_app.mapping import Fault, MappingError, parse_mapping
from canvas_app.pages.rendering import go_to, render
from canvas_app.pages.site import site
from sync.mapping.reading import parse_sync_mapping
from sync.storage.installed import save_mapping

MOST_LETTERS: Final = 200_000
_ANY_KEY: Final = b"only to check the mapping"
_OVERTAKEN: Final = (
    "Somebody else saved the mapping meanwhile. Your text is below, not saved: save again to replace theirs."
)


def register(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/mapping", "mapping", _show)
    blueprint.add_url_rule("/mapping", "mapping_save", _save, methods=["POST"])
    blueprint.add_url_rule("/mapping/preview", "mapping_preview", _preview, methods=["GET", "POST"])


def _show() -> Response:
    at = described()
    return _page(at, at.mapping, faults_of(at.mapping))


def _page(
    at: Described,
    text: str,
    faults: tuple[Fault, ...],
    *,
    base: str | None = None,
    whom: str = "",
    previews: tuple[Shown, ...] | None = None,
    trouble: str | None = None,
    status: int = 200,
) -> Response:
    """`base`: the version that the text was made from. `previews`: None when none was asked for."""
    lines = text.splitlines()
    return render(
        "settings/mapping.html",
        status,
        at=at,
        text=text,
        base=base or version_of(at.mapping),
        faults=tuple((fault, lines[fault.line - 1] if 0 < fault.line <= len(lines) else "") for fault in faults),
        whom=whom,
        previews=previews,
        trouble=trouble,
        is_changed=text != at.mapping,
    )


def _save() -> Response:
    at, text = editable(), _text()
    if faults := faults_of(text):
        return _page(at, text, faults, base=request.form.get("base"), status=422)
    if request.form.get("base") != version_of(at.mapping):
        trouble = (
            "Somebody else saved the mapping meanwhile. Your text is below, not saved: save again to replace theirs."
        )
        return _page(at, text, (), trouble=trouble, status=409)
    with site().storage.transaction() as connection:
        save_mapping(connection, at.id, text, now=site().now())
        noted(connection, "mapping_saved", {"version": version_of(text)})
    return go_to("settings.mapping", say="Saved. New changes follow it within seconds; a backfill brings the rest.")


def _preview() -> Response:
    """Of what is in the editor, saved or not. Nothing is sent, and the address holds nothing of whom it is about."""
    if request.method == "GET":  # opened anew, or after signing in again
        return go_to("settings.mapping")
    at, text, whom = connected(), _text(), request.form.get("whom", "").strip()[:200]
    base = request.form.get("base")
    if faults := faults_of(text):
        return _page(at, text, faults, base=base, whom=whom, status=422)
    if not whom:
        return _page(at, text, (), base=base, trouble="Say whose preview you want: an e-mail address or a customer id.")
    previews = shown_for(at.id, text, whom)
    with site().storage.transaction() as connection:
        noted(connection, "preview_shown", {"found": len(previews)})
    return _page(at, text, (), base=base, whom=whom, previews=previews)


def _text() -> str:
    """As a person wrote it: browsers send other line ends."""
    return request.form.get("mapping", "")[:MOST_LETTERS].replace("\r\n", "\n").strip("\n") + "\n"


def faults_of(text: str) -> tuple[Fault, ...]:
    """The panel's and the sync's, in the order of the lines."""
    faults: dict[tuple[int, str, str], Fault] = {}
    for parse in (parse_mapping, _parse_sync):
        try:
            parse(text)
        except MappingError as error:
            faults |= {(fault.line, fault.key, fault.message): fault for fault in error.faults}
    return tuple(faults[key] for key in sorted(faults))


def _parse_sync(text: str) -> object:
    return parse_sync_mapping(text, hash_key=_ANY_KEY)


def version_of(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
