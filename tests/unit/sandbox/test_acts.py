"""Acts on the sample shop keep its documents as the platform would: versions, times, sums, contents."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.shop import Document, SampleShop
from sandbox.shop.acts import ACTS, Acts, NotPossible
from sandbox.shop.acts.offers import offers
from sandbox.shop.identifiers import customer_id, order_id
from sandbox.shop.resources import timestamp
from sandbox.shop.scenarios.anna import VIP
from sandbox.shop.scenarios.identities import BYSTANDER, GUEST_EMAIL, NO_ORDERS, SHARED_EMAIL
from tests.fresh_shop import fresh_sample_shop

ANNA = customer_id(VIP)
BEN = customer_id(BYSTANDER)
MIA = customer_id(NO_ORDERS)
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def ticking() -> Callable[[], datetime]:
    moments = iter(range(1, 1_000_000))
    return lambda: NOON + timedelta(seconds=next(moments))


@pytest.fixture
def acts(sample_shop: SampleShop) -> Acts:
    return Acts(sample_shop, clock=ticking())


def order_of(acts: Acts, order: str) -> Document:
    found = acts.shop.get("order", order)
    assert found is not None
    return found


def placed(acts: Acts, **how: Any) -> str:
    return acts.do("place", **({"customer": ANNA} | how)).ids["order"]


def transactions(acts: Acts, order: str) -> list[tuple[str, str, int]]:
    payments = [acts.shop.get("payment", each["id"]) or {} for each in order_of(acts, order)["paymentInfo"]["payments"]]
    return [
        (each["type"], each["state"], each["amount"]["centAmount"])
        for payment in payments
        for each in payment["transactions"]
    ]


def test_an_order_is_placed_with_its_payment_authorised(acts: Acts) -> None:
    order = placed(acts, items=5)
    assert order_of(acts, order)["customerEmail"] == "anna.kowalska@nordmail.example"
    gross = order_of(acts, order)["taxedPrice"]["totalGross"]["centAmount"]
    assert transactions(acts, order) == [("Authorization", "Success", gross)]


def test_a_new_order_is_dated_and_at_its_first_version(acts: Acts) -> None:
    sale = order_of(acts, placed(acts))
    assert (sale["version"], sale["createdAt"], sale["lastModifiedAt"]) == (1, *[timestamp(NOON + _SECOND)] * 2)


_SECOND = timedelta(seconds=1)


def test_a_guest_orders_with_an_address_alone(acts: Acts) -> None:
    sale = order_of(acts, acts.do("place", email="new@guest.example").ids["order"])
    assert "customerId" not in sale
    assert sale["anonymousId"]


@pytest.mark.parametrize(("store", "currency"), [("us", "USD"), ("jp", "JPY"), ("kw", "KWD"), ("hu", "HUF")])
def test_a_store_is_paid_in_its_currency(acts: Acts, store: str, currency: str) -> None:
    assert order_of(acts, placed(acts, store=store))["totalPrice"]["currencyCode"] == currency


def test_every_number_is_given_once(acts: Acts) -> None:
    acts.do("place", customer=BEN, number="DE-30003")
    numbers = Counter(order_of(acts, placed(acts))["orderNumber"] for _ in range(4))
    assert set(numbers.values()) == {1}
    assert "DE-30003" not in numbers


def test_a_number_comes_late_and_once(acts: Acts) -> None:
    order = placed(acts, numbered=False)
    assert "orderNumber" not in order_of(acts, order)
    acts.do("set_number", order=order, number="DE-77777")
    with pytest.raises(NotPossible, match="has a number"):
        acts.do("set_number", order=order, number="DE-77778")


def test_what_is_captured_is_what_was_owed(acts: Acts) -> None:
    order = placed(acts)
    gross = order_of(acts, order)["taxedPrice"]["totalGross"]["centAmount"]
    acts.do("capture", order=order, amount=1_000)
    assert order_of(acts, order)["paymentState"] == "BalanceDue"
    acts.do("capture", order=order)
    assert transactions(acts, order)[1:] == [("Charge", "Success", 1_000), ("Charge", "Success", gross - 1_000)]
    assert order_of(acts, order)["paymentState"] == "Paid"


def test_what_is_captured_is_not_captured_again(acts: Acts) -> None:
    order = placed(acts, pay="charge")
    with pytest.raises(NotPossible, match="everything is captured"):
        acts.do("capture", order=order)


def test_a_payment_changes_without_its_order(acts: Acts) -> None:
    order = placed(acts)
    before = order_of(acts, order)["version"]
    acts.do("capture", order=order, set_state=False)
    assert order_of(acts, order)["version"] == before


def test_an_order_without_payment_gets_one_when_money_comes(acts: Acts) -> None:
    order = placed(acts, pay="nothing")
    acts.do("fail_payment", order=order)
    assert [each[:2] for each in transactions(acts, order)] == [("Charge", "Failure")]


def test_shipping_in_parts_ends_with_everything_shipped(acts: Acts) -> None:
    order = placed(acts, items=3)
    acts.do("ship", order=order, quantity=1)
    assert order_of(acts, order)["shipmentState"] == "Partial"
    acts.do("ship", order=order, tracking="1Z999", carrier="UPS")
    assert order_of(acts, order)["shipmentState"] == "Shipped"
    with pytest.raises(NotPossible, match="everything is shipped"):
        acts.do("ship", order=order)


def test_parcels_can_come_later_than_their_delivery(acts: Acts) -> None:
    order = placed(acts)
    delivery = acts.do("add_delivery", order=order).ids["delivery"]
    parcel = acts.do("add_parcel", order=order, tracking="").ids["parcel"]
    acts.do("set_tracking", order=order, parcel=parcel, tracking="LATE-1")
    (shown,) = order_of(acts, order)["shippingInfo"]["deliveries"]
    assert (shown["id"], shown["parcels"][0]["trackingData"]["trackingId"]) == (delivery, "LATE-1")


def test_an_order_with_several_shippings_can_be_shipped(acts: Acts) -> None:
    several = next(each for each in acts.shop.all("order") if each["shippingMode"] == "Multiple")
    before = len(several["shipping"][-1]["shippingInfo"]["deliveries"])
    with acts.shop.writing() as writing:  # one more piece, so that there is something to ship
        line = several["lineItems"][-1]
        lines = [*several["lineItems"][:-1], {**line, "quantity": line["quantity"] + 1}]
        writing.create("order", {**several, "lineItems": lines})
    acts.do("ship", order=several["id"])
    assert len(order_of(acts, several["id"])["shipping"][-1]["shippingInfo"]["deliveries"]) == before + 1


def test_a_return_is_refundable_when_it_has_arrived(acts: Acts) -> None:
    order = placed(acts, pay="charge")
    acts.do("request_return", order=order)
    assert _return_states(acts, order) == [("Advised", "NonRefundable")]
    acts.do("receive_return", order=order)
    assert _return_states(acts, order) == [("Returned", "Initial")]
    acts.do("refund", order=order)
    assert _return_states(acts, order) == [("Returned", "Refunded")]


def test_a_refund_can_be_silent(acts: Acts) -> None:
    order = placed(acts, pay="charge")
    acts.do("request_return", order=order)
    acts.do("receive_return", order=order)
    done = acts.do("refund", order=order, transaction=False)
    assert [each.type_id for each in done.changed] == ["order"]
    assert _return_states(acts, order) == [("Returned", "Refunded")]


def test_a_refund_of_a_return_is_what_the_item_cost(acts: Acts) -> None:
    order = placed(acts, pay="charge", items=4)
    acts.do("request_return", order=order)
    acts.do("receive_return", order=order)
    acts.do("refund", order=order)
    line = order_of(acts, order)["lineItems"][0]
    assert transactions(acts, order)[-1][2] == line["taxedPrice"]["totalGross"]["centAmount"] // line["quantity"]


def test_no_more_is_refunded_than_was_captured(acts: Acts) -> None:
    order = placed(acts, pay="charge")
    acts.do("refund", order=order)
    with pytest.raises(NotPossible, match="nothing is captured"):
        acts.do("refund", order=order)


def test_an_order_moves_between_guest_and_customers(acts: Acts) -> None:
    order = acts.do("place", email="new@guest.example").ids["order"]
    acts.do("move", order=order, customer=ANNA)
    assert (order_of(acts, order)["customerId"], order_of(acts, order)["customerEmail"]) == (ANNA, "new@guest.example")
    acts.do("move", order=order, customer=BEN, email="ben@other.example")
    assert order_of(acts, order)["customerEmail"] == "ben@other.example"
    acts.do("move", order=order)
    assert "customerId" not in order_of(acts, order)


def test_a_cart_fills_and_becomes_an_order(acts: Acts) -> None:
    cart = acts.do("change_cart", customer=MIA).ids["cart"]
    acts.do("change_cart", customer=MIA, items=2)
    order = acts.do("check_out", customer=MIA).ids["order"]
    shown = acts.shop.get("cart", cart) or {}
    assert (shown["cartState"], shown["totalLineItemQuantity"]) == ("Ordered", 3)
    assert order_of(acts, order)["totalPrice"] == shown["totalPrice"]
    assert order_of(acts, order)["lineItems"] == shown["lineItems"]


def test_an_account_is_created_renamed_and_erased(acts: Acts) -> None:
    account = acts.do("create_account", email="lea@new.example", first_name="Lea").ids["customer"]
    acts.do("rename", customer=account, last_name="Sommer", email="lea@other.example")
    shown = acts.shop.get("customer", account) or {}
    assert (shown["firstName"], shown["lastName"], shown["email"], shown["version"]) == (
        "Lea",
        "Sommer",
        "lea@other.example",
        2,
    )
    acts.do("erase", customer=account)
    assert acts.shop.get("customer", account) is None


def test_orders_outlive_their_customer_unless_told(acts: Acts) -> None:
    acts.do("erase", customer=ANNA)
    assert order_of(acts, order_id("DE-10482"))["customerId"] == ANNA
    acts.do("erase", customer=BEN, with_orders=True)
    assert not any(each.get("customerId") == BEN for each in acts.shop.all("order"))


def test_an_address_has_one_account(acts: Acts) -> None:
    with pytest.raises(NotPossible, match="already"):
        acts.do("create_account", email="ANNA.kowalska@nordmail.example", store="de")


def test_the_past_knows_who_was_erased() -> None:
    moment = [100.0]
    shop = SampleShop(clock=lambda: moment[0])
    shop.create("customer", {"id": "c", "version": 1})
    moment[0] = 110.0
    with shop.writing() as writing:
        writing.remove("customer", "c")
    moment[0] = 111.0
    assert (list(shop.all("customer")), [each["id"] for each in shop.all("customer", seconds_ago=5)]) == ([], ["c"])


def test_an_act_that_fails_leaves_nothing_behind(acts: Acts) -> None:
    revision = acts.shop.revision
    with pytest.raises(NotPossible):
        acts.do("move", order=order_id("DE-10482"), customer="nobody")
    assert acts.shop.revision == revision


def test_asking_why_not_does_nothing(acts: Acts) -> None:
    revision = acts.shop.revision
    order = order_id("DE-10482")
    assert (acts.why_not("ship", order=order), acts.why_not("capture", order=order)) == (None, "everything is captured")
    assert acts.shop.revision == revision


def test_the_same_acts_make_the_same_shop() -> None:
    def after_acts() -> list[Document]:
        acts = Acts(fresh_sample_shop(), clock=ticking())
        order = placed(acts)
        for name in ("capture", "ship", "request_return", "receive_return", "refund"):
            acts.do(name, order=order)
        return [*acts.shop.all("order"), *acts.shop.all("payment")]

    assert after_acts() == after_acts()


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("fly", {}, "there is no act 'fly'"),
        (["ship"], {}, "there is no act"),
        (None, {}, "there is no act"),
        ("ship", {}, "ship needs order"),
        ("ship", {"order": 7}, "order is a text"),
        ("ship", {"order": "x", "by": "air"}, "ship knows no by"),
        ("ship", {"order": "x", "quantity": "one"}, "quantity is a whole number or null"),
        ("ship", {"order": "x", "quantity": True}, "quantity is a whole number or null"),
        ("ship", {"order": "x"}, "there is no order x"),
        ("ship", {"order": order_id("DE-10482"), "quantity": 0}, "above 0"),
        ("capture", {"order": order_id("DE-10305"), "amount": -5}, "minor units above 0"),
        ("place", {}, "a customer or an e-mail address"),
        ("place", {"customer": ANNA, "currency": "XXX"}, "currency is one of"),
        ("place", {"customer": ANNA, "store": "mars"}, "no store mars"),
        ("place", {"customer": ANNA, "items": 0}, "items is a number of pieces"),
        ("place", {"customer": ANNA, "pay": "later"}, "pay is one of"),
        ("place", {"customer": ANNA, "number": "DE-10482"}, "DE-10482 already"),
        ("enter_state", {"order": order_id("DE-10482"), "state": "lost"}, "no workflow state lost"),
        ("rename", {"customer": ANNA}, "give a first_name"),
        ("rename", {"customer": ANNA, "email": "@"}, "no e-mail address"),
        ("set_group", {"customer": ANNA, "group": "Staff"}, "group is one of VIP"),
        ("move", {"order": order_id("DE-10482"), "customer": ANNA}, "theirs already"),
        ("receive_return", {"order": order_id("DE-10482")}, "no return is on its way"),
        ("check_out", {"customer": MIA}, "no active cart"),
    ],
)
def test_rubbish_is_refused_with_words(acts: Acts, name: Any, arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        acts.do(name, **arguments)


def test_readers_see_all_of_an_act_or_nothing(acts: Acts) -> None:
    order = placed(acts, pay="nothing")
    torn: list[str] = []
    ended = threading.Event()

    def read() -> None:
        while not ended.is_set():
            stock = acts.shop.now()
            sale = stock.get("order", order) or {}
            for reference in sale.get("paymentInfo", {}).get("payments", ()):
                payment = stock.get("payment", reference["id"])
                if payment is None or not payment["transactions"]:
                    torn.append("an order refers to a payment of a later moment")

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for _ in range(150):
        acts.do("fail_payment", order=order)
    ended.set()
    for reader in readers:
        reader.join()
    assert torn == []


_ON_AN_ORDER = sorted(
    name for name, act in ACTS.items() if set(act.__annotations__) & {"order"} and name not in ("delete_order", "move")
)
_MORE = {"enter_state": {"state": "packed"}, "set_number": {"number": "N-1"}, "set_locale": {"locale": "fr-FR"}}


@settings(max_examples=25, deadline=None)
@given(names=st.lists(st.sampled_from([each for each in _ON_AN_ORDER if each != "set_tracking"]), max_size=25))
def test_whatever_is_done_the_books_balance(names: list[str]) -> None:
    acts = Acts(fresh_sample_shop(), clock=ticking())
    order = placed(acts, items=4)
    for name in names:
        before = order_of(acts, order)
        try:
            done = acts.do(name, order=order, **_MORE.get(name, {}))
        except NotPossible:
            assert order_of(acts, order) == before
            continue
        after = order_of(acts, order)
        assert (after is not before) == any(each.type_id == "order" for each in done.changed)
        assert after["version"] > before["version"] or after is before
    _assert_contents_fit(order_of(acts, order))
    money = Counter[str]()
    for kind, state, amount in transactions(acts, order):
        money[kind] += amount if state == "Success" else 0
    assert money["Refund"] <= money["Charge"]


def _assert_contents_fit(sale: Document) -> None:
    ordered = {line["id"]: line["quantity"] for line in sale["lineItems"]}
    shipped, returned = Counter[str](), Counter[str]()
    for delivery in sale["shippingInfo"]["deliveries"]:
        shipped.update({item["id"]: item["quantity"] for item in delivery["items"]})
    for info in sale["returnInfo"]:
        returned.update({item["lineItemId"]: item["quantity"] for item in info["items"]})
    assert all(shipped[line] <= quantity and returned[line] <= quantity for line, quantity in ordered.items())


def _return_states(acts: Acts, order: str) -> list[tuple[str, str]]:
    infos = order_of(acts, order)["returnInfo"]
    return [(item["shipmentState"], item["paymentState"]) for info in infos for item in info["items"]]


# what the page offers


def offered(acts: Acts, customer: str | None = None, email: str | None = None) -> dict[str, dict[str, Any]]:
    return {each["name"]: each for each in offers(acts, customer=customer, email=email)["offers"]}


def test_everything_offered_can_be_done(acts: Acts) -> None:
    for customer in [each["id"] for each in acts.shop.all("customer")]:
        for name, offer in offered(acts, customer).items():
            assert (offer["ask"] is None) == bool(offer["reason"]), name
            ask = dict(offer["ask"] or {})
            assert not ask or acts.why_not(ask.pop("act"), **ask) is None


def test_acts_are_offered_on_the_newest_order(acts: Acts) -> None:
    assert offers(acts, customer=ANNA, email=None)["order"]["number"] == "DE-10482"
    order = placed(acts)
    assert offered(acts, ANNA)["ship"]["ask"] == {"act": "ship", "order": order}


def test_an_order_is_shipped_then_delivered_then_neither(acts: Acts) -> None:
    order = placed(acts)
    labels = [offered(acts, ANNA)["ship"]["label"]]
    for name in ("ship", "deliver"):
        acts.do(name, order=order)
        labels.append(offered(acts, ANNA)["ship"]["label"])
    assert labels == ["Ship", "Deliver", "Ship"]
    assert offered(acts, ANNA)["ship"]["ask"] is None


def test_a_return_is_announced_then_received(acts: Acts) -> None:
    order = placed(acts, items=1)
    assert offered(acts, ANNA)["return"]["reason"] == "nothing is shipped that could come back"
    asks = []
    acts.do("ship", order=order)
    for _ in range(2):
        ask = offered(acts, ANNA)["return"]["ask"]
        asks.append(ask["act"])
        acts.do(ask["act"], order=order)
    assert asks == ["request_return", "receive_return"]
    assert offered(acts, ANNA)["return"]["reason"] == "there is nothing left to return"


@pytest.mark.parametrize(
    ("email", "reason"),
    [(None, "nobody in the shop"), ("", "nobody in the shop"), (SHARED_EMAIL, "several customers")],
)
def test_who_is_not_one_person_is_offered_nothing(acts: Acts, email: str | None, reason: str) -> None:
    reasons = [str(each["reason"]) for each in offered(acts, email=email).values()]
    assert [each for each in reasons if reason not in each] == []


def test_a_guest_can_order_but_not_be_renamed(acts: Acts) -> None:
    found = offered(acts, email=GUEST_EMAIL.upper())
    assert found["ship"]["ask"] == {"act": "ship", "order": order_id("DE-20020")}
    assert (found["rename"]["reason"], found["erase"]["reason"]) == ("a guest has no account",) * 2


def messages(acts: Acts, resource: str) -> list[tuple[str, int, str]]:
    """Type, version of the resource, and time of every message about it, oldest first."""
    found = [each for each in acts.shop.all("message") if each["resource"]["id"] == resource]
    return [(each["type"], each["resourceVersion"], each["createdAt"]) for each in found]


def said_by(acts: Acts, act: str, *, about: str, **arguments: Any) -> list[str]:
    before = len(messages(acts, about))
    done = acts.do(act, **arguments)
    said = messages(acts, about)[before:]
    assert {at for _, _, at in said} <= {timestamp(done.at)}
    return [type_ for type_, _, _ in said]


def test_what_happens_to_an_order_leaves_the_messages_of_the_platform(acts: Acts) -> None:
    order = placed(acts)
    assert [type_ for type_, _, _ in messages(acts, order)] == ["OrderCreated"]
    assert said_by(acts, "confirm", about=order, order=order) == ["OrderStateChanged"]
    assert said_by(acts, "capture", about=order, order=order) == ["OrderPaymentStateChanged"]
    shipped = ["DeliveryAdded", "ParcelAddedToDelivery", "OrderShipmentStateChanged"]
    assert said_by(acts, "ship", about=order, order=order) == shipped
    assert said_by(acts, "request_return", about=order, order=order) == ["ReturnInfoAdded"]
    assert said_by(acts, "set_locale", about=order, order=order, locale="de") == []


def test_what_happens_to_an_account_leaves_the_messages_of_the_platform(acts: Acts) -> None:
    customer = acts.do("create_account", email="told@example.com").ids["customer"]
    assert [type_ for type_, _, _ in messages(acts, customer)] == ["CustomerCreated"]
    changed = said_by(acts, "rename", about=customer, customer=customer, email="told.again@example.com")
    assert changed == ["CustomerEmailChanged"]
    assert said_by(acts, "rename", about=customer, customer=customer, first_name="Tilda") == []


def test_a_message_names_the_version_that_it_tells_of(acts: Acts) -> None:
    order = placed(acts)
    acts.do("confirm", order=order)
    assert messages(acts, order)[-1][1] == order_of(acts, order)["version"]


def test_messages_are_nothing_that_an_act_changed(acts: Acts) -> None:
    done = acts.do("confirm", order=placed(acts))
    assert {each.type_id for each in done.changed} == {"order"}
