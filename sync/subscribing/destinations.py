"""The destination that somebody names, checked; and whether the door that it leads to is open.

https://docs.commercetools.com/api/projects/subscriptions#destination
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from clients.amazon.arns import ARN
from clients.amazon.settings import region_of
from clients.commercetools.subscription import Destination, Format
from clients.wire.hosts import is_loopback
from sync.environment import Problem
from sync.subscribing.wanted import Chosen

SQS, SNS, PUBSUB, EVENT_GRID, EVENT_BRIDGE = "--sqs", "--sns", "--pubsub", "--eventgrid", "--eventbridge"
KEY_FROM, SECRET_FROM, FORMAT, KEY = "--access-key-from", "--access-secret-from", "--format", "--key"

_KEY: Final = re.compile(r"[A-Za-z0-9_-]{2,256}")
_PUBSUB: Final = re.compile(
    r"(?:projects/)?([a-z][a-z0-9.:-]{4,61}[a-z0-9])/(?:topics/)?([A-Za-z][\w.~+%-]{2,254})", re.ASCII
)
_EVENT_BRIDGE: Final = re.compile(r"([0-9]{12})/([a-z]{2}(?:-[a-z]+)+-[0-9])")
_REGION: Final = re.compile(r"[a-z]{2}(?:-[a-z]+)+-[0-9]")
_FIXES: Final[Mapping[str, str]] = {
    SQS: "Use the queue's address, such as https://sqs.eu-central-1.amazonaws.com/123456789012/commercetools",
    SNS: "Use the topic's ARN, such as arn:aws:sns:eu-central-1:123456789012:commercetools",
    PUBSUB: "Use PROJECT/TOPIC, such as my-project/commercetools",
    EVENT_GRID: "Use the topic's endpoint, such as https://name.westeurope-1.eventgrid.azure.net/api/events",
    EVENT_BRIDGE: "Use ACCOUNT/REGION, such as 123456789012/eu-central-1",
}


class Refused(Exception):
    """What was named cannot be used."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What somebody asks for. `named`: options of destinations with their texts. The last two name variables."""

    key: str
    named: Mapping[str, str] = field(default_factory=dict)
    format: Format | None = None
    access_key_from: str | None = None
    access_secret_from: str | None = None


def chosen(named: Named, environ: Mapping[str, str]) -> Chosen:
    """Raises `Refused` with everything that is wrong. Without an option, a queue or topic of the environment counts."""
    taken_from, options = None, dict(named.named)
    if not options:
        taken_from, options = _of_environment(environ)
    problems = [] if _KEY.fullmatch(named.key) else [_key_problem()]
    if len(options) > 1:
        fix = "Name one; for another one as well, run it again with another --key"
        raise Refused([*problems, Problem(" ".join(options), "are several destinations", fix)])
    if not options:
        given = {KEY_FROM: named.access_key_from, SECRET_FROM: named.access_secret_from}
        fix = "Name the destination that it opens"
        problems += [Problem(name, "is given without a destination", fix) for name, each in given.items() if each]
        raise_if(problems)
        return Chosen(key=named.key, destination=None, format=named.format)
    ((option, text),) = options.items()
    secrets = list(_secrets(option, named, environ, problems))
    destination = _destination(option, text.strip(), secrets, environ, problems)
    if option == EVENT_GRID and named.format is Format.PLATFORM:
        problems.append(
            Problem(FORMAT, "Event Grid takes CloudEvents alone", "Use --format cloudevents, or leave it out")
        )
    raise_if(problems)
    format_ = Format.CLOUD_EVENTS if option == EVENT_GRID else named.format
    return Chosen(key=named.key, destination=destination, format=format_, taken_from=taken_from)


def raise_if(problems: list[Problem]) -> None:
    if problems:
        raise Refused(problems)


def _of_environment(environ: Mapping[str, str]) -> tuple[str | None, dict[str, str]]:
    if queue := environ.get("SQS_QUEUE_URL", "").strip():
        return "SQS_QUEUE_URL", {SQS: queue}
    topics = _topics(environ)
    return ("SNS_TOPIC_ARNS", {SNS: topics[0]}) if len(topics) == 1 else (None, {})


def _topics(environ: Mapping[str, str]) -> list[str]:
    return [each.strip() for each in environ.get("SNS_TOPIC_ARNS", "").split(",") if each.strip()]


def _key_problem() -> Problem:
    return Problem(KEY, "is not a key", "Use 2 to 256 letters, digits, - and _, such as intercom-sync")


def _secrets(option: str, named: Named, environ: Mapping[str, str], problems: list[Problem]) -> Iterator[str]:
    """The access key, then its secret, as far as the destination has them."""
    given = {KEY_FROM: named.access_key_from, SECRET_FROM: named.access_secret_from}
    names = {name: variable for name, variable in given.items() if variable is not None}
    takes = {SQS: (KEY_FROM, SECRET_FROM), SNS: (KEY_FROM, SECRET_FROM), EVENT_GRID: (KEY_FROM,)}.get(option, ())
    for name in sorted(names.keys() - set(takes)):
        problems.append(Problem(name, f"{option} takes no such thing", "Leave it out"))
    for name in takes:
        if (variable := names.get(name)) is None:
            if option == EVENT_GRID:
                fix = "Put the topic's key into a variable and name that, such as --access-key-from EVENTGRID_TOPIC_KEY"
                problems.append(Problem(name, "Event Grid demands the topic's access key", fix))
            elif names.keys() & set(takes):
                fix = (
                    "Name both, or neither: without them, commercetools comes as the IAM user that docs/doors.md names"
                )
                problems.append(Problem(name, "not given, and the other half is", fix))
        elif secret := environ.get(variable, "").strip():
            yield secret
        else:
            problems.append(
                Problem(name, f"the variable {variable} is not set", "Set it in the environment or in .env")
            )


def _destination(
    option: str, text: str, secrets: list[str], environ: Mapping[str, str], problems: list[Problem]
) -> Destination | None:
    key, secret = (*secrets, None, None)[:2]
    made: Destination | None = None
    match option:
        case "--sqs":
            made = _sqs(text, key, secret, environ, problems)
            if made is None:
                return None
        case "--sns" if ARN.fullmatch(text):
            made = Destination.sns(text, access_key=key, access_secret=secret)
        case "--pubsub" if found := _PUBSUB.fullmatch(text):
            made = Destination.pubsub(found[1], found[2])
        case "--eventgrid" if _is_address(text):
            made = Destination.event_grid(text, access_key=key or "")
        case "--eventbridge" if found := _EVENT_BRIDGE.fullmatch(text):
            made = Destination.event_bridge(found[1], found[2])
    if made is None:
        problems.append(Problem(option, "is not usable", _FIXES[option]))
    return made


def _sqs(
    url: str, key: str | None, secret: str | None, environ: Mapping[str, str], problems: list[Problem]
) -> Destination | None:
    if not _is_address(url) or not urlsplit(url).path.strip("/"):
        problems.append(Problem(SQS, "is not usable", _FIXES[SQS]))
        return None
    if url.endswith(".fifo"):
        problems.append(Problem(SQS, "is a FIFO queue, which commercetools cannot write to", "Make a standard queue"))
        return None
    region = region_of(url) or next(
        (environ[name] for name in ("AWS_REGION", "AWS_DEFAULT_REGION") if environ.get(name)), ""
    )
    if not _REGION.fullmatch(region):
        problems.append(Problem(SQS, "names no region", f"{_FIXES[SQS]}, or set AWS_REGION"))
        return None
    return Destination.sqs(url, region=region, access_key=key, access_secret=secret)


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))
    return bool(is_safe and host and text.isascii() and text.isprintable() and " " not in text and not parts.username)


def door_warnings(destination: Destination, environ: Mapping[str, str]) -> tuple[str, ...]:
    """What of ours is not set up for it where this is asked. Doors are opened by variables, see docs/doors.md."""

    def is_set(name: str) -> bool:
        return bool(environ.get(name, "").strip())

    match destination.type:
        case "SQS":
            return _queue_warnings(environ.get("SQS_QUEUE_URL", "").strip(), destination.place["queueUrl"])
        case "SNS" if (arn := destination.place["topicArn"]) not in _topics(environ):
            return (
                f"SNS_TOPIC_ARNS does not hold {arn} here: without it the web side does not open /ingest/sns to it",
            )
        case "GoogleCloudPubSub" if not (is_set("PUBSUB_AUDIENCE") and is_set("PUBSUB_SERVICE_ACCOUNT")):
            return (
                "PUBSUB_AUDIENCE and PUBSUB_SERVICE_ACCOUNT are not set here: they open /ingest/pubsub on the web side",
            )
        case "EventGrid" if not is_set("EVENTGRID_KEY"):
            return ("EVENTGRID_KEY is not set here: it opens /ingest/eventgrid on the web side",)
        case "EventBridge" if not is_set("SQS_QUEUE_URL"):
            return ("SQS_QUEUE_URL is not set here: EventBridge reaches the worker through a queue",)
    return ()


def _queue_warnings(read: str, told: str) -> tuple[str, ...]:
    if read == told:
        return ()
    if not read:
        return ("SQS_QUEUE_URL is not set here: a worker reads the queue only with it",)
    return ("SQS_QUEUE_URL names another queue here: a worker reads that one",)
