"""How commercetools names what went wrong, and how long it asks to wait.

https://docs.commercetools.com/api/errors
"""

from __future__ import annotations

from collections.abc import Mapping


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
