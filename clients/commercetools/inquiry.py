"""Asking so that a part that cannot be read costs that part, not the answer.

Two roots of commercetools' schema behave differently when they fail: `customer`, `order` and
`customerActiveCart` become null, `orders` and `customers` take the whole answer with them. And a
scope that is missing may show as an error beside data, or as 403 for everything. So parts
that the token's scopes rule out are not asked for, and when everything was lost the question
is asked once more without what failed.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from clients.commercetools import failures
from clients.commercetools.auth import Token
from clients.commercetools.documents import Operation, document
from clients.commercetools.graphql import Endpoint, Fault, Reply, without_failed_fields
from clients.commercetools.readings import Section
from clients.commercetools.sections import (
    AREA_OF_FLAG,
    FAILING_WITH,
    OPTIONAL_AREAS,
    ROOT_FLAGS,
    SECTION_OF_FLAG,
    Area,
    areas_of,
    flag_of_path,
)
from clients.deadline import Call
from clients.errors import PlatformError, Rejected, ScopeMissing

log = logging.getLogger(__name__)

_HISTORY_FLAG: Final = "withHistory"
_ABOUT_ONE_QUERY: Final = frozenset({"QueryTimedOut", failures.INVALID_INPUT})  # another one may well succeed


class LowercaseEmailUnknown(Rejected):
    """The platform does not know the query-only field `lowercaseEmail`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """An operation, the parts of it that are wanted, and the values for all of them.

    `needed` are the parts without which the others mean nothing: no customer is not the same as
    a customer who could not be read.
    """

    operation: Operation
    flags: frozenset[str]
    needed: frozenset[str] = frozenset()
    variables: Mapping[str, object] = field(repr=False)

    def without(self, flags: frozenset[str]) -> Question:
        return replace(self, flags=self.flags - flags)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What was read. A root that is not in `data` was not asked for or failed; one that is null does not exist."""

    data: Mapping[str, object] = field(repr=False)
    missing: frozenset[Section]
    failure: PlatformError | None  # why something is missing, when the platform said so
    answered_at: datetime | None = None  # by the platform's own clock

    def require(self, *roots: str) -> None:
        """Raises what went wrong unless all of `roots` were answered."""
        if not all(root in self.data for root in roots):
            raise self.failure or ScopeMissing(f"nothing allows to read {', '.join(roots)}")


class Inquirer:
    """Asks questions and remembers what this token, and this platform, cannot answer. Thread-safe."""

    def __init__(self, endpoint: Endpoint, project_key: str) -> None:
        self._endpoint = endpoint
        self._project_key = project_key
        self._refused: tuple[Token | None, frozenset[Area]] = (None, frozenset())
        self._history_is_too_complex = False

    def ask(self, question: Question, call: Call) -> Outcome:
        """Raises `PlatformError` when nothing could be read, `LowercaseEmailUnknown` for that one case."""
        ruled_out = self._ruled_out(question, self._endpoint.token(call))
        asked = question.without(ruled_out)
        if _is_empty(asked) or ruled_out & question.needed:
            raise ScopeMissing("the API client's scopes do not allow to read this")
        reply = self._send(asked, call)
        failure = reply.failure if reply.faults else None
        if reply.data is None:
            dropped = self._offending(reply, asked)
            ruled_out, asked = ruled_out | dropped, asked.without(dropped)
            if not dropped or dropped & question.needed or _is_empty(asked):
                raise reply.failure
            reply = self._send(asked, call)
        if reply.data is None:
            raise reply.failure
        failure = reply.failure if reply.faults else failure
        return self._outcome(reply, reply.data, asked, ruled_out & question.flags, failure)

    def _send(self, question: Question, call: Call) -> Reply:
        return self._endpoint.ask(document(question.operation, question.flags), question.variables, call)

    def _ruled_out(self, question: Question, token: Token) -> frozenset[str]:
        """The flags of what need not be asked for, because it would be refused."""
        refused_for, refused = self._refused
        readable = areas_of(token.scopes, self._project_key) - (refused if refused_for is token else frozenset())
        flags = {flag for flag in question.flags if flag in AREA_OF_FLAG and AREA_OF_FLAG[flag] not in readable}
        if self._history_is_too_complex:
            flags.add(_HISTORY_FLAG)
        return frozenset(flags)

    def _offending(self, reply: Reply, asked: Question) -> frozenset[str]:
        """The flags of what took the answer down; empty when that cannot be told, or cannot be left out."""
        if any(_is_about_lowercase_email(fault) for fault in reply.faults):
            raise LowercaseEmailUnknown("lowercaseEmail is not known", status=reply.status)
        flags: set[str] = set()
        for fault in reply.faults:
            if fault.code == failures.INSUFFICIENT_SCOPE:
                areas = _refused_areas(fault)
                self._remember(reply.token, _named_areas(fault) or areas)
                flags |= {flag for flag, area in AREA_OF_FLAG.items() if area in areas}
            elif fault.code == failures.TOO_COMPLEX:
                self._history_is_too_complex = True
                flags.add(_HISTORY_FLAG)
            elif (flag := flag_of_path(fault.path)) is not None:
                flags |= {flag} if fault.code in _ABOUT_ONE_QUERY else {flag, *FAILING_WITH.get(flag, ())}
        return frozenset(flags) & asked.flags

    def _remember(self, token: Token, areas: frozenset[Area]) -> None:
        refused_for, refused = self._refused
        self._refused = (token, (refused | areas) if refused_for is token else areas)

    def _outcome(
        self,
        reply: Reply,
        data: Mapping[str, object],
        asked: Question,
        ruled_out: frozenset[str],
        failure: PlatformError | None,
    ) -> Outcome:
        for fault in reply.faults:
            log.warning("commercetools.part_failed", extra={"code": fault.code, "path": _place(fault)})
            area = _area_of(fault)
            if fault.code == failures.INSUFFICIENT_SCOPE and area is not None and area in OPTIONAL_AREAS:
                self._remember(reply.token, frozenset({area}))
        known = without_failed_fields(data, reply.faults)
        # a field deep inside an order may fail without the orders being lost: roots are judged by what is there
        roots = set(ROOT_FLAGS.values())
        failed = {flag for fault in reply.faults if (flag := flag_of_path(fault.path)) is not None} - roots
        lost = {flag for root, flag in ROOT_FLAGS.items() if flag in asked.flags and root not in known}
        missing = frozenset(SECTION_OF_FLAG[flag] for flag in lost | failed | ruled_out if flag in SECTION_OF_FLAG)
        return Outcome(data=known, missing=missing, failure=failure, answered_at=reply.answered_at)


def _area_of(fault: Fault) -> Area | None:
    flag = flag_of_path(fault.path)
    return None if flag is None else AREA_OF_FLAG.get(flag)


def _refused_areas(fault: Fault) -> frozenset[Area]:
    """What a missing scope closes: where the error points to, else all that can be spared and what it names."""
    area = _area_of(fault)
    if area is not None:
        return frozenset({area})
    return frozenset() if fault.path else OPTIONAL_AREAS | _named_areas(fault)


def _named_areas(fault: Fault) -> frozenset[Area]:
    """What the error's text says is closed. There may be more, so one more try is made without all that can be
    spared; but what is not named is asked for again next time."""
    return frozenset(area for area in Area if re.search(rf"(view|manage)_{area}\b", fault.message))


def _is_empty(question: Question) -> bool:
    """Whether nothing would be asked: these operations consist of parts that can be cut out."""
    parts = set(ROOT_FLAGS.values()) - {"withMine"}
    return question.operation in (Operation.CUSTOMER, Operation.CUSTOMERS) and not question.flags & parts


def _is_about_lowercase_email(fault: Fault) -> bool:
    return fault.code == failures.INVALID_INPUT and (
        "lowercaseemail" in fault.message.lower() or fault.path[:1] == ("customers",)
    )


def _place(fault: Fault) -> str:
    return ".".join(str(step) for step in fault.path if isinstance(step, str))
