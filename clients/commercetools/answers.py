"""What came back over HTTP, and what its errors are called.

https://docs.commercetools.com/api/errors
"""

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


def codes_of(body: object) -> tuple[str, ...]:
    """The codes of REST (`errors[].code`), GraphQL (`errors[].extensions.code`) and OAuth (`error`)."""
    if not isinstance(body, dict):
        return ()
    errors = body.get("errors")
    found = [code_of(error) for error in errors] if isinstance(errors, list) else []
    return tuple(dict.fromkeys(code for code in (*found, body.get("error")) if isinstance(code, str) and code))


def code_of(error: object) -> str | None:
    """The code of one entry of `errors`."""
    if not isinstance(error, dict):
        return None
    extensions = error.get("extensions")
    code = (extensions.get("code") if isinstance(extensions, dict) else None) or error.get("code")
    return code if isinstance(code, str) else None


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait, by `Retry-After`, else `X-RateLimit-Reset`, else `RateLimit-Reset`; the names are lower-case."""
    for name in ("retry-after", "x-ratelimit-reset", "ratelimit-reset"):
        try:
            seconds = float(headers.get(name, ""))
        except ValueError:
            continue
        if 0 <= seconds < 86_400:  # larger is a point in time, and NaN is no number
            return seconds
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
