"""An order as its page shows it: the panel's own words and meanings, with room for all of them. Pure.

Whatever the panel hides is hidden here as well, by the same rules: `Sight` and the merchant's options.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from canvas_app.canvas.components import Component, Row, Text, TextStyle
from canvas_app.canvas.found import Freshness, MatchedBy, Relation
from canvas_app.canvas.screens.customer import address_lines
from canvas_app.canvas.screens.foot import missing_lines, stale_warning
from canvas_app.canvas.screens.look import Look
from canvas_app.canvas.screens.order import warnings
from canvas_app.canvas.screens.personal import Sight, addresses_shown, detail_rows, impersonal
from canvas_app.canvas.screens.spending import payment_rows, sum_rows
from canvas_app.canvas.screens.summary import alert_line, dotted, order_name, payment_word, shipment_word
from canvas_app.canvas.screens.timeline import moment_row, newest_first
from canvas_app.orders.goods import Item, Parcels, ReturnedLine, items, parcels, returned
from canvas_app.orders.money import PaymentShown, payments
from canvas_app.orders.texts import bare, shown
from canvas_app.orders.tones import Tone, order_tone, payment_tone, shipment_tone
from canvas_app.words import Words
from canvas_app.words.labels import ORDER_STATES, ORIGINS, label
from clients.commercetools.readings import OrderReading, Section
from commerce.order import Order
from commerce.receipt import receipt
from commerce.shipments import shipment_summary


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence, and whether it must not be overlooked."""

    text: str
    is_serious: bool


@dataclass(frozen=True, slots=True)
class State:
    """One of the order's states, in a word."""

    name: str
    word: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened. `at` is None where nobody knows when."""

    at: datetime | None
    when: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FullOrder:
    """Everything on the page but its frame; a part that is empty is left out. `titles`: what the parts are called."""

    language: str
    titles: Mapping[str, str]
    name: str
    total: str
    placed: str
    origin: tuple[str, ...]
    said: tuple[Said, ...]
    states: tuple[State, ...]
    parcels: Parcels
    items: tuple[Item, ...]
    sum: tuple[Row, ...]
    paid: tuple[Row, ...]
    payments: tuple[PaymentShown, ...] | None
    returned: tuple[ReturnedLine, ...]
    addresses: tuple[tuple[str, tuple[str, ...]], ...]
    details: tuple[Row, ...]
    timeline: tuple[Moment, ...]
    merchant_center: str | None
    read: str


def full_order(
    reading: OrderReading, relation: Relation, matched_by: MatchedBy | None, freshness: Freshness, look: Look
) -> FullOrder | None:
    """None when the order is gone, or could not be read at all."""
    if reading.order is None:
        return None
    sight = Sight.of(relation, matched_by, look.options)
    order = reading.order if sight.personal else impersonal(reading.order)
    return FullOrder(
        language=look.words.language,
        titles=_titles(look.words),
        name=bare(order_name(order, look)),
        total=look.formats.money(order.gross),
        placed=look.formats.date_and_time(order.placed_at),
        origin=tuple(_origin(order, look)),
        said=tuple(_said(order, relation, sight, freshness, reading.missing, look)),
        states=tuple(_states(order, look)),
        parcels=parcels(order, look),
        items=items(order, look),
        sum=_rows(_sum(order, look)),
        paid=_rows(_paid(order, look)),
        payments=payments(order, sight, look),
        returned=returned(order, sight, look),
        addresses=tuple(
            (title, tuple(map(bare, address_lines(each, look)))) for title, each in addresses_shown(order, sight, look)
        ),
        details=_rows(detail_rows(order, sight, look)),
        timeline=tuple(_timeline(order, look)),
        merchant_center=look.options.merchant_center_url(order.id),
        read=_read(freshness, look),
    )


def _read(freshness: Freshness, look: Look) -> str:
    """With the day and the time zone: a page may be printed, or left open."""
    t, formats = look.words.t, look.formats
    moment = f"{formats.date(freshness.read_at)}, {formats.time(freshness.read_at)}"
    return dotted((t("read {time}", time=moment), t("all times in {zone}", zone=str(formats.zone))))


def _titles(words: Words) -> Mapping[str, str]:
    t = words.t
    return {
        "order": t("Order"),
        "parcels": t("Parcels"),
        "return_labels": t("Return labels"),
        "items": t("Items"),
        "total": t("Total"),
        "receipt": t("Receipt"),
        "payments": t("Payments"),
        "no_payment": t("No payment is linked to this order."),
        "returns": t("Returns"),
        "details": t("Details"),
        "timeline": t("Timeline"),
        "merchant_center": t("Open in Merchant Center"),
        "refresh": t("Refresh"),
        "skip": t("Skip to the content"),
    }


def _origin(order: Order, look: Look) -> Iterator[str]:
    if order.store:
        yield shown(order.store)
    if order.origin not in (None, "Customer"):
        yield shown(label(ORIGINS, order.origin or "", look.words))


def _said(
    order: Order, relation: Relation, sight: Sight, freshness: Freshness, missing: frozenset[Section], look: Look
) -> Iterator[Said]:
    """What the panel says above and between its parts, here all on top."""
    yield from _sentences(stale_warning(freshness, look))
    yield from _sentences(warnings(relation, sight, look))
    yield from _sentences(alert_line((order,), look))
    yield from _sentences(missing_lines(missing, look))


def _sentences(components: Iterable[Component]) -> Iterator[Said]:
    for each in components:
        if isinstance(each, Text):
            yield Said(bare(each.text), each.style is TextStyle.ERROR)


def _states(order: Order, look: Look) -> Iterator[State]:
    t, shipment = look.words.t, shipment_summary(order)
    states = (
        (t("Order"), label(ORDER_STATES, order.order_state, look.words), order_tone(order)),
        (t("Payment"), payment_word(order, look), payment_tone(order)),
        (t("Shipment"), shipment_word(shipment, look), shipment_tone(shipment)),
        (t("Workflow"), order.workflow_state, Tone.PLAIN),
    )
    yield from (State(name, shown(word), tone) for name, word, tone in states if word)


def _sum(order: Order, look: Look) -> Iterator[Row]:
    account = receipt(order)
    if account is None:
        return iter((Row(field=look.words.t("Total"), value=look.formats.money(order.gross)),))
    return sum_rows(account, look)


def _paid(order: Order, look: Look) -> Iterator[Row]:
    account = receipt(order)
    return iter(()) if account is None else payment_rows(account, order, look)


def _rows(rows: Iterable[Row]) -> tuple[Row, ...]:
    return tuple(Row(field=shown(row.field), value=shown(row.value)) for row in rows)


def _timeline(order: Order, look: Look) -> Iterator[Moment]:
    for milestone in newest_first(order):
        row = moment_row(milestone, look)
        yield Moment(milestone.occurred_at, row.field, bare(row.value))
