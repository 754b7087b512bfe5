"""Destinations as people name them: what is understood, and what is said of the rest."""

from __future__ import annotations

import pytest

from clients.commercetools.subscription import Destination, Format
from sync.subscribing.destinations import Named, Refused, chosen, door_warnings

QUEUE = "https://sqs.eu-central-1.amazonaws.com/123456789012/commercetools"
TOPIC = "arn:aws:sns:eu-central-1:123456789012:commercetools"
GRID = "https://shop.westeurope-1.eventgrid.azure.net/api/events"


def named(option: str, text: str, **more: str) -> Named:
    return Named(key="intercom-sync", named={option: text}, **more)  # type: ignore[arg-type]


def made(given: Named, **environ: str) -> dict[str, str]:
    destination = chosen(given, environ).destination
    assert destination is not None
    return destination.to_json()


def refused(given: Named, **environ: str) -> list[str]:
    with pytest.raises(Refused) as raised:
        chosen(given, environ)
    return [f"{each.name}: {each.wrong}" for each in raised.value.problems]


@pytest.mark.parametrize(
    ("option", "text", "expected"),
    [
        ("--sqs", QUEUE, {"type": "SQS", "queueUrl": QUEUE, "region": "eu-central-1", "authenticationMode": "IAM"}),
        ("--sns", TOPIC, {"type": "SNS", "topicArn": TOPIC, "authenticationMode": "IAM"}),
        (
            "--pubsub",
            "my-project/changes",
            {"type": "GoogleCloudPubSub", "projectId": "my-project", "topic": "changes"},
        ),
        (
            "--pubsub",
            "projects/my-project/topics/changes",
            {"type": "GoogleCloudPubSub", "projectId": "my-project", "topic": "changes"},
        ),
        (
            "--eventbridge",
            "123456789012/eu-central-1",
            {"type": "EventBridge", "accountId": "123456789012", "region": "eu-central-1"},
        ),
    ],
)
def test_each_destination_is_understood(option: str, text: str, expected: dict[str, str]) -> None:
    assert made(named(option, text)) == expected


@pytest.mark.parametrize(
    ("option", "text"),
    [
        ("--sqs", "commercetools"),
        ("--sqs", "http://sqs.eu-central-1.amazonaws.com/1/q"),
        ("--sqs", "https://user:pw@sqs.eu-central-1.amazonaws.com/1/q"),
        ("--sqs", "https://[/q"),
        ("--sns", "arn:aws:sqs:eu-central-1:123456789012:commercetools"),
        ("--sns", ""),
        ("--pubsub", "my-project"),
        ("--pubsub", "my-project/a/b"),
        ("--eventbridge", "eu-central-1/123456789012"),
        ("--eventbridge", "12/eu-central-1"),
    ],
)
def test_rubbish_is_refused_by_its_option(option: str, text: str) -> None:
    assert refused(named(option, text)) == [f"{option}: is not usable"]


def test_a_fifo_queue_is_refused() -> None:
    assert refused(named("--sqs", f"{QUEUE}.fifo")) == ["--sqs: is a FIFO queue, which commercetools cannot write to"]


def test_a_queue_whose_address_names_no_region_needs_one() -> None:
    given = named("--sqs", "http://127.0.0.1:4566/123456789012/commercetools")
    assert refused(given) == ["--sqs: names no region"]
    assert made(given, AWS_REGION="eu-west-1")["region"] == "eu-west-1"


def test_several_destinations_are_refused() -> None:
    given = Named(key="k!", named={"--sqs": QUEUE, "--sns": TOPIC})
    assert refused(given) == ["--key: is not a key", "--sqs --sns: are several destinations"]


def test_keys_are_read_from_the_variables_that_are_named() -> None:
    given = named("--sqs", QUEUE, access_key_from="ID", access_secret_from="SECRET")
    read = made(given, ID="AKIA", SECRET=" s3cret ")
    assert (read["authenticationMode"], read["accessKey"], read["accessSecret"]) == ("Credentials", "AKIA", "s3cret")


def test_half_a_key_is_refused() -> None:
    given = named("--sns", TOPIC, access_key_from="ID")
    assert refused(given, ID="AKIA") == ["--access-secret-from: not given, and the other half is"]


def test_a_variable_that_is_not_set_is_named() -> None:
    given = named("--eventgrid", GRID, access_key_from="GRID_KEY")
    assert refused(given) == ["--access-key-from: the variable GRID_KEY is not set"]


def test_event_grid_demands_a_key_and_cloud_events() -> None:
    assert refused(named("--eventgrid", GRID)) == ["--access-key-from: Event Grid demands the topic's access key"]
    keyed = named("--eventgrid", GRID, access_key_from="GRID_KEY")
    assert chosen(keyed, {"GRID_KEY": "k"}).format is Format.CLOUD_EVENTS
    platform = Named(key="ab", named=keyed.named, access_key_from="GRID_KEY", format=Format.PLATFORM)
    assert refused(platform, GRID_KEY="k") == ["--format: Event Grid takes CloudEvents alone"]


def test_a_key_where_none_is_taken_is_refused() -> None:
    given = named("--pubsub", "my-project/changes", access_key_from="ID")
    assert refused(given, ID="AKIA") == ["--access-key-from: --pubsub takes no such thing"]


def test_a_key_without_a_destination_is_refused() -> None:
    given = Named(key="intercom-sync", access_key_from="ID")
    assert refused(given, ID="AKIA") == ["--access-key-from: is given without a destination"]


def test_the_queue_that_a_worker_reads_stands_in_for_an_option() -> None:
    found = chosen(Named(key="intercom-sync"), {"SQS_QUEUE_URL": QUEUE})
    assert (found.taken_from, found.destination) == ("SQS_QUEUE_URL", Destination.sqs(QUEUE, region="eu-central-1"))


def test_one_topic_stands_in_and_of_two_none() -> None:
    assert chosen(Named(key="ab"), {"SNS_TOPIC_ARNS": TOPIC}).taken_from == "SNS_TOPIC_ARNS"
    assert chosen(Named(key="ab"), {"SNS_TOPIC_ARNS": f"{TOPIC},{TOPIC}2"}).destination is None


@pytest.mark.parametrize(
    ("destination", "environ", "says"),
    [
        (Destination.sqs(QUEUE, region="eu-central-1"), {}, "SQS_QUEUE_URL is not set"),
        (Destination.sqs(QUEUE, region="eu-central-1"), {"SQS_QUEUE_URL": f"{QUEUE}2"}, "names another queue"),
        (Destination.sns(TOPIC), {"SNS_TOPIC_ARNS": f"{TOPIC}2"}, "SNS_TOPIC_ARNS does not hold"),
        (Destination.pubsub("p", "t"), {"PUBSUB_AUDIENCE": "x"}, "PUBSUB_AUDIENCE and PUBSUB_SERVICE_ACCOUNT"),
        (Destination.event_grid(GRID, access_key="k"), {}, "EVENTGRID_KEY is not set"),
        (Destination.event_bridge("123456789012", "eu-central-1"), {}, "SQS_QUEUE_URL is not set"),
    ],
)
def test_a_door_that_is_not_open_is_named(destination: Destination, environ: dict[str, str], says: str) -> None:
    (warning,) = door_warnings(destination, environ)
    assert says in warning


def test_an_open_door_is_no_word_worth() -> None:
    assert door_warnings(Destination.sns(TOPIC), {"SNS_TOPIC_ARNS": f"arn:x, {TOPIC}"}) == ()
