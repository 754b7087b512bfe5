"""What came back over HTTP, whatever its status."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from clients.errors import BadAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A complete HTTP answer of any status. Header names are lower-case."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    def json(self) -> object:
        """The body as JSON, fit to be encoded again. Raises `BadAnswer`."""
        try:
            text = self.body.decode("utf-8")
            value = json.loads(text, parse_constant=_refuse_constant)
            return _without_lone_surrogates(value) if "\\ud" in text or "\\uD" in text else value
        except (ValueError, RecursionError):  # too deep is no JSON that anybody promised
            raise BadAnswer(f"HTTP {self.status}: not JSON", status=self.status) from None

    def json_or_none(self) -> object:
        """The body as JSON, None when it is none: for answers of gateways, which speak HTML."""
        try:
            return self.json()
        except BadAnswer:
            return None


def _refuse_constant(name: str) -> object:
    raise ValueError(name)  # NaN and Infinity are Python's idea, not JSON


def _without_lone_surrogates(value: object) -> object:
    """The same JSON with U+FFFD for halves of surrogate pairs, which no UTF-8 can carry further."""
    if isinstance(value, str):
        return "".join("�" if "\ud800" <= character <= "\udfff" else character for character in value)
    if isinstance(value, list):
        return [_without_lone_surrogates(item) for item in value]
    if isinstance(value, dict):
        return {str(_without_lone_surrogates(name)): _without_lone_surrogates(item) for name, item in value.items()}
    return value
