"""The shop against the stand-in, with everything that is not confirmed switched both ways."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from clients.commercetools.readings import CustomerReading, Section
from clients.commercetools.settings import ShopSettings
from clients.commercetools.shop import CustomerKey, Shop
from clients.errors import BadAnswer, CredentialsRefused, ScopeMissing, TimedOut, TryAgain, Unreachable
from clients.wire.http import Http
from commerce.personal_fields import PERSONAL_FIELDS
from sandbox.commercetools.stand_in import CommercetoolsStandIn
from sandbox.commercetools.switches import Fault
from sandbox.shop import Document, sample_shop
from tests.integration.clients.scripted_server import within

BOTH_STYLES = pytest.mark.parametrize("style", ["partial", "forbidden"])
BOTH_STATUSES = pytest.mark.parametrize("status", [200, 400])


@pytest.fixture(scope="module")
def running() -> Iterator[CommercetoolsStandIn]:
    with CommercetoolsStandIn.serve(sample_shop()) as stand_in:
        yield stand_in


@pytest.fixture
def stand_in(running: CommercetoolsStandIn) -> Iterator[CommercetoolsStandIn]:
    running.reset()
    yield running
    running.reset()


@pytest.fixture
def shop(stand_in: CommercetoolsStandIn, http: Http) -> Shop:
    settings = ShopSettings(
        project_key=stand_in.project_key,
        client_id=stand_in.client_id,
        client_secret=stand_in.client_secret,
        auth_url=stand_in.auth_url,
        api_url=stand_in.api_url,
    )
    return Shop(settings, http=http, allowed=frozenset(PERSONAL_FIELDS), sleep=lambda _: None)


@pytest.fixture(scope="module")
def anna(running: CommercetoolsStandIn) -> Document:
    """A customer with an open cart and orders in all states."""
    return next(found for found in running.shop.all("customer") if found.get("lastName") == "Kowalska")


def read(shop: Shop, customer: Document) -> CustomerReading:
    return shop.customer(CustomerKey("id", customer["id"]), emails=(customer["email"],), numbers=(), call=within(3))


def test_a_customer_is_read_whole_in_one_request(stand_in: CommercetoolsStandIn, shop: Shop, anna: Document) -> None:
    reading = read(shop, anna)
    assert reading.customer is not None
    assert (reading.customer.email, bool(reading.cart), reading.missing) == (anna["email"], True, frozenset())
    assert len(stand_in.graphql_requests) == 1


def test_every_customer_of_the_sample_shop_can_be_read(stand_in: CommercetoolsStandIn, shop: Shop) -> None:
    readings = [read(shop, customer) for customer in stand_in.shop.all("customer")]
    assert all(reading.customer is not None and not reading.missing for reading in readings)


def test_every_order_of_the_sample_shop_can_be_read(stand_in: CommercetoolsStandIn, shop: Shop) -> None:
    orders = list(stand_in.shop.all("order"))[:120]
    readings = [shop.order(found["id"], emails=(), call=within(3)) for found in orders]
    assert [reading.order and reading.order.id for reading in readings] == [found["id"] for found in orders]


@BOTH_STATUSES
@pytest.mark.parametrize("supported", [True, False])
def test_an_email_in_another_case_leads_to_its_customer(
    supported: bool, status: int, stand_in: CommercetoolsStandIn, shop: Shop, anna: Document
) -> None:
    stand_in.switches.set(lowercase_email_supported=supported, rejected_field_status=status)
    for _ in range(2):
        assert [found.id for found in shop.by_email(anna["email"].upper(), numbers=(), call=within(3)).customers] == [
            anna["id"]
        ]
    assert len(stand_in.graphql_requests) == (2 if supported else 3)


@BOTH_STYLES
@pytest.mark.parametrize(
    ("scope", "section"),
    [("view_payments", Section.PAYMENTS), ("view_states", Section.WORKFLOW_STATES)],
)
def test_a_missing_scope_costs_its_section(
    scope: str, section: Section, style: str, stand_in: CommercetoolsStandIn, shop: Shop, anna: Document
) -> None:
    stand_in.switches.set(missing_scopes=[scope], missing_scope_style=style)
    reading = read(shop, anna)
    assert reading.customer is not None
    assert reading.missing == {section}
    assert len(stand_in.graphql_requests) == 1


@BOTH_STYLES
def test_without_the_scope_for_orders_the_customer_is_still_there(
    style: str, stand_in: CommercetoolsStandIn, shop: Shop, anna: Document
) -> None:
    stand_in.switches.set(missing_scopes=["view_orders"], missing_scope_style=style)
    reading = read(shop, anna)
    assert reading.customer is not None
    assert {Section.ORDERS, Section.HISTORY, Section.CART, Section.GUEST_ORDERS} <= reading.missing


@BOTH_STYLES
def test_without_the_scope_for_orders_an_order_is_refused(
    style: str, stand_in: CommercetoolsStandIn, shop: Shop, anna: Document
) -> None:
    stand_in.switches.set(missing_scopes=["view_orders"], missing_scope_style=style)
    order = next(iter(stand_in.shop.all("order")))
    with pytest.raises(ScopeMissing):
        shop.order(order["id"], emails=(anna["email"],), call=within(3))


@BOTH_STATUSES
def test_failing_orders_cost_the_orders_not_the_customer(
    status: int, stand_in: CommercetoolsStandIn, shop: Shop, anna: Document
) -> None:
    stand_in.switches.set(failing_fields={"Query.orders": "General"}, rejected_field_status=status)
    reading = read(shop, anna)
    assert reading.customer is not None
    assert reading.missing == {Section.ORDERS, Section.HISTORY, Section.GUEST_ORDERS}
    assert len(stand_in.graphql_requests) == 2


def test_failing_payments_cost_the_payments(stand_in: CommercetoolsStandIn, shop: Shop, anna: Document) -> None:
    stand_in.switches.set(failing_fields={"PaymentInfo.payments": "General"})
    reading = read(shop, anna)
    assert reading.missing == {Section.PAYMENTS}
    assert reading.orders
    assert all(order.payments is None for order in reading.orders)


def test_a_token_that_died_on_the_server_is_replaced(
    stand_in: CommercetoolsStandIn, shop: Shop, anna: Document
) -> None:
    read(shop, anna)
    stand_in.tokens.revoke_all()
    assert read(shop, anna).customer is not None
    assert stand_in.tokens.minted == 2


def test_a_suspended_project_refuses_the_credentials(
    stand_in: CommercetoolsStandIn, shop: Shop, anna: Document
) -> None:
    read(shop, anna)
    stand_in.switches.set(project_suspended=True)
    with pytest.raises(CredentialsRefused):
        read(shop, anna)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(kind="status", status=503), TryAgain),
        (Fault(kind="status", status=429, retry_after=3), TryAgain),
        (Fault(kind="reset"), Unreachable),
        (Fault(kind="truncated"), Unreachable),
        (Fault(kind="hang"), TimedOut),
        (Fault(kind="drip"), TimedOut),
        (Fault(kind="drip", drip_headers=True), TimedOut),
        (Fault(kind="invalid_json"), BadAnswer),
    ],
)
def test_a_fault_is_one_of_our_errors(
    fault: Fault, error: type[Exception], stand_in: CommercetoolsStandIn, shop: Shop, anna: Document
) -> None:
    stand_in.switches.set(faults=[fault])
    key = CustomerKey("id", anna["id"])
    with pytest.raises(error):
        shop.customer(key, emails=(), numbers=(), call=within(0.5 if error is TimedOut else 2.0))


def test_a_field_that_is_not_allowed_is_in_no_request(stand_in: CommercetoolsStandIn, anna: Document) -> None:
    settings = ShopSettings(
        project_key=stand_in.project_key,
        client_id=stand_in.client_id,
        client_secret=stand_in.client_secret,
        auth_url=stand_in.auth_url,
        api_url=stand_in.api_url,
    )
    closed = Shop(settings)
    reading = read(closed, anna)
    for order in reading.history[:3]:
        closed.order(order.id, emails=(anna["email"],), call=within(3))
    closed.by_email(anna["email"], numbers=("DE-10482",), call=within(3))
    asked = " ".join(request.query for request in stand_in.graphql_requests)
    personal = (
        "firstName",
        "email",
        "customerEmail",
        "vatId",
        "addresses",
        "phone",
        "interfaceId",
        "comment",
        "custom{",
    )
    assert [field for field in personal if field in asked] == []
