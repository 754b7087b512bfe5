"""How Intercom behaves towards an app, beyond a single workspace. Nobody has confirmed these on the live platform."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sandbox.wire import Fault
from sandbox.wire.faults import one_of
from sandbox.wire.switches import Board, faults_from, refuse_unknown

Denied = Literal["access_denied", "state_only", "stays"]
TokensAgain = Literal["another", "same", "another_ends_first"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformSwitches:
    """`faults` are those of the token exchange and of giving a token back; each workspace has its own beside."""

    denied: Denied = "access_denied"  # what the redirect URL is told when somebody presses Deny; "stays": not visited
    tokens_again: TokensAgain = "another"  # what a workspace gives an app that it has let in already
    token_body: Literal["any", "form", "json"] = "any"  # how the exchange wants to be asked
    code_encoded: bool = False  # the "=" at the code's end as %3D in the redirect
    regional: bool = False  # the host for all regions knows the codes of the US alone
    uninstall_notices_lost: bool = False
    uninstall_notices_doubled: bool = False
    faults: tuple[Fault, ...] = ()

    def __post_init__(self) -> None:
        one_of("denied", self.denied, Denied)
        one_of("tokens_again", self.tokens_again, TokensAgain)

    def to_json(self) -> dict[str, Any]:
        """As `GET /_platform` shows it and `POST /_platform` takes it."""
        return dataclasses.asdict(self)

    def changed(self, change: Mapping[str, Any]) -> PlatformSwitches:
        """With the JSON `change` applied; raises `ValueError` that names what is wrong with it."""
        refuse_unknown(change, PlatformSwitches)
        values = dict(change)
        try:
            if "faults" in values:
                values["faults"] = faults_from(values["faults"], Fault)
            return dataclasses.replace(self, **values)
        except TypeError as error:
            raise ValueError(str(error)) from error


class PlatformBoard(Board[PlatformSwitches]):
    """Holds the present switches; any thread may read or set them."""

    def __init__(self) -> None:
        super().__init__(PlatformSwitches(), healthy=PlatformSwitches())
