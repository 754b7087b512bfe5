"""Bodies of requests, read whole or not at all: signatures are over every byte."""

from __future__ import annotations

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge


def whole_body(most: int) -> bytes:
    """Raises `RequestEntityTooLarge` for more than `most` bytes."""
    request.max_content_length = most + 1  # of a body whose length nobody announced, the rest is cut off silently
    body = request.get_data(cache=False)
    if len(body) > most:
        raise RequestEntityTooLarge
    return body
