"""Every screen of the panel, drawn from ordinary and from hostile facts, for the tests that hold for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from zoneinfo import ZoneInfo

from canvas_app.canvas import screens
from canvas_app.canvas.components import Canvas
from canvas_app.canvas.formats import Formats
from canvas_app.canvas.found import (
    Ambiguous,
    Found,
    Freshness,
    GuestsOnly,
    Matched,
    MatchedBy,
    NamedOrder,
    NoMatch,
    Relation,
    Trouble,
    Unidentified,
)
from canvas_app.canvas.screens import Look, Whose
from canvas_app.mapping import PanelOptions
from canvas_app.words.catalogues import words_of
from clients.commercetools.readings import CartReading, CustomerReading, OrderReading, OrdersPage, Section
from commerce.cart import Cart
from commerce.customer import Customer
from commerce.order import Order
from commerce.personal_fields import PERSONAL_FIELDS
from tests.builders import (
    NOON,
    a_cart,
    a_charge,
    a_customer,
    a_delivery,
    a_line_item,
    a_parcel,
    a_payment,
    a_refund,
    a_return,
    a_return_item,
    a_return_label,
    a_shipping,
    a_tracking,
    an_address,
    an_order,
    at,
    carries,
    money,
    taxed,
)

FRESH = Freshness(NOON)
STALE = Freshness(NOON, Trouble.UNREACHABLE)
EVERY_FIELD = frozenset(PERSONAL_FIELDS) | {"customer.custom.hobby", "order.custom.engraving"}
HOSTILE = "<b>x</b> [click](https://evil.example) **b** \u202egnirts\u202c \x00\n# h " + "ü" * 5_000


def a_look(language: str = "en", fields: Iterable[str] = EVERY_FIELD, **options: Any) -> Look:
    """How the tests' panel looks: everything allowed unless told otherwise, Berlin's time."""
    return Look(
        words=words_of(language),
        formats=Formats.of(language, ZoneInfo("Europe/Berlin")),
        options=panel_options(fields, **options),
        settings_url="https://panel.example/settings/1",
    )


def panel_options(fields: Iterable[str], **options: Any) -> PanelOptions:
    project = {"api_url": "https://api.europe-west1.gcp.commercetools.com", "project_key": "shop"}
    return PanelOptions(fields=frozenset(fields), **options).for_project(**project)


def the_order(**fields: Any) -> Order:
    """An order that has everything: parcels, a return, payments, addresses, codes, numbers, custom fields."""
    ordinary: dict[str, Any] = {
        "id": "aaaaaaaa-0000-4000-8000-000000000001",
        "number": "DE-10482",
        "total": "129.90",
        "order_state": "Confirmed",
        "workflow_state": "Picking",
        "origin": "Merchant",
        "store": "de-store",
        "taxed_price": taxed("109.16", "129.90"),
        "discount_codes": ("WELCOME",),
        "purchase_order_number": "PO-77",
        "business_unit": "unit-north",
        "external_ids": ("ERP-5",),
        "items": (
            a_line_item("item-1", quantity=2, price="49.90"),
            a_line_item("item-2", price="25.20", name="Leather belt", sku="BELT-1", state="Packed"),
        ),
        "payments": (
            a_payment(
                a_charge("129.90"),
                a_refund("25.20"),
                interface_id="psp-reference-1234",
                method="card",
                status_text="approved by bank",
            ),
        ),
        "shippings": (
            a_shipping(
                a_delivery("delivery-1", a_parcel(items=carries(item_1=2)), a_return_label()),
                estimated_from=at(48),
                estimated_until=at(72),
            ),
        ),
        "returns": (a_return(a_return_item(comment="too small")),),
        "shipping_address": an_address(phone="+49 30 1234567", email="home@example.com"),
        "billing_address": an_address(company="Kowalska GmbH"),
        "custom": {"engraving": "for Jan", "margin": "secret margin"},
    }
    return an_order(**ordinary | fields)


def older(number: str, **fields: Any) -> Order:
    """Another order, delivered and refunded."""
    ordinary: dict[str, Any] = {
        "id": f"order-{number}",
        "number": number,
        "total": "59.00",
        "created_at": at(-800),
        "shipment_state": "Delivered",
        "payments": (a_payment(a_charge("59.00"), a_refund("59.00")),),
        "shippings": (),
        "returns": (),
    }
    return an_order(**ordinary | fields)


def the_customer(**fields: Any) -> Customer:
    ordinary: dict[str, Any] = {
        "id": "bbbbbbbb-0000-4000-8000-000000000001",
        "group": "VIP",
        "number": "C-1042",
        "stores": ("de-store",),
        "company": "Kowalska GmbH",
        "vat_id": "DE123456789",
        "external_id": "crm-9",
        "locale": "de-DE",
        "is_email_verified": True,
        "addresses": (an_address(),),
        "custom": {"hobby": "sailing", "credit_score": "secret score"},
    }
    return a_customer(**ordinary | fields)


def a_reading(**fields: Any) -> CustomerReading:
    """What is read of a customer with three orders, a cart and a guest order."""
    orders = (the_order(), older("DE-10311"), older("DE-10200"))
    ordinary: dict[str, Any] = {
        "customer": the_customer(),
        "read_at": NOON,
        "orders": orders,
        "history": orders,
        "guest_orders": (older("G-1", customer_id=None),),
        "cart": a_cart(quantity=3, items=(a_line_item(quantity=3, price="28.00"),), discount_codes=("SPRING",)),
    }
    return CustomerReading(**ordinary | fields)


def matched(by: MatchedBy = MatchedBy.ID, named: tuple[NamedOrder, ...] = (), **fields: Any) -> Matched:
    """A customer that a contact was joined to, as `a_reading(**fields)` read them."""
    reading = a_reading(**fields)
    assert reading.customer is not None
    return Matched(reading.customer, by, reading, named)


def everything_found() -> Iterator[tuple[str, Found]]:
    """What a look-up can find, by name."""
    failed = an_order(
        id="order-f", number="F-1", payments=(a_payment(a_charge(state="Failure")),), shippings=(), returns=()
    )
    named = (
        NamedOrder(failed, Relation.OWN),
        NamedOrder(older("DE-2"), Relation.SAME_EMAIL),
        NamedOrder(older("DE-3"), Relation.OTHER),
    )
    yield "customer by id", matched()
    yield "customer by e-mail", matched(MatchedBy.EMAIL)
    yield "customer, one order named", matched(MatchedBy.CHOICE, named[:1])
    yield "customer, three orders named", matched(named=named)
    yield "customer without orders", matched(orders=(), history=(), guest_orders=(), cart=None)
    yield "customer of many orders", matched(history=(older("DE-9"),) * 100, history_complete=False)
    yield "customer, nothing readable", matched(orders=(), history=(), cart=None, missing=frozenset(Section))
    yield "customer in four currencies", matched(history=tuple(_in_four_currencies()))
    yield "hostile customer", hostile_match()
    yield "guests", GuestsOnly((the_order(customer_id=None), older("G-1"), older("G-2")), named[:1])
    yield "several customers", Ambiguous((the_customer(), *(the_customer(id=f"customer-{n}") for n in range(8))), named)
    yield "two customers", Ambiguous((the_customer(), the_customer(id="customer-2", stores=())))
    yield "nobody", NoMatch(named)
    yield "nobody at all", NoMatch()
    yield "nothing to look with", Unidentified(("DE-10482", "#1001", "Bestellung 7", "a" * 500))
    yield "nothing at all", Unidentified()


def overviews(look: Look) -> Iterator[tuple[str, Canvas]]:
    """Every first screen, fresh and with the shop out of reach."""
    memory = {"screen": "overview"}
    for name, found in everything_found():
        yield name, screens.overview(found, FRESH, look, memory=memory)
        yield f"{name}, stale", screens.overview(found, STALE, look, memory=memory)
    note = screens.not_understood_note(look.words)
    yield "not understood", screens.overview(matched(), FRESH, look, memory=memory, note=note)


def inner_screens(look: Look) -> Iterator[tuple[str, Canvas]]:
    """Every screen behind the first."""
    memory = {"screen": "x"}
    for relation in Relation:
        for by in (*MatchedBy, None):
            yield f"order {relation} {by}", an_order_screen(look, the_order(), relation, by)
    yield (
        "order with a page",
        an_order_screen(look, the_order(), full_order="https://panel.example/orders/" + "x" * 300),
    )
    yield "order, bare", an_order_screen(look, an_order(number=None))
    yield "order, hostile", an_order_screen(look, hostile_order())
    yield "order, long", an_order_screen(look, the_order(items=tuple(a_line_item(f"i{n}") for n in range(43))))
    yield "order, gone", an_order_screen(look, None)
    yield "order, unreadable", an_order_screen(look, None, missing=frozenset(Section))
    for whose in Whose:
        page = OrdersPage((the_order(), older("DE-2")), 10, True, NOON)
        yield f"{whose} page", screens.orders(page, whose, STALE, look, memory=memory, total="100+")
        yield f"{whose}, none", screens.orders(OrdersPage((), 0, False, NOON), whose, FRESH, look, memory=memory)
    yield "cart", screens.cart(CartReading(a_reading().cart, NOON), FRESH, look, memory=memory)
    yield "cart, hostile", screens.cart(CartReading(hostile_cart(), NOON), FRESH, look, memory=memory)
    yield "cart, none", screens.cart(CartReading(None, NOON), FRESH, look, memory=memory)
    yield "details", screens.customer_details(the_customer(), FRESH, look, memory=memory, matched_by=MatchedBy.ID)
    yield "search", screens.search_form(look, memory=memory)
    yield "search again", screens.search_form(look, memory=memory, error=screens.nothing_typed(look), query="x")
    yield "found nothing", screens.search_results(HOSTILE, FRESH, look, memory=memory)
    yield (
        "found",
        screens.search_results(
            "someone@else.example",
            FRESH,
            look,
            orders=(NamedOrder(the_order(), Relation.OTHER),),
            customers=(the_customer(), the_customer(id="customer-2")),
            guest_orders=(the_order(), older("G-1")),
            memory=memory,
        ),
    )
    for trouble in Trouble:
        yield (
            f"shop {trouble}",
            screens.shop_in_trouble(
                trouble, look.words, memory=memory, settings_url=look.settings_url, back="overview"
            ),
        )


def states_without_a_way_back(look: Look) -> Iterator[tuple[str, Canvas]]:
    """First screens when there is nothing to go back to; each offers to try again."""
    for trouble in Trouble:
        yield f"shop {trouble} at first", screens.shop_in_trouble(trouble, look.words, memory={})
    yield "not set up", screens.not_set_up(look.words, settings=("CTP_API_URL",), settings_url=look.settings_url)
    yield "not set up, not known why", screens.not_set_up(look.words)
    yield "not installed", screens.not_installed(look.words, install_url="https://panel.example/install")
    yield "broke", screens.broke(look.words)


def every_screen(look: Look) -> Iterator[tuple[str, Canvas]]:
    yield from overviews(look)
    yield from inner_screens(look)
    yield from states_without_a_way_back(look)


def an_order_screen(
    look: Look,
    order: Order | None,
    relation: Relation = Relation.OWN,
    matched_by: MatchedBy | None = MatchedBy.ID,
    *,
    missing: frozenset[Section] = frozenset(),
    freshness: Freshness = FRESH,
    full_order: str | None = None,
) -> Canvas:
    reading = OrderReading(order, NOON, missing=missing)
    return screens.order(
        reading,
        relation,
        freshness,
        look,
        matched_by=matched_by,
        back="overview",
        memory={"screen": "order"},
        full_order=full_order,
    )


def hostile_match() -> Matched:
    customer = the_customer(
        first_name=HOSTILE, last_name=HOSTILE, group=HOSTILE, number=HOSTILE, stores=(HOSTILE,), company=HOSTILE
    )
    return matched(customer=customer, orders=(hostile_order(),), history=(hostile_order(),))


def hostile_order() -> Order:
    """An order in which every free text is an attack, and every state one that nobody has heard of."""
    return the_order(
        number=HOSTILE,
        order_state=HOSTILE,
        payment_state=HOSTILE,
        shipment_state=HOSTILE,
        workflow_state=HOSTILE,
        origin=HOSTILE,
        store=HOSTILE,
        purchase_order_number=HOSTILE,
        discount_codes=(HOSTILE,) * 30,
        items=(a_line_item("item-1", name=HOSTILE, sku=HOSTILE, state=HOSTILE),),
        shippings=(a_shipping(a_delivery("d", a_parcel(tracking=a_tracking(HOSTILE, carrier=HOSTILE)))),),
        payments=(
            a_payment(
                a_charge(state=HOSTILE), interface=HOSTILE, interface_id=HOSTILE, method=HOSTILE, status_text=HOSTILE
            ),
        ),
        returns=(a_return(a_return_item(shipment_state=HOSTILE, payment_state=HOSTILE, comment=HOSTILE)),),
        shipping_address=an_address(city=HOSTILE, first_name=HOSTILE, phone=HOSTILE),
        custom={"engraving": {"deep": [HOSTILE, None, 1.5]}, HOSTILE: HOSTILE},
    )


def hostile_cart() -> Cart:
    return a_cart(items=(a_line_item(name=HOSTILE, sku=HOSTILE),) * 60, discount_codes=(HOSTILE,) * 3)


def texts_of(canvas: Canvas) -> list[str]:
    """Every text that an agent sees on a canvas, in the order in which it stands there."""
    found: list[str] = []

    def collect(wire: object) -> None:
        if isinstance(wire, dict):
            for name, value in wire.items():
                if name in _VISIBLE and isinstance(value, str):
                    found.append(value)
                else:
                    collect(value)
        elif isinstance(wire, list):
            for each in wire:
                collect(each)

    collect(canvas.to_dict()["content"])
    return found


def ids_of(canvas: Canvas) -> list[str]:
    """The ids of what stands on a canvas."""
    return [name for component in canvas.components for name in component.ids()]


_VISIBLE = frozenset({"text", "title", "subtitle", "tertiary_text", "label", "field", "value", "placeholder"})


def _in_four_currencies() -> Iterator[Order]:
    for at_, (total, currency) in enumerate((("10.00", "EUR"), ("1200", "JPY"), ("3.500", "KWD"), ("4990", "HUF0"))):
        yield an_order(id=f"c{at_}", total_price=money(total, currency), payments=())
