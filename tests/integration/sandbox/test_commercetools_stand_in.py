"""The stand-in behaves as commercetools does: tokens, scopes, errors, null propagation, control."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from sandbox.commercetools import CommercetoolsStandIn
from sandbox.shop import SampleShop
from sandbox.shop.identifiers import customer_id, order_id
from sandbox.shop.scenarios.anna import VIP

Ask = Callable[..., requests.Response]
Mint = Callable[..., requests.Response]
ANNA = customer_id(VIP)
PAYMENTS = "query P($id: String!) { order(id: $id) { id paymentInfo { paymentRefs { id } payments { id } } } }"


def codes(answer: requests.Response) -> list[str]:
    return [problem["extensions"]["code"] for problem in answer.json()["errors"]]


def test_a_token_says_how_long_it_is_good_and_for_what(mint: Mint) -> None:
    token = mint().json()
    assert token["expires_in"] == 172_800
    assert token["token_type"] == "Bearer"
    assert "view_orders:nordlicht-demo" in token["scope"].split()


def test_wrong_credentials_are_an_invalid_client(mint: Mint) -> None:
    refused = mint(secret="wrong")
    assert refused.status_code == 401
    assert refused.json()["error"] == "invalid_client"


def test_a_scope_that_the_client_does_not_own_is_refused(mint: Mint) -> None:
    refused = mint(scope="manage_orders:nordlicht-demo")
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["code"] == "invalid_scope"


def test_a_token_asked_for_with_one_scope_has_that_one(mint: Mint) -> None:
    assert mint(scope="view_orders:nordlicht-demo").json()["scope"] == "view_orders:nordlicht-demo"


def test_a_revoked_token_is_invalid(stand_in: CommercetoolsStandIn, ask: Ask) -> None:
    ask("{ orders { count } }")
    stand_in.tokens.revoke_all()
    refused = ask("{ orders { count } }")
    assert refused.status_code == 401
    assert refused.json()["errors"][0]["code"] == "invalid_token"


def test_a_suspended_project_answers_400_invalid_token(stand_in: CommercetoolsStandIn, ask: Ask) -> None:
    ask("{ orders { count } }")
    stand_in.switches.set(project_suspended=True)
    refused = ask("{ orders { count } }")
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["code"] == "invalid_token"


def test_the_correlation_id_comes_back(stand_in: CommercetoolsStandIn, session: requests.Session) -> None:
    sent = {"X-Correlation-ID": "ict-1234567890"}
    answer = session.post(f"{stand_in.auth_url}/oauth/token", headers=sent, timeout=30)
    assert answer.headers["X-Correlation-ID"] == "ict-1234567890"


def test_a_missing_payment_scope_takes_the_payment_references_along(stand_in: CommercetoolsStandIn, ask: Ask) -> None:
    stand_in.switches.set(missing_scopes={"view_payments"})
    answer = ask(PAYMENTS, id=order_id("DE-10482"))
    assert answer.status_code == 200
    assert answer.json()["data"]["order"]["paymentInfo"] is None
    assert codes(answer) == ["insufficient_scope"]


def test_a_missing_order_scope_loses_everything_in_the_request(stand_in: CommercetoolsStandIn, ask: Ask) -> None:
    stand_in.switches.set(missing_scopes={"view_orders"})
    answer = ask("query Q($id: String!) { customer(id: $id) { id } orders { count } }", id=ANNA)
    assert answer.json()["data"] is None
    assert codes(answer) == ["insufficient_scope"]


def test_a_missing_cart_scope_costs_the_cart_alone(stand_in: CommercetoolsStandIn, ask: Ask) -> None:
    document = "query Q($id: String!) { customer(id: $id) { id } customerActiveCart(customerId: $id) { id } }"
    answer = ask(document, scope="view_customers:nordlicht-demo", id=ANNA)
    assert answer.json()["data"] == {"customer": {"id": ANNA}, "customerActiveCart": None}


def test_a_missing_scope_can_be_answered_with_403_for_the_whole_request(
    stand_in: CommercetoolsStandIn, ask: Ask
) -> None:
    stand_in.switches.set(missing_scopes={"view_payments"}, missing_scope_style="forbidden")
    answer = ask(PAYMENTS, id=order_id("DE-10482"))
    assert answer.status_code == 403
    assert answer.json()["errors"][0]["code"] == "insufficient_scope"


def test_a_store_scope_does_not_open_the_project(ask: Ask) -> None:
    answer = ask("{ orders { count } }", scope="view_orders:nordlicht-demo:de")
    assert codes(answer) == ["insufficient_scope"]


@pytest.mark.parametrize(
    "arguments",
    [
        'where: "customerEmail = "',
        'where: "nonsense = 1"',
        'where: "lineItems = 1"',
        "limit: 501",
        "offset: 10001",
        'sort: ["nonsense asc"]',
        'sort: ["createdAt upwards"]',
    ],
)
def test_a_malformed_argument_is_invalid_input(ask: Ask, arguments: str) -> None:
    answer = ask(f"{{ orders({arguments}) {{ count }} }}")
    assert codes(answer) == ["InvalidInput"]
    assert answer.json()["data"] is None


def test_a_document_that_is_no_graphql_is_a_bad_request(ask: Ask) -> None:
    assert ask("{ orders(").status_code == 400


def test_an_unknown_field_is_a_bad_request(ask: Ask) -> None:
    assert ask("{ orders { nonsense } }").status_code == 400


def test_lowercase_email_finds_a_customer_in_any_case_or_is_unknown(stand_in: CommercetoolsStandIn, ask: Ask) -> None:
    document = '{ customers(where: "lowercaseEmail = \\"anna.kowalska@nordmail.example\\"") { results { id } } }'
    assert ask(document).json()["data"]["customers"]["results"] == [{"id": ANNA}]
    stand_in.switches.set(lowercase_email_supported=False)
    assert codes(ask(document)) == ["InvalidInput"]


def test_a_failing_field_leaves_partial_data(stand_in: CommercetoolsStandIn, ask: Ask) -> None:
    stand_in.switches.set(failing_fields={"Order.customer": "General"})
    answer = ask("query Q($id: String!) { order(id: $id) { id customer { id } } }", id=order_id("DE-10482"))
    assert answer.json()["data"]["order"] == {"id": order_id("DE-10482"), "customer": None}
    assert codes(answer) == ["General"]


def test_a_query_can_be_behind_while_a_read_by_id_is_not(
    stand_in: CommercetoolsStandIn, sample_shop: SampleShop, ask: Ask
) -> None:
    def cancel(order: dict[str, Any]) -> None:
        order["orderState"] = "Cancelled"

    sample_shop.change("order", order_id("DE-10482"), at=datetime(2026, 11, 23, tzinfo=UTC), change=cancel)
    stand_in.switches.set(stale_for_s=60)
    document = (
        "query Q($id: String!, $w: String!)"
        " { order(id: $id) { orderState } orders(where: $w) { results { orderState } } }"
    )
    answer = ask(document, id=order_id("DE-10482"), w=f'id = "{order_id("DE-10482")}"').json()["data"]
    assert answer["order"] == {"orderState": "Cancelled"}
    assert answer["orders"]["results"] == [{"orderState": "Confirmed"}]


def test_an_unknown_language_gives_no_text_and_a_regional_one_falls_back(
    stand_in: CommercetoolsStandIn, ask: Ask
) -> None:
    document = "query Q($id: String!, $l: [Locale!]) { order(id: $id) { lineItems { name(acceptLanguage: $l) } } }"

    def first_name(*languages: str) -> str | None:
        answer = ask(document, id=order_id("DE-10482"), l=list(languages)).json()
        name: str | None = answer["data"]["order"]["lineItems"][0]["name"]
        return name

    assert first_name("fr") is None
    assert first_name("fr", "de-AT") == "Regenjacke Brandung"
    stand_in.switches.set(language_fallback=False)
    assert first_name("de-AT") is None


def test_requests_are_counted_by_path_and_operation(stand_in: CommercetoolsStandIn, ask: Ask) -> None:
    ask("query Orders { orders { count } }")
    ask("query Orders { orders { count } }")
    assert stand_in.log.by_operation == {"Orders": 2}
    assert stand_in.log.by_path == {"/oauth/token": 1, "/nordlicht-demo/graphql": 2}


def test_another_process_can_switch_and_read(stand_in: CommercetoolsStandIn, session: requests.Session) -> None:
    change = {"faults": [{"kind": "status", "status": 503, "door": "any"}], "missing_scopes": ["view_payments"]}
    session.post(f"{stand_in.url}/_control", json=change, timeout=30)
    assert session.post(f"{stand_in.url}/oauth/token", timeout=30).status_code == 503
    state = session.get(f"{stand_in.url}/_control", timeout=30).json()
    assert state["switches"]["missing_scopes"] == ["view_payments"]
    assert state["requests_by_path"] == {"/oauth/token": 1}
    assert session.post(f"{stand_in.url}/_control", json={"reset": True}, timeout=30).json()["switches"]["faults"] == []


@pytest.mark.parametrize("body", ['{"nonsense": 1}', "[]", "not json", '{"faults": [{"kind": "explode"}]}'])
def test_a_wrong_switch_is_refused_with_a_reason(
    stand_in: CommercetoolsStandIn, session: requests.Session, body: str
) -> None:
    refused = session.post(f"{stand_in.url}/_control", data=body, timeout=30)
    assert refused.status_code == 400
    assert refused.json()["error"]


def test_rest_reads_give_the_document_as_rest_has_it(
    stand_in: CommercetoolsStandIn, session: requests.Session, mint: Mint
) -> None:
    session.headers["Authorization"] = f"Bearer {mint().json()['access_token']}"
    root = f"{stand_in.api_url}/{stand_in.project_key}"
    assert session.get(root, timeout=30).json()["key"] == stand_in.project_key
    assert session.get(f"{root}/orders/{order_id('DE-10482')}", timeout=30).json()["orderNumber"] == "DE-10482"
    assert session.get(f"{root}/customers/{ANNA}", timeout=30).json()["password"]
    missing = session.get(f"{root}/orders/{ANNA}", timeout=30)
    assert missing.status_code == 404
    assert missing.json()["errors"][0]["code"] == "ResourceNotFound"


def test_an_enum_value_that_no_schema_knows_yet_is_sent_as_it_is(ask: Ask) -> None:
    answer = ask("query Q($n: String!) { order(orderNumber: $n) { orderState shipmentState } }", n="DE-20630")
    assert answer.json()["data"]["order"] == {"orderState": "Preparing", "shipmentState": "WithRobot"}


def test_a_change_in_the_shop_is_seen_by_the_next_request(sample_shop: SampleShop, ask: Ask) -> None:
    document = "query Q($id: String!) { order(id: $id) { orderState version } }"
    before = ask(document, id=order_id("DE-10482")).json()["data"]["order"]

    def complete(order: dict[str, Any]) -> None:
        order["orderState"] = "Complete"

    sample_shop.change("order", order_id("DE-10482"), at=datetime(2026, 11, 23, tzinfo=UTC), change=complete)
    after = ask(document, id=order_id("DE-10482")).json()["data"]["order"]
    assert after == {"orderState": "Complete", "version": before["version"] + 1}
