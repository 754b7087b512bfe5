"""The sample shop's documents are what the platform would have: sums add up, references lead somewhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sandbox.shop import Document, SampleShop, TypeId, sample_shop
from sandbox.shop.amounts import precise
from sandbox.shop.identifiers import customer_id, order_id
from sandbox.shop.scenarios import SCENARIOS
from sandbox.shop.scenarios.anna import LIFETIME, VIP

SHOP = sample_shop()
SALES: list[Document] = [*SHOP.all("order"), *SHOP.all("cart")]


def amount(money: Document) -> int:
    value: int = money["centAmount"]
    return value


def shipping_infos(sale: Document) -> list[Document]:
    several = [each["shippingInfo"] for each in sale["shipping"]]
    return several or ([sale["shippingInfo"]] if "shippingInfo" in sale else [])


def parts(sale: Document) -> list[Document]:
    """Everything that carries a price and a tax of its own."""
    return [*sale["lineItems"], *sale["customLineItems"], *shipping_infos(sale)]


def price(part: Document) -> int:
    if "shippingMethodName" in part:
        return amount(part["discountedPrice"]["value"] if "discountedPrice" in part else part["price"])
    return amount(part["totalPrice"])


def discount(sale: Document, field: str = "discountedAmount") -> int:
    return amount(sale["discountOnTotalPrice"][field]) if "discountOnTotalPrice" in sale else 0


def problems(sales: list[Document], check: Any) -> list[str]:
    return [str(sale.get("orderNumber") or sale["id"]) for sale in sales if not check(sale)]


def test_total_prices_are_the_sum_of_their_parts() -> None:
    def adds_up(sale: Document) -> bool:
        return amount(sale["totalPrice"]) == sum(map(price, parts(sale))) - discount(sale)

    assert problems(SALES, adds_up) == []


def test_gross_totals_are_the_sum_of_gross_lines() -> None:
    def adds_up(sale: Document) -> bool:
        lines = sum(amount(part["taxedPrice"]["totalGross"]) for part in parts(sale))
        return amount(sale["taxedPrice"]["totalGross"]) == lines - discount(sale, "discountedGrossAmount")

    assert problems([sale for sale in SALES if "taxedPrice" in sale], adds_up) == []


def test_tax_is_gross_less_net() -> None:
    def adds_up(sale: Document) -> bool:
        taxed = sale["taxedPrice"]
        tax = amount(taxed["totalGross"]) - amount(taxed["totalNet"])
        return tax == amount(taxed["totalTax"]) == sum(amount(portion["amount"]) for portion in taxed["taxPortions"])

    assert problems([sale for sale in SALES if "taxedPrice" in sale], adds_up) == []


def test_a_price_that_includes_tax_is_its_own_gross() -> None:
    included = [sale for sale in SALES if "taxedPrice" in sale and sale["lineItems"][0]["taxRate"]["includedInPrice"]]
    assert problems(included, lambda sale: sale["totalPrice"] == sale["taxedPrice"]["totalGross"]) == []


def test_a_high_precision_price_keeps_its_digits_and_rounds_its_cents() -> None:
    money = precise("0.4175", "EUR")
    assert (money["preciseAmount"], money["fractionDigits"], money["centAmount"]) == (4175, 4, 42)


def test_annas_lifetime_is_what_the_drawing_of_the_panel_says() -> None:
    theirs = [order for order in SHOP.all("order") if order.get("customerId") == customer_id(VIP)]
    kept = [amount(order["taxedPrice"]["totalGross"]) for order in theirs if order["orderState"] != "Cancelled"]
    refunds = [
        amount(transaction["amount"])
        for payment in SHOP.all("payment")
        if payment.get("customer", {}).get("id") == customer_id(VIP)
        for transaction in payment["transactions"]
        if transaction["type"] == "Refund" and transaction["state"] == "Success"
    ]
    assert len(theirs) == 12
    assert Decimal(sum(kept) - sum(refunds)).scaleb(-2) == Decimal(LIFETIME)


def test_annas_cart_holds_three_items_for_84_euros() -> None:
    cart = next(cart for cart in SHOP.all("cart") if cart.get("customerId") == customer_id(VIP))
    assert (cart["totalLineItemQuantity"], amount(cart["totalPrice"])) == (3, 8400)


def references(value: Any) -> Iterator[Document]:
    if isinstance(value, dict):
        if set(value) in ({"typeId", "id"}, {"typeId", "key"}):
            yield value
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def test_references_lead_to_documents_of_the_shop() -> None:
    kept: tuple[TypeId, ...] = (
        "customer",
        "payment",
        "state",
        "customer-group",
        "discount-code",
        "store",
        "business-unit",
    )
    keys: dict[str, set[Any]] = {
        kind: {name for document in SHOP.all(kind) for name in (document["id"], document.get("key"))} for kind in kept
    }
    dangling = {
        (reference["typeId"], reference.get("id") or reference["key"])
        for document in [*SALES, *SHOP.all("customer"), *SHOP.all("payment")]
        for reference in references(document)
        if reference["typeId"] in kept and (reference.get("id") or reference["key"]) not in keys[reference["typeId"]]
    }
    assert dangling == set()


def test_every_scenario_has_a_name_of_its_own() -> None:
    names = [scenario.name for scenario in SCENARIOS]
    assert len(names) == len(set(names))


def test_order_numbers_are_unique() -> None:
    numbers = [order["orderNumber"] for order in SHOP.all("order") if "orderNumber" in order]
    assert len(numbers) == len(set(numbers))


def test_no_scenario_overwrites_another() -> None:
    written = sum(len(scenario.orders) for scenario in SCENARIOS)
    assert len(list(SHOP.all("order"))) == written


def test_the_shop_is_the_same_every_time() -> None:
    assert list(sample_shop().all("order")) == list(SHOP.all("order"))


def test_a_change_raises_the_version_and_leaves_the_old_document_alone(sample_shop: SampleShop) -> None:
    before = sample_shop.get("order", order_id("DE-10482"))
    assert before is not None

    def complete(order: dict[str, Any]) -> None:
        order["orderState"] = "Complete"

    after = sample_shop.change(
        "order", order_id("DE-10482"), at=datetime(2026, 11, 23, 14, 2, 11, tzinfo=UTC), change=complete
    )
    assert (after["version"], after["lastModifiedAt"]) == (before["version"] + 1, "2026-11-23T14:02:11.000Z")
    assert before["orderState"] == "Confirmed"


def test_a_new_document_was_not_there_before() -> None:
    now = [100.0]
    shop = SampleShop(clock=lambda: now[0])
    shop.create("store", {"id": "s-1", "key": "de"})
    now[0] = 130.0
    assert list(shop.all("store", seconds_ago=31)) == []
    assert [store["id"] for store in shop.all("store", seconds_ago=29)] == ["s-1"]


def test_of_three_versions_the_one_of_that_moment_is_seen() -> None:
    now = [0.0]
    shop = SampleShop(clock=lambda: now[0])
    shop.add("store", {"id": "s-1", "key": "first", "version": 1})
    for now[0], key in ((10.0, "second"), (20.0, "third")):

        def rename(store: dict[str, Any], key: str = key) -> None:
            store["key"] = key

        shop.change("store", "s-1", at=datetime(2026, 1, 1, tzinfo=UTC), change=rename)
    now[0] = 25.0
    seen = [shop.get("store", "s-1", seconds_ago=ago) for ago in (20, 10, 5, 0)]
    assert [store["key"] for store in seen if store] == ["first", "second", "third", "third"]
