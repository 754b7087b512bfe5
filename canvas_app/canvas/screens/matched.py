"""The first screen for a contact whose customer is known: who, the order at hand, and the way to everything else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from canvas_app.canvas.components import Component, Divider, List, ListItem, Submit, Text, TextStyle, plain
from canvas_app.canvas.found import Freshness, Matched, MatchedBy, NamedOrder, Relation
from canvas_app.canvas.screens.customer import customer_facts, customer_name, has_details
from canvas_app.canvas.screens.foot import missing_line, refresh_item, search_item, stale_warning
from canvas_app.canvas.screens.look import Look
from canvas_app.canvas.screens.room import Drawing
from canvas_app.canvas.screens.summary import alert_line, dotted, once, order_item, parcel_item
from canvas_app.words.labels import MATCHED_BY, label
from clients.commercetools.readings import CustomerReading, Section
from commerce.lifetime import lifetime
from commerce.order import Order

_NAMED_SHOWN: Final = 3
_ORDERS_SHOWN: Final = 2
_CURRENCIES_SHOWN: Final = 2
_GUEST_ORDERS_READ: Final = 10  # the shop is asked for no more, so ten may stand for many
_STORE_LIMIT: Final = 24


@dataclass(frozen=True, slots=True)
class _Extent:
    """How much of what there is gets drawn: orders at most, the parcel of the first; `extras`: sums, guest orders."""

    orders: int
    parcel: bool
    extras: bool = True


def matched_customer(found: Matched, freshness: Freshness, look: Look) -> Iterator[Drawing]:
    """The overview of a customer."""
    for extent in _extents(found):
        yield (
            *_who(found, look),
            *stale_warning(freshness, look),
            *(_totals(found.reading, look) if extent.extras else ()),
            *alert_line(_own_orders(found), look),
            *missing_line(_unread(found.reading, look), look),
            *_orders(found, look, extent),
            _navigation(found, freshness, look, extent),
        )


def _extents(found: Matched) -> Iterator[_Extent]:
    """From the richest drawing to the poorest: what is left out is one click away.

    An order that the conversation names is worth more than a parcel, and a parcel more than another order.
    """
    named = max(1, len(found.named))
    yield _Extent(max(named, _ORDERS_SHOWN), parcel=True)
    yield _Extent(named, parcel=True)
    yield from (_Extent(orders, parcel=False) for orders in range(named, 0, -1))
    yield _Extent(1, parcel=False, extras=False)


def _who(found: Matched, look: Look) -> tuple[Component, ...]:
    """Name and facts; as a row that opens the details when there are any that agents may see."""
    name, facts = customer_name(found.customer, look), customer_facts(found.customer, look)
    matched_by = label(MATCHED_BY, found.by, look.words)
    if has_details(found.customer, look, matched_by=found.by):
        row = ListItem(id="details", title=name, subtitle=facts, tertiary_text=matched_by, action=Submit())
        return (List(items=[row]),)
    return (
        Text(text=name, style=TextStyle.HEADER, tight=True),
        Text(text=dotted((facts, matched_by)), style=TextStyle.MUTED, tight=True),
    )


def _totals(reading: CustomerReading, look: Look) -> tuple[Component, ...]:
    """`12 orders · 1,284.50 EUR`: of the whole history, or nothing when that is not known."""
    if _has_no_orders(reading):
        return (Text(text=look.words.t("No orders yet"), style=TextStyle.MUTED),)
    if Section.HISTORY in reading.missing:
        return ()
    count = len(reading.history)
    counted = look.words.n("{count} order", "{count} orders", count, count=_count(reading, look))
    return (Text(text=dotted((counted, *_spent(reading, look)))),)


def _spent(reading: CustomerReading, look: Look) -> Iterator[str]:
    """Lifetime per currency; without the whole history, or without its refunds, a sum would be wrong."""
    if not reading.history_complete or not look.options.show_lifetime:
        return
    spent = lifetime(reading.history)
    if not spent.refunds_known:
        return
    amounts = spent.amounts
    yield from (look.formats.money(amount) for amount in amounts[:_CURRENCIES_SHOWN])
    more = len(amounts) - _CURRENCIES_SHOWN
    if more > 0:
        yield look.words.n("+{count} currency", "+{count} currencies", more, count=look.formats.count(more))


def _has_no_orders(reading: CustomerReading) -> bool:
    return not reading.history and not reading.orders and Section.ORDERS not in reading.missing


def _unread(reading: CustomerReading, look: Look) -> frozenset[Section]:
    """What should have been read and was not: without lifetime nobody asks for the history."""
    return reading.missing if look.options.show_lifetime else reading.missing - {Section.HISTORY}


def _count(reading: CustomerReading, look: Look) -> str:
    return look.formats.count(len(reading.history)) + ("" if reading.history_complete else "+")


def _own_orders(found: Matched) -> tuple[Order, ...]:
    named = (each.order for each in found.named if each.relation is Relation.OWN)
    return (*named, *found.reading.orders)


def _orders(found: Matched, look: Look, extent: _Extent) -> tuple[Component, ...]:
    """The orders named in the conversation, else the newest."""
    shown = _shown(found)[: extent.orders]
    if not shown:
        return ()
    items = once(order_item(each.order, look, each.relation) for each in shown)
    parcel = parcel_item(shown[0].order, look) if extent.parcel and shown[0].relation is not Relation.OTHER else None
    rows = [items[0], *([parcel] if parcel else []), *items[1:]]
    return (List(items=rows), Divider(tight=True))


def _shown(found: Matched) -> Sequence[NamedOrder]:
    named = found.named[:_NAMED_SHOWN]
    known = {each.order.id for each in named}
    others = [NamedOrder(order, Relation.OWN) for order in found.reading.orders if order.id not in known]
    return (*named, *others[: max(0, _ORDERS_SHOWN - len(named))])


def _navigation(found: Matched, freshness: Freshness, look: Look, extent: _Extent) -> List:
    reading = found.reading
    store = plain(found.customer.stores[0], _STORE_LIMIT) if found.customer.stores else None
    rows = (
        _all_orders_item(reading, look),
        _cart_item(reading, look),
        _guests_item(reading, look) if extent.extras else None,
        _start_over_item(found.by, look),
        search_item(look),
        refresh_item(freshness, look, store),
    )
    return List(items=[row for row in rows if row])


def _start_over_item(by: MatchedBy, look: Look) -> ListItem | None:
    """The way back from a customer that an agent chose."""
    match by:
        case MatchedBy.CHOICE:
            title = look.words.t("Choose another customer")
        case MatchedBy.SEARCH:
            title = look.words.t("Back to this contact")
        case _:
            return None
    return ListItem(id="contact", title=title, action=Submit())


def _all_orders_item(reading: CustomerReading, look: Look) -> ListItem | None:
    if _has_no_orders(reading):
        return None
    if Section.HISTORY in reading.missing:
        return ListItem(id="orders:0", title=look.words.t("All orders"), action=Submit())
    title = look.words.t("All orders ({count})", count=_count(reading, look))
    return ListItem(id="orders:0", title=title, action=Submit())


def _cart_item(reading: CustomerReading, look: Look) -> ListItem | None:
    cart = reading.cart
    if cart is None or cart.quantity == 0 or not look.options.show_cart:
        return None
    title = look.words.n(
        "Cart: {count} item, {total}",
        "Cart: {count} items, {total}",
        cart.quantity,
        count=look.formats.count(cart.quantity),
        total=look.formats.money(cart.gross),
    )
    return ListItem(id="cart", title=title, action=Submit())


def _guests_item(reading: CustomerReading, look: Look) -> ListItem | None:
    if not reading.guest_orders:
        return None
    read = len(reading.guest_orders)
    count = look.formats.count(read) + ("+" if read >= _GUEST_ORDERS_READ else "")
    title = look.words.t("Guest orders with this e-mail ({count})", count=count)
    return ListItem(id="guest:0", title=title, action=Submit())
