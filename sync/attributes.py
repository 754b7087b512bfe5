"""The attributes of contacts that the mapping names, and what the workspace has of them.

What is missing is made, what is archived is brought back: the type of an attribute can never be changed, so one of
another type is a fault of the mapping. https://developers.intercom.com/docs/references/rest-api/api.intercom.io/data-attributes
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from clients.deadline import Call
from clients.errors import Rejected
from clients.intercom.calls import Intercom
from clients.intercom.resources import DataAttribute, DataAttributeWrite, Model
from sync.mapping.budget import budget_faults
from sync.mapping.faults import Fault
from sync.mapping.rules import AttributeRule, AttributeType, SyncMapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Between the mapping and the workspace. With `faults` nothing may be written. `in_use`: of the workspace's 250."""

    missing: tuple[AttributeRule, ...] = ()
    archived: tuple[DataAttribute, ...] = ()
    faults: tuple[Fault, ...] = ()
    in_use: int = 0

    @property
    def is_none(self) -> bool:
        return not (self.missing or self.archived or self.faults)


def difference(mapping: SyncMapping, present: Sequence[DataAttribute]) -> Difference:
    """`present`: all attributes of contacts and companies, which share their names, archived ones included."""
    custom = {attribute.name: attribute for attribute in present if attribute.custom}
    in_use = {name for name, attribute in custom.items() if not attribute.archived}
    found = [(rule, custom.get(rule.name)) for rule in mapping.attributes]
    faults = [fault for rule, attribute in found if attribute and (fault := _fault(rule, attribute))]
    return Difference(
        missing=tuple(rule for rule, attribute in found if attribute is None),
        archived=tuple(attribute for _, attribute in found if attribute and attribute.archived),
        faults=(*faults, *budget_faults(mapping, attributes_in_use=in_use)),
        in_use=len(in_use),
    )


def _fault(rule: AttributeRule, attribute: DataAttribute) -> Fault | None:
    """Why the attribute that has this name is not the one we mean."""
    key = f"attributes.{rule.name}"
    if attribute.model != Model.CONTACT:
        fix = "Intercom keeps one list of names: choose another one here"
        return Fault(rule.line, key, f"is the name of an attribute of a {attribute.model}", fix)
    if not attribute.api_writable:
        return Fault(rule.line, key, "may not be written by apps in Intercom", "Choose another name here")
    held = "list" if attribute.options else attribute.data_type
    if not _fits(rule.type, held):
        fix = f'Write type = "{held}" if that is what is meant, or choose another name: types never change'
        return Fault(rule.line, key, f"is of type {held} in Intercom, and {rule.type} here", fix)
    return None


def _fits(wanted: AttributeType, held: str) -> bool:
    return held == wanted or (wanted is AttributeType.DATE and held == "datetime")


def read_difference(intercom: Intercom, mapping: SyncMapping, *, call: Callable[[], Call]) -> Difference:
    """Asks the workspace what it has. `call` makes the time for one request."""
    present = [each for model in Model for each in intercom.data_attributes(model, call=call())]
    return difference(mapping, present)


def settle_difference(intercom: Intercom, found: Difference, *, call: Callable[[], Call]) -> tuple[str, ...]:
    """Makes what is missing and brings back what is archived; the names. Several processes may do so at once."""
    for rule in found.missing:
        _create(intercom, rule, call=call)
    for attribute in found.archived:
        if attribute.id is not None:
            intercom.unarchive_data_attribute(attribute.id, call=call())
    return (*(rule.name for rule in found.missing), *(attribute.name for attribute in found.archived))


def _create(intercom: Intercom, rule: AttributeRule, *, call: Callable[[], Call]) -> None:
    write = DataAttributeWrite(name=rule.name, model=Model.CONTACT, data_type=str(rule.type))
    try:
        intercom.create_data_attribute(write, call=call())
    except Rejected:
        # Another process may have made it between our question and our answer.
        there = intercom.data_attributes(Model.CONTACT, call=call())
        if rule.name not in {attribute.name for attribute in there if not attribute.archived}:
            raise
