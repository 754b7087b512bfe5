"""Looking for an order or a person other than the one that the conversation leads to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from canvas_app.canvas.components import (
    Button,
    ButtonStyle,
    Canvas,
    Component,
    Divider,
    Input,
    SaveState,
    Text,
    TextStyle,
    plain,
)
from canvas_app.canvas.found import Freshness, NamedOrder
from canvas_app.canvas.screens.foot import back_button, closing
from canvas_app.canvas.screens.look import Look
from canvas_app.canvas.screens.section import listed
from canvas_app.canvas.screens.summary import NAME_LIMIT, once, order_item
from canvas_app.canvas.screens.unmatched import customer_item
from commerce.customer import Customer
from commerce.order import Order

_RESULTS_SHOWN: Final = 10


def search_form(
    look: Look,
    *,
    memory: Mapping[str, object],
    query: str | None = None,
    error: str | None = None,
    back: str = "overview",
) -> Canvas:
    """What to look for. `query`: what was typed before; `error`: in words, why it led to nothing."""
    components = (*_form(look, query=query, error=error), Divider(), back_button(look, back))
    return Canvas(components, stored_data=memory)


def search_results(
    query: str,
    freshness: Freshness,
    look: Look,
    *,
    orders: Sequence[NamedOrder] = (),
    customers: Sequence[Customer] = (),
    guest_orders: Sequence[Order] = (),
    memory: Mapping[str, object],
) -> Canvas:
    """What was found: an order by its number, customers and guest orders by an e-mail address; or what to try."""
    t = look.words.t
    known = {each.order.id for each in orders}
    components = [
        Text(text=t("Found for {query}", query=plain(query, NAME_LIMIT)), style=TextStyle.HEADER),
        *listed(t("Orders"), once(order_item(each.order, look, each.relation) for each in orders), look),
        *_customers(customers, look),
        *listed(
            t("Guest orders"),
            once(order_item(order, look) for order in guest_orders if order.id not in known),
            look,
            shown=_RESULTS_SHOWN,
        ),
        *closing(freshness, look, back="search"),
    ]
    if not orders and not customers and not guest_orders:
        return search_form(look, memory=memory, query=query, error=nothing_found(query, look))
    return Canvas(components, stored_data=memory)


def nothing_found(query: str, look: Look) -> str:
    """That nothing was found, and what to try."""
    return look.words.t(
        "Nothing found for {query}. Try the whole order number, or the e-mail address used for the order.",
        query=plain(query, NAME_LIMIT),
    )


def nothing_typed(look: Look) -> str:
    """What to do when the search was started without a word."""
    return look.words.t("Type an order number or an e-mail address.")


def _form(look: Look, *, query: str | None, error: str | None) -> Iterator[Component]:
    t = look.words.t
    yield Text(text=t("Search"), style=TextStyle.HEADER)
    yield Input(
        id="query",
        label=t("Order number or e-mail address"),
        value=query,
        save_state=SaveState.FAILED if error else SaveState.UNSAVED,
    )
    if error:
        yield Text(text=error, style=TextStyle.ERROR)
    yield Button(id="find", label=t("Search"), style=ButtonStyle.PRIMARY)


def _customers(customers: Sequence[Customer], look: Look) -> Iterator[Component]:
    rows = once(customer_item(customer, look, id=f"customer:{customer.id}") for customer in customers)
    yield from listed(look.words.t("Customers"), rows, look, shown=_RESULTS_SHOWN)
