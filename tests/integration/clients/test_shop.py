"""The shop over real sockets: what is asked, how often, and what comes of it."""

from __future__ import annotations

from clients.commercetools.shop import CustomerKey, Shop
from tests.integration.clients.answers import CUSTOMER_ID, found
from tests.integration.clients.scripted_server import GRAPHQL, TOKEN, ScriptedServer, says, within

ANNA = CustomerKey("id", CUSTOMER_ID)


def test_a_customer_by_id_is_one_request(server: ScriptedServer, shop: Shop) -> None:
    server.then(GRAPHQL, says(200, found()))
    reading = shop.customer(ANNA, emails=("Anna@Example.com",), numbers=("de-10482",), call=within(2))
    assert reading.customer is not None
    assert [order.number for order in reading.orders] == ["DE-10482"]
    assert len(server.requests(GRAPHQL)) == 1


def test_the_token_is_asked_for_once_for_many_questions(server: ScriptedServer, shop: Shop) -> None:
    server.always[GRAPHQL] = says(200, found())
    for _ in range(3):
        shop.customer(ANNA, emails=(), numbers=(), call=within(2))
    assert len(server.requests(TOKEN)) == 1


def test_connections_are_kept_alive(server: ScriptedServer, shop: Shop) -> None:
    server.always[GRAPHQL] = says(200, found())
    for _ in range(3):
        shop.customer(ANNA, emails=(), numbers=(), call=within(2))
    assert server.connections == 1
