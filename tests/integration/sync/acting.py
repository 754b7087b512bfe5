"""Somebody who buys in the sample shop; what an actor is called and owns begins with a tag that is theirs alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sandbox.intercom.contact import Contact
from sandbox.shop.acts import Acts
from sandbox.shop.identifiers import customer_id
from tests.integration.sync.companion import Companion


class OneAfterTheOther:
    """The time, to the millisecond, as the shop writes it; no two acts at the same."""

    def __init__(self) -> None:
        self._last = datetime.now(UTC)

    def __call__(self) -> datetime:
        self._last = max(datetime.now(UTC), self._last + timedelta(milliseconds=1))
        return self._last


NOW: Final = OneAfterTheOther()


@dataclass
class Actor:
    """A customer, or a guest with the same address. `is_heard`: whatever they do is hinted at."""

    here: Companion
    tag: str
    is_heard: bool = True
    ids: dict[str, str] = field(default_factory=dict)
    placed: int = 0

    def __post_init__(self) -> None:
        self.acts = Acts(self.here.shop.shop, clock=NOW)  # every actor buys the same goods

    @property
    def customer(self) -> str:
        return customer_id(self.tag)

    @property
    def subject(self) -> str:
        return f"c:{self.customer}"

    @property
    def email(self) -> str:
        return f"{self.tag}@kunden.example"

    @property
    def order(self) -> str:
        """The newest."""
        return self.ids["order"]

    def does(self, act: str, /, *, heard: int | None = None, **arguments: Any) -> None:
        """An act on the shop. `heard`: so many times."""
        done = self.acts.do(act, **arguments)
        self.ids |= done.ids
        for _ in range(int(self.is_heard) if heard is None else heard):
            self.here.hint_at(done, customer=self.customer)

    def registers(self) -> None:
        self.does("create_account", email=self.email, first_name="Ada", last_name="Moreno", name=self.tag)

    def orders(self, *, as_guest: bool = False, **arguments: Any) -> None:
        self.placed += 1
        name = f"{self.tag}-{self.placed}"
        who = {"email": self.email} if as_guest else {"customer": self.customer}
        self.does("place", **(who | {"number": name, "name": name} | arguments))

    def on_order(self, act: str, /, **arguments: Any) -> None:
        """An act on the newest order."""
        self.does(act, order=self.order, **arguments)

    # what Intercom has

    @property
    def contact(self) -> Contact:
        return self.here.contact_of(self.customer)

    @property
    def attributes(self) -> Mapping[str, Any]:
        return {name: value for name, value in self.contact.custom_attributes.items() if value is not None}

    @property
    def tags(self) -> list[str]:
        return list(self.here.intercom.tags(self.contact.id))

    @property
    def events(self) -> Counter[str]:
        """By name, how many."""
        return Counter(self.here.event_names_of(self.customer))


UNLIKE: Final = ("_date", "tracking_id", "status")


def outcome(here: Companion, tag: str) -> list[str]:
    """What Intercom holds of everybody whose tag begins so, a line for each thing, the tag left out."""
    intercom = here.intercom
    lines = []
    for each in intercom.contacts:
        if tag not in f"{each.id} {each.email}":
            continue
        who = plain(f"{each.email}", tag)
        held = {"role": each.role, "name": each.name, "is known": bool(each.external_id), "archived": each.archived}
        held |= {name: value for name, value in each.custom_attributes.items() if value is not None}
        lines += [f"{who} {name} = {plain(value, tag)}" for name, value in held.items()]
        lines += [f"{who} tag {name}" for name in intercom.tags(each.id)]
        lines += [f"{who} {event.name} {plain(event.metadata, tag)}" for event in intercom.events(each.id)]
    return sorted(lines)


def plain(value: Any, tag: str) -> Any:
    """Without what differs from run to run: times, and what was so when an event was planned."""
    if isinstance(value, Mapping):
        return {name: plain(each, tag) for name, each in value.items() if not name.endswith(UNLIKE)}
    return value.replace(tag, "") if isinstance(value, str) else value
