"""What the operator decides about web pages alone."""

from __future__ import annotations

from sync.environment import Variable, optional, url

OAUTH_URL = Variable(
    name="INTERCOM_OAUTH_URL",
    meaning="where people meet Intercom, instead of its own hosts for each region: for a stand-in",
    fix="Leave it unset, unless a stand-in plays Intercom",
    parse=optional(url),
    default="",
)
