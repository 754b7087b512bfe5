"""How the stand-in shop behaves, in the few words of the page, spoken to the stand-in's `/_control`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import requests

OF_THE_SYNC: Final = re.compile(r"^(Changed|Count)[A-Z]|Facts?$")  # how its operations are called
NORMAL: Final = "normal"
ANSWERS: Final[Mapping[str, dict[str, Any]]] = {
    "outage": {"kind": "status", "status": 503, "door": "any"},
    "hang": {"kind": "hang", "door": "any"},
    "drip": {"kind": "drip", "door": "any", "every_ms": 200},
    "reset": {"kind": "reset", "door": "any"},
}
_KINDS: Final = {"status": "outage"} | {name: name for name in ("hang", "drip", "reset")}


class NotSwitched(Exception):
    """The stand-in refused a change or cannot be reached; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """The state of the drawer: milliseconds before every answer, a key of `ANSWERS` or "normal", scopes left out."""

    latency_ms: int
    answers: str
    missing_scopes: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        return {"latency_ms": self.latency_ms, "answers": self.answers, "missing_scopes": list(self.missing_scopes)}


@dataclass(frozen=True, slots=True)
class ShopControl:
    """The control door of the stand-in at `url`. Every method raises `NotSwitched`."""

    url: str

    def conditions(self) -> Conditions:
        return _conditions_of(self._ask())

    def change(self, asked: Mapping[str, Any]) -> Conditions:
        """Apply what the page asked for: the three values of `Conditions`, `expire_token` or `reset`."""
        return _conditions_of(self._ask(_as_control(asked)))

    def requests_so_far(self) -> int:
        """How often the shop was asked for the panel: the sync asks by itself, all the time."""
        by_operation: Mapping[str, int] = self._ask()["requests_by_operation"]
        return sum(count for operation, count in by_operation.items() if not OF_THE_SYNC.search(operation))

    def offers(self, *, customer: str | None, email: str | None) -> dict[str, Any]:
        """What can be done in the shop for somebody: `sandbox.shop.acts.offers`."""
        return self._ask(about={"customer": customer or "", "email": email or ""})

    def act(self, ask: Mapping[str, Any]) -> dict[str, Any]:
        """Do something in the shop: `sandbox.shop.acts`."""
        return self._ask(ask)

    def _ask(
        self, change: Mapping[str, Any] | None = None, *, about: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        try:
            response = requests.request(
                "GET" if change is None else "POST", f"{self.url}/_control", params=about, json=change, timeout=5
            )
            state: dict[str, Any] = response.json()
        except requests.RequestException as error:
            raise NotSwitched(f"the sample shop cannot be reached ({type(error).__name__})") from error
        if response.status_code != 200:
            raise NotSwitched(str(state.get("error", response.status_code)))
        return state


def _as_control(asked: Mapping[str, Any]) -> dict[str, Any]:
    if asked.get("reset") is True:
        return {"reset": True}
    if asked.get("expire_token") is True:
        return {"expire_tokens": True}
    change: dict[str, Any] = {}
    if "latency_ms" in asked:
        change["latency_ms"] = _milliseconds(asked["latency_ms"])
    if "answers" in asked:
        change["faults"] = _faults(asked["answers"])
    if "missing_scopes" in asked:
        change["missing_scopes"] = _scopes(asked["missing_scopes"])
    return change


def _milliseconds(value: object) -> int:
    if type(value) is not int or not 0 <= value <= 60_000:
        raise NotSwitched("latency_ms is a number of milliseconds up to 60000")
    return value


def _faults(answers: object) -> list[dict[str, Any]]:
    if answers == NORMAL:
        return []
    if not isinstance(answers, str) or answers not in ANSWERS:
        raise NotSwitched(f"answers is one of {', '.join((NORMAL, *ANSWERS))}")
    return [dict(ANSWERS[answers])]


def _scopes(value: object) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(scope, str) for scope in value):
        raise NotSwitched("missing_scopes is a list of names")
    return value


def _conditions_of(state: Mapping[str, Any]) -> Conditions:
    switches = state["switches"]
    kinds = [_KINDS.get(fault["kind"], NORMAL) for fault in switches["faults"]]
    return Conditions(
        latency_ms=switches["latency_ms"],
        answers=kinds[0] if kinds else NORMAL,
        missing_scopes=tuple(switches["missing_scopes"]),
    )
