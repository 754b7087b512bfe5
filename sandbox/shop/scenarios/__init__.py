"""The hard cases, one after the other; each module names its own."""

from __future__ import annotations

from typing import Final

from sandbox.shop.scenario import Scenario
from sandbox.shop.scenarios import (
    anna,
    carts,
    channels,
    coming_back,
    crowd,
    currencies,
    identities,
    paying,
    sums,
    texts,
    transport,
)

SCENARIOS: Final[tuple[Scenario, ...]] = (
    anna.SCENARIO,
    *identities.SCENARIOS,
    *currencies.SCENARIOS,
    *paying.SCENARIOS,
    *transport.SCENARIOS,
    *coming_back.SCENARIOS,
    *sums.SCENARIOS,
    *channels.SCENARIOS,
    *texts.SCENARIOS,
    *carts.SCENARIOS,
    crowd.SCENARIO,
)
