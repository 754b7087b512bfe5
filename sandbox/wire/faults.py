"""Ways to answer badly, whatever the platform."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Self, TypeVar, get_args

FaultKind = Literal["status", "reset", "truncated", "hang", "drip", "invalid_json"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One way to answer badly.

    * status        answer `status` (with `Retry-After: retry_after` when given) and the error envelope for it
    * reset         close with RST after the request was read
    * truncated     announce the whole body, send half of it, close
    * hang          accept, read, never answer (until switched off)
    * drip          the right answer, one byte every `every_ms`; `drip_headers` drips the head as well
    * invalid_json  200 with a body that is no JSON

    `times` requests get it, then it is over; None = until switched off.
    """

    kind: FaultKind
    times: int | None = None
    status: int = 503
    retry_after: int | None = None
    every_ms: int = 50
    drip_headers: bool = False

    def __post_init__(self) -> None:
        one_of("fault kind", self.kind, FaultKind)

    def used_once(self) -> tuple[Self, ...]:
        """What is left of it after one request: itself, itself with one time less, or nothing."""
        if self.times is None:
            return (self,)
        return (dataclasses.replace(self, times=self.times - 1),) if self.times > 1 else ()


F = TypeVar("F", bound=Fault)


def taken(faults: Sequence[F], fits: Callable[[F], bool]) -> tuple[F | None, tuple[F, ...]]:
    """The first fault that fits a request, and the faults that are left then."""
    for index, fault in enumerate(faults):
        if fits(fault):
            return fault, (*faults[:index], *fault.used_once(), *faults[index + 1 :])
    return None, tuple(faults)


def one_of(what: str, value: str, options: object) -> None:
    """Raise `ValueError` unless `value` is among the values of the `Literal` type `options`."""
    if value not in get_args(options):
        raise ValueError(f"{what} is one of {', '.join(get_args(options))}, not {value!r}")
