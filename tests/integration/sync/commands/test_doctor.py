"""`doctor`: each thing that can be wrong, and that it says what to do."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from sandbox.intercom.contact import Contact
from sync.storage.dead_letters import Place, bury
from sync.storage.installations import SINGLE, note_refusal
from tests.integration.sync.commands.conftest import MAPPING, Desk
from tests.integration.sync.commands.test_dead_letters import NOW


def found(desk: Desk, what: str) -> list[dict[str, Any]]:
    """What it says of one thing."""
    return [finding for finding in desk.answer("doctor")["findings"] if finding["what"] == what]


def only(desk: Desk, what: str) -> tuple[str, str]:
    (finding,) = found(desk, what)
    return finding["level"], finding["found"]


def test_a_healthy_installation_ends_with_0(desk: Desk) -> None:
    assert desk.run("doctor").exit_code == 0


def test_it_changes_nothing_in_the_workspace(desk: Desk) -> None:
    desk.run("doctor")
    assert {request.method for request in desk.intercom.requests} == {"GET"}


def test_missing_attributes_are_named(desk: Desk) -> None:
    desk.intercom.declare(ct_orders="integer")
    assert only(desk, "attributes") == ("warning", "not in the workspace yet: ct_last_order_number")


def test_an_attribute_of_another_type_fails_with_its_line(desk: Desk) -> None:
    desk.intercom.declare(ct_orders="string")
    result = desk.run("doctor")
    assert result.exit_code == 1
    assert (
        "failed   mapping line 5: attributes.ct_orders is of type string in Intercom, and integer here" in result.stdout
    )


def test_a_wrong_token_fails_and_everything_else_is_still_looked_at(desk: Desk) -> None:
    answer = desk.having(INTERCOM_ACCESS_TOKEN="wrong").answer("doctor")
    levels = {finding["what"]: finding["level"] for finding in answer["findings"]}
    assert (answer["healthy"], levels["Intercom"], levels["commercetools"], levels["database"]) == (
        False,
        "failed",
        "ok",
        "ok",
    )


def test_another_workspace_than_the_environment_names_fails(desk: Desk) -> None:
    level, said = only(desk.having(INTERCOM_WORKSPACE_ID="other"), "Intercom")
    assert level == "failed"
    assert "belongs to workspace nrdlcht1, and the variable names other" in said


def test_a_wrong_secret_of_the_shop_fails(desk: Desk) -> None:
    level, said = only(desk.having(CTP_CLIENT_SECRET="wrong"), "commercetools")
    assert (level, said) == ("failed", "no token: HTTP 401: invalid_client")


def test_a_scope_that_lacks_is_named_with_what_it_costs(desk: Desk) -> None:
    level, said = only(desk, f"scope view_payments:{desk.shop.project_key}")
    assert level == "warning"
    assert "no payment events" in said


def test_without_the_scope_of_orders_it_fails(desk: Desk) -> None:
    desk = desk.having(CTP_SCOPES=f"view_customers:{desk.shop.project_key}")
    assert only(desk, f"scope view_orders:{desk.shop.project_key}")[0] == "failed"


def test_the_limit_is_told_as_announced(desk: Desk) -> None:
    assert only(desk, "limit")[1].startswith("1666 calls in 10 seconds")


def test_dead_letters_are_counted_by_part(desk: Desk) -> None:
    desk.run("events", "status")
    with desk.database.transaction() as connection:
        bury(connection, SINGLE, Place(part="tags", subject="c:anna"), "rejected", now=NOW)
    assert only(desk, "dead letters") == ("warning", "1 open: 1 of tags (rejected)")


def test_stopped_events_fail_and_say_why(desk: Desk) -> None:
    desk.run("events", "stop", "--reason", "moving")
    assert only(desk, "events") == ("failed", "stopped: moving")


def test_a_worker_that_is_not_let_in_fails(desk: Desk) -> None:
    desk.run("events", "status")
    with desk.database.transaction() as connection:
        note_refusal(connection, SINGLE, "intercom", "credentials_refused", now=NOW)
    level, said = only(desk, "worker at intercom")
    assert (level, said) == ("failed", f"not let in since {NOW.isoformat()}: credentials_refused")


def test_that_no_worker_runs_is_a_warning(desk: Desk) -> None:
    desk.run("events", "status")
    assert only(desk, "workers")[0] == "warning"


def test_customers_are_sampled_in_intercom(desk: Desk) -> None:
    for number, customer in enumerate(desk.shop.shop.all("customer")):
        known = Contact(
            id=f"contact-{number}", workspace_id="w", role="user", born=0, updated_at=0, external_id=customer["id"]
        )
        desk.intercom.put(known)
    level, said = only(desk, "match rate")
    assert level == "ok"
    assert "customers have a contact with their id as external_id" in said


def test_a_mapping_that_names_nothing_is_a_warning(desk: Desk) -> None:
    desk.mapping("[panel]\n")
    assert only(desk, "mapping") == ("warning", "names nothing, so nothing is sent")


def test_an_empty_database_is_looked_at_and_left_empty(desk: Desk, database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    level, said = only(desk, "tables")
    assert level == "warning"
    assert "steps behind" in said
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)


def test_a_database_that_is_away_fails_and_the_platforms_are_still_looked_at(desk: Desk) -> None:
    answer = desk.having(DATABASE_URL="postgresql://127.0.0.1:1/none").answer("doctor")
    levels = {finding["what"]: finding["level"] for finding in answer["findings"]}
    assert (levels["database"], levels["Intercom"], levels["commercetools"]) == ("failed", "ok", "ok")


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_teaches_with_examples(desk: Desk, option: str) -> None:
    assert "python -m sync doctor --json" in desk.run("doctor", option).stdout


CONVERSATIONS = MAPPING + '[conversations.attributes]\nct_order_number = "order.number"\n'


def test_conversation_attributes_that_the_workspace_lacks_are_named(desk: Desk) -> None:
    desk.mapping(CONVERSATIONS)
    what = "conversation attributes"
    assert only(desk, what) == ("warning", "not in the workspace yet: ct_order_number")
    desk.intercom.workspace.conversations.attributes.add("ct_order_number")
    assert only(desk, what) == ("ok", "all 1 of the mapping are there")


def test_a_conversation_attribute_of_another_type_fails_with_its_line(desk: Desk) -> None:
    desk.mapping(CONVERSATIONS)
    desk.intercom.workspace.conversations.attributes.add("ct_order_number", "boolean")
    assert "conversations.attributes.ct_order_number is of type boolean in Intercom" in desk.run("doctor").stdout
