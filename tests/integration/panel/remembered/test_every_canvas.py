"""Every canvas that clicking can bring up is valid by Intercom's own description of a canvas.

The agent checks each one that comes back.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sandbox.conversations import sample_conversations
from tests.integration.panel.agent import Agent, Screen
from tests.integration.panel.remembered.conftest import AgentAt

# Rows of a long list lead to screens of the same kind.
CLICKS_FOLLOWED = 5


@contextmanager
def on_the_way(*steps: object) -> Iterator[None]:
    """What goes wrong in the block says where the agent was."""
    try:
        yield
    except AssertionError as error:
        error.add_note(f"{steps}")
        raise


def follow(agent: Agent, screen: Screen, depth: int) -> None:
    canvas = screen.answer["canvas"]
    for component_id in screen.ids[:CLICKS_FOLLOWED]:
        with on_the_way("clicked", component_id):
            shown = agent.submit(component_id=component_id, input_values={"query": "anna"}, current_canvas=canvas)
            if depth > 1:
                follow(agent, shown, depth - 1)


def test_every_canvas_is_valid_two_clicks_deep(agent_at: AgentAt, database_url: str) -> None:
    agent = agent_at(database_url)
    for conversation in sample_conversations():
        for participant in range(len(conversation.bodies)):
            with on_the_way(conversation.slug, participant):
                follow(agent, agent.open(conversation.slug, participant=participant), 2)
    assert len(agent.screens) > 1_000
