"""How often the shop is asked, counted there, through real gunicorn."""

from __future__ import annotations

import pytest

from sandbox.conversations import conversation, initialize_body
from tests.integration.serving.agents import Body, slowest, somebody
from tests.integration.serving.conftest import Product, new_number, some


def test_a_customer_by_id_is_one_request(asking: Product) -> None:
    answer = asking.agents.open(somebody(new_number()))
    assert "matched by id" in answer.text
    assert asking.asked == 1
    assert answer.problems == []


def test_numbers_in_the_conversation_ride_along(asking: Product) -> None:
    answer = asking.agents.open(somebody(new_number(), like="anna-many-numbers"))
    assert "DE-10305" in answer.text
    assert asking.asked == 1


def test_a_customer_by_email_is_two_requests_and_one_once_linked(asking: Product) -> None:
    body = by_email()
    asking.agents.open(body)
    assert asking.asked == 2
    asking.forget()
    answer = asking.agents.open(body)
    assert "by e-mail" in answer.text
    assert asking.asked == 1


@pytest.mark.parametrize("like", ["anna", "anna-many-numbers", "email", "no-match", "lead-without-email"])
def test_what_was_just_read_is_not_read_again(remembering: Product, like: str) -> None:
    body = by_email() if like == "email" else somebody(new_number(), like=like)
    first = remembering.agents.open(body)
    remembering.forget()
    again = remembering.agents.open(body)
    assert remembering.asked == 0
    assert again.text == first.text


def test_refresh_is_one_request_however_fresh_the_copy(remembering: Product) -> None:
    body = somebody(new_number())
    first = remembering.agents.open(body)
    remembering.forget()
    assert remembering.agents.click("refresh", first.canvas, body).is_live
    assert remembering.asked == 1


def test_a_root_that_takes_everything_down_costs_one_request_more(asking: Product) -> None:
    asking.stand_in.switches.set(failing_fields={"Query.orders": "General"})
    answer = asking.agents.open(somebody(new_number()))
    assert "Anna Kowalska" in answer.text
    assert "Could not be read" in answer.text
    assert asking.asked == 2


def test_fifty_agents_who_open_one_conversation_at_once_are_one_request(remembering: Product) -> None:
    remembering.stand_in.switches.set(latency_ms=300)
    answers = remembering.agents.open_at_once([somebody(new_number())] * 50)
    assert remembering.asked == 1
    assert [problem for answer in answers for problem in answer.problems] == []
    assert len({answer.text for answer in answers}) == 1
    print(f"50 at once, one conversation: slowest {slowest(answers):.2f} s with a shop that takes 0.3 s")


def test_five_participants_of_a_group_at_once_cost_at_most_one_request_each(remembering: Product) -> None:
    group = conversation("group-conversation")
    answers = remembering.agents.open_at_once([initialize_body(group, participant=number) for number in range(5)])
    assert remembering.asked == 5
    assert all(answer.is_live and not answer.problems for answer in answers)


def test_a_token_that_died_costs_one_mint_and_nobody_notices(asking: Product) -> None:
    asking.stand_in.tokens.revoke_all()
    asking.stand_in.tokens.minted = 0
    answers = asking.agents.open_at_once(some(20))
    assert all(answer.is_live for answer in answers)
    assert asking.stand_in.tokens.minted == 1


def by_email() -> Body:
    """A contact whose address leads to one customer, whom nobody has linked yet."""
    body = initialize_body(conversation("somebody-elses-email"))
    return {**body, "contact": {**body["contact"], "id": f"{new_number():024x}"}}
