"""What a canvas remembers between two clicks: Canvas Kit's `stored_data`. Pure.

It comes back from a browser, so it is read as something that anybody may have written:
wrong parts are dropped, and whom the screens are about is believed only with our seal on it.
It holds ids and times, no personal data.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final
from uuid import UUID

from itsdangerous import BadSignature, Signer

SCREENS_REMEMBERED: Final = 12
ID_LENGTH: Final = 120
TOTAL_LENGTH: Final = 12
MILLISECONDS: Final = 1_000
_SCREEN: Final = re.compile(
    r"(?:overview|details|cart|search|order|number|orders|guest|pick|customer)(?::[!-~]{1,110})?"
)  # also the id of a way back: nothing that Intercom refuses as an id, no button that screens have already


class Seal:
    """Vouches that a customer was shown for a contact. `keys`: newest first; older ones still open."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._signer = Signer(list(reversed(keys)), salt="panel-memory", digest_method=sha256)

    def of(self, contact_id: str | None, customer: str, searched: bool) -> str:
        return self._signer.get_signature(_sealed(contact_id, customer, searched)).decode()

    def holds(self, seal: object, contact_id: str | None, customer: str, searched: bool) -> bool:
        if not isinstance(seal, str):
            return False
        try:
            self._signer.unsign(_sealed(contact_id, customer, searched) + self._signer.sep + seal.encode())
        except (BadSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class Memory:
    """`screen` and `back` are component ids that draw a screen again. `customer` is the one that the screens are
    about, `searched` when an agent opened them from the search: then they are not the contact. `total` is how
    many orders they have, in words.

    `seen` says when each screen's facts were read as they were last shown, oldest first: no web
    process may show an older copy of that screen afterwards.
    """

    screen: str = "overview"
    back: str = "overview"
    customer: str | None = None
    searched: bool = False
    total: str | None = None
    seen: Mapping[str, datetime] = field(default_factory=dict)

    @classmethod
    def from_stored(cls, stored: Mapping[str, object], *, seal: Seal, contact_id: str | None) -> Memory:
        """Read what came back; whatever is not as we wrote it, for this contact, counts as not there."""
        customer = uuid_or_none(stored.get("customer"))
        searched = stored.get("searched") is True
        if customer and not seal.holds(stored.get("seal"), contact_id, customer, searched):
            customer, searched = None, False
        return cls(
            screen=_screen(stored.get("screen")) or "overview",
            back=_screen(stored.get("back")) or "overview",
            customer=customer,
            searched=searched and customer is not None,
            total=_total(stored.get("total")),
            seen=_seen(stored.get("seen")),
        )

    def to_stored(self, *, seal: Seal, contact_id: str | None) -> dict[str, object]:
        """As it goes out with the canvas, for this contact."""
        stored: dict[str, object] = {
            "screen": self.screen,
            "back": self.back,
            "seen": {screen: int(at.timestamp() * MILLISECONDS) for screen, at in self.seen.items()},
        }
        if self.customer:
            stored["customer"] = self.customer
            stored["searched"] = self.searched
            stored["seal"] = seal.of(contact_id, self.customer, self.searched)
        if self.total:
            stored["total"] = self.total
        return stored

    def showing(self, screen: str, *, read_at: datetime | None = None, back: str | None = None) -> Memory:
        """The memory that goes with `screen`; going from one screen to another remembers the way back."""
        seen = {name: at for name, at in self.seen.items() if name != screen}
        if read_at is not None:
            seen[screen] = read_at
        return replace(
            self,
            screen=screen,
            back=self.back if back is None else back,
            seen=dict(list(seen.items())[-SCREENS_REMEMBERED:]),
        )


def uuid_or_none(value: object) -> str | None:
    """`value` as a canonical UUID, None for anything else: nothing else is ever a commercetools id."""
    if not isinstance(value, str) or len(value) != 36:
        return None
    try:
        return str(UUID(value))
    except ValueError:
        return None


def _sealed(contact_id: str | None, customer: str, searched: bool) -> bytes:
    return json.dumps([contact_id, customer, searched]).encode()


def _screen(value: object) -> str | None:
    return value if isinstance(value, str) and _SCREEN.fullmatch(value) else None


def _component_id(value: object) -> str | None:
    return value if isinstance(value, str) and 0 < len(value) <= ID_LENGTH else None


def _total(value: object) -> str | None:
    return value if isinstance(value, str) and 0 < len(value) <= TOTAL_LENGTH else None


def _seen(value: object) -> dict[str, datetime]:
    if not isinstance(value, Mapping):
        return {}
    pairs = list(value.items())[-SCREENS_REMEMBERED:]
    return {name: at for name, millis in pairs if _component_id(name) and (at := _instant(millis))}


def _instant(value: object) -> datetime | None:
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    try:
        return datetime.fromtimestamp(value / MILLISECONDS, UTC)
    except (OverflowError, OSError, ValueError):
        return None
