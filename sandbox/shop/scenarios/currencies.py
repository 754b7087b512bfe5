"""Every shape of money: no decimals, three decimals, HUF without its decimals, high precision, several currencies."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from sandbox.shop.amounts import NO_TAX_KW, TAX_JP, TAX_NY, VAT_HU
from sandbox.shop.parcels import Delivery
from sandbox.shop.payments import Transaction
from sandbox.shop.sales import CartOf, Item, Shipping
from sandbox.shop.scenario import Scenario
from sandbox.shop.scenarios.ordinary import BOOTS, LAMP, charged, gross_of, home, order_for, payment_for, person

YEN: Final = "yen"
DINAR: Final = "dinar-with-three-decimals"
FORINT: Final = "forint-without-decimals"
HIGH_PRECISION: Final = "high-precision-unit-price"
MIXED_CURRENCIES: Final = "mixed-currencies"

SATO: Final = person(YEN, "花子 佐藤", email="hanako.sato@nordmail.example", locale="ja-JP", stores=("jp",))
_SATO_ORDER: Final = order_for(
    SATO,
    "JP-70001",
    "2026-11-12",
    Item(
        name={"en": "Rain jacket Brandung", "ja": "レインジャケット ブランドゥング"}, sku="NL-JKT-0041", price="12800"
    ),
    Item(name={"ja": "登山靴下"}, sku="NL-SOC-0003", price="1980", quantity=3),
    currency="JPY",
    tax=TAX_JP,
    country="JP",
    locale="ja-JP",
    store="jp",
    order_state="Confirmed",
    shipping=(
        Shipping(price="800", method="ヤマト運輸", deliveries=(Delivery(at="2026-11-14", contents={0: 1, 1: 3}),)),
    ),
    shipment_state="Shipped",
    shipping_address=home("花子 佐藤", "東京都", "100-0001", "JP"),
    billing_address=None,
)
_SATO_CART: Final = CartOf(
    key="cart-sato",
    created="2026-11-20",
    modified="2026-11-21",
    currency="JPY",
    tax=TAX_JP,
    country="JP",
    items=(Item(name={"ja": "寝袋"}, sku="NL-SLP-0001", price="24500"),),
    customer=SATO.id,
    email=SATO.email,
    store="jp",
)

NOUR: Final = person(DINAR, "Nour Al-Sabah", locale="ar-KW", stores=("kw",))
_NOUR_ORDER: Final = order_for(
    NOUR,
    "KW-80001",
    "2026-11-09",
    Item(name="Desert tent Dune", sku="NL-TNT-0090", price="74.250"),
    Item(name="Scarf", sku="NL-SCF-0001", price="3.755", quantity=2),
    currency="KWD",
    tax=NO_TAX_KW,
    country="KW",
    locale="ar-KW",
    store="kw",
    order_state="Complete",
    shipping=(Shipping(price="2.500", method="Aramex"),),
    shipment_state="Delivered",
    payment_state="Paid",
)

BELA: Final = person(FORINT, "Béla Kovács", email="bela.kovacs@nordmail.example", locale="hu-HU", stores=("hu",))
_BELA_ORDER: Final = order_for(
    BELA,
    "HU-90001",
    "2026-11-03",
    Item(name="Headlamp Polaris", sku="NL-LMP-0007", price="21990"),
    currency="HUF0",
    tax=VAT_HU,
    country="HU",
    locale="hu-HU",
    store="hu",
    shipping=(Shipping(price="1490", method="GLS"),),
    shipment_state="Ready",
)

DETLEF: Final = person(HIGH_PRECISION, "Detlef Brandt", company="Brandt Schrauben GmbH", vat_id="DE123456789")
_DETLEF_ORDER: Final = order_for(
    DETLEF,
    "DE-20110",
    "2026-10-29",
    Item(name="Tent peg, aluminium", sku="NL-PEG-1000", price="0.0325", precise=True, quantity=1000),
    Item(name="Guy line, per metre", sku="NL-LIN-0001", price="0.4175", precise=True, quantity=37),
    payment_state="Paid",
    shipment_state="Delivered",
    order_state="Complete",
)

GLOBETROTTER: Final = person(MIXED_CURRENCIES, "Ingrid Olsen", number="C-40100", locale="en-US")
_IN_EUR: Final = order_for(
    GLOBETROTTER, "DE-20120", "2026-11-18", BOOTS, payment_state="Paid", shipment_state="Shipped"
)
_IN_USD: Final = order_for(
    GLOBETROTTER,
    "US-50120",
    "2026-05-17",
    replace(LAMP, price="59.00"),
    currency="USD",
    tax=TAX_NY,
    country="US",
    shipping=(Shipping(price="7.50", method="UPS Ground"),),
    store="us",
    shipment_state="Delivered",
)
_IN_JPY: Final = order_for(
    GLOBETROTTER,
    "JP-70120",
    "2025-04-02",
    Item(name="Tent Wolke 2", sku="NL-TNT-0002", price="39800"),
    currency="JPY",
    tax=TAX_JP,
    country="JP",
    shipping=(Shipping(price="0", method="ヤマト運輸"),),
    store="jp",
    shipment_state="Delivered",
    order_state="Complete",
)

SCENARIOS: Final = (
    Scenario(name=YEN, customers=(SATO,), orders=(_SATO_ORDER,), payments=(charged(_SATO_ORDER),), carts=(_SATO_CART,)),
    Scenario(name=DINAR, customers=(NOUR,), orders=(_NOUR_ORDER,), payments=(charged(_NOUR_ORDER),)),
    Scenario(name=FORINT, customers=(BELA,), orders=(_BELA_ORDER,), payments=(charged(_BELA_ORDER),)),
    Scenario(name=HIGH_PRECISION, customers=(DETLEF,), orders=(_DETLEF_ORDER,), payments=(charged(_DETLEF_ORDER),)),
    Scenario(
        name=MIXED_CURRENCIES,
        customers=(GLOBETROTTER,),
        orders=(_IN_EUR, _IN_USD, _IN_JPY),
        payments=(
            charged(_IN_EUR),
            charged(_IN_USD),
            payment_for(
                _IN_JPY,
                Transaction("Charge", "Success", gross_of(_IN_JPY), "2025-04-02"),
                Transaction("Refund", "Success", "10000", "2025-04-20"),
            ),
        ),
    ),
)
