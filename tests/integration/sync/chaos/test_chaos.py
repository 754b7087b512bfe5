"""Two thousand changes while workers and database are killed and both platforms fail: nothing lost, nothing twice.

`CHAOS_CHANGES` and `CHAOS_SEED` make it longer, or another one.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from random import Random
from typing import Final

import pytest

from sandbox.shop.acts import Acts
from sync.storage.dead_letters import list_dead_letters
from sync.storage.embedded import EmbeddedServer
from sync.storage.installations import SINGLE
from tests.integration.sync.chaos.changes import Changes, furnished_shop
from tests.integration.sync.chaos.outcome import by_name, differences, due, durable
from tests.integration.sync.chaos.side import SOON, Side, now, side
from tests.integration.sync.chaos.trouble import Trouble
from tests.integration.sync.conftest import fresh_database
from tests.integration.sync.working import eventually

SEED: Final = int(os.environ.get("CHAOS_SEED", "1"))
CHANGES: Final = int(os.environ.get("CHAOS_CHANGES", "2000"))
EACH_SECOND: Final = 100.0  # changes: more than the workers keep up with, so that much is done in one
A_WHILE: Final = 60.0  # seconds; on a slow machine a storm may leave no look whole
FEW: Final = 50  # jobs: with fewer waiting there is nothing left to be troubled

Tell = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Ran:
    """A shop that came to rest, and so have its syncs."""

    changes: Changes
    stormy: Side
    trouble: Trouble
    reconciled: Mapping[str, int]  # what a reconcile found once the storm was over


@dataclass(frozen=True, kw_only=True)
class RanTwice(Ran):
    """The same changes beside the storm, with nothing in the way."""

    calm: Side


@pytest.fixture(scope="module")
def tell(request: pytest.FixtureRequest) -> Tell:
    """Prints, whatever pytest does with what is printed."""

    def tell(line: str) -> None:
        capture = request.config.pluginmanager.getplugin("capturemanager")
        with capture.global_and_fixture_disabled():
            print(f"\n  {line}", end="", flush=True)

    return tell


@pytest.fixture(scope="module")
def ran(
    postgres_url: str, template_database: str, tmp_path_factory: pytest.TempPathFactory, tell: Tell
) -> Iterator[RanTwice]:
    """With the embedded database, which its workers keep alive."""
    directory, shop = tmp_path_factory.mktemp("chaos"), furnished_shop()
    with ExitStack() as stack:
        calm_url = stack.enter_context(fresh_database(postgres_url, template_database))
        calm = stack.enter_context(side("calm", shop, directory=directory / "calm", url=calm_url))
        stormy = stack.enter_context(side("stormy", shop, directory=directory / "stormy"))
        changes = Changes(Acts(shop, clock=now), Random(SEED))
        calm.begin(workers=1, looks_each=1.5)
        trouble, reconciled = run(stormy, changes, count=CHANGES)
        calm.settle()
        tell_figures(tell, changes, trouble, reconciled)
        yield RanTwice(changes=changes, stormy=stormy, trouble=trouble, reconciled=reconciled, calm=calm)


@pytest.fixture(scope="module")
def ran_without_the_rule(
    postgres_url: str, template_database: str, tmp_path_factory: pytest.TempPathFactory, tell: Tell
) -> Iterator[Ran]:
    """With an external database: that of `DATABASE_URL`, else a server of its own, which nothing but this keeps."""
    directory, shop = tmp_path_factory.mktemp("chaos"), furnished_shop()
    with ExitStack() as stack:
        if os.environ.get("DATABASE_URL"):
            url = stack.enter_context(fresh_database(postgres_url, template_database))
            built = side("bare", shop, directory=directory / "bare", url=url, rule=False)
        else:
            server = stack.enter_context(EmbeddedServer(directory / "server"))
            built = side("bare", shop, directory=directory / "bare", server=server, rule=False)
        bare = stack.enter_context(built)
        changes = Changes(Acts(shop, clock=now), Random(SEED + 1))
        trouble, reconciled = run(bare, changes, count=CHANGES // 4)
        tell_figures(tell, changes, trouble, reconciled)
        yield Ran(changes=changes, stormy=bare, trouble=trouble, reconciled=reconciled)


def run(stormy: Side, changes: Changes, *, count: int) -> tuple[Trouble, Mapping[str, int]]:
    """All changes under all troubles, until nothing is left to do."""
    stormy.begin(workers=2)
    trouble = Trouble(stormy, Random(SEED))
    began = time.monotonic()
    try:
        for number, _ in enumerate(changes.all_of_them(count)):
            time.sleep(max(0.0, began + number / EACH_SECOND - time.monotonic()))
            if number == count // 10:
                trouble.start()
            elif number == count // 2:
                trouble.kill_database()
        stormy.has_heard(within=A_WHILE)  # or the workers hear the rest when the storm is over
        assert eventually(lambda: trouble.side.waiting() in range(FEW), within=SOON), "trouble keeps all work from done"
    finally:
        trouble.stop()
    return trouble, stormy.settle()


def tell_figures(tell: Tell, changes: Changes, trouble: Trouble, reconciled: Mapping[str, int]) -> None:
    intercom, shop = trouble.side.intercom, trouble.side.commercetools
    tell(f"{trouble.side.name}: {len(changes.orders)} orders of {len(changes.accounts) + len(changes.guests)} buyers,")
    tell(f"  {len(changes.moved)} moved; {len(intercom.contacts)} contacts, {len(intercom.events())} events kept")
    tell(
        f"  requests: {sum(intercom.log.accepted.values())} carried out by Intercom, "
        f"{sum(intercom.log.lost.values())} of the answers lost, {sum(intercom.log.refused.values())} not; "
        f"{sum(shop.log.by_operation.values())} to commercetools"
    )
    for what, count in sorted(trouble.happened.items()):
        tell(f"  {what}: {count}")
    tell(f"  a reconcile afterwards: {', '.join(f'{name} {count}' for name, count in reconciled.items())}")
    tell(
        f"  events sent again: {intercom.events_sent_again}; answers lost {trouble.answers_lost}, "
        f"in flight at kills {len(trouble.in_flight)}, all in all at most {trouble.most_sent_again}"
    )


def test_contacts_are_the_same_after_chaos_as_after_calm(ran: RanTwice) -> None:
    assert differences(ran.stormy, ran.calm) == {}


def test_the_same_events_are_told_in_chaos_as_in_calm(ran: RanTwice) -> None:
    assert durable(ran.stormy, ran.changes).keys() == durable(ran.calm, ran.changes).keys()


def test_no_event_is_told_twice_in_chaos(ran: RanTwice) -> None:
    assert [told for told, count in durable(ran.stormy, ran.changes).items() if count > 1] == []


def test_everything_that_happened_in_the_shop_is_told(ran: RanTwice) -> None:
    assert by_name(durable(ran.stormy, ran.changes)) == due(ran.changes)


def test_intercom_holds_what_we_believe_after_chaos(ran: RanTwice) -> None:
    assert ran.stormy.corrections == []
    assert (ran.reconciled["corrected"], ran.reconciled["lost"], ran.reconciled["appeared"]) == (0, 0, 0)


def test_chaos_leaves_no_dead_letters(ran: RanTwice) -> None:
    assert dead_letters(ran.stormy) == []


def test_without_intercoms_rule_everything_is_told_as_well(ran_without_the_rule: Ran) -> None:
    assert by_name(durable(ran_without_the_rule.stormy, ran_without_the_rule.changes)) == due(
        ran_without_the_rule.changes
    )


def test_without_intercoms_rule_only_what_was_in_flight_is_sent_again(ran_without_the_rule: Ran) -> None:
    trouble = ran_without_the_rule.trouble
    kept = durable(ran_without_the_rule.stormy, ran_without_the_rule.changes)
    assert kept.total() - len(kept) <= trouble.side.intercom.events_sent_again <= trouble.most_sent_again


def dead_letters(of: Side) -> list[tuple[str, str]]:
    with of.database.transaction() as connection:
        return [(letter.part, letter.reason) for letter in list_dead_letters(connection, SINGLE)]
