"""Every canvas of these tests is checked by Intercom's own description; here it is made sure that it is."""

from __future__ import annotations

from tests.contract.conftest import require_contract
from tests.integration.panel.agent import Agent, Check
from tests.integration.panel.conftest import SCHEMAS


def test_the_vendors_description_is_there() -> None:
    for name in ("check.py", *SCHEMAS.values()):
        assert require_contract(name).is_file()


def test_a_canvas_that_breaks_the_rules_would_be_noticed(agent: Agent, check: Check) -> None:
    require_contract("check.py")
    answer = dict(agent.open("anna").answer)
    assert check("initialize", answer) == []
    broken = {"canvas": {"content": {"components": [*agent.screen.components, *agent.screen.components]}}}
    assert any("duplicate id" in problem for problem in check("initialize", broken))
    assert check("submit", {"canvas": {"content": {"components": [{"type": "text"}]}}}) != []
