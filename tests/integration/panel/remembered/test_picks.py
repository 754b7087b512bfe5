"""What an agent picked is known to every process that uses the database, and so is that it was taken back."""

from __future__ import annotations

from sync.storage.database import Database
from sync.storage.installations import SINGLE
from sync.storage.picks import picked_customer
from tests.integration.panel.remembered.conftest import AgentAt

SEVERAL = "Several customers match"
PICKED = "Franziska Huber | customer since 2024 | picked by an agent"


def test_a_pick_is_known_to_other_processes_and_saves_the_look_up_by_email(
    agent_at: AgentAt, database_url: str
) -> None:
    agent_at(database_url).open("two-customers-one-email")
    here, there = agent_at(database_url), agent_at(database_url)
    here.open("two-customers-one-email").says(SEVERAL)
    here.choose("Franziska Huber").says(PICKED)
    there.open("two-customers-one-email").says(PICKED)
    assert there.upstream == 1
    there.open("two-customers-one-email").says(PICKED)
    assert there.upstream == 0


def test_a_pick_that_is_taken_back_is_gone_everywhere(agent_at: AgentAt, database_url: str) -> None:
    here, there = agent_at(database_url), agent_at(database_url)
    here.open("two-customers-one-email")
    here.choose("Franziska Huber")
    there.open("two-customers-one-email").says(PICKED)
    there.choose("Choose another customer").says(SEVERAL)
    here.open("two-customers-one-email").says(SEVERAL)
    there.choose("Franz Huber")
    assert here.open("two-customers-one-email").mentions("Franz Huber")


def test_a_pick_of_somebody_whom_the_shop_has_no_more_is_forgotten(
    agent_at: AgentAt, database: Database, database_url: str
) -> None:
    agent = agent_at(database_url)
    agent.open("two-customers-one-email")
    agent.choose("Franziska Huber")
    with database.transaction() as connection:
        connection.execute("UPDATE pick SET customer_id = '00000000-0000-4000-8000-000000000000'")
    agent.open("two-customers-one-email").says(SEVERAL)
    with database.transaction() as connection:
        assert connection.execute("SELECT count(*) FROM pick").fetchone() == (0,)


def test_a_pick_is_kept_under_the_contact_and_holds_ids_alone(
    agent_at: AgentAt, database: Database, database_url: str
) -> None:
    agent = agent_at(database_url)
    agent.open("two-customers-one-email", id="contact-of-the-hubers")
    agent.choose("Franziska Huber")
    with database.transaction() as connection:
        assert picked_customer(connection, SINGLE, "contact-of-the-hubers") is not None


def test_who_is_matched_by_id_is_so_whatever_was_picked(
    agent_at: AgentAt, database: Database, database_url: str
) -> None:
    agent = agent_at(database_url)
    before = agent.open("anna").lines
    contact_id = agent.contact["id"]
    with database.transaction() as connection:
        connection.execute(
            "INSERT INTO pick VALUES (%s, %s, '00000000-0000-4000-8000-000000000000', now())", (SINGLE, contact_id)
        )
    assert agent_at(database_url).open("anna").lines[:3] == before[:3]
