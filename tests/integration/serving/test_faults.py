"""Whatever is broken behind it, the panel answers 200 with a valid canvas within the contract's 3.5 s.

Fifty different contacts ask at the same moment: first fifty of whom nothing is known, then fifty who were there
before. Then the fault is lifted, and the panel has to notice by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest

from sandbox.commercetools import CommercetoolsStandIn, Fault
from sandbox.shop import sample_shop
from tests.integration.serving.agents import Answer, Body, in_time, percentile, slowest
from tests.integration.serving.conftest import Product, Start, some
from tests.serving import free_port

AGENTS = 50

UNREACHABLE = "The shop cannot be reached."
TOO_SLOW = "The shop takes too long to answer."
BUSY = "The shop is busy."
CREDENTIALS = "The shop does not accept the API client."
SCOPE = "The API client may not read this."
UNREADABLE = "The shop's answer could not be read."
ALIVE = "Anna Kowalska"  # only a part is missing

ONLY_TEMPORARY = {"token_lifetime_s": 2}  # what a token may not read is asked for again with the next token


@dataclass(frozen=True, slots=True)
class Case:
    """A way to break the shop, and what the first panels then say. `before` is how the shop was until then."""

    name: str
    says: str
    switches: Mapping[str, Any]
    before: Mapping[str, Any] = field(default_factory=dict)
    token_is_dead: bool = False


def _answers(name: str, says: str, **fault: Any) -> Case:
    """GraphQL is answered like this."""
    return Case(name, says, {"faults": (Fault(**fault),)})


def _tokens(name: str, says: str, **fault: Any) -> Case:
    """Everybody needs a new token, and the door for tokens answers like this."""
    return Case(f"token {name}", says, {"faults": (Fault(door="token", **fault),)}, token_is_dead=True)


def _scopes(name: str, says: str, *scopes: str, style: str = "partial") -> Case:
    return Case(name, says, {"missing_scopes": scopes, "missing_scope_style": style}, ONLY_TEMPORARY)


HANG = _answers("hang", TOO_SLOW, kind="hang")
CASES = (
    # its body says OverCapacity; who comes after the breaker opened reads "cannot be reached" instead
    _answers("503", BUSY, kind="status", status=503),
    _answers("502", UNREACHABLE, kind="status", status=502),
    _answers("500", UNREACHABLE, kind="status", status=500),
    _answers("429", BUSY, kind="status", status=429, retry_after=1),
    _answers("401 for ever", CREDENTIALS, kind="status", status=401),
    _answers("reset", UNREACHABLE, kind="reset"),
    _answers("truncated", UNREACHABLE, kind="truncated"),
    HANG,
    _answers("body drips", TOO_SLOW, kind="drip"),
    _answers("head drips", TOO_SLOW, kind="drip", drip_headers=True),
    _answers("no JSON", UNREADABLE, kind="invalid_json"),
    _tokens("hangs", TOO_SLOW, kind="hang"),
    _tokens("reset", UNREACHABLE, kind="reset"),
    _tokens("401", CREDENTIALS, kind="status", status=401),
    _tokens("no JSON", UNREADABLE, kind="invalid_json"),
    Case("project suspended", CREDENTIALS, {"project_suspended": True}, token_is_dead=True),
    Case("all tokens dead", ALIVE, {}, token_is_dead=True),
    Case("one 401", ALIVE, {"faults": (Fault(kind="status", status=401, times=1),)}),
    _scopes("scopes refused", SCOPE, "view_customers", "view_orders"),
    _scopes("scopes forbidden", SCOPE, "view_customers", "view_orders", style="forbidden"),
    _scopes("one scope refused", ALIVE, "view_payments"),
    _scopes("one scope forbidden", ALIVE, "view_payments", style="forbidden"),
    Case("partial data", ALIVE, {"failing_fields": {"PaymentInfo.payments": "General"}}),
    Case("no data", UNREACHABLE, {"failing_fields": {"Query.customer": "General", "Query.orders": "General"}}),
)


@pytest.fixture(scope="module")
def regulars(_asking: Product, _listening_stand_in: CommercetoolsStandIn) -> list[Body]:
    """Contacts whose panels this product has shown."""
    _listening_stand_in.reset()
    _asking.recover()
    bodies = some(AGENTS)
    for body in bodies:
        assert _asking.agents.open(body).is_live
    return bodies


def strike(product: Product, case: Case) -> None:
    if case.before:
        product.stand_in.switches.set(**case.before)
        product.stand_in.tokens.revoke_all()
        product.recover()
    product.stand_in.switches.set(**case.switches)
    if case.token_is_dead:
        product.stand_in.tokens.revoke_all()


def problems_of(answers: Sequence[Answer]) -> list[str]:
    return [problem for answer in answers for problem in answer.problems]


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in CASES])
def test_fifty_contacts_at_once_get_a_canvas_in_time_and_the_panel_recovers(
    asking: Product, regulars: list[Body], case: Case
) -> None:
    def struck() -> list[Answer]:
        strike(asking, case)
        strangers = asking.agents.open_at_once(some(AGENTS))
        known = asking.agents.open_at_once(regulars)
        asking.stand_in.switches.reset()
        recovered = asking.recover()
        print(
            f"{case.name:20} slowest: unknown {slowest(strangers):.2f} s, known {slowest(known):.2f} s;"
            f" live {recovered:.1f} s after it was lifted"
        )
        return strangers + known

    answers = in_time(struck)
    strangers, known = answers[:AGENTS], answers[AGENTS:]
    assert problems_of(answers) == []
    assert any(case.says in answer.text for answer in strangers)
    assert all(answer.is_live or answer.is_last_known for answer in known)
    assert case.says == ALIVE or not any(answer.is_live for answer in answers)


def test_fifty_known_contacts_wait_for_a_hanging_shop_no_longer_than_the_contract_allows(
    asking: Product, regulars: list[Body]
) -> None:
    def struck() -> list[Answer]:
        asking.recover()
        strike(asking, HANG)
        known = asking.agents.open_at_once(regulars)
        asking.stand_in.switches.reset()
        print(f"{HANG.name:20} slowest: known, while the breaker is closed, {slowest(known):.2f} s")
        return known

    known = in_time(struck)
    assert problems_of(known) == []
    assert all(answer.is_last_known and "Anna Kowalska" in answer.text for answer in known)


def test_while_the_breaker_is_open_answers_are_instant_and_the_shop_has_peace(
    asking: Product, regulars: list[Body]
) -> None:
    asking.stand_in.switches.set(faults=(Fault(kind="status", status=429, retry_after=3),))
    asking.agents.open(some(1)[0])
    asked = len(asking.stand_in.requests)
    answers = [asking.agents.open(body) for body in regulars]
    print(f"breaker open: p50 {percentile(answers, 0.5):.1f} ms, p99 {percentile(answers, 0.99):.1f} ms")
    assert len(asking.stand_in.requests) == asked
    assert all(answer.is_last_known for answer in answers)
    assert problems_of(answers) == []


def test_while_the_shop_is_down_only_probes_reach_it(asking: Product, regulars: list[Body]) -> None:
    asking.stand_in.switches.set(faults=(Fault(kind="status", status=500),))
    asking.agents.open_at_once(some(10))
    asking.forget()
    began_open = [asking.agents.open(body) for body in regulars * 6]
    span = sum(answer.seconds for answer in began_open)
    assert asking.asked <= 1 + span / 2.0  # one probe each time the pause of two seconds is over


def test_a_shop_that_refuses_connections_is_said_to_be_unreachable_until_it_is_back(start: Start) -> None:
    port = free_port()
    regular = some(1)[0]
    with ExitStack() as first_life, ExitStack() as running:
        shop = first_life.enter_context(CommercetoolsStandIn.serve(sample_shop(), port=port))
        product = running.enter_context(start(cache_seconds=0, shop=shop))
        assert product.agents.open(regular).is_live
        first_life.close()
        *strangers, known = in_time(lambda: [*product.agents.open_at_once(some(AGENTS)), product.agents.open(regular)])
        with CommercetoolsStandIn.serve(sample_shop(), port=port):
            recovered = product.recover()
    print(f"connection refused   slowest: unknown {slowest(strangers):.2f} s; live {recovered:.1f} s after it is back")
    assert problems_of([*strangers, known]) == []
    assert all(UNREACHABLE in answer.text for answer in strangers)
    assert known.is_last_known


def test_more_contacts_than_threads_meet_a_hanging_shop_and_all_are_answered_in_time(asking: Product) -> None:
    def struck() -> list[Answer]:
        asking.stand_in.switches.reset()
        asking.recover()
        strike(asking, HANG)
        strangers = asking.agents.open_at_once(some(2 * AGENTS))
        print(f"{HANG.name:20} slowest of {2 * AGENTS} at once: {slowest(strangers):.2f} s")
        return strangers

    assert problems_of(in_time(struck)) == []
