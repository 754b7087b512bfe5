"""Whether commercetools delivers is watched; after it did not, both sides are compared by themselves."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from clients.commercetools.subscription import Destination, Draft, Format
from clients.commercetools.subscriptions import SubscriptionHealth, Subscriptions
from clients.wire.http import Http
from sandbox.commercetools.switches import Fault
from sandbox.shop.identifiers import customer_id
from sync.doctor.doors import subscription_findings
from sync.sources.reconcile import ReconcileSettings
from sync.storage.changes import take_turn
from sync.storage.database import Database
from sync.storage.installations import SINGLE
from sync.storage.subscriptions import (
    KnownSubscription,
    known_subscriptions,
    make_reconcile_due,
    reconcile_done,
    reconcile_due,
    remember_subscription,
)
from sync.subscribing import catching_up
from sync.subscribing.catching_up import CatchingUp
from sync.subscribing.watch import SubscriptionWatch
from tests.fresh_shop import small_sample_shop
from tests.integration.sync.companion import Companion, companion, shop_settings

ANNA = customer_id("vip")
KEY = "intercom-sync"
QUICK = ReconcileSettings(page=50, contacts=50, pause=0.001)


@dataclass(frozen=True, kw_only=True)
class Watched:
    """A subscription of ours, and who looks at it. The shop is filled with nothing that was ever noticed."""

    running: Companion
    health: SubscriptionHealth

    @property
    def database(self) -> Database:
        return self.running.database

    def looking(self, holder: str = "me") -> SubscriptionWatch:
        return SubscriptionWatch(self.running.at, self.health, holder=holder)

    def catching_up(self, stopping: threading.Event | None = None) -> CatchingUp:
        return CatchingUp(self.running.at, self.running.source, stopping=stopping or threading.Event(), settings=QUICK)

    def becomes(self, status: str) -> None:
        self.running.shop.subscriptions.set_status(KEY, status)

    def known(self) -> KnownSubscription:
        with self.database.transaction() as connection:
            (only,) = known_subscriptions(connection, SINGLE)
        return only

    def is_due(self) -> bool:
        with self.database.transaction() as connection:
            return reconcile_due(connection, SINGLE) is not None

    def make_due(self) -> None:
        with self.database.transaction() as connection:
            make_reconcile_due(connection, SINGLE, now=self.running.at.now())


@pytest.fixture
def watched(database: Database) -> Iterator[Watched]:
    """Nobody works off what is found."""
    with watching(database, worker=False) as watched:
        yield watched


@contextmanager
def watching(database: Database, *, worker: bool) -> Iterator[Watched]:
    running_companion = companion(database, shop=small_sample_shop(), worker=worker)
    with running_companion as running, closing(Http()) as http:
        settings = shop_settings(running.shop)
        draft = Draft(
            key=KEY,
            destination=Destination.pubsub("my-project", "changes"),
            changes=frozenset({"order"}),
            messages={},
            format=Format.PLATFORM,
        )
        made = Subscriptions(settings, http).create(draft, call=running.at.call())
        with database.transaction() as connection:
            remember_subscription(
                connection,
                SINGLE,
                key=KEY,
                id_=made.id,
                destination=made.destination.where,
                secrets=None,
                messages=(),
                health=made.status,
                now=running.at.now(),
            )
        yield Watched(running=running, health=SubscriptionHealth(settings, http))


def test_what_was_lost_while_it_did_not_deliver_arrives_by_itself(database: Database) -> None:
    with watching(database, worker=True) as watched:
        watched.becomes("ConfigurationErrorDeliveryStopped")
        watched.looking().look()
        watched.running.act("place", customer=ANNA)  # and nobody is told
        assert not watched.catching_up().run_if_due()
        watched.becomes("Healthy")
        watched.looking().look()
        assert watched.is_due()
        assert watched.catching_up().run_if_due()
        assert not watched.is_due()
        assert watched.running.settled(within=60)
        assert watched.running.attributes_of(ANNA)["ct_orders"] > 0


def test_each_change_is_said_once_and_a_healthy_one_never(watched: Watched) -> None:
    looking = watched.looking()
    with capture_logs() as said:
        for status in ("Healthy", "TemporaryError", "TemporaryError", "ManuallySuspended", "Healthy", "Healthy"):
            watched.becomes(status)
            looking.look()
    told = [(each["event"], each.get("status")) for each in said if each["event"].startswith("sync.subscription")]
    assert told == [
        ("sync.subscription_unhealthy", "TemporaryError"),
        ("sync.subscription_unhealthy", "ConfigurationError"),  # which of the three, the question does not tell
        ("sync.subscription_healthy_again", None),
    ]


def test_no_token_is_needed_to_look(watched: Watched) -> None:
    watched.running.shop.log.clear()
    watched.looking().look()
    (request,) = watched.running.shop.requests
    assert (request.path.endswith("/health"), request.headers.get("Authorization")) == (True, None)


def test_a_process_that_ends_in_the_middle_leaves_it_due(watched: Watched) -> None:
    watched.make_due()
    stopping = threading.Event()
    stopping.set()
    assert not watched.catching_up(stopping).run_if_due()
    assert watched.is_due()
    assert watched.catching_up().run_if_due()
    assert not watched.is_due()


def test_what_becomes_due_meanwhile_stays_due(watched: Watched) -> None:
    watched.make_due()
    with watched.database.transaction() as connection:
        began = reconcile_due(connection, SINGLE)
    assert began is not None
    watched.make_due()
    with watched.database.transaction() as connection:
        reconcile_done(connection, SINGLE, since=began)
    assert watched.is_due()


def test_one_process_at_a_time_compares(watched: Watched) -> None:
    watched.make_due()
    with watched.database.transaction() as connection:
        assert take_turn(connection, SINGLE, catching_up.TURN, "another", lease=timedelta(minutes=5))
    assert not watched.catching_up().run_if_due()
    assert watched.is_due()


def test_one_process_at_a_time_looks(watched: Watched) -> None:
    watched.looking("another").look()
    watched.running.shop.log.clear()
    watched.looking().look()
    assert watched.running.shop.requests == ()
    watched.looking("another").release()
    watched.looking().look()
    assert len(watched.running.shop.requests) == 1


def test_a_question_that_is_refused_is_said_once_and_changes_nothing(watched: Watched) -> None:
    watched.running.shop.switches.set(faults=[Fault(kind="status", status=403, door="rest")])
    looking = watched.looking()
    with capture_logs() as said:
        looking.look()
        looking.look()
    assert [each["event"] for each in said].count("sync.subscription_not_read") == 1
    assert watched.known().is_healthy


def test_one_that_was_deleted_is_said_to_be_gone_and_due_once_it_is_back(watched: Watched) -> None:
    (made,) = watched.running.shop.subscriptions.all()
    watched.running.shop.subscriptions.reset()
    with capture_logs() as said:
        watched.looking().look()
    assert "sync.subscription_gone" in [each["event"] for each in said]
    assert watched.known().health == "Gone"
    watched.running.shop.subscriptions.put(made)
    watched.looking().look()
    assert (watched.known().is_healthy, watched.is_due()) == (True, True)


def test_without_a_subscription_of_ours_nobody_is_asked(watched: Watched) -> None:
    with watched.database.transaction() as connection:
        connection.execute("TRUNCATE subscription")
    watched.running.shop.log.clear()
    watched.looking().look()
    assert watched.running.shop.requests == ()


# --- doctor


def said(watched: Watched) -> list[tuple[str, str, str]]:
    with watched.database.transaction() as connection:
        known, due = known_subscriptions(connection, SINGLE), reconcile_due(connection, SINGLE)
    at = watched.running.at
    found = subscription_findings(known, at.mapping, watched.health, due=due, call=at.call)
    return [(each.level.value, each.what, each.found) for each in found]


def test_doctor_says_how_it_is_now(watched: Watched) -> None:
    where = "GoogleCloudPubSub my-project/changes"
    assert said(watched)[0] == ("ok", f"subscription {KEY}", f"healthy, tells {where}")
    watched.becomes("TemporaryError")
    assert said(watched)[0][0] == "warning"
    watched.becomes("ManuallySuspended")
    assert said(watched)[0] == ("failed", f"subscription {KEY}", f"commercetools does not deliver to {where}")
    watched.running.shop.subscriptions.reset()
    assert said(watched)[0] == ("warning", f"subscription {KEY}", "was deleted in commercetools")


def test_doctor_names_messages_that_the_mapping_has_come_to_need(watched: Watched) -> None:
    level, what, found = said(watched)[1]
    assert (level, what) == ("warning", f"subscription {KEY}")
    assert "OrderEditApplied" in found


def test_doctor_says_that_both_sides_are_to_be_compared(watched: Watched) -> None:
    watched.make_due()
    level, what, _ = said(watched)[-1]
    assert (level, what) == ("warning", "reconcile")


def test_doctor_says_that_there_is_none(watched: Watched) -> None:
    with watched.database.transaction() as connection:
        connection.execute("TRUNCATE subscription")
    ((level, what, _),) = said(watched)
    assert (level, what) == ("ok", "subscription")
