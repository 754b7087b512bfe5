"""What a Pub/Sub push brings, with its own wrapping taken off. Pure.

https://cloud.google.com/pubsub/docs/push#properties_of_a_push_subscription
"""

from __future__ import annotations

import base64
import binascii
import json


def pushed(body: bytes) -> bytes:
    """The message itself. A push without a wrapping, and anything that is none, is returned as it is."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return body
    match content:
        case {"message": {"data": str() as data}, "subscription": str()}:
            try:
                return base64.b64decode(data, validate=True)
            except (binascii.Error, ValueError):
                return body
        case _:
            return body
