"""What opens the doors for queues, and what is wrong with it."""

from __future__ import annotations

import pytest

from canvas_app.ingest.settings import VARIABLES, IngestSettings, half_open

TOPIC = "arn:aws:sns:eu-central-1:123456789012:commercetools"
PUBSUB = {
    "PUBSUB_AUDIENCE": "https://panel.example.com/ingest/pubsub",
    "PUBSUB_SERVICE_ACCOUNT": "push@shop.iam.gserviceaccount.com",
}


def wrong(environ: dict[str, str]) -> set[str]:
    """The variables that are not usable."""
    return {each.name for variable in VARIABLES for each in variable.problems(environ)}


def test_every_door_is_closed_unless_it_is_opened() -> None:
    assert IngestSettings.from_environ({}) == IngestSettings()


def test_pubsub_needs_an_audience_and_an_account() -> None:
    assert half_open(PUBSUB) == ()
    read = IngestSettings.from_environ(PUBSUB).pubsub
    assert read is not None
    assert read.service_account == "push@shop.iam.gserviceaccount.com"


@pytest.mark.parametrize("name", PUBSUB)
def test_half_of_pubsub_is_named(name: str) -> None:
    (problem,) = half_open({key: value for key, value in PUBSUB.items() if key != name})
    assert problem.name == name


def test_several_topics_and_keys_are_separated_by_commas() -> None:
    read = IngestSettings.from_environ({"SNS_TOPIC_ARNS": f"{TOPIC}, {TOPIC}-2", "EVENTGRID_KEY": "new, old"})
    assert read.sns_topics == (TOPIC, f"{TOPIC}-2")
    assert read.eventgrid_keys == ("new", "old")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SNS_TOPIC_ARNS", "no-topic-at-all"),
        ("SNS_TOPIC_ARNS", f"{TOPIC},*"),
        ("SNS_TOPIC_ARNS", "arn:aws:sqs:eu-central-1:123456789012:commercetools"),
        ("EVENTGRID_KEY", "a key with spaces"),
        ("PUBSUB_SERVICE_ACCOUNT", "nobody"),
        ("PUBSUB_SERVICE_ACCOUNT", "one@example.com,two@example.com"),
        ("PUBSUB_AUDIENCE", "two words"),
    ],
)
def test_what_cannot_be_used_is_named_and_not_repeated(name: str, value: str) -> None:
    assert wrong({name: value}) == {name}
    assert not any(value in str(problem) for each in VARIABLES for problem in each.problems({name: value}))


def test_a_key_is_in_no_repr() -> None:
    assert "the-secret-key" not in repr(IngestSettings.from_environ({"EVENTGRID_KEY": "the-secret-key"}))
