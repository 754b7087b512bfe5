"""One more try, and one deadline for token, try and answer together."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from clients.commercetools.settings import ShopSettings
from clients.commercetools.shop import CustomerKey, Shop
from clients.errors import TimedOut, Unreachable
from clients.wire.http import Http, HttpLimits
from tests.integration.clients.answers import CUSTOMER_ID, found
from tests.integration.clients.scripted_server import (
    GRAPHQL,
    TOKEN,
    ScriptedServer,
    Step,
    breaks_off,
    hangs,
    resets,
    says,
    token,
    within,
)

ANNA = CustomerKey("id", CUSTOMER_ID)


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(says(503, b"busy"), id="503"),
        pytest.param(says(502, b"<html>"), id="502"),
        pytest.param(resets, id="reset"),
        pytest.param(breaks_off, id="truncated"),
    ],
)
def test_a_read_is_tried_once_more_after(first: Step, server: ScriptedServer, shop: Shop) -> None:
    server.then(GRAPHQL, first, says(200, found()))
    assert shop.customer(ANNA, emails=(), numbers=(), call=within(2)).customer is not None


def test_a_token_is_tried_for_once_more(server: ScriptedServer, shop: Shop) -> None:
    server.then(TOKEN, says(503, b"busy"), token())
    server.always[GRAPHQL] = says(200, found())
    assert shop.customer(ANNA, emails=(), numbers=(), call=within(2)).customer is not None


def test_the_second_failure_is_final(server: ScriptedServer, shop: Shop) -> None:
    server.always[GRAPHQL] = says(503, b"busy")
    with pytest.raises(Unreachable):
        shop.ping(call=within(2))
    assert len(server.requests(GRAPHQL)) == 2


def test_with_little_time_left_there_is_no_second_try(server: ScriptedServer, shop: Shop) -> None:
    server.always[GRAPHQL] = says(503, b"busy")
    with pytest.raises(Unreachable):
        shop.ping(call=within(0.2))
    assert len(server.requests(GRAPHQL)) == 1


@pytest.mark.parametrize("hanging", [TOKEN, GRAPHQL])
def test_a_hanging_platform_costs_no_more_than_the_deadline(
    hanging: str, server: ScriptedServer, settings: ShopSettings
) -> None:
    shop = Shop(settings, http=Http(HttpLimits(read_timeout=60.0)))
    server.always[hanging] = hangs  # for half a minute
    started = time.monotonic()
    with pytest.raises(TimedOut):
        shop.ping(call=within(0.4))
    assert time.monotonic() - started < 15


def test_many_threads_wait_for_one_token(server: ScriptedServer, shop: Shop) -> None:
    server.always[TOKEN] = lambda server, connection: not server.stopped.wait(0.1) and token()(server, connection)
    server.always[GRAPHQL] = says(200, found())
    with ThreadPoolExecutor(16) as threads:
        asked = [threads.submit(shop.customer, ANNA, emails=(), numbers=(), call=within(5)) for _ in range(16)]
        assert all(answer.result().customer is not None for answer in asked)
    assert len(server.requests(TOKEN)) == 1


def test_many_threads_that_are_refused_at_once_renew_the_token_once(server: ScriptedServer, shop: Shop) -> None:
    everybody = threading.Barrier(8)
    server.always[GRAPHQL] = says(200, found())
    shop.ping(call=within(2))

    def refuse_together(server: ScriptedServer, connection: object) -> bool:
        everybody.wait(timeout=30)
        return says(401, {"errors": [{"code": "invalid_token"}]})(server, connection)  # type: ignore[arg-type]

    server.then(GRAPHQL, *[refuse_together] * 8)
    with ThreadPoolExecutor(8) as threads:
        asked = [threads.submit(shop.customer, ANNA, emails=(), numbers=(), call=within(5)) for _ in range(8)]
        assert all(answer.result().customer is not None for answer in asked)
    assert len(server.requests(TOKEN)) == 2
