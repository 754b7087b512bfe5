"""An app as its owner has filled it in at the Developer Hub."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Self

from clients.intercom.notifications import TOPICS

FORCED_SCOPES: Final = ("Read and list users and companies", "Read conversations", "Read admins", "Gather App data")
"""Every Canvas Kit app gets these, and cannot do without them."""
OUR_SCOPES: Final = (
    *FORCED_SCOPES,
    "Read one admin",
    "Read one user and one company",
    "Write users and companies",
    "Read tags",
    "Write tags",
    "Write events",
    "Write data attributes",
    "Write conversations",
)
"""As docs/install.md lists them, with the reason for each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """`redirect_urls`: the first is the default. `install_url`: the listing's button leads there.

    An empty `uninstall_url`, `health_url` or `webhook_url` is a field that was left empty.
    """

    name: str
    client_id: str
    client_secret: str = field(repr=False)
    redirect_urls: tuple[str, ...]
    install_url: str
    uninstall_url: str = ""
    health_url: str = ""
    webhook_url: str = ""
    topics: frozenset[str] = frozenset()
    scopes: tuple[str, ...] = FORCED_SCOPES

    @classmethod
    def of_product(cls, public_url: str, *, client_id: str, client_secret: str) -> Self:
        """Our own, with the product at `public_url`."""
        return cls(
            name="commercetools",
            client_id=client_id,
            client_secret=client_secret,
            redirect_urls=(f"{public_url}/oauth/callback",),
            install_url=f"{public_url}/install",
            uninstall_url=f"{public_url}/intercom/uninstall",
            health_url=f"{public_url}/intercom/health",
            webhook_url=f"{public_url}/intercom/webhooks",
            topics=frozenset(TOPICS),
            scopes=OUR_SCOPES,
        )

    def redirect_url(self, asked: str | None) -> str | None:
        """Where the browser is sent with the code; None when that was not registered."""
        if not asked:
            return self.redirect_urls[0]
        return asked if asked in self.redirect_urls else None
