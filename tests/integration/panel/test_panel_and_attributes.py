"""What an agent reads in the panel and what a bot reads from the contact: the same for every sample order.

Each side reads the shop in its own way (the panel what a screen shows, the sync what the mapping names), so this holds
both the reading and the meaning.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from canvas_app.canvas.formats import Formats
from canvas_app.canvas.plain import plain
from canvas_app.canvas.screens import Look
from canvas_app.canvas.screens.summary import payment_word, shipment_word
from canvas_app.mapping import PanelOptions
from canvas_app.words.catalogues import words_of
from canvas_app.words.labels import PAYMENT_LABELS, SHIPMENT_LABELS
from clients.commercetools import decode
from clients.commercetools.settings import ShopSettings
from clients.commercetools.shop import CustomerKey, Shop
from clients.commercetools.source import ShopSource
from clients.deadline import Call, Deadline
from commerce.customer import Customer
from commerce.lifetime import lifetime
from commerce.order import Order
from commerce.payments import PaymentLabel
from commerce.shipments import ShipmentLabel, shipment_summary
from sandbox.commercetools import CommercetoolsStandIn
from sandbox.shop import sample_shop
from sync.mapping.reading import parse_sync_mapping
from sync.mapping.rules import SyncMapping
from sync.plan.planning import plan
from sync.plan.result import Plan
from sync.plan.subject import SubjectFacts, SubjectState

ROOT = Path(__file__).resolve().parents[3]
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOW_MANY_ORDERS = 375  # at least
NO_SUCH_SAMPLE = {"unknown", "nothing_to_pay", "credit_owed"}
LOOK = Look(words=words_of("en"), formats=Formats.of("en", PanelOptions().time_zone), options=PanelOptions())


@pytest.fixture(scope="module")
def running() -> Iterator[CommercetoolsStandIn]:
    with CommercetoolsStandIn.serve(sample_shop()) as stand_in:
        yield stand_in


@pytest.fixture(scope="module")
def settings(running: CommercetoolsStandIn) -> ShopSettings:
    return ShopSettings(
        project_key=running.project_key,
        client_id=running.client_id,
        client_secret=running.client_secret,
        auth_url=running.auth_url,
        api_url=running.api_url,
    )


@pytest.fixture(scope="module")
def shop(settings: ShopSettings) -> Shop:
    """As the panel reads it."""
    return Shop(settings)


@pytest.fixture(scope="module")
def sync_mapping() -> SyncMapping:
    """The one that comes with the product."""
    return parse_sync_mapping((ROOT / "mapping.toml").read_text(encoding="utf-8"), hash_key=b"key")


@pytest.fixture(scope="module")
def known_orders(settings: ShopSettings, sync_mapping: SyncMapping) -> Mapping[str, Order]:
    """Every order as the sync reads it, by id."""
    source = ShopSource(settings, needs=sync_mapping.needs)
    orders: dict[str, Order] = {}
    after: str | None = None
    while True:
        page = source.orders_page(after_id=after, limit=100, call=call())
        orders |= {str(node["id"]): decode.order(decode.Node(node, "order")) for node in page.nodes}
        if page.last_id is None:
            return orders
        after = page.last_id


@pytest.fixture(scope="module")
def listed_orders(running: CommercetoolsStandIn, shop: Shop) -> Mapping[str, Order]:
    """Every order as the panel lists it, by id."""
    documents = tuple(running.shop.all("order"))
    orders: dict[str, Order] = {}
    for customer_id in {document["customerId"] for document in documents if document.get("customerId")}:
        for offset in range(0, 301, 100):
            page = shop.orders_of_customer(customer_id, offset=offset, limit=100, call=call())
            orders |= {order.id: order for order in page.orders}
            if not page.has_more:
                break
    for email in {str(each["customerEmail"]) for each in documents if is_a_guests(each)}:
        orders |= {each.id: each for each in shop.orders_of_guest(email, offset=0, limit=100, call=call()).orders}
    return orders


def call() -> Call:
    return Call(Deadline.after(10.0), "test")


def planned(mapping: SyncMapping, *orders: Order) -> Plan:
    """For a customer with these orders alone."""
    customer = Customer(id="c", version=1, created_at=NOW, last_modified_at=NOW)
    facts = SubjectFacts(key="c:c", customer=customer, orders=orders)
    return plan(facts, SubjectState(), mapping, now=NOW, live_since=NOW)


def payment_in_words(code: object) -> str | None:
    """What the panel says for a code of the attribute."""
    return in_words(code, {each.value: PAYMENT_LABELS[each] for each in PaymentLabel})


def shipment_in_words(code: object) -> str | None:
    return in_words(code, {each.value: SHIPMENT_LABELS[each] for each in ShipmentLabel})


def in_words(code: object, table: Mapping[str, str]) -> str | None:
    """Nothing for what is not known, and a state of the merchant's own as it is."""
    if code is None or code == "unknown":
        return None
    return LOOK.words.t(table[code]) if isinstance(code, str) and code in table else plain(str(code), 40)


def test_no_two_codes_have_the_same_word() -> None:
    for table in (PAYMENT_LABELS, SHIPMENT_LABELS):
        assert len(set(table.values())) == len(table)


def test_every_sample_order_is_read_by_both_sides(
    known_orders: Mapping[str, Order], listed_orders: Mapping[str, Order], running: CommercetoolsStandIn
) -> None:
    everything = {document["id"] for document in running.shop.all("order")}
    assert len(everything) >= HOW_MANY_ORDERS
    assert set(known_orders) == everything
    nobodys = {document["id"] for document in running.shop.all("order") if not has_owner(document)}
    assert set(listed_orders) == everything - nobodys


def is_a_guests(document: Mapping[str, object]) -> bool:
    return bool(document.get("customerEmail")) and not document.get("customerId")


def has_owner(document: Mapping[str, object]) -> bool:
    return bool(document.get("customerId") or document.get("customerEmail"))


def test_the_payment_of_every_listed_order_is_the_attributes(
    known_orders: Mapping[str, Order], listed_orders: Mapping[str, Order], sync_mapping: SyncMapping
) -> None:
    met = set()
    for id_, order in listed_orders.items():
        said = planned(sync_mapping, known_orders[id_]).desired["ct_last_order_payment"]
        assert payment_word(order, LOOK) == payment_in_words(said), order.number
        met.add(said)
    assert met >= {each.value for each in PaymentLabel} - NO_SUCH_SAMPLE


def test_the_shipment_of_every_listed_order_is_the_attributes(
    known_orders: Mapping[str, Order], listed_orders: Mapping[str, Order], sync_mapping: SyncMapping
) -> None:
    met = set()
    for id_, order in listed_orders.items():
        said = planned(sync_mapping, known_orders[id_]).desired["ct_last_order_shipment"]
        assert shipment_word(shipment_summary(order), LOOK) == shipment_in_words(said), order.number
        met.add(said)
    assert met >= {each.value for each in ShipmentLabel} - NO_SUCH_SAMPLE


def test_payment_and_shipment_of_every_order_in_full_are_the_attributes(
    known_orders: Mapping[str, Order], shop: Shop, sync_mapping: SyncMapping
) -> None:
    for id_, known in known_orders.items():
        order = shop.order(id_, emails=(), call=call()).order
        assert order is not None
        said = planned(sync_mapping, known).desired
        assert payment_word(order, LOOK) == payment_in_words(said["ct_last_order_payment"]), order.number
        assert shipment_word(shipment_summary(order), LOOK) == shipment_in_words(said["ct_last_order_shipment"])


def test_what_a_customer_has_spent_is_the_attribute(
    known_orders: Mapping[str, Order], shop: Shop, sync_mapping: SyncMapping
) -> None:
    customers = {order.customer_id for order in known_orders.values() if order.customer_id}
    compared = 0
    for customer_id in customers:
        reading = shop.customer(CustomerKey("id", customer_id), emails=(), numbers=(), call=call())
        if not reading.history_complete:
            continue
        orders = [order for order in known_orders.values() if order.customer_id == customer_id]
        said = planned(sync_mapping, *orders).desired
        shown = {amount.iso_currency: float(amount.amount) for amount in lifetime(reading.history).amounts}
        assert said["ct_orders"] == len(reading.history)
        if shown:
            assert shown[str(said["ct_lifetime_currency"])] == said["ct_lifetime_value"]
        compared += 1
    assert compared > 30
