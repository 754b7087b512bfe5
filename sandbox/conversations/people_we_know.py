"""Customers who are signed in: the contact's `external_id` is the customer id."""

from __future__ import annotations

from typing import Any, Final

from sandbox.conversations.bodies import Person, Reply, SampleConversation, Writing, initialize_bodies
from sandbox.shop.scenarios import SCENARIOS
from sandbox.shop.scenarios.anna import VIP
from sandbox.shop.scenarios.carts import CART_ONLY, SEVERAL_CARTS
from sandbox.shop.scenarios.channels import (
    B2B,
    IMPORTED,
    NUMBER_IN_SEVERAL_PLACES,
    NUMBER_SHAPES,
    RECURRING,
    UNKNOWN_VALUES,
    UNNUMBERED,
    WORKFLOW,
)
from sandbox.shop.scenarios.coming_back import RETURN_ADVISED, RETURN_NOT_REFUNDED, RETURN_RECEIVED, RETURN_REFUNDED
from sandbox.shop.scenarios.crowd import THREE_HUNDRED
from sandbox.shop.scenarios.currencies import DINAR, FORINT, HIGH_PRECISION, MIXED_CURRENCIES, YEN
from sandbox.shop.scenarios.identities import BYSTANDER, GUEST_AND_ACCOUNT, NO_ORDERS, SEVERAL_STORES
from sandbox.shop.scenarios.paying import (
    AUTHORISED,
    CAPTURED,
    CHARGED_BACK,
    FAILED,
    PAID_WITHOUT_PAYMENTS,
    PARTLY_CAPTURED,
    PARTLY_REFUNDED,
    PAYMENT_IN_ANOTHER_CURRENCY,
    REFUND_PENDING,
    REFUNDED,
    SEVERAL_PAYMENTS,
)
from sandbox.shop.scenarios.sums import CUSTOM_LINE_ITEMS, DISCOUNTS, GIFT, NO_TAX_YET, TAX_NOT_INCLUDED
from sandbox.shop.scenarios.texts import ARABIC, CHINESE, EMPHASIS, HOSTILE, LINK, LONG, MARKUP
from sandbox.shop.scenarios.transport import (
    BACKORDER,
    DELAYED,
    RETURN_LABEL,
    SHIPPING_MULTIPLE,
    SPLIT_TRACKED,
    SPLIT_UNTRACKED,
)

_CUSTOMERS: Final = {scenario.name: scenario.customers[0] for scenario in SCENARIOS if scenario.customers}


def _from(
    scenario: str, subject: str, text: str, about: str, *, slug: str | None = None, name: str | None = None, **more: Any
) -> SampleConversation:
    """What the customer of a scenario writes; `text` is plain unless it begins with a tag."""
    slug = slug or scenario
    person = Person.of(_CUSTOMERS[scenario])
    html = text if text.startswith("<") else f"<p>{text}</p>"
    writing = Writing(html=html, subject=f"<p>{subject}</p>", **more)
    label = f"{name or person.name} — {subject}"
    return SampleConversation(slug=slug, label=label, about=about, bodies=initialize_bodies(slug, (person,), writing))


CONVERSATIONS: Final = (
    _from(
        VIP,
        "Where is my parcel?",
        "<p>Hi! 👋 I only got two of the three things of order <b>#DE-10482</b>.</p><p>Kind regards<br>Anna</p>",
        "Everything at once: twelve orders, one partly shipped, an alert, a cart",
        slug="anna",
        replies=(
            Reply(html="<p>Hello Anna, let me have a look.</p>", from_admin=True),
            Reply(html="<p>Thank you! One base layer is missing.</p>"),
        ),
    ),
    _from(
        VIP,
        "Did my refund go through?",
        "Hello, I sent the headlamp back in October (DE-10311). Has the money been sent?",
        "A named order that is not the newest: refunded in full",
        slug="anna-refund",
    ),
    _from(
        VIP,
        "Card declined",
        "My card was declined for DE-10305 and for DE-10482 it worked, how come? DE-10190, DE-09981 were fine too.",
        "Four numbers in one message: at most three candidates",
        slug="anna-many-numbers",
    ),
    _from(THREE_HUNDRED, "Bulk invoice", "Could you send all invoices?", "300 orders: paging, 100+, no lifetime sum"),
    _from(NO_ORDERS, "Do you ship to Poland?", "Before I order: how long to Gdańsk?", "A customer without orders"),
    _from(
        BYSTANDER,
        "A question about an order",
        "Where is order DE-10482? I would like to change its address.",
        "Names an order of another customer: a warning, no details",
    ),
    _from(
        SEVERAL_STORES, "Wrong size", "The trail runners US-50040 are too small.", "Orders in the German and US store"
    ),
    _from(
        GUEST_AND_ACCOUNT,
        "My older order",
        "I ordered DE-20051 before I had an account.",
        "An account, and an older guest order with the same address",
    ),
    _from(
        NUMBER_IN_SEVERAL_PLACES,
        "Delivery",
        "When will DE-20641 arrive?",
        "One number in the message, another in a later attribute",
        title="Irma Lang about her delivery",
        attributes={"Order number": "DE-20640", "Topic": "Delivery", "CSAT": None},
        replies=(Reply(html="<p>Sorry, I meant DE-20640!</p>"),),
    ),
    _from(
        NUMBER_SHAPES,
        "Two invoices",
        "I need invoices for #1001 and ACC-123456 please.",
        "Order numbers of other shapes: #1001, ACC-123456",
    ),
    _from(UNNUMBERED, "My order", "I never got an order number.", "An order without a number"),
    _from(
        SPLIT_TRACKED, "Only part of it came", "The tent is here, the rest?", "Three items in two deliveries, tracked"
    ),
    _from(SPLIT_UNTRACKED, "Still waiting", "Two bottles of DE-20302 are missing.", "Split shipment without tracking"),
    _from(SHIPPING_MULTIPLE, "Two parcels?", "Will both come on the same day?", "shippingMode Multiple"),
    _from(RETURN_LABEL, "Return label", "I have used the label RR123456785DE.", "A parcel that is a return label"),
    _from(DELAYED, "Delayed?", "It was to be here last week.", "Delayed, with an estimated delivery"),
    _from(BACKORDER, "Back in stock?", "When is the lamp of DE-20305 back?", "Backorder"),
    _from(FAILED, "Payment failed", "It says payment failed. Can I retry?", "paymentState empty, the charge failed"),
    _from(CAPTURED, "Invoice please", "Please send the invoice for DE-20201.", "paymentState empty, captured"),
    _from(PARTLY_CAPTURED, "Charged only in part", "Why 40 euros?", "paymentState empty, partly captured"),
    _from(AUTHORISED, "Reserved on my card", "When do you charge me?", "paymentState empty, authorised only"),
    _from(REFUNDED, "Refund received", "Thanks, it has arrived.", "paymentState empty, refunded in full"),
    _from(PARTLY_REFUNDED, "Only 20 euros back", "Why not all of it?", "paymentState empty, partly refunded"),
    _from(REFUND_PENDING, "Refund?", "You said it was on its way.", "A refund that is pending"),
    _from(CHARGED_BACK, "Unknown charge", "My bank has taken it back.", "A chargeback"),
    _from(PAID_WITHOUT_PAYMENTS, "Receipt", "I paid by invoice.", "paymentState Paid, no payment at all"),
    _from(SEVERAL_PAYMENTS, "Gift card", "Was my gift card used?", "A gift card, a declined card, another card"),
    _from(PAYMENT_IN_ANOTHER_CURRENCY, "Paid in dollars", "PayPal took USD.", "A payment in another currency"),
    _from(RETURN_ADVISED, "Boots too small", "I have announced a return.", "Return advised: not refundable yet"),
    _from(RETURN_RECEIVED, "Has it arrived?", "I sent the boots back.", "Return received, refund to be decided"),
    _from(RETURN_REFUNDED, "Thank you", "The refund for the lamp is here.", "Return refunded, and a returned extra"),
    _from(RETURN_NOT_REFUNDED, "Why no refund?", "They were hardly worn!", "Return refused: unusable"),
    _from(YEN, "配送について", "注文 JP-70001 はいつ届きますか。", "JPY, Japanese texts, a cart"),
    _from(DINAR, "Delivery to Salmiya", "Is KW-80001 delivered?", "KWD: three decimals"),
    _from(FORINT, "Mikor jön?", "HU-90001 rendelés", "HUF0: a currency code of commercetools' own"),
    _from(HIGH_PRECISION, "Unit price", "Why 0.0325 per peg?", "Unit prices of high precision"),
    _from(MIXED_CURRENCIES, "Three countries", "One invoice for all?", "Orders in EUR, USD and JPY"),
    _from(CUSTOM_LINE_ITEMS, "What is this fee?", "5.90 for what?", "Custom line items, one of them negative"),
    _from(GIFT, "Free bottle", "Is the bottle really free?", "A gift line item"),
    _from(DISCOUNTS, "Did my code work?", "I used WELCOME10.", "Item discounts, codes, a discount on the total"),
    _from(TAX_NOT_INCLUDED, "Sales tax", "Why more than 177.87?", "US prices without tax"),
    _from(NO_TAX_YET, "Total", "Is VAT in it?", "An order without taxed price"),
    _from(IMPORTED, "An old order", "From summer 2024, LEGACY-000815.", "Imported: placed in 2024, created in 2026"),
    _from(RECURRING, "My subscription", "Please pause it.", "Recurring orders"),
    _from(WORKFLOW, "Repair", "Are my boots done?", "Only the merchant's own state says anything"),
    _from(B2B, "PO-2026-1187", "Please confirm our PO.", "Business unit, purchase order number, net terms"),
    _from(UNKNOWN_VALUES, "What does it mean?", "Status 'WithRobot'?", "States that no schema knows yet"),
    _from(SEVERAL_CARTS, "My cart", "The code does not work.", "Five carts, one of them active"),
    _from(CART_ONLY, "Before I buy", "Is the tent in stock?", "A cart and no orders"),
    _from(
        HOSTILE,
        "Markup in everything",
        f"<p>{MARKUP} {LINK} {EMPHASIS}</p><p>{LONG}</p><p>{'&lt;' * 300}</p>",
        "HTML, links, quotes, right-to-left marks and 5,000 characters",
        name="Bobby Mallory",
        attributes={MARKUP: LINK, "Order number": "X-1" + MARKUP},
    ),
    _from(CHINESE, "发票", "请把订单 DE-20701 的发票发给我。", "Chinese name, item without English or German name"),
    _from(ARABIC, "أين طلبي؟", "<p dir='rtl'>أين الطلب DE-20702؟</p>", "Arabic name and items"),
)
