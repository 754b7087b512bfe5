"""The way from the panel to the page of an order: a signed link for one admin of one workspace, good for ten minutes.

It holds ids, and how the contact of the conversation is joined to the order. What stands in the order is read when the
page is opened, by whom the link names and by nobody else: who merely has the link has nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from canvas_app.canvas.found import MatchedBy, Relation
from canvas_app.canvas.visit import OrderPage
from sync.signing import TokenForged, Tokens
from sync.storage.installed import installation_id

LASTS: Final = timedelta(minutes=10)

_ADMIN_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLink:
    """Which order, for which admin of which workspace. `matched_by`: see `Sight.of`."""

    workspace_id: str
    admin_id: str
    order_id: str
    relation: Relation
    matched_by: MatchedBy | None

    @property
    def installation(self) -> str:
        return installation_id(self.workspace_id)


class OrderLinks:
    """Makes and reads them. `public_url`: where browsers find the pages. Thread-safe."""

    def __init__(self, keys: Sequence[str], *, public_url: str, now: Callable[[], datetime]) -> None:
        self._tokens = Tokens(keys, purpose="order")
        self._public_url = public_url
        self._now = now

    def of(self, workspace_id: str, admin_id: str) -> OrderPage:
        """All those of one teammate."""

        def url(order_id: str, relation: Relation, matched_by: MatchedBy | None) -> str | None:
            return self.url(
                OrderLink(
                    workspace_id=workspace_id,
                    admin_id=admin_id,
                    order_id=order_id,
                    relation=relation,
                    matched_by=matched_by,
                )
            )

        return url

    def url(self, link: OrderLink) -> str | None:
        """The address of the page; None for an admin whose id cannot be one, so that no link leads nowhere."""
        if not _ADMIN_ID.fullmatch(link.admin_id):
            return None
        content = {
            "workspace": link.workspace_id,
            "admin": link.admin_id,
            "order": link.order_id,
            "relation": link.relation.value,
            "by": link.matched_by.value if link.matched_by else "",
        }
        return f"{self._public_url}/orders/{self._tokens.sign(content, expires=self._now() + LASTS)}"

    def read(self, token: str) -> OrderLink:
        """Raises `TokenForged`, `TokenExpired`."""
        content = self._tokens.read(token, now=self._now())
        try:
            return OrderLink(
                workspace_id=content["workspace"],
                admin_id=content["admin"],
                order_id=content["order"],
                relation=Relation(content["relation"]),
                matched_by=MatchedBy(content["by"]) if content["by"] else None,
            )
        except (KeyError, ValueError) as error:  # of another release
            raise TokenForged from error
