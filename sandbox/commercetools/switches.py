"""What can be made to go wrong, and how the platform behaves where its behaviour is not confirmed.

One frozen value holds all of it; the board swaps it atomically, so a request sees one state.
"""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal, get_args

FaultKind = Literal["status", "reset", "truncated", "hang", "drip", "invalid_json"]
Door = Literal["graphql", "token", "rest", "any"]
MissingScopeStyle = Literal["partial", "forbidden"]

NO_FIELDS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One way to answer badly.

    * status        answer `status` (with `Retry-After: retry_after` when given) and the error envelope for it
    * reset         close with RST after the request was read
    * truncated     announce the whole body, send half of it, close
    * hang          accept, read, never answer (until switched off)
    * drip          the right answer, one byte every `every_ms`; `drip_headers` drips the head as well
    * invalid_json  200 with a body that is no JSON

    `times` requests get it, then it is over; None = until switched off. `door` says which requests.
    """

    kind: FaultKind
    door: Door = "graphql"
    times: int | None = None
    status: int = 503
    retry_after: int | None = None
    every_ms: int = 50
    drip_headers: bool = False

    def __post_init__(self) -> None:
        _one_of("fault kind", self.kind, FaultKind)
        _one_of("door", self.door, Door)
        if self.kind == "status" and self.status not in (400, 401, 403, 404, 429, 500, 502, 503, 504):
            raise ValueError(f"no such status to answer with: {self.status}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Switches:
    """The stand-in's behaviour. The first group are the facts that nobody has confirmed on a live project."""

    lowercase_email_supported: bool = True  # the query-only field `lowercaseEmail`; False = InvalidInput
    missing_scope_style: MissingScopeStyle = "partial"  # per field with partial data, or 403 for the whole request
    token_names_scopes: bool = True  # `scope` in the token's answer; False = what is missing shows when it is asked for
    rejected_field_status: int = 200  # HTTP status when an error nulls all of `data` (invalid predicate, lost root)
    language_fallback: bool = True  # `locale: "de-AT"` falls back to "de"; False = exact only

    latency_ms: int = 0  # before every answer
    token_latency_ms: int = 0  # on top, before every token
    token_lifetime_s: int = 172_800  # `expires_in` of tokens minted from now on
    missing_scopes: frozenset[str] = frozenset()  # what the API client was not given, e.g. "view_payments"
    project_suspended: bool = False  # 400 invalid_token for everything
    failing_fields: Mapping[str, str] = field(default_factory=lambda: NO_FIELDS)  # "Order.state" -> extensions.code
    stale_for_s: float = 0.0  # queries answer with what was true that long ago
    stale_by_id: bool = False  # reads by id do so as well
    faults: tuple[Fault, ...] = ()  # the first one that fits a request is applied

    def __post_init__(self) -> None:
        _one_of("missing_scope_style", self.missing_scope_style, MissingScopeStyle)

    @property
    def decides_answers(self) -> Hashable:
        """Everything here on which the content of an answer depends."""
        return (
            self.lowercase_email_supported,
            self.missing_scope_style,
            self.rejected_field_status,
            self.language_fallback,
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


def _one_of(what: str, value: str, options: Any) -> None:
    if value not in get_args(options):
        raise ValueError(f"{what} is one of {', '.join(get_args(options))}, not {value!r}")


def changed(switches: Switches, change: Mapping[str, Any]) -> Switches:
    """`switches` with the JSON `change` applied; raises `ValueError` that names what is wrong with it."""
    known = {f.name: f.type for f in dataclasses.fields(Switches)}
    unknown = set(change) - set(known)
    if unknown:
        raise ValueError(f"no such switch: {', '.join(sorted(unknown))}")
    values = dict(change)
    try:
        if "missing_scopes" in values:
            values["missing_scopes"] = frozenset(values["missing_scopes"])
        if "failing_fields" in values:
            values["failing_fields"] = MappingProxyType(dict(values["failing_fields"]))
        if "faults" in values:
            values["faults"] = tuple(f if isinstance(f, Fault) else Fault(**f) for f in values["faults"])
        return dataclasses.replace(switches, **values)
    except TypeError as error:
        raise ValueError(str(error)) from error


class SwitchBoard:
    """Holds the present `Switches`; any thread may read or set them."""

    def __init__(self, switches: Switches | None = None) -> None:
        self._switches = switches or Switches()
        self._changed = threading.Condition()

    @property
    def now(self) -> Switches:
        return self._switches

    def set(self, **change: Any) -> Switches:
        """Change some switches by name (typed as the fields of `Switches`), leave the others."""
        with self._changed:
            self._switches = changed(self._switches, change)
            self._changed.notify_all()
            return self._switches

    def reset(self) -> None:
        """Everything back to a healthy platform."""
        with self._changed:
            self._switches = Switches()
            self._changed.notify_all()

    def take_fault(self, door: Door) -> Fault | None:
        """The fault that this request gets; one that is counted is used up by it."""
        with self._changed:
            for index, fault in enumerate(self._switches.faults):
                if fault.door not in (door, "any"):
                    continue
                if fault.times is not None:
                    self._switches = dataclasses.replace(self._switches, faults=self._used(index))
                return fault
        return None

    def _used(self, index: int) -> tuple[Fault, ...]:
        faults = self._switches.faults
        fault = faults[index]
        left = (fault.times or 1) - 1
        rest = (dataclasses.replace(fault, times=left),) if left > 0 else ()
        return (*faults[:index], *rest, *faults[index + 1 :])

    def wait_until_changed(self, seconds: float) -> bool:
        """Block until somebody touches a switch (True) or the time is over (False)."""
        with self._changed:
            return self._changed.wait(seconds)
