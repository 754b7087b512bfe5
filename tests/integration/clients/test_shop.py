"""The shop over real sockets: what is asked, how often, and what comes of it."""

from __future__ import annotations

from itertools import count

import pytest

from clients.commercetools.readings import Section
from clients.commercetools.settings import ShopSettings
from clients.commercetools.shop import CustomerKey, Shop
from clients.errors import BadAnswer, CredentialsRefused, Overloaded, PlatformError, Rejected, ScopeMissing, TryAgain
from clients.wire.http import Http
from tests.integration.clients.answers import CUSTOMER_ID, ORDER_ID, customer, failed, found, lost, order
from tests.integration.clients.scripted_server import GRAPHQL, PROJECT, TOKEN, ScriptedServer, says, token, within

ANNA = CustomerKey("id", CUSTOMER_ID)
READ_SCOPES = f"view_orders:{PROJECT} view_customers:{PROJECT}"


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


def test_token_and_question_carry_the_id_of_the_call(server: ScriptedServer, shop: Shop) -> None:
    server.then(GRAPHQL, says(200, found()))
    shop.customer(ANNA, emails=(), numbers=(), call=within(2, "ict-7"))
    assert [seen.headers["x-correlation-id"] for seen in server.seen] == ["ict-7", "ict-7"]


def test_what_a_contact_says_travels_in_variables_only(server: ScriptedServer, shop: Shop) -> None:
    server.then(GRAPHQL, says(200, found()))
    shop.customer(ANNA, emails=('a"b@example.com',), numbers=('x") { id } #',), call=within(2))
    (seen,) = server.requests(GRAPHQL)
    assert "example.com" not in seen.query
    assert seen.variables["n0"] == 'x") { id } #'
    assert seen.variables["guestWhere"] == r'customerEmail in ("a\"b@example.com") and customerId is not defined'


def test_a_named_order_is_asked_for_as_typed_and_in_upper_case(server: ScriptedServer, shop: Shop) -> None:
    server.then(GRAPHQL, says(200, found(n0=None, n1=order())))
    reading = shop.customer(ANNA, emails=(), numbers=("de-10482",), call=within(2))
    assert [named.number for named in reading.named] == ["DE-10482"]
    assert server.requests(GRAPHQL)[0].variables["n1"] == "DE-10482"


def test_an_order_found_in_both_spellings_is_named_once(server: ScriptedServer, shop: Shop) -> None:
    server.then(GRAPHQL, says(200, found(n0=order(), n1=order())))
    reading = shop.customer(ANNA, emails=(), numbers=("de-10482",), call=within(2))
    assert len(reading.named) == 1


def test_a_customer_that_does_not_exist_is_none_and_nothing_is_missing(server: ScriptedServer, shop: Shop) -> None:
    empty: dict[str, object] = {"results": []}
    server.then(GRAPHQL, says(200, found(customer=None, orders=empty, history=empty)))
    reading = shop.customer(ANNA, emails=(), numbers=(), call=within(2))
    assert (reading.customer, reading.orders, reading.missing) == (None, (), frozenset())


def test_an_id_that_is_none_is_not_sent(server: ScriptedServer, shop: Shop) -> None:
    reading = shop.customer(CustomerKey("id", '" or id is defined'), emails=(), numbers=(), call=within(2))
    assert reading.customer is None
    assert server.seen == []


def test_a_customer_by_key_is_found_by_the_id_behind_it(server: ScriptedServer, shop: Shop) -> None:
    server.then(GRAPHQL, says(200, {"data": {"customer": {"id": CUSTOMER_ID}}}), says(200, found()))
    reading = shop.customer(CustomerKey("key", "anna"), emails=(), numbers=(), call=within(2))
    assert reading.customer is not None
    assert [seen.variables.get("key") for seen in server.requests(GRAPHQL)] == ["anna", None]


def test_an_unknown_key_is_no_customer(server: ScriptedServer, shop: Shop) -> None:
    server.then(GRAPHQL, says(200, {"data": {"customer": None}}))
    assert shop.customer(CustomerKey("key", "anna"), emails=(), numbers=(), call=within(2)).customer is None


def test_a_hundred_and_one_orders_are_an_incomplete_history(server: ScriptedServer, shop: Shop) -> None:
    orders = [order(id=f"0b7c2f60-3f0f-4b0e-8f34-{number:012d}") for number in range(101)]
    server.then(GRAPHQL, says(200, found(history={"results": orders})))
    reading = shop.customer(ANNA, emails=(), numbers=(), call=within(2))
    assert (len(reading.history), reading.history_complete) == (100, False)


# --- e-mail -----------------------------------------------------------------------------------


def test_an_email_is_one_request(server: ScriptedServer, shop: Shop) -> None:
    answer = {"data": {"customers": {"results": [customer()]}, "guestOrders": {"results": [order(customerId=None)]}}}
    server.then(GRAPHQL, says(200, answer))
    reading = shop.by_email("Anna@Example.com", numbers=(), call=within(2))
    assert (len(reading.customers), len(reading.guest_orders)) == (1, 1)
    assert server.requests(GRAPHQL)[0].variables["customersWhere"] == 'lowercaseEmail = "anna@example.com"'


@pytest.mark.parametrize("status", [200, 400])
def test_without_lowercase_email_the_spellings_are_tried_and_that_is_remembered(
    status: int, server: ScriptedServer, shop: Shop
) -> None:
    refused = lost(failed("InvalidInput", "customers", message="Malformed parameter: where: lowercaseEmail"))
    answer = says(200, {"data": {"customers": {"results": [customer()]}, "guestOrders": {"results": []}}})
    server.then(GRAPHQL, says(status, refused), answer, answer)
    for _ in range(2):
        assert shop.by_email("Anna@Example.com", numbers=(), call=within(2)).customers
    asked = [seen.variables["customersWhere"] for seen in server.requests(GRAPHQL)]
    spellings = 'email in ("Anna@Example.com", "anna@example.com")'
    assert asked == ['lowercaseEmail = "anna@example.com"', spellings, spellings]


def test_an_email_with_control_characters_is_nobody_s_and_is_not_sent(server: ScriptedServer, shop: Shop) -> None:
    assert shop.by_email("a\nb@example.com", numbers=(), call=within(2)).customers == ()
    assert server.seen == []


def test_customers_that_could_not_be_read_are_an_error_not_an_absence(server: ScriptedServer, shop: Shop) -> None:
    server.then(GRAPHQL, says(200, lost(failed("General", "customers"))))
    with pytest.raises(TryAgain):
        shop.by_email("anna@example.com", numbers=(), call=within(2))


def test_guest_orders_failing_leave_the_customers(server: ScriptedServer, shop: Shop) -> None:
    rest = {"data": {"customers": {"results": [customer()]}}}
    server.then(GRAPHQL, says(200, lost(failed("QueryTimedOut", "guestOrders"))), says(200, rest))
    reading = shop.by_email("anna@example.com", numbers=(), call=within(2))
    assert (len(reading.customers), reading.missing) == (1, frozenset({Section.GUEST_ORDERS}))


def test_a_customer_is_found_by_number(server: ScriptedServer, shop: Shop) -> None:
    server.then(GRAPHQL, says(200, {"data": {"customers": {"results": [customer()]}}}))
    assert len(shop.by_customer_field("customerNumber", "C-1", call=within(2)).customers) == 1
    assert server.requests(GRAPHQL)[0].variables["customersWhere"] == 'customerNumber = "C-1"'


def test_no_other_field_leads_to_customers(shop: Shop) -> None:
    with pytest.raises(Rejected):
        shop.by_customer_field("password", "x", call=within(2))


# --- one order, pages, cart ---------------------------------------------------------------------


def test_whether_an_order_was_made_with_an_email_is_decided_in_the_shop(server: ScriptedServer, shop: Shop) -> None:
    server.then(GRAPHQL, says(200, {"data": {"order": order(), "mine": {"results": [{"id": ORDER_ID}]}}}))
    reading = shop.order(ORDER_ID, emails=("Anna@Example.com",), call=within(2))
    assert reading.ordered_with_email
    (seen,) = server.requests(GRAPHQL)
    assert "customerEmail" not in seen.query
    assert seen.variables["mineWhere"] == (
        f'id = "{ORDER_ID}" and customerEmail in ("Anna@Example.com", "anna@example.com")'
    )


def test_an_order_of_another_email_is_not_the_contact_s(server: ScriptedServer, shop: Shop) -> None:
    server.then(GRAPHQL, says(200, {"data": {"order": order(), "mine": {"results": []}}}))
    assert not shop.order_by_number("DE-10482", emails=("anna@example.com",), call=within(2)).ordered_with_email


def test_the_ownership_question_failing_leaves_the_order(server: ScriptedServer, shop: Shop) -> None:
    server.then(GRAPHQL, says(200, lost(failed("General", "mine"))), says(200, {"data": {"order": order()}}))
    reading = shop.order(ORDER_ID, emails=("anna@example.com",), call=within(2))
    assert reading.order is not None
    assert not reading.ordered_with_email


def test_an_order_that_could_not_be_read_is_an_error_not_an_absence(server: ScriptedServer, shop: Shop) -> None:
    server.then(GRAPHQL, says(200, {"data": {"order": None}, "errors": [failed("General", "order")]}))
    with pytest.raises(TryAgain):
        shop.order(ORDER_ID, emails=(), call=within(2))


def test_a_page_knows_whether_there_is_another(server: ScriptedServer, shop: Shop) -> None:
    server.always[GRAPHQL] = says(200, {"data": {"orders": {"results": [order(), order(), order()]}}})
    page = shop.orders_of_customer(CUSTOMER_ID, offset=4, limit=2, call=within(2))
    assert (len(page.orders), page.has_more) == (2, True)
    assert not shop.orders_of_guest("a@b.c", offset=0, limit=3, call=within(2)).has_more


def test_no_active_cart_is_no_cart(server: ScriptedServer, shop: Shop) -> None:
    server.then(GRAPHQL, says(200, {"data": {"customerActiveCart": None}}))
    assert shop.cart(CUSTOMER_ID, call=within(2)).cart is None


# --- parts that cannot be read -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "missing"),
    [
        ("General", {Section.ORDERS, Section.HISTORY, Section.GUEST_ORDERS}),
        ("QueryTimedOut", {Section.GUEST_ORDERS}),
    ],
)
def test_orders_failing_cost_the_orders_not_the_customer(
    code: str, missing: set[Section], server: ScriptedServer, shop: Shop
) -> None:
    server.then(GRAPHQL, says(200, lost(failed(code, "guestOrders"))), says(200, found()))
    reading = shop.customer(ANNA, emails=("anna@example.com",), numbers=(), call=within(2))
    assert reading.customer is not None
    assert reading.missing == missing


def test_nothing_readable_at_all_is_an_error(server: ScriptedServer, shop: Shop) -> None:
    server.always[GRAPHQL] = says(200, lost(failed("OverCapacity", "orders"), failed("OverCapacity", "history")))
    with pytest.raises(Overloaded):
        shop.customer(ANNA, emails=(), numbers=(), call=within(2))
    assert len(server.requests(GRAPHQL)) == 2


def test_the_cart_failing_costs_the_cart(server: ScriptedServer, shop: Shop) -> None:
    answer = found()
    server.then(GRAPHQL, says(200, {**answer, "errors": [failed("General", "customerActiveCart")]}))
    reading = shop.customer(ANNA, emails=(), numbers=(), call=within(2))
    assert (reading.cart, reading.missing) == (None, frozenset({Section.CART}))
    assert len(reading.orders) == 1


def test_refused_payments_are_unknown_payments_and_are_not_asked_for_again(server: ScriptedServer, shop: Shop) -> None:
    refused = failed("insufficient_scope", "orders", "results", 0, "paymentInfo", "payments")
    server.then(GRAPHQL, says(200, {**found(), "errors": [refused]}), says(200, found()))
    reading = shop.customer(ANNA, emails=(), numbers=(), call=within(2))
    assert (reading.orders[0].payments, reading.missing) == (None, frozenset({Section.PAYMENTS}))
    again = shop.customer(ANNA, emails=(), numbers=(), call=within(2))
    assert again.missing == {Section.PAYMENTS}
    assert ["paymentInfo" in seen.query for seen in server.requests(GRAPHQL)] == [True, False]


def test_an_order_without_payments_has_none_and_that_is_known(server: ScriptedServer, shop: Shop) -> None:
    server.then(GRAPHQL, says(200, found()))
    assert shop.customer(ANNA, emails=(), numbers=(), call=within(2)).orders[0].payments == ()


def test_a_whole_refusal_is_asked_again_without_what_can_be_spared(server: ScriptedServer, shop: Shop) -> None:
    refusal = {"statusCode": 403, "message": "no", "errors": [{"code": "insufficient_scope", "message": "no"}]}
    server.then(GRAPHQL, says(403, refusal), says(200, found()))
    reading = shop.customer(ANNA, emails=(), numbers=(), call=within(2))
    assert reading.customer is not None
    assert {Section.PAYMENTS, Section.WORKFLOW_STATES} <= reading.missing
    assert "paymentInfo" not in server.requests(GRAPHQL)[1].query


def test_a_whole_refusal_that_names_the_orders_leaves_the_customer(server: ScriptedServer, shop: Shop) -> None:
    message = f"Insufficient scope. One of the following scopes is missing: view_orders:{PROJECT}."
    refusal = {"statusCode": 403, "message": message, "errors": [{"code": "insufficient_scope", "message": message}]}
    server.then(GRAPHQL, says(403, refusal), says(200, {"data": {"customer": customer()}}))
    reading = shop.customer(ANNA, emails=(), numbers=(), call=within(2))
    assert reading.customer is not None
    assert Section.ORDERS in reading.missing


def test_two_whole_refusals_are_a_missing_scope(server: ScriptedServer, shop: Shop) -> None:
    server.always[GRAPHQL] = says(403, {"errors": [{"code": "insufficient_scope"}]})
    with pytest.raises(ScopeMissing):
        shop.customer(ANNA, emails=(), numbers=(), call=within(2))
    assert len(server.requests(GRAPHQL)) == 2


def test_what_the_token_s_scopes_rule_out_is_not_asked_for(server: ScriptedServer, shop: Shop) -> None:
    server.always[TOKEN] = token(scope=READ_SCOPES)
    unpaid = order()
    del unpaid["paymentInfo"]
    server.then(GRAPHQL, says(200, found(orders={"results": [unpaid]})))
    reading = shop.customer(ANNA, emails=(), numbers=(), call=within(2))
    assert reading.missing == {Section.PAYMENTS, Section.WORKFLOW_STATES}
    assert "paymentInfo" not in server.requests(GRAPHQL)[0].query
    assert reading.orders[0].payments is None


def test_without_the_scope_for_customers_nobody_is_said_not_to_exist(server: ScriptedServer, shop: Shop) -> None:
    server.always[TOKEN] = token(scope=f"view_orders:{PROJECT}")
    with pytest.raises(ScopeMissing):
        shop.customer(ANNA, emails=(), numbers=(), call=within(2))
    with pytest.raises(ScopeMissing):
        shop.by_email("anna@example.com", numbers=(), call=within(2))


def test_a_customer_that_could_not_be_read_is_an_error_not_an_absence(server: ScriptedServer, shop: Shop) -> None:
    server.then(GRAPHQL, says(200, {**found(customer=None), "errors": [failed("General", "customer")]}))
    with pytest.raises(TryAgain):
        shop.customer(ANNA, emails=(), numbers=(), call=within(2))


def test_a_token_that_opens_nothing_we_need_is_a_missing_scope(server: ScriptedServer, shop: Shop) -> None:
    server.always[TOKEN] = token(scope=f"view_products:{PROJECT}")
    with pytest.raises(ScopeMissing):
        shop.customer(ANNA, emails=(), numbers=(), call=within(2))
    assert server.requests(GRAPHQL) == []


def test_a_question_that_is_too_complex_is_asked_without_the_history_from_then_on(
    server: ScriptedServer, shop: Shop
) -> None:
    server.then(GRAPHQL, says(400, {"errors": [{"extensions": {"code": "QueryComplexityLimitExceeded"}}]}))
    server.always[GRAPHQL] = says(200, found())
    for _ in range(2):
        assert Section.HISTORY in shop.customer(ANNA, emails=(), numbers=(), call=within(2)).missing
    assert ["history" in seen.query for seen in server.requests(GRAPHQL)] == [True, False, False]


# --- stores and permissions ----------------------------------------------------------------------


@pytest.fixture
def german_shop(settings: ShopSettings, http: Http) -> Shop:
    return Shop(settings, http=http, stores=("de", "at"), sleep=lambda _: None)


def test_orders_are_asked_for_in_the_configured_stores(server: ScriptedServer, german_shop: Shop) -> None:
    server.then(GRAPHQL, says(200, found()))
    german_shop.customer(ANNA, emails=(), numbers=(), call=within(2))
    where = server.requests(GRAPHQL)[0].variables["ordersWhere"]
    assert where == f'customerId = "{CUSTOMER_ID}" and store(key in ("de", "at"))'


@pytest.mark.parametrize(("stores", "is_found"), [(["fr"], False), (["fr", "at"], True), ([], True)])
def test_a_customer_of_other_stores_is_not_found(
    stores: list[str], is_found: bool, server: ScriptedServer, german_shop: Shop
) -> None:
    server.then(GRAPHQL, says(200, found(customer=customer(storesRef=[{"key": key} for key in stores]))))
    reading = german_shop.customer(ANNA, emails=(), numbers=(), call=within(2))
    assert (reading.customer is not None, bool(reading.orders)) == (is_found, is_found)


@pytest.mark.parametrize(("store", "is_found"), [({"key": "fr"}, False), ({"key": "de"}, True), (None, False)])
def test_an_order_of_another_store_is_not_found(
    store: object, is_found: bool, server: ScriptedServer, german_shop: Shop
) -> None:
    server.always[GRAPHQL] = says(200, {"data": {"order": order(storeRef=store)}})
    assert (german_shop.order(ORDER_ID, emails=(), call=within(2)).order is not None) == is_found


def test_only_allowed_fields_are_asked_for(server: ScriptedServer, settings: ShopSettings, http: Http) -> None:
    server.always[GRAPHQL] = says(200, {"data": {"order": order()}})
    allowed = frozenset({"order.shipping_address", "order.custom.giftMessage"})
    Shop(settings, http=http, allowed=allowed).order(ORDER_ID, emails=(), call=within(2))
    (seen,) = server.requests(GRAPHQL)
    assert "shippingAddress" in seen.query
    assert seen.variables["orderCustom"] == ["giftMessage"]
    assert not any(name in seen.query for name in ("billingAddress", "customerEmail", "phone", "interfaceId"))


# --- credentials ---------------------------------------------------------------------------------


@pytest.mark.parametrize("refusal", [says(401, {"errors": [{"code": "invalid_token"}]}), says(401, b"<html>")])
def test_a_refused_token_is_renewed_and_the_question_asked_again(
    refusal: object, server: ScriptedServer, shop: Shop
) -> None:
    numbers = count(1)
    server.always[TOKEN] = lambda server, connection: token(f"token-{next(numbers)}")(server, connection)
    server.then(GRAPHQL, refusal, says(200, found()))  # type: ignore[arg-type]  # parametrised
    assert shop.customer(ANNA, emails=(), numbers=(), call=within(2)).customer is not None
    sent = [seen.headers["authorization"] for seen in server.requests(GRAPHQL)]
    assert sent == ["Bearer token-1", "Bearer token-2"]


@pytest.mark.parametrize("status", [200, 400])
def test_invalid_token_renews_whatever_the_status(status: int, server: ScriptedServer, shop: Shop) -> None:
    refusal = {"data": None, "errors": [{"message": "no", "extensions": {"code": "invalid_token"}}]}
    server.then(GRAPHQL, says(status, refusal), says(200, found()))
    assert shop.customer(ANNA, emails=(), numbers=(), call=within(2)).customer is not None
    assert len(server.requests(TOKEN)) == 2


def test_a_new_token_that_is_refused_as_well_ends_it(server: ScriptedServer, shop: Shop) -> None:
    server.always[GRAPHQL] = says(401, {"errors": [{"code": "invalid_token"}]})
    with pytest.raises(CredentialsRefused):
        shop.customer(ANNA, emails=(), numbers=(), call=within(2))
    assert (len(server.requests(GRAPHQL)), len(server.requests(TOKEN))) == (2, 2)


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (401, {"error": "invalid_client", "errors": [{"code": "invalid_client"}]}),
        (400, {"error": "invalid_client"}),
        (400, {"errors": [{"code": "invalid_token", "message": "the project is suspended"}]}),
    ],
)
def test_refused_credentials_are_named_without_the_secret(
    status: int, answer: object, server: ScriptedServer, shop: Shop, settings: ShopSettings
) -> None:
    server.always[TOKEN] = says(status, answer)
    with pytest.raises(CredentialsRefused) as raised:
        shop.ping(call=within(2))
    assert settings.client_secret not in f"{raised.value!r} {settings!r}"


@pytest.mark.parametrize(
    "grant", [{"access_token": "x"}, {"expires_in": 3}, [], {"access_token": "a\nb", "expires_in": 3}]
)
def test_a_token_answer_that_is_none_is_a_bad_answer(grant: object, server: ScriptedServer, shop: Shop) -> None:
    server.always[TOKEN] = says(200, grant)
    with pytest.raises(BadAnswer):
        shop.ping(call=within(2))


# --- trouble --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer", [b"not json", b"[]", b"{}", b'{"data": 3}', b'{"data": null}', b"[" * 100_000, b"\xff"]
)
def test_an_answer_that_is_no_graphql_is_a_bad_answer(answer: bytes, server: ScriptedServer, shop: Shop) -> None:
    server.always[GRAPHQL] = says(200, answer)
    with pytest.raises(BadAnswer):
        shop.customer(ANNA, emails=(), numbers=(), call=within(2))


def test_half_a_surrogate_pair_does_not_travel_further(server: ScriptedServer, shop: Shop) -> None:
    answer = b'{"data": {"customers": {"results": []}, "guestOrders": null, "x": "\\ud83d"}}'
    server.always[GRAPHQL] = says(200, answer.replace(b'"guestOrders": null, ', b""))
    assert shop.by_email("a@b.c", numbers=(), call=within(2)).customers == ()


@pytest.mark.parametrize(
    ("status", "headers", "seconds"),
    [
        (429, {"Retry-After": "7"}, 7),
        (429, {"X-RateLimit-Reset": "3"}, 3),
        (429, {"RateLimit-Reset": "2"}, 2),
        (429, {}, None),
        (429, {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}, None),
        (503, {"Retry-After": "9"}, 9),
    ],
)
def test_overload_says_how_long_to_wait(
    status: int, headers: dict[str, str], seconds: float | None, server: ScriptedServer, shop: Shop
) -> None:
    server.always[GRAPHQL] = says(status, {"errors": [{"code": "OverCapacity"}]}, headers)
    with pytest.raises(Overloaded) as raised:
        shop.ping(call=within(2))
    assert raised.value.retry_after == seconds
    assert len(server.requests(GRAPHQL)) == 1 if seconds or status == 429 else 2


@pytest.mark.parametrize("status", [301, 404, 500, 504, 418, 599])
def test_any_other_status_is_one_of_our_errors_and_is_not_repeated(
    status: int, server: ScriptedServer, shop: Shop
) -> None:
    server.always[GRAPHQL] = says(status, b"<html>")
    with pytest.raises(PlatformError):
        shop.ping(call=within(2))
    assert len(server.requests(GRAPHQL)) == 1
