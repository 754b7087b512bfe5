"""What we read from Intercom and write to it, as far as we need it. Times are unix seconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import Enum, StrEnum
from typing import Final, TypeAlias

AttributeValue: TypeAlias = str | int | float | bool | None


class NotGiven(Enum):
    """A field that is not sent, so that Intercom leaves it as it is; None is sent, and clears it."""

    NOT_GIVEN = "not given"

    def __repr__(self) -> str:
        return self.name


NOT_GIVEN: Final = NotGiven.NOT_GIVEN


class Role(StrEnum):
    """Of a contact. A lead can become a user, never the other way round."""

    USER = "user"
    LEAD = "lead"


class Model(StrEnum):
    """What a data attribute belongs to."""

    CONTACT = "contact"
    COMPANY = "company"


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """Where the token leads. `time_zone` is IANA's name: searches by date count days in it."""

    id: str
    name: str | None
    region: str | None
    time_zone: str | None
    admin_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """`custom_attributes` holds plain values only. `tag_ids` are all of them only if `tags_complete`."""

    id: str
    role: str
    external_id: str | None
    email: str | None = field(repr=False)
    phone: str | None = field(repr=False)
    name: str | None = field(repr=False)
    custom_attributes: Mapping[str, AttributeValue] = field(repr=False)
    tag_ids: frozenset[str]
    tags_complete: bool
    archived: bool  # as far as Intercom says
    created_at: int | None
    updated_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactsPage:
    """`after` leads to the next one; None when this is the last."""

    contacts: tuple[Contact, ...]
    after: str | None
    total: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactWrite:
    """What a contact is to become; nothing else of it changes. Custom attributes must exist in the workspace.

    https://developers.intercom.com/docs/references/rest-api/api.intercom.io/contacts/updatecontact
    """

    role: Role | NotGiven = NOT_GIVEN
    external_id: str | NotGiven = NOT_GIVEN
    email: str | NotGiven = field(default=NOT_GIVEN, repr=False)
    phone: str | NotGiven | None = field(default=NOT_GIVEN, repr=False)
    name: str | NotGiven | None = field(default=NOT_GIVEN, repr=False)
    signed_up_at: int | NotGiven | None = NOT_GIVEN
    custom_attributes: Mapping[str, AttributeValue] = field(default_factory=dict, repr=False)  # None clears

    def to_json(self) -> dict[str, object]:
        given = {
            each.name: value
            for each in fields(self)
            if each.name != "custom_attributes" and (value := getattr(self, each.name)) is not NOT_GIVEN
        }
        return given | ({"custom_attributes": dict(self.custom_attributes)} if self.custom_attributes else {})


@dataclass(frozen=True, slots=True, kw_only=True)
class EventWrite:
    """Something that happened to a contact. Contact, name and second together are all that makes it one and not two.

    `metadata`: at most ten keys, in their order; plain values, `{"url", "value"}` or `{"amount", "currency"}`.
    https://developers.intercom.com/docs/references/rest-api/api.intercom.io/data-events/createdataevent
    """

    name: str
    contact_id: str
    created_at: int
    metadata: Mapping[str, object] = field(default_factory=dict, repr=False)

    def to_json(self) -> dict[str, object]:
        event: dict[str, object] = {"event_name": self.name, "created_at": self.created_at, "id": self.contact_id}
        return event | ({"metadata": dict(self.metadata)} if self.metadata else {})


@dataclass(frozen=True, slots=True, kw_only=True)
class DataAttribute:
    """A field that a workspace's contacts or companies have. Only custom ones have an id.

    A list is read back as `data_type` "string" with `options`.
    """

    name: str
    full_name: str
    model: str
    data_type: str
    id: str | None
    custom: bool
    archived: bool
    api_writable: bool
    options: tuple[str, ...] = ()
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DataAttributeWrite:
    """A custom attribute to be made. `data_type`: string, integer, float, boolean, date, datetime, or options.

    `options` needs at least two, and stays empty for every other type.
    https://developers.intercom.com/docs/references/rest-api/api.intercom.io/data-attributes/createdataattribute
    """

    name: str
    model: Model
    data_type: str
    description: str | None = None
    options: tuple[str, ...] = ()

    def to_json(self) -> dict[str, object]:
        attribute: dict[str, object] = {"name": self.name, "model": str(self.model), "data_type": self.data_type}
        if self.description is not None:
            attribute["description"] = self.description
        if self.options:
            attribute["options"] = [{"value": option} for option in self.options]
        return attribute


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundConversation:
    """What a search tells of a conversation that is to be looked at; its messages are read one by one."""

    id: str
    is_open: bool
    updated_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationsPage:
    """`after` leads to the next one; None when this is the last."""

    conversations: tuple[FoundConversation, ...]
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationAttribute:
    """A custom attribute that a workspace's conversations have. `data_type`: string, integer, decimal, boolean, ..."""

    id: str | None
    name: str
    data_type: str
    archived: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationAttributeWrite:
    """One to be made. `data_type`: string, integer, decimal, boolean or datetime.

    https://developers.intercom.com/docs/references/rest-api/api.intercom.io/conversations-attributes
    """

    name: str
    data_type: str

    def to_json(self) -> dict[str, object]:
        return {"name": self.name, "data_type": self.data_type}
