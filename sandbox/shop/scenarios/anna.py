"""Anna Kowalska: the customer with everything. Twelve orders, the newest partly shipped, one refunded, a cart."""

from __future__ import annotations

from typing import Any, Final

from sandbox.shop.parcels import Delivery, Parcel
from sandbox.shop.payments import PaymentOf, Transaction
from sandbox.shop.people import CustomerOf, address
from sandbox.shop.returned import Return, ReturnItem
from sandbox.shop.sales import CartOf, Item, OrderOf, Shipping
from sandbox.shop.scenario import Scenario

VIP: Final = "vip"
LIFETIME: Final = "1284.50"  # EUR: gross of the orders that are not cancelled, less what was refunded

_HOME: Final = address(
    "Anna Kowalska",
    "Lindenallee",
    "14a",
    "10115",
    "Berlin",
    "DE",
    phone="+49 30 5550147",
    email="anna.kowalska@nordmail.example",
)
ANNA: Final = CustomerOf(
    name=VIP,
    email="anna.kowalska@nordmail.example",
    first_name="Anna",
    last_name="Kowalska",
    number="C-20417",
    created="2021-05-06",
    modified="2026-11-21",
    stores=("de",),
    group="VIP",
    external_id="crm-55120",
    addresses=(_HOME,),
    custom={"loyaltyTier": "Gold", "shoeSize": 39},
)
_JACKET: Final = Item(
    name={"en": "Rain jacket Brandung", "de": "Regenjacke Brandung"}, sku="NL-JKT-0041", price="49.95"
)
_BASE_LAYER: Final = Item(
    name={"en": "Merino base layer", "de": "Merino-Unterhemd"}, sku="NL-BAS-0112", price="37.50", quantity=2
)


def _order(number: str, placed: str, *items: Item, shipping: Shipping, state: str = "Complete", **more: Any) -> OrderOf:
    given: dict[str, Any] = {"payment_state": "Paid", "shipment_state": "Delivered", "payments": (number,), **more}
    return OrderOf(
        key=number,
        placed=placed,
        items=items,
        shipping=(shipping,),
        order_state=state,
        customer=ANNA.id,
        email=ANNA.email,
        store="de",
        shipping_address=_HOME,
        billing_address=_HOME,
        **given,
    )


def _sent(placed: str, tracking: str, contents: dict[int, int], price: str = "4.95") -> Shipping:
    parcel = Parcel(tracking=tracking, carrier="DHL")
    return Shipping(price=price, deliveries=(Delivery(at=placed, contents=contents, parcels=(parcel,)),))


def _older(number: str, placed: str, name: str, price: str, shipping: str = "0.00") -> OrderOf:
    sent = _sent(placed, f"0034043400{number[-5:]}00017", {0: 1}, shipping)
    return _order(number, placed, Item(name=name, sku=f"NL-{number[-4:]}", price=price), shipping=sent)


NEWEST: Final = _order(
    "DE-10482",
    "2026-11-21",
    _JACKET,
    _BASE_LAYER,
    shipping=_sent("2026-11-22", "00340434161094042557", {0: 1, 1: 1}),
    state="Confirmed",
    shipment_state="Shipped",
    modified="2026-11-22T15:30",
    external_ids=("SAP-4500118",),
)
REFUNDED: Final = _order(
    "DE-10311",
    "2026-10-02",
    Item(name={"en": "Headlamp Polaris", "de": "Stirnlampe Polaris"}, sku="NL-LMP-0007", price="54.05"),
    shipping=_sent("2026-10-03", "00340434161094038884", {0: 1}),
    returns=(
        Return(
            at="2026-10-09",
            returned="2026-10-14",
            tracking="RET-DHL-884",
            items=(ReturnItem(shipment_state="BackInStock", payment_state="Refunded", comment="Beam too weak"),),
        ),
    ),
)
FAILED: Final = _order(
    "DE-10305",
    "2026-09-28",
    Item(name={"en": "Trekking poles Grat", "de": "Trekkingstöcke Grat"}, sku="NL-POL-0021", price="144.05"),
    shipping=Shipping(price="4.95"),
    state="Open",
    payment_state="Failed",
    shipment_state="Pending",
)
_OLDER: Final = (
    _older("DE-10190", "2026-07-11", "Sleeping mat Moos", "119.05", "4.95"),
    _older("DE-09981", "2026-04-25", "Down vest Eider", "84.95", "4.95"),
    _older("DE-09664", "2026-01-30", "Hiking boots Steinbock", "210.00"),
    _older("DE-09312", "2025-11-28", "Thermos Quelle", "60.00", "4.95"),
    _older("DE-08870", "2025-07-03", "Tent footprint Wolke", "169.55", "4.95"),
    _older("DE-08411", "2025-02-14", "Daypack Pfad", "99.00"),
    _older("DE-07702", "2024-09-19", "Stove Funke", "138.30", "4.95"),
    _older("DE-07015", "2024-05-08", "Map case and compass", "100.00"),
)
_CANCELLED: Final = _order(
    "DE-08102",
    "2024-12-20",
    Item(name="Snow shoes Firn", sku="NL-SNW-0003", price="189.00"),
    shipping=Shipping(price="0.00"),
    state="Cancelled",
    payment_state=None,
    shipment_state="Canceled",
)
ORDERS: Final = (NEWEST, REFUNDED, FAILED, *_OLDER, _CANCELLED)


def _paid(order: OrderOf) -> PaymentOf:
    amount = f"{order.gross() / 100:.2f}"
    return _payment(order, amount, Transaction("Charge", "Success", amount, order.placed))


def _payment(order: OrderOf, amount: str, *transactions: Transaction) -> PaymentOf:
    return PaymentOf(name=order.key, planned=amount, created=order.placed, transactions=transactions, customer=ANNA.id)


CART: Final = CartOf(
    key="cart-anna",
    created="2026-11-20",
    modified="2026-11-22",
    items=(
        Item(name={"en": "Gaiters Morast", "de": "Gamaschen Morast"}, sku="NL-GTR-0009", price="34.00"),
        Item(name={"en": "Wool hat Flocke", "de": "Wollmütze Flocke"}, sku="NL-HAT-0031", price="25.00", quantity=2),
    ),
    customer=ANNA.id,
    email=ANNA.email,
    store="de",
)
SCENARIO: Final = Scenario(
    name=VIP,
    customers=(ANNA,),
    orders=ORDERS,
    payments=(
        *(_paid(order) for order in (NEWEST, *_OLDER)),
        _payment(
            REFUNDED,
            "59.00",
            Transaction("Charge", "Success", "59.00", "2026-10-02"),
            Transaction("Refund", "Success", "59.00", "2026-10-15"),
        ),
        _payment(FAILED, "149.00", Transaction("Charge", "Failure", "149.00", "2026-09-28")),
        _payment(
            _CANCELLED,
            "189.00",
            Transaction("Authorization", "Success", "189.00", "2024-12-20"),
            Transaction("CancelAuthorization", "Success", "189.00", "2024-12-21"),
        ),
    ),
    carts=(CART,),
)
