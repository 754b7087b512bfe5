"""A conversation whose panel is opened is handed to the sync, and no agent waits for it."""

from __future__ import annotations

from collections.abc import Callable

from sandbox.conversations import conversation, initialize_body
from sync.storage.conversations import ConversationRow, lock_conversation
from sync.storage.database import Database
from sync.storage.installations import SINGLE
from tests.integration.panel.agent import Agent
from tests.integration.sync.working import eventually

RULES = '\n[conversations.attributes]\nct_order_number = "order.number"\n'


def noted(database: Database) -> ConversationRow | None:
    id_ = initialize_body(conversation("anna"))["conversation"]["id"]
    with database.transaction() as connection:
        return lock_conversation(connection, SINGLE, id_)


def test_an_opened_conversation_is_noted_with_the_orders_that_it_names(
    agents: Callable[..., Agent], mapping: str, database: Database, database_url: str
) -> None:
    agent = agents(mapping + RULES, DATABASE_URL=database_url)
    agent.open("anna")
    assert eventually(lambda: noted(database) is not None)
    row = noted(database)
    assert row is not None
    assert row.contact_id == agent.contact["id"]
    assert "DE-10482" in row.numbers


def test_without_rules_nothing_is_noted(
    agents: Callable[..., Agent], mapping: str, database: Database, database_url: str
) -> None:
    agent = agents(mapping, DATABASE_URL=database_url)
    agent.open("anna")
    agent.open("anna")
    assert noted(database) is None
