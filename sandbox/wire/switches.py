"""Switches of a stand-in: one frozen value, swapped atomically, so that a request sees one state."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, Protocol, Self, TypeVar

from sandbox.wire.faults import F, Fault, taken


class SwitchesOf(Protocol):
    """A frozen dataclass with the faults that are on, beside whatever else a platform can do differently."""

    @property
    def faults(self) -> tuple[Any, ...]: ...

    def changed(self, change: Mapping[str, Any]) -> Self:
        """With the JSON `change` applied; raises `ValueError` that names what is wrong with it."""


S = TypeVar("S", bound=SwitchesOf)


class Board(Generic[S]):
    """Holds the present switches; any thread may read or set them."""

    def __init__(self, switches: S, *, healthy: S) -> None:
        self._switches = switches
        self._healthy = healthy
        self._lock = threading.Lock()

    @property
    def now(self) -> S:
        return self._switches

    def set(self, **change: Any) -> S:
        """Change some switches by name (typed as the fields of the platform's switches), leave the others."""
        with self._lock:
            self._switches = self._switches.changed(change)
            return self._switches

    def reset(self) -> None:
        """Everything back to a healthy platform."""
        with self._lock:
            self._switches = self._healthy

    def take(self, fits: Callable[[Any], bool]) -> Fault | None:
        """The fault that a request gets for which `fits` holds; one that is counted is used up by it."""
        if not self._switches.faults:
            return None
        with self._lock:
            fault: Fault | None
            fault, left = taken(self._switches.faults, fits)
            if fault is not None and fault.times is not None:
                self._switches = self._switches.changed({"faults": left})
            return fault

    def is_on(self, fault: Fault) -> bool:
        """Whether a hanging connection goes on hanging: a counted fault does so until the client goes away."""
        return fault.times is not None or fault in self._switches.faults


def faults_from(given: Sequence[Any], kind: type[F]) -> tuple[F, ...]:
    """Faults as JSON objects or as they are."""
    return tuple(fault if isinstance(fault, kind) else kind(**fault) for fault in given)


def refuse_unknown(change: Mapping[str, Any], switches: type) -> None:
    """Raise `ValueError` for names that are no fields of the dataclass `switches`."""
    unknown = set(change) - {f.name for f in dataclasses.fields(switches)}
    if unknown:
        raise ValueError(f"no such switch: {', '.join(sorted(unknown))}")
