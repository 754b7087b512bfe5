"""What the sync reads of the shop, over real sockets: by id, in pages, and since when."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from clients.commercetools import decode
from clients.commercetools.decode import Node
from clients.commercetools.settings import ShopSettings
from clients.commercetools.source import Change, Kind, ShopSource
from clients.deadline import Call
from clients.errors import BadAnswer, PlatformError, ScopeMissing, TryAgain
from clients.wire.http import Http
from commerce.order import Order
from commerce.personal_fields import PERSONAL_FIELDS
from sandbox.commercetools.stand_in import CommercetoolsStandIn
from sandbox.commercetools.switches import Fault
from sandbox.shop import Document, sample_shop
from sync.mapping.rules import SyncMapping
from tests.integration.clients.answers import CUSTOMER_ID, ORDER_ID, customer, failed, lost, money, order
from tests.integration.clients.scripted_server import GRAPHQL, ScriptedServer, says, within

EVERYTHING = frozenset(PERSONAL_FIELDS) | {"order.workflow_state", "order.discount_codes"}
NOBODY = "00000000-0000-4000-8000-000000000000"
AT = "2026-11-21T11:00:00.000Z"
BOTH_STYLES = pytest.mark.parametrize("style", ["partial", "forbidden"])


@pytest.fixture(scope="module")
def running() -> Iterator[CommercetoolsStandIn]:
    with CommercetoolsStandIn.serve(sample_shop()) as stand_in:
        yield stand_in


@pytest.fixture
def stand_in(running: CommercetoolsStandIn) -> Iterator[CommercetoolsStandIn]:
    running.reset()
    yield running
    running.reset()


def settings_of(stand_in: CommercetoolsStandIn) -> ShopSettings:
    return ShopSettings(
        project_key=stand_in.project_key,
        client_id=stand_in.client_id,
        client_secret=stand_in.client_secret,
        auth_url=stand_in.auth_url,
        api_url=stand_in.api_url,
    )


@pytest.fixture
def source(stand_in: CommercetoolsStandIn, http: Http) -> ShopSource:
    return ShopSource(settings_of(stand_in), needs=EVERYTHING, http=http, sleep=lambda _: None)


@pytest.fixture
def scripted(settings: ShopSettings, http: Http) -> ShopSource:
    return ShopSource(settings, http=http, sleep=lambda _: None)


def one(stand_in: CommercetoolsStandIn, kind: Kind, fits: Callable[[Document], object] = bool) -> Document:
    return next(document for document in stand_in.shop.all(kind.value) if fits(document))


def decoded(source: ShopSource, order_id: str) -> Order:
    node = source.order(order_id, call=within(3))
    assert node is not None
    return decode.order(Node(node, "order"))


def test_an_order_is_read_with_all_that_its_milestones_need(stand_in: CommercetoolsStandIn, source: ShopSource) -> None:
    found = one(stand_in, Kind.ORDER, lambda each: each.get("paymentInfo") and each.get("returnInfo"))
    read = decoded(source, found["id"])
    known = (read.items, read.payments, read.shippings, read.returns, read.country, read.origin)
    assert all(known)
    assert read.version == found["version"]


def test_every_order_of_the_sample_shop_is_a_fact(stand_in: CommercetoolsStandIn, source: ShopSource) -> None:
    orders = list(stand_in.shop.all("order"))[:100]
    assert [decoded(source, found["id"]).id for found in orders] == [found["id"] for found in orders]


def test_every_customer_of_the_sample_shop_is_a_fact(stand_in: CommercetoolsStandIn, source: ShopSource) -> None:
    for found in stand_in.shop.all("customer"):
        node = source.customer(found["id"], call=within(3))
        assert node is not None
        assert decode.customer(Node(node, "customer")).email == found["email"]


def test_an_active_cart_says_whose_and_in_which_country(stand_in: CommercetoolsStandIn, source: ShopSource) -> None:
    found = one(stand_in, Kind.CART, lambda each: each.get("customerId") and each["cartState"] == "Active")
    node = source.active_cart(found["customerId"], call=within(3))
    assert node is not None
    assert (node["customerId"], decode.cart(Node(node, "cart")).country) == (found["customerId"], found.get("country"))


def test_the_channel_of_the_items_is_that_of_the_order(stand_in: CommercetoolsStandIn, source: ShopSource) -> None:
    channel = {"id": NOBODY, "version": 1, "key": "outlet", "createdAt": AT, "lastModifiedAt": AT}
    stand_in.shop.add("channel", channel)
    found = dict(one(stand_in, Kind.ORDER, lambda each: each["lineItems"]))
    sold_in = {"typeId": "channel", "id": NOBODY}
    found["lineItems"] = [{**item, "distributionChannel": sold_in} for item in found["lineItems"]]
    stand_in.shop.add("order", found)
    assert decoded(source, found["id"]).channel == "outlet"


@pytest.mark.parametrize("gone", [NOBODY, "no id at all", ""])
def test_what_the_shop_does_not_know_is_nothing(gone: str, source: ShopSource) -> None:
    assert source.order(gone, call=within(3)) is None
    assert source.customer(gone, call=within(3)) is None
    assert source.active_cart(gone, call=within(3)) is None
    assert source.orders_of_payment(gone, call=within(3)) == ()


def test_a_payment_leads_to_its_orders(stand_in: CommercetoolsStandIn, source: ShopSource) -> None:
    found = one(stand_in, Kind.ORDER, lambda each: each.get("paymentInfo"))
    payment = found["paymentInfo"]["payments"][0]["id"]
    assert found["id"] in source.orders_of_payment(payment, call=within(3))


@BOTH_STYLES
@pytest.mark.parametrize("announced", [True, False])
def test_a_missing_scope_for_payments_costs_the_payments_only(
    style: str, announced: bool, stand_in: CommercetoolsStandIn, source: ShopSource
) -> None:
    stand_in.switches.set(missing_scopes=["view_payments"], missing_scope_style=style, token_names_scopes=announced)
    paid = one(stand_in, Kind.ORDER, lambda each: each.get("paymentInfo"))
    in_a_state = one(stand_in, Kind.ORDER, lambda each: each.get("state"))
    assert decoded(source, paid["id"]).payments is None
    assert decoded(source, in_a_state["id"]).workflow_state


@BOTH_STYLES
def test_a_missing_scope_for_channels_costs_nothing_else(
    style: str, stand_in: CommercetoolsStandIn, source: ShopSource
) -> None:
    stand_in.switches.set(missing_scopes=["view_products"], missing_scope_style=style)
    found = dict(one(stand_in, Kind.ORDER, lambda each: each.get("paymentInfo") and each["lineItems"]))
    sold_in = {"typeId": "channel", "id": NOBODY}
    found["lineItems"] = [{**item, "distributionChannel": sold_in} for item in found["lineItems"]]
    stand_in.shop.add("order", found)
    assert decoded(source, found["id"]).payments
    asked = len(stand_in.graphql_requests)
    assert decoded(source, found["id"]).payments
    assert len(stand_in.graphql_requests) == asked + 1


@BOTH_STYLES
def test_without_the_scope_for_orders_an_order_is_not_gone(
    style: str, stand_in: CommercetoolsStandIn, source: ShopSource
) -> None:
    stand_in.switches.set(missing_scopes=["view_orders"], missing_scope_style=style)
    with pytest.raises(ScopeMissing):
        source.order(NOBODY, call=within(3))


@pytest.mark.parametrize("code", ["General", "OverCapacity", "SomethingNew", "insufficient_scope"])
@pytest.mark.parametrize("path", [("order",), ()])
def test_a_null_beside_an_error_is_not_gone(
    code: str, path: tuple[str, ...], server: ScriptedServer, scripted: ShopSource
) -> None:
    server.always[GRAPHQL] = says(200, {"data": {"order": None}, "errors": [failed(code, *path)]})
    with pytest.raises(PlatformError):
        scripted.order(ORDER_ID, call=within(2))


def test_payments_that_only_failed_are_read_again_later(server: ScriptedServer, scripted: ShopSource) -> None:
    errors = [failed("General", "order", "paymentInfo", "payments")]
    server.always[GRAPHQL] = says(200, {"data": {"order": order(paymentInfo=None)}, "errors": errors})
    with pytest.raises(TryAgain):
        scripted.order(ORDER_ID, call=within(2))


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"order": []},
        {"order": {}},
        {"order": "yes"},
        {"order": order(version="7")},
        {"order": order(id=CUSTOMER_ID)},
        {"order": order(totalPrice=money() | {"centAmount": 12.5})},
        {"order": order(lastModifiedAt="yesterday")},
        {"order": order(lineItems=[7])},
    ],
)
def test_rubbish_is_a_bad_answer(data: object, server: ScriptedServer, scripted: ShopSource) -> None:
    server.always[GRAPHQL] = says(200, {"data": data})
    with pytest.raises(PlatformError):
        scripted.order(ORDER_ID, call=within(2))


@pytest.mark.parametrize(
    "page",
    [
        None,
        {},
        {"results": None},
        {"results": 7},
        {"results": [{"id": ORDER_ID}]},
        {"results": [customer(version=1.5)]},
    ],
)
def test_a_list_that_is_none_is_no_end_of_the_list(page: object, server: ScriptedServer, scripted: ShopSource) -> None:
    server.always[GRAPHQL] = says(200, {"data": {"customers": page}})
    with pytest.raises(BadAnswer):
        scripted.listed(Kind.CUSTOMER, call=within(2))


PERSONAL_WORDS = (
    "firstName",
    "email",
    "customerEmail",
    "customerNumber",
    "externalId",
    "vatId",
    "companyName",
    "customerGroup",
    "Address",
    "phone",
    "interfaceId",
    "interfaceText",
    "comment",
    "custom{",
    "purchaseOrderNumber",
    "businessUnit",
)


def asked_by(needs: frozenset[str], stand_in: CommercetoolsStandIn) -> str:
    source = ShopSource(settings_of(stand_in), needs=needs)
    source.order(one(stand_in, Kind.ORDER)["id"], call=within(3))
    source.customer(one(stand_in, Kind.CUSTOMER)["id"], call=within(3))
    source.active_cart(one(stand_in, Kind.CUSTOMER)["id"], call=within(3))
    source.orders_page(limit=2, call=within(3))
    source.customers_page(limit=2, call=within(3))
    for kind in Kind:
        source.listed(kind, call=within(3))
        source.changed_since(kind, datetime(2026, 1, 1, tzinfo=UTC), call=within(3))
    return " ".join(request.query for request in stand_in.graphql_requests)


def test_without_needs_no_personal_field_is_in_any_request(stand_in: CommercetoolsStandIn) -> None:
    asked = asked_by(frozenset(), stand_in)
    assert [word for word in (*PERSONAL_WORDS, "state{", "discountCodes") if word in asked] == []


def test_a_closed_mapping_asks_for_addresses_to_tell_people_apart_and_for_nothing_else(
    stand_in: CommercetoolsStandIn,
) -> None:
    asked = asked_by(SyncMapping(hash_key=b"k" * 32).needs, stand_in)
    assert [word for word in PERSONAL_WORDS if word in asked] == ["email", "customerEmail"]


def all_of_them(page_of: Callable[[Change | None], tuple[tuple[Change, ...], bool]]) -> list[Change]:
    found: list[Change] = []
    is_full = True
    while is_full:
        page, is_full = page_of(found[-1] if found else None)
        found.extend(page)
    return found


@pytest.mark.parametrize("kind", list(Kind))
def test_all_that_changed_is_found_in_pages_of_any_size(
    kind: Kind, stand_in: CommercetoolsStandIn, source: ShopSource
) -> None:
    documents = [each for each in stand_in.shop.all(kind.value) if kind is not Kind.CART or each.get("customerId")]
    since = sorted(datetime.fromisoformat(each["lastModifiedAt"]) for each in documents)[len(documents) // 2]

    def page_of(after: Change | None) -> tuple[tuple[Change, ...], bool]:
        page = source.changed_since(kind, since, after=after, limit=7, call=within(3))
        return page.changes, page.is_full

    found = all_of_them(page_of)
    expected = {each["id"] for each in documents if datetime.fromisoformat(each["lastModifiedAt"]) >= since}
    assert {each.id for each in found} == expected
    assert len(found) == len(expected)
    assert found == sorted(found, key=lambda each: (each.last_modified_at, each.id))


def test_rows_of_the_same_moment_are_split_by_no_page(stand_in: CommercetoolsStandIn, source: ShopSource) -> None:
    at = datetime(2031, 1, 1, tzinfo=UTC)
    changed = sorted(each["id"] for each in list(stand_in.shop.all("order"))[:10])
    for order_id in changed:
        stand_in.shop.change("order", order_id, at=at, change=lambda _: None)

    def page_of(after: Change | None) -> tuple[tuple[Change, ...], bool]:
        page = source.changed_since(Kind.ORDER, at - timedelta(seconds=1), after=after, limit=3, call=within(3))
        return page.changes, page.is_full

    assert [each.id for each in all_of_them(page_of)] == changed


def test_everything_is_listed_by_id(stand_in: CommercetoolsStandIn, source: ShopSource) -> None:
    def page_of(after: Change | None) -> tuple[tuple[Change, ...], bool]:
        page = source.listed(Kind.ORDER, after_id=after.id if after else None, limit=50, call=within(3))
        return page.changes, page.is_full

    found = all_of_them(page_of)
    assert [each.id for each in found] == sorted(each["id"] for each in stand_in.shop.all("order"))
    assert source.count(Kind.ORDER, call=within(3)) == len(found)


def test_of_carts_only_active_ones_that_customers_made_are_listed(
    stand_in: CommercetoolsStandIn, source: ShopSource
) -> None:
    carts = [each for each in stand_in.shop.all("cart") if each.get("customerId") and each["origin"] == "Customer"]
    active = [each for each in carts if each["cartState"] == "Active"]
    found = source.listed(Kind.CART, call=within(3)).changes
    assert {each.customer_id for each in found} == {each["customerId"] for each in active}


def test_pages_of_orders_are_what_reads_by_id_give(stand_in: CommercetoolsStandIn, source: ShopSource) -> None:
    first = source.orders_page(limit=5, call=within(3))
    second = source.orders_page(after_id=first.last_id, limit=5, call=within(3))
    for node in (*first.nodes, *second.nodes):
        assert source.order(str(node["id"]), call=within(3)) == node
    assert len({node["id"] for node in (*first.nodes, *second.nodes)}) == 10


def test_the_last_page_says_so(stand_in: CommercetoolsStandIn, source: ShopSource) -> None:
    page = source.customers_page(limit=500, call=within(3))
    assert page.last_id is None
    assert len(page.nodes) == len(list(stand_in.shop.all("customer")))


def test_the_platforms_clock_comes_with_the_answer(source: ShopSource) -> None:
    page = source.changed_since(Kind.ORDER, datetime(2026, 1, 1, tzinfo=UTC), limit=1, call=within(3))
    assert page.answered_at is not None
    assert abs(page.answered_at - datetime.now(UTC)) < timedelta(seconds=5)


@pytest.mark.parametrize(
    "fault",
    [Fault(kind="status", status=503), Fault(kind="reset"), Fault(kind="truncated"), Fault(kind="invalid_json")],
)
@pytest.mark.parametrize(
    "read",
    [
        lambda source, call: source.order(NOBODY, call=call),
        lambda source, call: source.orders_page(limit=5, call=call),
        lambda source, call: source.listed(Kind.CART, call=call),
        lambda source, call: source.count(Kind.CART, call=call),
    ],
)
def test_a_fault_is_one_of_our_errors(
    fault: Fault, read: Callable[[ShopSource, Call], object], stand_in: CommercetoolsStandIn, source: ShopSource
) -> None:
    stand_in.switches.set(faults=[fault])
    with pytest.raises(PlatformError):
        read(source, within(0.5))


def test_one_bad_row_costs_the_whole_page(server: ScriptedServer, scripted: ShopSource) -> None:
    server.always[GRAPHQL] = says(200, lost(failed("General", "orders", "results", 3, "totalPrice")))
    with pytest.raises(TryAgain):
        scripted.orders_page(limit=5, call=within(2))
