"""Which hosts credentials may be sent to."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit


def host_url_problem(value: str, *, example: str) -> str | None:
    """What is wrong with the URL of a platform's host, in words; None when nothing is.

    The host comes from configuration and requests carry credentials: https only, except to
    this machine itself, and nothing in the URL that would send them elsewhere.
    """
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "is not a URL"
    if parts.scheme not in ("https", "http") or not host or not value.isascii() or re.search(r"[\s\\]", value):
        return f"must be a URL like {example}"
    if parts.username is not None or parts.password is not None:
        return "must not hold a user name or password"
    if parts.query or parts.fragment or "?" in value or "#" in value or parts.path not in ("", "/"):
        return "must end after the host: no path, no query"
    if parts.scheme == "http" and not is_loopback(host):
        return "must begin with https://"
    return None


def is_loopback(host: str) -> bool:
    """Whether `host` is this machine: `localhost`, 127.0.0.0/8 or ::1."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
