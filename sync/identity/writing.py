"""Intercom's own fields of a contact, on their way there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clients.intercom.resources import AttributeValue, ContactWrite
from sync.mapping.contact import ContactField
from sync.plan.contact import EXTERNAL_ID
from sync.plan.subject import Value

IDENTIFYING = frozenset({EXTERNAL_ID, ContactField.EMAIL.value})  # what another contact may have before us


def contact_write(fields: Mapping[str, Value], attributes: Mapping[str, AttributeValue] | None = None) -> ContactWrite:
    """A request body: fields by Intercom's names (`Plan.fields`), and custom attributes."""
    known: dict[str, Any] = {name: fields[name] for name in (EXTERNAL_ID, *ContactField) if name in fields}
    return ContactWrite(custom_attributes=attributes or {}, **known)


def without_identity(fields: Mapping[str, Value]) -> dict[str, Value]:
    """The fields that no other contact can be in the way of, for when one was."""
    return {name: value for name, value in fields.items() if name not in IDENTIFYING}
