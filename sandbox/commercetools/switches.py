"""What can be made to go wrong, and how the platform behaves where its behaviour is not confirmed.

One frozen value holds all of it; the board swaps it atomically, so a request sees one state.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

from sandbox import wire
from sandbox.wire.faults import one_of
from sandbox.wire.switches import Board, faults_from, refuse_unknown

Door = Literal["graphql", "token", "rest", "any"]
MissingScopeStyle = Literal["partial", "forbidden"]

NO_FIELDS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault(wire.Fault):
    """One way to answer badly; `door` says which requests get it."""

    door: Door = "graphql"

    def __post_init__(self) -> None:
        wire.Fault.__post_init__(self)
        one_of("door", self.door, Door)
        if self.kind == "status" and self.status not in (400, 401, 403, 404, 429, 500, 502, 503, 504):
            raise ValueError(f"no such status to answer with: {self.status}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Switches:
    """The stand-in's behaviour. The first group are the facts that nobody has confirmed on a live project."""

    lowercase_email_supported: bool = True  # the query-only field `lowercaseEmail`; False = InvalidInput
    missing_scope_style: MissingScopeStyle = "partial"  # per field with partial data, or 403 for the whole request
    missing_scope_at_token: bool = False  # a token is refused that asks for a scope which the API client was not given
    token_names_scopes: bool = True  # `scope` in the token's answer; False = what is missing shows when it is asked for
    rejected_field_status: int = 200  # HTTP status when an error nulls all of `data` (invalid predicate, lost root)
    language_fallback: bool = True  # `locale: "de-AT"` falls back to "de"; False = exact only

    messages_enabled: bool = False  # the project keeps messages, to be queried; off as on a new project

    latency_ms: int = 0  # before every answer
    token_latency_ms: int = 0  # on top, before every token
    token_lifetime_s: int = 172_800  # `expires_in` of tokens minted from now on
    missing_scopes: frozenset[str] = frozenset()  # what the API client was not given, e.g. "view_payments"
    destination_refused: str = ""  # why test notifications of subscriptions cannot be delivered; "" = they can
    project_suspended: bool = False  # 400 invalid_token for everything
    failing_fields: Mapping[str, str] = field(default_factory=lambda: NO_FIELDS)  # "Order.state" -> extensions.code
    stale_for_s: float = 0.0  # queries answer with what was true that long ago
    stale_by_id: bool = False  # reads by id do so as well
    faults: tuple[Fault, ...] = ()  # the first one that fits a request is applied

    def __post_init__(self) -> None:
        one_of("missing_scope_style", self.missing_scope_style, MissingScopeStyle)

    @property
    def decides_answers(self) -> Hashable:
        """Everything here on which the content of an answer depends."""
        return (
            self.lowercase_email_supported,
            self.missing_scope_style,
            self.rejected_field_status,
            self.language_fallback,
            self.messages_enabled,
            self.missing_scopes,
            frozenset(self.failing_fields.items()),
        )

    def to_json(self) -> dict[str, Any]:
        """As `GET /_control` shows it and `POST /_control` takes it."""
        values = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        values["missing_scopes"] = sorted(self.missing_scopes)
        values["failing_fields"] = dict(self.failing_fields)
        values["faults"] = [dataclasses.asdict(fault) for fault in self.faults]
        return values

    def changed(self, change: Mapping[str, Any]) -> Switches:
        """With the JSON `change` applied; raises `ValueError` that names what is wrong with it."""
        refuse_unknown(change, Switches)
        values = dict(change)
        try:
            if "missing_scopes" in values:
                values["missing_scopes"] = frozenset(values["missing_scopes"])
            if "failing_fields" in values:
                values["failing_fields"] = MappingProxyType(dict(values["failing_fields"]))
            if "faults" in values:
                values["faults"] = faults_from(values["faults"], Fault)
            return dataclasses.replace(self, **values)
        except TypeError as error:
            raise ValueError(str(error)) from error


class SwitchBoard(Board[Switches]):
    """Holds the present `Switches`; any thread may read or set them."""

    def __init__(self, switches: Switches | None = None) -> None:
        super().__init__(switches or Switches(), healthy=Switches())

    def take_fault(self, door: Door) -> wire.Fault | None:
        """The fault that a request to this door gets; one that is counted is used up by it."""
        return self.take(lambda fault: fault.door in (door, "any"))
