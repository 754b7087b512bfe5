"""Data attributes, and the values that they let through.

https://developers.intercom.com/docs/references/rest-api/api.intercom.io/data-attributes
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from sandbox.intercom.refusals import Refusal, invalid, missing
from sandbox.intercom.switches import Switches

LIMIT: Final = 250  # custom attributes of a workspace, archived ones not counted
LONGEST: Final = 255
MODELS: Final = ("contact", "company")
_READ_AS: Final[Mapping[str, str]] = {
    "string": "string",
    "integer": "integer",
    "float": "float",
    "boolean": "boolean",
    "date": "date",
    "datetime": "date",  # the answers of 2.16 know no datetime
    "options": "string",  # with `options` beside it
}
_STANDARD: Final[Mapping[str, str]] = {
    "id": "string",
    "external_id": "string",
    "role": "string",
    "name": "string",
    "email": "string",
    "phone": "string",
    "created_at": "date",
    "updated_at": "date",
    "signed_up_at": "date",
    "last_seen_at": "date",
}
_NAME: Final = re.compile(r"[\w\- $€£¥]+")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


_FITS: Final[Mapping[str, Callable[[object], bool]]] = {
    "string": lambda value: isinstance(value, str),
    "integer": _is_integer,
    "float": _is_number,
    "boolean": lambda value: isinstance(value, bool),
    "date": _is_integer,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """A custom attribute of a model. `data_type` is as it is read back."""

    id: int
    name: str
    model: str
    data_type: str
    options: tuple[str, ...] = ()
    description: str = ""
    messenger_writable: bool = False
    archived: bool = False
    created_at: int = 0
    updated_at: int = 0

    def document(self) -> dict[str, Any]:
        """The `data_attribute`."""
        return {
            "type": "data_attribute",
            "id": self.id,
            "model": self.model,
            "name": self.name,
            "full_name": f"custom_attributes.{self.name}",
            "label": self.name,
            "description": self.description,
            "data_type": self.data_type,
            **({"options": list(self.options)} if self.options else {}),
            "api_writable": True,
            "messenger_writable": self.messenger_writable,
            "ui_writable": True,
            "custom": True,
            "archived": self.archived,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
            "admin_id": "7301550",
        }


class Attributes:
    """The custom attributes of contacts and companies. Not thread-safe: the stand-in's lock guards it."""

    def __init__(self) -> None:
        self._by_name: dict[str, Attribute] = {}  # one name for both models: they clash
        self._next_id = 12_878

    def __iter__(self) -> Iterator[Attribute]:
        return iter(self._by_name.values())

    def of_contacts(self, name: str) -> Attribute | None:
        """The attribute of this name that can be written to contacts."""
        attribute = self._by_name.get(name)
        return attribute if attribute and attribute.model == "contact" and not attribute.archived else None

    def listed(self, model: str | None, *, include_archived: bool) -> list[dict[str, Any]]:
        """The attributes of a model (or of all), standard ones first."""
        if model == "conversation":
            raise Refusal(422, "parameter_invalid", "Use /conversations/attributes for conversation attributes")
        if model is not None and model not in MODELS:
            raise invalid("Model must be one of contact or company", field="model")
        standard = [_standard(name, kind) for name, kind in _STANDARD.items()] if model != "company" else []
        wanted = (each for each in self if include_archived or not each.archived)
        custom = (each for each in wanted if model in (None, each.model))
        return standard + [attribute.document() for attribute in custom]

    def create(self, body: Mapping[str, Any], switches: Switches, now: int) -> Attribute:
        """A new one; raises `Refusal` in Intercom's words."""
        name, model, kind = (body.get(key) for key in ("name", "model", "data_type"))
        if model not in MODELS:
            raise invalid("Model must be one of contact or company", field="model")
        if not isinstance(name, str) or not name.strip():
            raise missing("Name is required")
        self._refuse_name(name, str(model))
        if kind not in _READ_AS:
            raise invalid("Data Type isn't an option", field="data_type")
        if sum(not attribute.archived for attribute in self._by_name.values()) >= LIMIT:
            text = f"You have reached the limit of {LIMIT} custom attributes"
            raise Refusal(switches.limit_status, "custom_data_limit_reached", text)
        attribute = Attribute(
            id=self._next_id,
            name=name,
            model=str(model),
            data_type=_READ_AS[str(kind)],
            options=_options(body.get("options")) if kind == "options" else (),
            description=str(body.get("description") or ""),
            messenger_writable=body.get("messenger_writable") is True,
            created_at=now,
            updated_at=now,
        )
        self._next_id += 1
        self._by_name[name] = attribute
        return attribute

    def update(self, attribute_id: str, body: Mapping[str, Any], now: int) -> Attribute:
        """Description, options, archived; the type stays what it is."""
        found = next((a for a in self._by_name.values() if str(a.id) == attribute_id), None)
        if found is None:
            raise Refusal(404, "field_not_found", "We couldn't find that data attribute to update")
        changed = replace(
            found,
            archived=bool(body.get("archived", found.archived)),
            description=str(body.get("description", found.description) or ""),
            options=_options(body["options"]) if "options" in body else found.options,
            messenger_writable=bool(body.get("messenger_writable", found.messenger_writable)),
            updated_at=now,
        )
        self._by_name[found.name] = changed
        return changed

    def _refuse_name(self, name: str, model: str) -> None:
        if not _NAME.fullmatch(name):
            text = "must only contain alphanumeric characters, currency symbols, and hyphens"
            raise invalid(f"Your name for this attribute {text}")
        if name.lower() in _STANDARD:
            raise invalid(f"'{name}' is one of our standard attributes. Try using a different name.")
        if name in self._by_name:
            data = "company data" if model == "company" else "people data"
            way_out = f"To save this as new {data}, use a different name."
            raise invalid(f"You already have '{name}' in your {data}. {way_out}")

    def checked(self, values: object, switches: Switches, *, of_lead: bool) -> dict[str, Any]:
        """Custom attributes as they will be stored; raises `Refusal` for the whole request at the first bad one."""
        if not isinstance(values, dict):
            raise invalid("custom_attributes must be an object", field="custom_attributes")
        return {name: self._checked(name, value, switches, of_lead=of_lead) for name, value in values.items()}

    def _checked(self, name: str, value: object, switches: Switches, *, of_lead: bool) -> Any:
        attribute = self.of_contacts(name)
        if attribute is None:
            raise invalid(f"Custom attribute '{name}' does not exist", field="custom_attributes")
        if isinstance(value, dict | list) or (value is None and of_lead and switches.lead_null_refused):
            raise invalid(f"Value: {value if value else ''} not of type Numeric, String or Boolean", field=name)
        if value is None:
            return None
        if not _FITS[attribute.data_type](value):
            text = f"Custom attribute '{name}' must be of type {attribute.data_type}"
            raise Refusal(switches.attribute_type_status, "parameter_invalid", text, field=name)
        if attribute.options and value not in attribute.options and switches.unlisted_option_refused:
            raise invalid(f"Custom attribute '{name}' must be one of its options", field=name)
        if isinstance(value, str) and len(value) > LONGEST:
            if switches.long_string == "refuse":
                raise invalid(f"Custom attribute '{name}' is too long (maximum is {LONGEST} characters)", field=name)
            return value[:LONGEST]
        return value


def _options(given: object) -> tuple[str, ...]:
    values = [option.get("value") for option in given if isinstance(option, dict)] if isinstance(given, list) else []
    if len(values) < 2 or not all(isinstance(value, str) for value in values):
        raise invalid("The Data Attribute model field must have at least two options", field="options")
    return tuple(str(value) for value in values)


def _standard(name: str, kind: str) -> dict[str, Any]:
    return {
        "type": "data_attribute",
        "model": "contact",
        "name": name,
        "full_name": name,
        "label": name.replace("_", " ").capitalize(),
        "description": "",
        "data_type": kind,
        "api_writable": name not in ("id", "created_at", "updated_at"),
        "messenger_writable": False,
        "ui_writable": False,
        "custom": False,
        "archived": False,
    }
