"""What is to be erased, and the receipt of what was: ids, names, counts and times, no values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sync.mapping.rules import Erase


class Done(StrEnum):
    """What became of a contact."""

    CLEARED = "cleared"
    DELETED = "deleted"
    GONE = "gone"  # was not there (any more)
    SHARED = "shared"  # cleared, and not deleted: it belongs to another customer as well


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactReceipt:
    """One contact. `left` names what Intercom keeps of it."""

    id: str
    done: Done
    attributes_cleared: int = 0
    fields_cleared: tuple[str, ...] = ()
    tags_removed: int = 0
    left: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What was erased: ids, counts and times, nothing else. `removed` counts rows of ours by kind."""

    customer_id: str
    policy: Erase
    begun_at: datetime
    finished_at: datetime
    contacts: tuple[ContactReceipt, ...] = ()
    removed: Mapping[str, int] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {
            "begun_at": self.begun_at.isoformat(),
            "finished_at": self.finished_at.isoformat(),
            "removed": dict(self.removed),
        }

    @classmethod
    def from_json(cls, json: Mapping[str, Any]) -> Receipt:
        return cls(
            customer_id=json["customer_id"],
            policy=Erase(json["policy"]),
            begun_at=datetime.fromisoformat(json["begun_at"]),
            finished_at=datetime.fromisoformat(json["finished_at"]),
            contacts=tuple(_contact_receipt(each) for each in json["contacts"]),
            removed=json["removed"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactWork:
    """What is to be taken from one contact: names alone, no values."""

    id: str
    attributes: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationWork:
    """What is to be taken from one conversation: names alone, no values."""

    id: str
    attributes: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What is left to do, and what is done; `external_id` is looked for where no contact is known."""

    keys: tuple[str, ...]
    orders: tuple[str, ...]
    contacts: tuple[ContactWork, ...]
    external_id: str
    removed: Mapping[str, int] = field(default_factory=dict)
    done: tuple[ContactReceipt, ...] = ()
    conversations: tuple[ConversationWork, ...] = ()

    @classmethod
    def from_json(cls, json: Mapping[str, Any]) -> Work:
        contacts = tuple(ContactWork(**{**each, **_tuples(each)}) for each in json["contacts"])
        done = tuple(_contact_receipt(each) for each in json["done"])
        conversations = tuple(ConversationWork(**{**each, **_tuples(each)}) for each in json.get("conversations", ()))
        return cls(**{**json, **_tuples(json), "contacts": contacts, "done": done, "conversations": conversations})


def _contact_receipt(json: Mapping[str, Any]) -> ContactReceipt:
    return ContactReceipt(**{**json, **_tuples(json), "done": Done(json["done"])})


def _tuples(json: Mapping[str, Any]) -> dict[str, tuple[Any, ...]]:
    """JSON knows lists alone."""
    return {name: tuple(value) for name, value in json.items() if isinstance(value, list)}
