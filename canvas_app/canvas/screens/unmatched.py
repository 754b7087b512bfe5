"""The first screen for a contact who is no customer for sure: guests, several matches, no match, no way to look."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from canvas_app.canvas.components import Component, Divider, List, ListItem, Submit, Text, TextStyle, plain
from canvas_app.canvas.found import (
    Ambiguous,
    Freshness,
    GuestsOnly,
    MatchedBy,
    NamedOrder,
    NoMatch,
    Relation,
    Unidentified,
)
from canvas_app.canvas.screens.customer import customer_facts, customer_name
from canvas_app.canvas.screens.foot import refresh_item, search_item, stale_warning
from canvas_app.canvas.screens.look import Look
from canvas_app.canvas.screens.room import Drawing
from canvas_app.canvas.screens.summary import (
    NAME_LIMIT,
    NUMBER_LIMIT,
    alert_line,
    dotted,
    once,
    order_item,
    parcel_item,
    short_id,
)
from canvas_app.words.labels import MATCHED_BY, label
from commerce.customer import Customer
from commerce.order import Order

_NAMED_SHOWN: Final = 2
_ORDERS_SHOWN: Final = 3
_NUMBERS_SHOWN: Final = 3
_LONGEST_ID: Final = 150


def guests_only(found: GuestsOnly, freshness: Freshness, look: Look) -> Iterator[Drawing]:
    """Orders were placed with the contact's e-mail address, without an account."""
    head = (
        Text(text=look.words.t("Guest, no customer account"), style=TextStyle.HEADER, tight=True),
        Text(text=label(MATCHED_BY, MatchedBy.EMAIL, look.words), style=TextStyle.MUTED),
        *alert_line(found.orders, look),
    )
    all_orders = ListItem(id="guest:0", title=look.words.t("All guest orders"), action=Submit())
    end = (*stale_warning(freshness, look), List(items=[all_orders, search_item(look), refresh_item(freshness, look)]))
    for extent in range(_ORDERS_SHOWN, 0, -1):
        yield (*head, *_guest_orders(found, look, extent), *end)


def several_customers(found: Ambiguous, freshness: Freshness, look: Look) -> Iterator[Drawing]:
    """Several customers have the contact's e-mail address: the agent picks one."""
    head = (
        Text(text=look.words.t("Several customers match"), style=TextStyle.HEADER, tight=True),
        Text(text=look.words.t("They share this e-mail address. Pick the right one."), style=TextStyle.MUTED),
    )
    end = (*stale_warning(freshness, look), List(items=[search_item(look), refresh_item(freshness, look)]))
    for extent in range(len(found.candidates), 0, -1):
        yield (*head, *_candidates(found.candidates, extent, look), *_named(found.named, look), *end)


def no_match(found: NoMatch, freshness: Freshness, look: Look) -> Iterator[Drawing]:
    """The shop knows neither the contact's id nor the e-mail address."""
    t = look.words.t
    yield (
        Text(text=t("No customer matches this contact."), style=TextStyle.MUTED, tight=True),
        Text(
            text=t("Search by order number, or by another e-mail address: guest orders are found as well."),
            style=TextStyle.MUTED,
        ),
        *_named(found.named, look),
        *stale_warning(freshness, look),
        List(items=[search_item(look), refresh_item(freshness, look)]),
    )


def unidentified(found: Unidentified, look: Look) -> Iterator[Drawing]:
    """The contact has neither e-mail address nor id; only what they wrote can lead to an order."""
    t = look.words.t
    numbers = [number for number in dict.fromkeys(found.numbers) if _fits_an_id(number)][:_NUMBERS_SHOWN]
    hint = t("Open an order named in the conversation:") if numbers else t("Ask for an order number and search for it.")
    rows = [
        ListItem(
            id=f"number:{number}",
            title=t("Order {number}", number=f"#{plain(number.lstrip('#'), NUMBER_LIMIT)}"),
            action=Submit(),
        )
        for number in numbers
    ]
    yield (
        Text(text=t("This contact has no e-mail address and no id."), style=TextStyle.MUTED, tight=True),
        Text(text=hint, style=TextStyle.MUTED),
        List(items=[*rows, search_item(look)]),
    )


def customer_item(customer: Customer, look: Look, *, id: str) -> ListItem:
    """A customer as a row, with what tells people of the same name apart."""
    number = look.personal("customer.number", customer.number)
    email = look.personal("customer.email", customer.email)
    parts = (number or short_id(customer.id), email, *customer.stores[:2])
    return ListItem(
        id=id,
        title=customer_name(customer, look),
        subtitle=dotted(plain(part, NAME_LIMIT) for part in parts if part),
        tertiary_text=customer_facts(customer, look),
        action=Submit(),
    )


def _candidates(candidates: tuple[Customer, ...], extent: int, look: Look) -> Iterable[Component]:
    yield List(items=once(customer_item(each, look, id=f"pick:{each.id}") for each in candidates[:extent]))
    if len(candidates) > extent:
        more = look.words.t("and {count} more", count=look.formats.count(len(candidates) - extent))
        yield Text(text=more, style=TextStyle.MUTED)


def _guest_orders(found: GuestsOnly, look: Look, extent: int) -> tuple[Component, ...]:
    named = found.named[:_NAMED_SHOWN]
    known = {each.order.id for each in named}
    others = [NamedOrder(order, Relation.OWN) for order in found.orders if order.id not in known]
    shown = (*named, *others)[:extent]
    return _order_list(shown, look, parcel_of=shown[0].order if shown and extent > 1 else None)


def _named(named: tuple[NamedOrder, ...], look: Look) -> tuple[Component, ...]:
    return _order_list(named[:_NAMED_SHOWN], look)


def _order_list(shown: tuple[NamedOrder, ...], look: Look, *, parcel_of: Order | None = None) -> tuple[Component, ...]:
    if not shown:
        return ()
    items = once(order_item(each.order, look, each.relation) for each in shown)
    parcel = parcel_item(parcel_of, look) if parcel_of else None
    return (List(items=[items[0], *([parcel] if parcel else []), *items[1:]]), Divider(tight=True))


def _fits_an_id(number: str) -> bool:
    """Whether an order number can be part of a component id: visible ASCII, and not endless."""
    return number.isascii() and number.isprintable() and " " not in number and 0 < len(number) <= _LONGEST_ID
