"""Which SQS queue to ask, and with whose credentials."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Self
from urllib.parse import urlsplit

_REGION: Final = re.compile(r"(?:sqs\.)?([a-z]{2}(?:-[a-z]+)+-[0-9])(?:\.queue)?\.amazonaws\.com(?:\.cn)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class SqsSettings:
    """What is None is looked for by Amazon's own library: roles, profiles, containers, its files.

    `endpoint_url`: where to ask instead of Amazon's own address.
    """

    queue_url: str
    region: str | None = None
    endpoint_url: str | None = None
    profile: str | None = None
    access_key_id: str | None = None
    secret_access_key: str | None = field(default=None, repr=False)
    session_token: str | None = field(default=None, repr=False)

    @classmethod
    def of(cls, queue_url: str, environ: Mapping[str, str]) -> Self:
        """With Amazon's own variables: https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html"""

        def first(*names: str) -> str | None:
            return next((value for name in names if (value := environ.get(name, "").strip())), None)

        return cls(
            queue_url=queue_url,
            region=region_of(queue_url) or first("AWS_REGION", "AWS_DEFAULT_REGION"),
            endpoint_url=first("AWS_ENDPOINT_URL_SQS", "AWS_ENDPOINT_URL"),
            profile=first("AWS_PROFILE"),
            access_key_id=first("AWS_ACCESS_KEY_ID"),
            secret_access_key=first("AWS_SECRET_ACCESS_KEY"),
            session_token=first("AWS_SESSION_TOKEN"),
        )


def region_of(queue_url: str) -> str | None:
    """What the address says itself."""
    found = _REGION.fullmatch(urlsplit(queue_url).hostname or "")
    return found[1] if found else None
