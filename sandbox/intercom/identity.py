"""Which workspace it is: what `GET /me` tells of it, and of the teammate behind a token."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

from sandbox.intercom.people import OWNERS

Region = Literal["US", "EU", "AU"]

ADMIN_ID: Final = min(OWNERS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """One customer of Intercom. `id` is `app.id_code` and `workspace_id`."""

    id: str
    name: str
    region: Region
    timezone: str
    admin_id: str = ADMIN_ID
    admin_name: str = "Toni Agent"
    admin_email: str = "toni.agent@nordlicht.example"

    def me(self, founded: int, *, email_verified: bool) -> dict[str, Any]:
        """`GET /me`; `founded` is a Unix time, `email_verified` is the teammate's."""
        return {
            "type": "admin",
            "id": self.admin_id,
            "name": self.admin_name,
            "email": self.admin_email,
            "email_verified": email_verified,
            "has_inbox_seat": True,
            "avatar": {"type": "avatar", "image_url": None},
            "app": {
                "type": "app",
                "id_code": self.id,
                "name": self.name,
                "region": self.region,
                "timezone": self.timezone,
                "created_at": founded,
                "secure": False,
                "identity_verification": False,
            },
        }


NORDLICHT: Final = Identity(id="nrdlcht1", name="Nordlicht Outdoor", region="EU", timezone="Europe/Berlin")
FJORD: Final = Identity(
    id="fjrdfld2",
    name="Fjord & Field",
    region="US",
    timezone="America/New_York",
    admin_id="8140077",
    admin_name="Robin Teammate",
    admin_email="robin.teammate@fjordfield.example",
)
