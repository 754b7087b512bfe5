"""`subscribe`: the plan, what is made, and that a second time nothing is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from sandbox.shop import SampleShop
from sync.storage.installations import SINGLE
from sync.storage.subscriptions import KnownSubscription, known_subscriptions
from tests.fresh_shop import small_sample_shop
from tests.integration.sync.commands.conftest import MAPPING, Desk
from tests.integration.sync.commands.test_worker import worker
from tests.integration.sync.conftest import fresh_database

QUEUE = "https://sqs.eu-central-1.amazonaws.com/123456789012/commercetools"
TOPIC = "arn:aws:sns:eu-central-1:123456789012:commercetools"
GRID = "https://shop.westeurope-1.eventgrid.azure.net/api/events"
CONVERSATIONS = MAPPING + '[conversations.attributes]\nct_order_number = "order.number"\n'
SQS = ("subscribe", "--sqs", QUEUE)


@pytest.fixture
def sample_shop() -> SampleShop:
    return small_sample_shop()


@pytest.fixture(scope="module")
def _one_database(postgres_url: str, template_database: str) -> Iterator[str]:
    with fresh_database(postgres_url, template_database) as url:
        yield url


@pytest.fixture
def database_url(_one_database: str) -> str:
    """Of one database for all tests here: what they keep in it are subscriptions alone."""
    with psycopg.connect(_one_database, autocommit=True) as connection:
        connection.execute("TRUNCATE subscription, reconcile_due")
    return _one_database


def held(desk: Desk) -> dict[str, Any]:
    """The one subscription that there is."""
    (only,) = desk.shop.subscriptions.all()
    return only


def writes(desk: Desk) -> int:
    """Requests that could change something, at either platform."""
    shop = [each for each in desk.shop.requests if each.method != "GET" and "/subscriptions" in each.path]
    return len(shop) + len([each for each in desk.intercom.requests if each.method != "GET"])


def known(desk: Desk) -> tuple[KnownSubscription, ...]:
    with desk.database.transaction() as connection:
        return known_subscriptions(connection, SINGLE)


def drift(desk: Desk, **change: Any) -> None:
    """Somebody changes it in the Merchant Center."""
    subscription = held(desk)
    desk.shop.subscriptions.put({**subscription, **change, "version": subscription["version"] + 1})


def test_on_a_fresh_workspace_the_plan_names_everything_and_nothing_is_done(desk: Desk) -> None:
    desk.mapping(CONVERSATIONS)
    answer = desk.answer(*SQS, "--dry-run")
    named = {(step["deed"], step["what"], step["name"]) for step in answer["steps"]}
    assert named == {
        ("create", "contact attribute", "ct_orders"),
        ("create", "contact attribute", "ct_last_order_number"),
        ("create", "conversation attribute", "ct_order_number"),
        ("create", "tag", "Open return"),
        ("create", "subscription", "intercom-sync"),
        *(("create", "changes", each) for each in ("customer", "order", "payment")),
        *(("create", "message", each) for each in ("OrderEditApplied", "OrderCreated", "OrderImported")),
        ("create", "message", "OrderCreatedFromRecurringOrder"),
        ("create", "message", "OrderShipmentStateChanged"),
    }
    assert (writes(desk), desk.shop.subscriptions.all(), known(desk)) == (0, (), ())


def test_what_was_planned_is_made(desk: Desk) -> None:
    desk.mapping(CONVERSATIONS)
    result = desk.run(*SQS)
    assert result.exit_code == 0, result.output
    assert {each.name for each in desk.intercom.workspace.attributes} == {"ct_orders", "ct_last_order_number"}
    assert held(desk)["destination"] == {
        "type": "SQS",
        "queueUrl": QUEUE,
        "region": "eu-central-1",
        "authenticationMode": "IAM",
    }
    (remembered,) = known(desk)
    assert (remembered.key, remembered.id, remembered.health) == ("intercom-sync", held(desk)["id"], "Healthy")


def test_a_second_time_there_is_nothing_to_do(desk: Desk) -> None:
    desk.mapping(CONVERSATIONS)
    desk.run(*SQS)
    before = writes(desk)
    again, planned = desk.answer(*SQS), desk.answer(*SQS, "--dry-run")
    assert (again["nothing_to_do"], planned["nothing_to_do"]) == (True, True)
    assert "Nothing to do" in desk.run(*SQS).stdout
    assert (writes(desk), held(desk)["version"]) == (before, 1)


def test_what_drifted_is_put_right_without_naming_the_destination_again(desk: Desk) -> None:
    desk.run(*SQS)
    drift(desk, changes=[{"resourceTypeId": "customer-email-token"}], messages=[])
    steps = {(step["deed"], step["name"]) for step in desk.answer("subscribe")["steps"]}
    assert {("remove", "customer-email-token"), ("create", "order"), ("create", "OrderEditApplied")} <= steps
    assert {each["resourceTypeId"] for each in held(desk)["changes"]} == {"customer", "order", "payment"}


def test_another_destination_takes_the_place_of_the_first(desk: Desk) -> None:
    desk.run(*SQS)
    desk.run("subscribe", "--sns", TOPIC)
    assert held(desk)["destination"]["topicArn"] == TOPIC


def test_a_destination_of_the_environment_moves_nothing(desk: Desk) -> None:
    desk.run("subscribe", "--sns", TOPIC)
    desk.having(SQS_QUEUE_URL=QUEUE).run("subscribe")
    assert held(desk)["destination"]["topicArn"] == TOPIC


def test_the_queue_of_the_environment_is_meant_when_there_is_none_yet(desk: Desk) -> None:
    answer = desk.having(SQS_QUEUE_URL=QUEUE).answer("subscribe")
    assert (held(desk)["destination"]["queueUrl"], answer["warnings"]) == (QUEUE, [])


def test_without_any_destination_the_workspace_alone_is_made_ready(desk: Desk) -> None:
    answer = desk.answer("subscribe")
    assert (desk.shop.subscriptions.all(), answer["subscription"]) == ((), None)
    assert "no destination was named" in answer["warnings"][0]
    assert {each.name for each in desk.intercom.workspace.attributes} == {"ct_orders", "ct_last_order_number"}


def test_one_made_by_hand_without_a_key_is_taken_over(desk: Desk) -> None:
    desk.run(*SQS)
    made = held(desk)
    drift(desk, key=None)
    answer = desk.answer(*SQS)
    assert [(each["deed"], each["what"]) for each in answer["steps"]] == [("change", "subscription")]
    assert (held(desk)["id"], held(desk)["key"]) == (made["id"], "intercom-sync")


def test_changed_between_reading_and_writing_it_is_read_once_more(desk: Desk) -> None:
    desk.run(*SQS)
    drift(desk, changes=[{"resourceTypeId": "order"}])
    desk.shop.subscriptions.before_next_write = lambda: drift(desk, messages=[])
    result = desk.run(*SQS)
    assert result.exit_code == 0, result.output
    assert {each["resourceTypeId"] for each in held(desk)["changes"]} == {"customer", "order", "payment"}
    assert held(desk)["messages"][0]["resourceTypeId"] == "order"


def test_made_by_another_process_meanwhile_it_is_changed_instead(desk: Desk) -> None:
    desk.run("subscribe", "--sns", TOPIC)
    other = held(desk)
    desk.shop.subscriptions.reset()
    desk.shop.subscriptions.before_next_write = lambda: desk.shop.subscriptions.put(other)
    assert desk.run(*SQS).exit_code == 0
    assert (held(desk)["id"], held(desk)["destination"]["type"]) == (other["id"], "SQS")


def test_a_destination_that_commercetools_cannot_reach_is_refused_in_its_words(desk: Desk) -> None:
    desk.shop.switches.set(destination_refused="AccessDenied: not authorized to perform sqs:SendMessage")
    result = desk.run(*SQS)
    assert result.exit_code == 1
    assert "not authorized to perform sqs:SendMessage" in result.stderr
    assert "The 3 steps in Intercom were done." in result.stderr
    assert (desk.shop.subscriptions.all(), known(desk)) == ((), ())


@pytest.mark.parametrize("at_token", [True, False])
def test_without_the_scope_nothing_is_done_and_it_is_named(desk: Desk, at_token: bool) -> None:
    desk.shop.switches.set(missing_scopes=["manage_subscriptions"], missing_scope_at_token=at_token)
    result = desk.run(*SQS)
    assert result.exit_code == 2
    assert f"lacks the scope manage_subscriptions:{desk.shop.project_key}" in result.stderr
    assert writes(desk) == 0
    assert desk.run("subscribe").exit_code == 0  # the workspace alone needs none


def test_only_the_one_scope_is_asked_for(desk: Desk) -> None:
    desk.run(*SQS)
    assert desk.shop.tokens.asked[-1] == f"manage_subscriptions:{desk.shop.project_key}"


def test_secrets_are_shown_nowhere_and_are_no_difference_the_next_time(desk: Desk) -> None:
    grid = ("subscribe", "--eventgrid", GRID, "--access-key-from", "TOPIC_KEY")
    desk = desk.having(TOPIC_KEY="very-s3cret")
    desk.shop.switches.set(destination_refused="the key very-s3cret is wrong")
    refused = desk.run(*grid)
    desk.shop.switches.set(destination_refused="")
    made, again = desk.run(*grid), desk.answer(*grid)
    assert "very-s3cret" not in refused.output + made.output + json.dumps(again)
    assert (again["nothing_to_do"], held(desk)["format"]["type"]) == (True, "CloudEvents")
    changed = desk.having(TOPIC_KEY="another-s3cret").answer(*grid)
    assert [each["why"] for each in changed["steps"]] == [f"to EventGrid {GRID} with other credentials"]
    assert held(desk)["destination"]["accessKey"] == "another-s3cret"


def test_a_format_cannot_be_changed(desk: Desk) -> None:
    desk.run(*SQS)
    result = desk.run(*SQS, "--format", "cloudevents")
    assert result.exit_code == 2
    assert "--format: subscription intercom-sync speaks Platform, which cannot be changed" in result.stderr


def test_a_delivery_that_stopped_is_begun_again_and_stays_on_record_until_it_is_seen_to_work(desk: Desk) -> None:
    desk.run(*SQS)
    desk.shop.subscriptions.set_status("intercom-sync", "ConfigurationErrorDeliveryStopped")
    assert "delivery had stopped" in desk.run(*SQS).stdout
    assert held(desk)["status"] == "Healthy"
    assert known(desk)[0].health == "ConfigurationErrorDeliveryStopped"


def test_an_attribute_of_another_type_ends_it_with_its_line_before_anything_is_made(desk: Desk) -> None:
    desk.intercom.declare(ct_orders="string")
    result = desk.run(*SQS)
    assert result.exit_code == 2
    assert "mapping.toml line 5, attributes.ct_orders" in result.stderr
    assert writes(desk) == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--sqs", "commercetools"), "--sqs: is not usable"),
        (("--sqs", QUEUE, "--sns", TOPIC), "--sqs --sns: are several destinations"),
        (("--sqs", QUEUE, "--key", "x"), "--key: is not a key"),
        (("--format", "xml"), "'xml' is not one of"),
        (("--sqs",), "requires an argument"),
        (("somewhere",), "unexpected extra argument"),
    ],
)
def test_rubbish_ends_with_2_and_words(desk: Desk, arguments: tuple[str, ...], says: str) -> None:
    result = desk.run("subscribe", *arguments)
    assert result.exit_code == 2
    assert says in result.output
    assert writes(desk) == 0


def test_rubbish_and_what_is_not_set_are_told_together(desk: Desk) -> None:
    result = desk.having(CTP_CLIENT_ID="").run("subscribe", "--sns", "x")
    assert (result.exit_code, "--sns: is not usable" in result.stderr, "CTP_CLIENT_ID: not set" in result.stderr) == (
        2,
        True,
        True,
    )


def test_one_that_was_deleted_on_purpose_can_be_forgotten(desk: Desk) -> None:
    desk.run(*SQS)
    assert desk.answer("subscribe", "--forget") == {"forgotten": "intercom-sync"}
    assert known(desk) == ()
    assert desk.run("subscribe", "--forget").exit_code == 1


def test_the_test_notification_goes_where_the_destination_is(desk: Desk) -> None:
    letters: list[str] = []
    desk.shop.subscriptions.mailboxes[TOPIC] = letters.append
    desk.run("subscribe", "--sns", TOPIC)
    (letter,) = letters
    assert json.loads(letter)["resource"] == {"typeId": "subscription", "id": held(desk)["id"]}


def test_a_worker_watches_it_and_begins_to_catch_up_by_itself(desk: Desk) -> None:
    desk.run(*SQS)
    desk.shop.subscriptions.set_status("intercom-sync", "TemporaryError")
    desk.run(*SQS)  # which puts on record how it is
    desk.shop.subscriptions.set_status("intercom-sync", "Healthy")
    with worker(desk) as running:
        assert running.has_logged("sync.subscription_healthy_again")
        assert running.has_logged("sync.reconcile_begun")


def test_doctor_tells_of_it(desk: Desk) -> None:
    desk.run(*SQS)
    findings = {each["what"]: each for each in desk.answer("doctor")["findings"]}
    assert findings["subscription intercom-sync"]["level"] == "ok"
