"""Texts that try to break the panel: markup, directions, great length, other scripts, languages nobody asked for."""

from __future__ import annotations

from typing import Final

from sandbox.shop.parcels import Delivery, Parcel
from sandbox.shop.people import CustomerOf, address
from sandbox.shop.returned import Return, ReturnItem
from sandbox.shop.sales import Extra, Item, Shipping
from sandbox.shop.scenario import Scenario
from sandbox.shop.scenarios.ordinary import charged, order_for, person

HOSTILE: Final = "hostile-texts"
CHINESE: Final = "chinese"
ARABIC: Final = "arabic"

MARKUP: Final = "<img src=x onerror=alert(1)><script>alert('x')</script>"
LINK: Final = "[Click here to win](https://evil.example/?a=b)"
EMPHASIS: Final = "**bold** _it_ `code` # heading\n- list"
BACKWARDS: Final = "\u202egnp.exe\u202c\u200f\u2066isolated\u2069"
LONG: Final = "Very long " * 500  # 5,000 characters
QUOTES: Final = "\"; -- ' OR ''=' \\\" or id is defined"

_MALLORY: Final = CustomerOf(
    name=HOSTILE,
    email="o'hara+<b>x</b>@evil.example",
    first_name=f"<b>Bobby</b> {QUOTES}",
    last_name=f"{BACKWARDS} {LINK}",
    number=f"C-{MARKUP}",
    company=LONG,
    external_id=QUOTES,
    addresses=(address(f"{EMPHASIS} x", MARKUP, LINK, BACKWARDS, LONG, "DE"),),
    custom={"note": MARKUP, "big": LONG},
)
_MALLORY_ORDER: Final = order_for(
    _MALLORY,
    f"X-1{MARKUP}",
    "2026-11-19",
    Item(name=LONG, sku=MARKUP, price="10.00"),
    Item(name={"en": f"{LINK} {EMPHASIS}", "de": BACKWARDS}, sku=LINK, price="12.34", quantity=2),
    Item(name={"en": ""}, sku=None, price="1.00"),
    extras=(Extra(name=MARKUP, slug="markup", price="0.50"),),
    shipping=(
        Shipping(
            price="4.95",
            method=f"{MARKUP} {LINK}",
            deliveries=(
                Delivery(
                    at="2026-11-20",
                    contents={0: 1},
                    parcels=(
                        Parcel(tracking="javascript:alert(1)//?x=&y=%00", carrier=f"DHL {LINK}"),
                        Parcel(tracking=f"../../{QUOTES}", carrier=BACKWARDS),
                    ),
                ),
            ),
        ),
    ),
    payment_state="Paid",
    shipment_state="Shipped",
    external_ids=(MARKUP,),
    purchase_order_number=LINK,
    returns=(Return(at="2026-11-21", items=(ReturnItem(comment=f"{MARKUP} {LONG}"),), tracking=LINK),),
    custom={"gift_message": f"{MARKUP} {LINK}"},
)

_WANG: Final = person(CHINESE, "小明 王", email="xiaoming.wang@nordmail.example", locale="zh-CN")
_WANG_ORDER: Final = order_for(
    _WANG,
    "DE-20701",
    "2026-11-11",
    Item(name={"zh": "双人帐篷"}, sku="NL-TNT-0002", price="249.00"),
    payment_state="Paid",
    shipment_state="Shipped",
)
_FATIMA: Final = person(ARABIC, "فاطمة الزهراء", email="fatima@nordmail.example", locale="ar-KW")
_FATIMA_ORDER: Final = order_for(
    _FATIMA,
    "DE-20702",
    "2026-11-10",
    Item(name={"ar": "خيمة صحراوية", "en": "Desert tent"}, sku="NL-TNT-0090", price="189.00"),
    payment_state="Paid",
    shipment_state="Delivered",
)

SCENARIOS: Final = (
    Scenario(name=HOSTILE, customers=(_MALLORY,), orders=(_MALLORY_ORDER,), payments=(charged(_MALLORY_ORDER),)),
    Scenario(name=CHINESE, customers=(_WANG,), orders=(_WANG_ORDER,), payments=(charged(_WANG_ORDER),)),
    Scenario(name=ARABIC, customers=(_FATIMA,), orders=(_FATIMA_ORDER,), payments=(charged(_FATIMA_ORDER),)),
)
