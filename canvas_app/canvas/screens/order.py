"""One order in full, the most important first: how it stands, where it is, what it was, what was paid."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from canvas_app.canvas.components import (
    Button,
    ButtonStyle,
    Canvas,
    Component,
    DataTable,
    Divider,
    Row,
    Text,
    TextStyle,
    Url,
    plain,
)
from canvas_app.canvas.found import Freshness, MatchedBy, Relation
from canvas_app.canvas.screens.foot import closing, missing_lines
from canvas_app.canvas.screens.goods import items_section, parcels_section, returns_section
from canvas_app.canvas.screens.look import Look
from canvas_app.canvas.screens.personal import Sight, addresses_section, details_section, impersonal
from canvas_app.canvas.screens.spending import payments_section, receipt_section
from canvas_app.canvas.screens.summary import NAME_LIMIT, alert_line, dotted, order_name, payment_word, shipment_word
from canvas_app.canvas.screens.timeline import timeline_section
from canvas_app.words.labels import ORDER_STATES, ORIGINS, label
from clients.commercetools.readings import OrderReading, Section
from commerce.order import Order
from commerce.shipments import shipment_summary


def order(
    reading: OrderReading,
    relation: Relation,
    freshness: Freshness,
    look: Look,
    *,
    matched_by: MatchedBy | None,
    back: str,
    memory: Mapping[str, object],
    full_order: str | None = None,
) -> Canvas:
    """The order screen. `matched_by` says how the contact was joined to a customer, None when it was not.

    `back` is the component id of the screen that the way back leads to. `full_order` is the address of the
    order's page, None where there is none.
    """
    sight = Sight.of(relation, matched_by, look.options)
    shown = _sections(reading, relation, sight, look) if reading.order else _gone(reading, look)
    components = [*shown, *_ways_out(reading.order, look, full_order), *closing(freshness, look, back=back)]
    return Canvas(components, stored_data=memory)


def _gone(reading: OrderReading, look: Look) -> Iterator[Component]:
    if Section.ORDERS not in reading.missing:
        yield Text(text=look.words.t("This order does not exist (any more)."), style=TextStyle.MUTED)
    yield from missing_lines(reading.missing, look)


def _sections(reading: OrderReading, relation: Relation, sight: Sight, look: Look) -> Iterator[Component]:
    assert reading.order is not None
    order = reading.order if sight.personal else impersonal(reading.order)
    yield from _head(order, look)
    yield from warnings(relation, sight, look)
    yield from alert_line((order,), look)
    yield DataTable(items=state_rows(order, look))
    yield from missing_lines(reading.missing, look)
    yield from parcels_section(order, look)
    yield from items_section(order, look)
    yield from receipt_section(order, look)
    yield from returns_section(order, sight, look)
    yield from payments_section(order, sight, look)
    yield from addresses_section(order, sight, look)
    yield from details_section(order, sight, look)
    yield from timeline_section(order, look)


def _head(order: Order, look: Look) -> Iterator[Component]:
    title = dotted((order_name(order, look), look.formats.money(order.gross)))
    origin = None if order.origin in (None, "Customer") else label(ORIGINS, order.origin or "", look.words)
    placed = look.formats.date_and_time(order.placed_at)
    yield Text(text=title, style=TextStyle.HEADER, tight=True)
    parts = (placed, plain(order.store or "", NAME_LIMIT), plain(origin or "", NAME_LIMIT))
    yield Text(text=dotted(parts), style=TextStyle.MUTED)


def warnings(relation: Relation, sight: Sight, look: Look) -> Iterator[Component]:
    """What the agent must know before telling the contact anything of this order."""
    t = look.words.t
    match relation:
        case Relation.OTHER:
            text = t("Not this contact's order: it belongs to someone else. Personal details are hidden.")
            yield Text(text=text, style=TextStyle.ERROR)
        case Relation.SAME_EMAIL:
            unproven = t("Only the e-mail address links this order to the contact, and anybody can type one.")
            hidden = t("Addresses are hidden.") if sight.hides_addresses_of_email_match else ""
            yield Text(text=f"{unproven} {hidden}".strip(), style=TextStyle.MUTED)
        case Relation.OWN if sight.hides_addresses_of_email_match:
            text = t("Addresses are hidden because only the e-mail address matches.")
            yield Text(text=text, style=TextStyle.MUTED)
        case Relation.OWN:
            pass


def state_rows(order: Order, look: Look) -> list[Row]:
    """How the order stands."""
    t = look.words.t
    states = (
        (t("Order"), label(ORDER_STATES, order.order_state, look.words)),
        (t("Payment"), payment_word(order, look)),
        (t("Shipment"), shipment_word(shipment_summary(order), look)),
        (t("Workflow"), order.workflow_state),
    )
    return [Row(field=name, value=value) for name, value in states if value]


def _ways_out(order: Order | None, look: Look, full_order: str | None) -> Iterator[Component]:
    """The order in a tab of its own."""
    if order is None:
        return
    ways = (
        ("full-order", look.words.t("Open full order"), full_order),
        ("merchant-center", look.words.t("Open in Merchant Center"), look.options.merchant_center_url(order.id)),
    )
    shown = [Button(id=id, label=label, action=Url(url), style=ButtonStyle.LINK) for id, label, url in ways if url]
    if shown:
        yield Divider()
        yield from shown
