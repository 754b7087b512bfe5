"""All orders of a customer, or all guest orders of an e-mail address, a page at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Final

from canvas_app.canvas.components import Button, Canvas, Component, List, Text, TextStyle
from canvas_app.canvas.found import Freshness
from canvas_app.canvas.screens.foot import closing, missing_lines
from canvas_app.canvas.screens.look import Look
from canvas_app.canvas.screens.summary import once, order_item
from clients.commercetools.readings import OrdersPage

PAGE_SIZE: Final = 10


class Whose(StrEnum):
    """Whose orders are listed; the value is the first part of the page's component id (`orders:10`)."""

    CUSTOMER = "orders"
    GUEST = "guest"


def orders(
    page: OrdersPage,
    whose: Whose,
    freshness: Freshness,
    look: Look,
    *,
    memory: Mapping[str, object],
    total: str | None = None,
    back: str = "overview",
) -> Canvas:
    """A page of orders. `total` is how many there are in all, as text (`12`, `100+`), None when not known."""
    components = [
        Text(text=_title(whose, look), style=TextStyle.HEADER, tight=True),
        Text(text=_extent(page, total, look), style=TextStyle.MUTED),
        *_rows(page, look),
        *missing_lines(page.missing, look),
        *_turning(page, whose, look),
        *closing(freshness, look, back=_out_of_the_list(back, whose)),
    ]
    return Canvas(components, stored_data=memory)


def _out_of_the_list(back: str, whose: Whose) -> str:
    """Turning pages is no way in, so no page of the same list is the way back."""
    return "overview" if back.startswith(f"{whose}:") else back


def _title(whose: Whose, look: Look) -> str:
    if whose is Whose.GUEST:
        return look.words.t("Guest orders with this e-mail")
    return look.words.t("All orders")


def _extent(page: OrdersPage, total: str | None, look: Look) -> str:
    """`11 to 20 of 300`, or that there is nothing."""
    if not page.orders:
        return look.words.t("No orders here")
    first, last = look.formats.count(page.offset + 1), look.formats.count(page.offset + len(page.orders))
    shown = look.words.t("{first} to {last}", first=first, last=last)
    return look.words.t("{shown} of {total}", shown=shown, total=total) if total else shown


def _rows(page: OrdersPage, look: Look) -> Iterator[Component]:
    if page.orders:
        yield List(items=once(order_item(order, look) for order in page.orders))


def _turning(page: OrdersPage, whose: Whose, look: Look) -> Iterator[Component]:
    """The ways to the neighbouring pages."""
    if page.offset > 0:
        yield Button(id=f"{whose}:{max(0, page.offset - PAGE_SIZE)}", label=look.words.t("Newer"))
    if page.has_more:
        yield Button(id=f"{whose}:{page.offset + PAGE_SIZE}", label=look.words.t("Older"))
