"""What `docs/doors.md` has operators copy is at least what their shells and clouds can read."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

TEXT = (Path(__file__).parents[2] / "docs" / "doors.md").read_text(encoding="utf-8")
COMMANDS = [block.strip() for block in re.findall(r"^ *```\n(.*?)^ *```", TEXT, re.MULTILINE | re.DOTALL)]
QUOTED = [quoted for block in COMMANDS for quoted in re.findall(r"'(\{.*?\})'", block, re.DOTALL)]


@pytest.mark.parametrize("quoted", [each for each in QUOTED if "..." not in each])
def test_quoted_documents_are_json_down_to_the_policies_in_them(quoted: str) -> None:
    document = json.loads(quoted)
    for value in document.values():
        if isinstance(value, str) and value.startswith("{"):
            assert json.loads(value)


def test_sns_tries_no_longer_than_it_may() -> None:
    """https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html allows an hour in all."""
    (policy,) = [_delivery_policy(each) for each in QUOTED if "DeliveryPolicy" in each]
    backoff = policy["numRetries"] - policy["numMinDelayRetries"] - policy["numMaxDelayRetries"]
    at_each_end = policy["numMinDelayRetries"] * policy["minDelayTarget"]
    assert at_each_end + (backoff + policy["numMaxDelayRetries"]) * policy["maxDelayTarget"] <= 3600


def _delivery_policy(quoted: str) -> Any:
    return json.loads(json.loads(quoted)["DeliveryPolicy"])["healthyRetryPolicy"]
