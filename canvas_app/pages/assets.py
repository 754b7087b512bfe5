"""The style sheet and the script: few, small, and kept by browsers for as long as they stay the same."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

from flask import Blueprint, Response, abort, url_for

_FOLDER: Final = Path(__file__).with_name("static")
_TYPES: Final = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}

blueprint = Blueprint("assets", __name__, url_prefix="/assets")


def asset_url(name: str) -> str:
    """Where the present version of a file is: another one has another address."""
    return url_for("assets.file", digest=_version(name), name=name)


@blueprint.get("/<digest>/<name>")
def file(digest: str, name: str) -> Response:
    """A file of that version, or the present one for whoever still shows a page of before."""
    if name not in _names():
        abort(404)
    response = Response(_content(name), content_type=_TYPES[Path(name).suffix])
    is_present = digest == _version(name)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if is_present else "no-store"
    return response


@cache
def _names() -> frozenset[str]:
    return frozenset(path.name for path in _FOLDER.iterdir() if path.suffix in _TYPES)


@cache
def _content(name: str) -> bytes:
    return (_FOLDER / name).read_bytes()


@cache
def _version(name: str) -> str:
    return hashlib.sha256(_content(name)).hexdigest()[:12]
