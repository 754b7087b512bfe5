"""The hard cases, one after the other."""

from __future__ import annotations

from typing import Final

from sandbox.shop.scenario import Scenario
from sandbox.shop.scenarios import anna

SCENARIOS: Final[tuple[Scenario, ...]] = (anna.SCENARIO,)
